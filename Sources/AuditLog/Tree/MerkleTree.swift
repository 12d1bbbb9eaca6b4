// SPDX-License-Identifier: Apache-2.0
import CryptoSuites

/// Hashing and proof checking of RFC 6962 trees over SHA-256; the algorithms of RFC 9162 §2.1.
public enum MerkleTree {
    /// The root of no entries.
    public static let emptyRoot = SHA256.hash([] as [UInt8])

    public static func leafHash(_ entry: [UInt8]) -> Digest {
        entry.withUnsafeBytes { leafHash($0) }
    }

    public static func leafHash(_ entry: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        withUnsafeBytes(of: UInt8(0)) { hasher.update($0) }
        hasher.update(entry)
        return hasher.finish()
    }

    public static func nodeHash(_ left: Digest, _ right: Digest) -> Digest {
        var hasher = SHA256()
        withUnsafeBytes(of: UInt8(1)) { hasher.update($0) }
        hasher.update(left)
        hasher.update(right)
        return hasher.finish()
    }

    /// The root over subtree hashes whose number is a power of two.
    static func perfectRoot(_ hashes: ArraySlice<Digest>) -> Digest {
        var level = Array(hashes)
        while level.count > 1 {
            for index in 0..<(level.count / 2) { level[index] = nodeHash(level[2 * index], level[2 * index + 1]) }
            level.removeLast(level.count / 2)
        }
        return level.first ?? emptyRoot
    }

    /// Whether a leaf stands at an index of the tree with that size and root (§2.1.3.2).
    public static func verifiesInclusion(
        of leaf: Digest, index: UInt64, size: UInt64, root: Digest, proof: [Digest]
    ) -> Bool {
        guard index < size else { return false }
        var (first, last) = (index, size - 1)
        var hash = leaf
        for sibling in proof {
            guard last != 0 else { return false }
            if first & 1 == 1 || first == last {
                hash = nodeHash(sibling, hash)
                while first & 1 == 0 && first != 0 { (first, last) = (first >> 1, last >> 1) }
            } else {
                hash = nodeHash(hash, sibling)
            }
            (first, last) = (first >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether the newer tree begins with the older one (§2.1.4.2). Every tree begins with the empty one.
    public static func verifiesConsistency(
        oldSize: UInt64, oldRoot: Digest, newSize: UInt64, newRoot: Digest, proof: [Digest]
    ) -> Bool {
        guard oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty && oldRoot == emptyRoot }
        let path = oldSize & (oldSize - 1) == 0 ? [oldRoot] + proof : proof
        guard let start = path.first, !proof.isEmpty else { return false }
        var (first, last) = (oldSize - 1, newSize - 1)
        while first & 1 == 1 { (first, last) = (first >> 1, last >> 1) }
        var (older, newer) = (start, start)
        for hash in path.dropFirst() {
            guard last != 0 else { return false }
            if first & 1 == 1 || first == last {
                older = nodeHash(hash, older)
                newer = nodeHash(hash, newer)
                while first & 1 == 0 && first != 0 { (first, last) = (first >> 1, last >> 1) }
            } else {
                newer = nodeHash(newer, hash)
            }
            (first, last) = (first >> 1, last >> 1)
        }
        return last == 0 && older == oldRoot && newer == newRoot
    }
}
