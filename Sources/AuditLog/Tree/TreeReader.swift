// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles

/// Hashes and proofs of a published tree, read from its tiles.
struct TreeReader {
    let directory: String
    /// Size of the published tree: tells how wide the last tiles are.
    let size: UInt64
    let files: DurableFiles

    /// A tile's hashes. Throws `log.tile-altered` for a wrong length, or what the file system says.
    func tile(_ path: TilePath) throws -> [Digest] {
        let bytes = try files.read("\(directory)/\(path.text)", limitBytes: 8_192)
        guard bytes.count == path.width * 32 else { throw AuditError(.tileAltered, [path.text]) }
        return stride(from: 0, to: bytes.count, by: 32).compactMap { Digest(bytes: bytes[$0..<($0 + 32)]) }
    }

    /// The entries of a bundle.
    func bundle(_ path: TilePath) throws -> [[UInt8]] {
        let bytes = try files.read("\(directory)/\(path.text)", limitBytes: EntryBundle.longestBytes)
        guard let entries = EntryBundle.parse(bytes), entries.count == path.width else {
            throw AuditError(.bundleMalformed, [path.text])
        }
        return entries
    }

    /// The bundle in which an entry stands.
    func bundlePath(of index: UInt64) -> TilePath { path(.entries, index: index / 256, count: size) }

    /// Sibling hashes from an entry up to the root of the tree's first `size` entries (RFC 6962 §2.1.1).
    func inclusionProof(index: UInt64, size: UInt64) throws -> [Digest] {
        var proof: [Digest] = []
        var (low, high) = (UInt64(0), size)
        while high - low > 1 {
            let middle = low + Self.split(high - low)
            if index < middle {
                proof.append(try root(middle, high))
                high = middle
            } else {
                proof.append(try root(low, middle))
                low = middle
            }
        }
        return proof.reversed()
    }

    /// Hashes that show the tree of `newSize` to begin with that of `oldSize` (RFC 6962 §2.1.2).
    func consistencyProof(from oldSize: UInt64, to newSize: UInt64) throws -> [Digest] {
        guard oldSize > 0, oldSize < newSize else { return [] }
        var proof: [Digest] = []
        var (low, high) = (UInt64(0), newSize)
        while high != oldSize {
            let middle = low + Self.split(high - low)
            if oldSize <= middle {
                proof.append(try root(middle, high))
                high = middle
            } else {
                proof.append(try root(low, middle))
                low = middle
            }
        }
        if low > 0 { proof.append(try root(low, high)) }
        return proof.reversed()
    }

    /// The root over the entries `low..<high`; `low` is a multiple of the power of two that covers the range.
    func root(_ low: UInt64, _ high: UInt64) throws -> Digest {
        guard high > low else { return MerkleTree.emptyRoot }
        let count = high - low
        if count & (count - 1) == 0 { return try node(height: count.trailingZeroBitCount, index: low / count) }
        let middle = low + Self.split(count)
        return MerkleTree.nodeHash(try root(low, middle), try root(middle, high))
    }

    /// The hash of a complete subtree of 2^height entries.
    private func node(height: Int, index: UInt64) throws -> Digest {
        let level = height / 8
        let count = 1 << (height % 8)
        let first = index * UInt64(count)
        let path = path(.tile(level: level), index: first / 256, count: size >> UInt64(8 * level))
        let hashes = try tile(path)
        let start = Int(first % 256)
        guard start + count <= hashes.count else { throw AuditError(.tileAltered, [path.text]) }
        return MerkleTree.perfectRoot(hashes[start..<(start + count)])
    }

    private func path(_ kind: TilePath.Kind, index: UInt64, count: UInt64) -> TilePath {
        TilePath(kind, index: index, width: index < count / 256 ? 256 : Int(count % 256))
    }

    /// The largest power of two below a count of at least two.
    private static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }
}
