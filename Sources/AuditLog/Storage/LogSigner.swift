// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import DurableFiles

/// Signs checkpoints and remembers, in a file of its own, the largest it ever signed: it never goes back and never
/// signs two roots for one size, whatever the log's files say.
struct LogSigner: Sendable {
    /// What was signed last; flushed before the signature leaves.
    struct State: Equatable, Sendable {
        var size: UInt64
        var root: Digest
        /// How often the state changed.
        var counter: UInt64
    }

    private static let magic: [UInt8] = Array("YNSG".utf8) + [1, 0, 0, 0]
    /// Magic, size, root, counter, length of the key text; then the text and a checksum.
    private static let fixedBytes = 58

    /// Whose log this is; its name is the origin.
    let verifierKey: VerifierKey
    private(set) var state: State
    private let key: SigningKey
    private let path: String
    private let files: DurableFiles

    /// Begins with the empty tree.
    static func create(_ path: String, key: VerifierKey, files: DurableFiles) throws {
        let state = State(size: 0, root: MerkleTree.emptyRoot, counter: 0)
        try files.create(bytes(state, key), at: path)
    }

    /// Throws `log.signer-state-missing`, `log.signer-state-damaged`, `log.format-unknown`, `log.key-mismatch`.
    init(_ path: String, key: SigningKey, files: DurableFiles) throws {
        guard let bytes = try files.readIfPresent(path, limitBytes: 4_096) else {
            throw AuditError(.signerStateMissing, [path])
        }
        self.key = key
        self.path = path
        self.files = files
        (state, verifierKey) = try Self.parse(bytes, path)
        guard verifierKey.key == key.publicKey else { throw AuditError(.keyMismatch, [verifierKey.name]) }
    }

    /// A signed checkpoint of a tree that begins with the one signed last, which the proof must show.
    ///
    /// Throws `log.signer-rollback`, `log.signer-fork`, `log.inconsistent`.
    mutating func sign(size: UInt64, root: Digest, proof: [Digest]) throws -> [UInt8] {
        guard size >= state.size else { throw AuditError(.signerRollback, [String(size), String(state.size)]) }
        guard size > state.size || root == state.root else { throw AuditError(.signerFork, [String(size)]) }
        guard
            MerkleTree.verifiesConsistency(
                oldSize: state.size, oldRoot: state.root, newSize: size, newRoot: root, proof: proof)
        else { throw AuditError(.inconsistent, [String(state.size), String(size)]) }
        if size > state.size {
            let next = State(size: size, root: root, counter: state.counter + 1)
            try files.write(Self.bytes(next, verifierKey), to: path)
            state = next
        }
        let checkpoint = Checkpoint(origin: verifierKey.name, size: size, root: root)
        return try SignedNote(text: checkpoint.text, signedBy: key, name: verifierKey.name).bytes
    }

    private static func bytes(_ state: State, _ key: VerifierKey) -> [UInt8] {
        let name = Array(key.text.utf8)
        var bytes = magic
        withUnsafeBytes(of: state.size.bigEndian) { bytes.append(contentsOf: $0) }
        bytes += state.root.bytes
        withUnsafeBytes(of: state.counter.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt16(truncatingIfNeeded: name.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes += name
        return bytes + SHA256.hash(bytes).bytes
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws -> (State, VerifierKey) {
        let end = bytes.count - 32
        guard end >= fixedBytes, bytes.starts(with: magic.prefix(4)),
            bytes[end...].elementsEqual(SHA256.hash(Array(bytes[..<end])).bytes),
            number(bytes[56..<58]) == UInt64(end - fixedBytes), let root = Digest(bytes: bytes[16..<48])
        else { throw AuditError(.signerStateDamaged, [path]) }
        guard bytes.starts(with: magic) else { throw AuditError(.formatUnknown, [path]) }
        let key = try VerifierKey(parsing: String(decoding: bytes[fixedBytes..<end], as: UTF8.self))
        return (State(size: number(bytes[8..<16]), root: root, counter: number(bytes[48..<56])), key)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
