// SPDX-License-Identifier: Apache-2.0
import CryptoSuites

/// The unfinished right edge of a tree: enough to append and to compute the root, 255 hashes per level at most.
struct TreeEdge {
    private(set) var size: UInt64 = 0
    /// Per tile level the hashes of the partial tile.
    private(set) var levels: [[Digest]] = []

    /// A tile that became full.
    struct CompletedTile {
        let path: TilePath
        let hashes: [Digest]
    }

    init() {}

    /// The edge of a tree of that size, its partial tiles given by level.
    init(size: UInt64, partial: (TilePath) throws -> [Digest]) rethrows {
        self.size = size
        var count = size
        while count > 0 {
            let width = Int(count % 256)
            let path = TilePath(.tile(level: levels.count), index: count / 256, width: width)
            levels.append(width == 0 ? [] : try partial(path))
            count /= 256
        }
    }

    /// Adds an entry's hash; `completed` hears of every tile that is full now.
    mutating func append(_ leaf: Digest, completed: (CompletedTile) throws -> Void) rethrows {
        var hash = leaf
        var level = 0
        var number = size
        size += 1
        while true {
            if level == levels.count { levels.append([]) }
            levels[level].append(hash)
            guard levels[level].count == TilePath.fullWidth else { return }
            let hashes = levels[level]
            levels[level] = []
            number /= 256
            try completed(CompletedTile(path: TilePath(.tile(level: level), index: number), hashes: hashes))
            hash = MerkleTree.perfectRoot(hashes[...])
            level += 1
        }
    }

    /// The partial tiles of this size.
    var partialTiles: [(path: TilePath, hashes: [Digest])] {
        levels.enumerated().filter { !$0.element.isEmpty }.map { level, hashes in
            let index = size >> UInt64(8 * (level + 1))
            return (TilePath(.tile(level: level), index: index, width: hashes.count), hashes)
        }
    }

    var root: Digest {
        // Complete subtrees from the smallest to the largest, joined from the right.
        var root: Digest?
        for hashes in levels {
            var end = hashes.count
            while end > 0 {
                let width = end & -end
                let peak = MerkleTree.perfectRoot(hashes[(end - width)..<end])
                root = root.map { MerkleTree.nodeHash(peak, $0) } ?? peak
                end -= width
            }
        }
        return root ?? MerkleTree.emptyRoot
    }
}
