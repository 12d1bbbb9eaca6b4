// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles

extension AuditLog {
    /// Brings the directory up to the acknowledged entries: bundles and tiles, read back, then state, then checkpoint.
    ///
    /// Doing it again after a failure or a crash gives the same bytes.
    func publish(_ state: inout State, _ ahead: WriteAheadFile) throws {
        let size = state.edge.size
        let bundles = Self.bundles(state)
        let tiles = state.completedTiles.map { (path: $0.path, hashes: $0.hashes) } + Self.changedPartialTiles(state)
        try write(
            bundles.map { ($0.path, EntryBundle.bytes($0.entries)) } + tiles.map { ($0.path, Self.bytes($0.hashes)) })
        try readBack(bundles.map { $0.path }, tiles)

        let reader = TreeReader(directory: directory, size: size, files: files)
        let proof = try reader.consistencyProof(from: state.signer.state.size, to: size)
        let note = try state.signer.sign(size: size, root: state.edge.root, proof: proof)
        try files.write(note, to: "\(directory)/checkpoint", mode: 0o644)

        // Entries of bundles that are full now stay on disk only.
        state.tail.removeFirst(Int(size / 256 * 256 - state.tailStart))
        let full = state.completedTiles.map { $0.path } + bundles.map { $0.path }.filter { $0.isFull }
        state.publishedSize = size
        state.checkpoint = note
        state.completedTiles = []
        for path in full { files.discard(directory: "\(directory)/\(path.partialDirectory)") }
        try ahead.reset()
    }

    /// The bundles that hold entries not published yet.
    private static func bundles(_ state: State) -> [(path: TilePath, entries: ArraySlice<[UInt8]>)] {
        guard state.edge.size > state.publishedSize else { return [] }
        return stride(from: 0, to: state.tail.count, by: 256).map { start in
            let entries = state.tail[start..<min(start + 256, state.tail.count)]
            let index = (state.tailStart + UInt64(start)) / 256
            return (TilePath(.entries, index: index, width: entries.count), entries)
        }
    }

    /// The partial tiles that are not on disk in this width already.
    private static func changedPartialTiles(_ state: State) -> [(path: TilePath, hashes: [Digest])] {
        state.edge.partialTiles.filter { path, _ in
            guard case .tile(let level) = path.kind else { return false }
            return state.edge.size >> UInt64(8 * level) != state.publishedSize >> UInt64(8 * level)
        }
    }

    private static func bytes(_ hashes: [Digest]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hashes.count * 32)
        for hash in hashes { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    private func write(_ resources: [(path: TilePath, bytes: [UInt8])]) throws {
        var made: Set<String> = []
        let targets = resources.map { (path: "\(directory)/\($0.path.text)", bytes: $0.bytes) }
        for target in targets {
            let folder = String(target.path.prefix(upTo: target.path.lastIndex(of: "/") ?? target.path.startIndex))
            if made.insert(folder).inserted { try files.makeDirectory(folder, mode: 0o755) }
        }
        try files.write(targets, mode: 0o644)
    }

    /// What was written must give the hashes that will be signed: a flipped bit in memory or on its way to the disk
    /// would otherwise be signed for ever.
    private func readBack(_ bundles: [TilePath], _ tiles: [(path: TilePath, hashes: [Digest])]) throws {
        var leaves: [UInt64: [Digest]] = [:]
        let reader = TreeReader(directory: directory, size: 0, files: files)
        for (path, hashes) in tiles {
            guard try reader.tile(path) == hashes else { throw AuditError(.tileAltered, [path.text]) }
            if path.kind == .tile(level: 0) { leaves[path.index] = hashes }
        }
        for path in bundles {
            let found = try reader.bundle(path).map { MerkleTree.leafHash($0) }
            guard leaves[path.index] == found else { throw AuditError(.entryAltered, [path.text]) }
        }
    }
}
