// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles
import Synchronization

/// An append-only log of opaque entries in a directory that any C2SP tlog-tiles reader can verify.
///
/// Appending writes one record ahead and flushes it once; then the entries are acknowledged. Publishing brings
/// bundles and tiles up to date, reads them back, and signs a checkpoint. A crash at any moment loses no acknowledged
/// entry and never leads to two roots for one size. One process at a time (locked); usable from several threads.
///
/// Everything that throws may also throw `DurableError`. After a failed flush the object refuses further work.
public final class AuditLog: Sendable {
    /// The static layout: `checkpoint` and `tile/`.
    public let directory: String
    /// The name of the log and of its key.
    public let origin: String
    /// What others verify the log with.
    public let verifierKey: VerifierKey

    let files: DurableFiles
    private let lock: FileLock
    private let ahead: WriteAheadFile
    private let state: Mutex<State>

    struct State: Sendable {
        var signer: LogSigner
        /// The tree of all acknowledged entries.
        var edge: TreeEdge
        /// Size of the tree whose tiles and checkpoint are in the directory.
        var publishedSize: UInt64
        var checkpoint: [UInt8]
        /// Tiles that became full since then.
        var completedTiles: [TreeEdge.CompletedTile] = []
        /// Entries from the first of the bundle in which the published tree ends.
        var tail: [[UInt8]]
        var tailStart: UInt64 { publishedSize / 256 * 256 }
    }

    /// Makes an empty log in a directory and signs its first checkpoint. `stateDirectory` holds what is not public.
    ///
    /// Throws `log.already-exists`, `log.key-malformed` (an origin that cannot name a key).
    public static func create(
        directory: String, stateDirectory: String, origin: String, key: SigningKey,
        files: DurableFiles = .process
    ) throws -> AuditLog {
        let verifierKey = try VerifierKey(name: origin, key: key.publicKey)
        guard verifierKey.text.utf8.count <= Limits.originBytes else {
            throw AuditError(.keyMalformed, [origin])
        }
        try files.makeDirectory(directory)
        try files.makeDirectory(stateDirectory)
        let lock = try FileLock("\(stateDirectory)/lock", files: files)
        guard !files.exists("\(stateDirectory)/signer"), !files.exists("\(directory)/checkpoint") else {
            throw AuditError(.alreadyExists, [directory])
        }
        // A crash may have left the first file without the second.
        if files.exists("\(stateDirectory)/pending") { try files.remove("\(stateDirectory)/pending") }
        try WriteAheadFile.create("\(stateDirectory)/pending", origin: origin, files: files)
        try LogSigner.create("\(stateDirectory)/signer", key: verifierKey, files: files)
        return try AuditLog(directory, stateDirectory, key, files, lock)
    }

    /// Opens a log, rolls acknowledged entries forward and publishes them.
    ///
    /// Throws `log.key-mismatch`, and what tells that files are missing, altered, or older than what was signed.
    public static func open(
        directory: String, stateDirectory: String, key: SigningKey,
        files: DurableFiles = .process
    ) throws -> AuditLog {
        guard files.isDirectory(stateDirectory) else { throw AuditError(.signerStateMissing, [stateDirectory]) }
        let lock = try FileLock("\(stateDirectory)/lock", files: files)
        return try AuditLog(directory, stateDirectory, key, files, lock)
    }

    private init(
        _ directory: String, _ stateDirectory: String, _ key: SigningKey, _ files: DurableFiles, _ lock: FileLock
    ) throws {
        self.directory = directory
        self.files = files
        self.lock = lock
        let signer = try LogSigner("\(stateDirectory)/signer", key: key, files: files)
        verifierKey = signer.verifierKey
        origin = verifierKey.name
        ahead = try WriteAheadFile("\(stateDirectory)/pending", origin: origin, files: files)
        try files.removeTemporaries(in: directory)
        try files.removeTemporaries(in: stateDirectory)
        state = Mutex(try Self.recover(directory, signer, verifierKey, ahead, files))
        try publishIfNeeded()
    }

    /// How many entries are acknowledged.
    public var size: UInt64 { state.withLock { $0.edge.size } }

    /// Adds entries in order. Once this returns they survive a crash; they have the indexes of the range.
    ///
    /// Throws `log.entry-too-large`, `log.batch-invalid` (none, or more than ``Limits`` allow); then nothing is added.
    public func append(_ entries: [[UInt8]]) throws -> Range<UInt64> {
        guard let longest = entries.map(\.count).max(), entries.count <= Limits.batchEntries,
            entries.reduce(0, { $0 + $1.count }) <= Limits.batchBytes
        else { throw AuditError(.batchInvalid, [String(Limits.batchEntries), String(Limits.batchBytes)]) }
        guard longest <= Limits.entryBytes else { throw AuditError(.entryTooLarge, [String(Limits.entryBytes)]) }
        return try state.withLock { state in
            if ahead.byteCount > Limits.pendingBytes { try publish(&state, ahead) }
            let first = state.edge.size
            try ahead.append(first: first, entries: entries)
            state.add(entries)
            return first..<state.edge.size
        }
    }

    /// The signed note over all acknowledged entries; publishes them first.
    public var currentCheckpoint: [UInt8] {
        get throws {
            try publishIfNeeded()
            return state.withLock { $0.checkpoint }
        }
    }

    /// The checkpoint that is in the directory, with how many entries it covers.
    public var publishedCheckpoint: (note: [UInt8], size: UInt64) {
        state.withLock { ($0.checkpoint, $0.publishedSize) }
    }

    /// Throws `log.index-out-of-range`.
    public func entry(at index: UInt64) throws -> [UInt8] {
        let (size, kept): (UInt64, [UInt8]?) = state.withLock { state in
            guard index < state.edge.size, index >= state.tailStart else { return (state.publishedSize, nil) }
            return (state.publishedSize, state.tail[Int(index - state.tailStart)])
        }
        if let kept { return kept }
        guard index < size else { throw AuditError(.indexOutOfRange, [String(index), String(size)]) }
        let reader = TreeReader(directory: directory, size: size, files: files)
        return try reader.bundle(reader.bundlePath(of: index))[Int(index % 256)]
    }

    /// Entries in order from an index on, at most `count`: for rebuilding what is derived from the log.
    public func entries(from first: UInt64, count: Int) throws -> [[UInt8]] {
        let end = min(size, first + UInt64(max(0, count)))
        var entries: [[UInt8]] = []
        var index = first
        while index < end {
            let (tailStart, publishedSize, tail) = state.withLock { ($0.tailStart, $0.publishedSize, $0.tail) }
            if index >= tailStart {
                entries += tail[Int(index - tailStart)..<Int(end - tailStart)]
                return entries
            }
            let reader = TreeReader(directory: directory, size: publishedSize, files: files)
            let bundle = try reader.bundle(reader.bundlePath(of: index))
            let upTo = min(end - index / 256 * 256, UInt64(bundle.count))
            entries += bundle[Int(index % 256)..<Int(upTo)]
            index = index / 256 * 256 + upTo
        }
        return entries
    }

    /// Sibling hashes that prove an entry in the tree of the first `size` entries; publishes those first.
    ///
    /// Throws `log.index-out-of-range`.
    public func inclusionProof(index: UInt64, size: UInt64) throws -> [Digest] {
        guard index < size else { throw AuditError(.indexOutOfRange, [String(index), String(size)]) }
        return try reader(covering: size).inclusionProof(index: index, size: size)
    }

    /// Hashes that prove the tree of `newSize` to begin with that of `oldSize`; publishes first.
    ///
    /// Throws `log.index-out-of-range`.
    public func consistencyProof(from oldSize: UInt64, to newSize: UInt64) throws -> [Digest] {
        guard oldSize <= newSize else { throw AuditError(.indexOutOfRange, [String(oldSize), String(newSize)]) }
        return try reader(covering: newSize).consistencyProof(from: oldSize, to: newSize)
    }

    /// A self-contained proof that an entry is in the log, under the current checkpoint.
    public func transparencyProof(index: UInt64, extra: [UInt8]? = nil) throws -> TransparencyProof {
        let note = try currentCheckpoint
        let size = try Checkpoint(opening: note, key: verifierKey).size
        return TransparencyProof(
            index: index, hashes: try inclusionProof(index: index, size: size), extra: extra, checkpoint: note)
    }

    private func reader(covering size: UInt64) throws -> TreeReader {
        guard size <= self.size else { throw AuditError(.indexOutOfRange, [String(size), String(self.size)]) }
        if size > publishedCheckpoint.size { try publishIfNeeded() }
        return TreeReader(directory: directory, size: publishedCheckpoint.size, files: files)
    }

    private func publishIfNeeded() throws {
        try state.withLock { state in
            if state.checkpoint.isEmpty || state.publishedSize < state.edge.size { try publish(&state, ahead) }
        }
    }
}

extension AuditLog.State {
    /// Takes acknowledged entries into the tree.
    mutating func add(_ entries: [[UInt8]]) {
        for entry in entries { edge.append(MerkleTree.leafHash(entry)) { completedTiles.append($0) } }
        tail += entries
    }
}
