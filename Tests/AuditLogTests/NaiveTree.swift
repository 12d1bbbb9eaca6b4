// SPDX-License-Identifier: Apache-2.0
import CryptoSuites

/// RFC 6962 §2.1 word for word, over all leaf hashes at once: what the tiled tree is compared with.
enum NaiveTree {
    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        if leaves.isEmpty { return SHA256.hash([] as [UInt8]) }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        let middle = leaves.startIndex + split(leaves.count)
        return node(root(leaves[leaves.startIndex..<middle]), root(leaves[middle..<leaves.endIndex]))
    }

    static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        if leaves.count <= 1 { return [] }
        let half = split(leaves.count)
        let left = leaves.prefix(half)
        let right = leaves.dropFirst(half)
        return index < half
            ? path(index, left) + [root(right)] : path(index - half, right) + [root(left)]
    }

    static func proof(_ old: Int, _ leaves: ArraySlice<Digest>, whole: Bool = true) -> [Digest] {
        if old == leaves.count { return whole ? [] : [root(leaves)] }
        let half = split(leaves.count)
        let left = leaves.prefix(half)
        let right = leaves.dropFirst(half)
        return old <= half
            ? proof(old, left, whole: whole) + [root(right)] : proof(old - half, right, whole: false) + [root(left)]
    }

    static func leaf(_ entry: [UInt8]) -> Digest { SHA256.hash([0] + entry) }

    private static func node(_ left: Digest, _ right: Digest) -> Digest { SHA256.hash([1] + left.bytes + right.bytes) }

    private static func split(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }
}
