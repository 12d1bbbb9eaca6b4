// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles

extension AuditLog {
    /// The state after a restart: what was signed last must be in the directory; what was acknowledged after it
    /// comes from the write-ahead file.
    static func recover(
        _ directory: String, _ signer: LogSigner, _ key: VerifierKey, _ ahead: WriteAheadFile, _ files: DurableFiles
    ) throws -> State {
        let signed = signer.state
        let reader = TreeReader(directory: directory, size: signed.size, files: files)
        let edge = try TreeEdge(size: signed.size) { try reader.tile($0) }
        guard edge.root == signed.root else { throw AuditError(.rootMismatch, [String(signed.size)]) }
        let note = try checkpoint(directory, signer, key, reader, files)
        var state = State(
            signer: signer, edge: edge, publishedSize: signed.size, checkpoint: note, tail: try tail(reader, edge))
        for record in try ahead.recover() {
            let known = state.edge.size
            guard record.first <= known else { throw AuditError(.pendingDamaged, ["pending", String(record.first)]) }
            let skip = min(UInt64(record.entries.count), known - record.first)
            state.add(Array(record.entries.dropFirst(Int(skip))))
        }
        return state
    }

    /// The checkpoint in the directory, or nothing when it must be signed again: it is missing, or the process died
    /// between remembering the new head and writing it.
    private static func checkpoint(
        _ directory: String, _ signer: LogSigner, _ key: VerifierKey, _ reader: TreeReader, _ files: DurableFiles
    ) throws -> [UInt8] {
        let path = "\(directory)/checkpoint"
        guard let note = try files.readIfPresent(path, limitBytes: Limits.noteBytes) else { return [] }
        let found = try Checkpoint(opening: note, key: key)
        let signed = signer.state
        guard found.size <= signed.size else {
            throw AuditError(.signerRollback, [String(signed.size), String(found.size)])
        }
        if found.size == signed.size {
            guard found.root == signed.root else { throw AuditError(.signerFork, [String(found.size)]) }
            return note
        }
        guard try reader.root(0, found.size) == found.root else {
            throw AuditError(.inconsistent, [String(found.size), String(signed.size)])
        }
        return []
    }

    /// The entries of the bundle in which the tree ends, checked against their hashes.
    private static func tail(_ reader: TreeReader, _ edge: TreeEdge) throws -> [[UInt8]] {
        guard reader.size % 256 > 0 else { return [] }
        let path = reader.bundlePath(of: reader.size - 1)
        let entries = try reader.bundle(path)
        guard entries.map({ MerkleTree.leafHash($0) }) == edge.levels[0] else {
            throw AuditError(.entryAltered, [path.text])
        }
        return entries
    }
}
