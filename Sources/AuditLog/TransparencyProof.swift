// SPDX-License-Identifier: Apache-2.0
import CryptoSuites

/// A file that proves offline that an entry is in a log (C2SP tlog-proof, `.tlog-proof`).
public struct TransparencyProof: Hashable, Sendable {
    private static let header = "c2sp.org/tlog-proof@v1"

    public let index: UInt64
    public let hashes: [Digest]
    /// Opaque to the proof.
    public let extra: [UInt8]?
    /// The signed note.
    public let checkpoint: [UInt8]

    public init(index: UInt64, hashes: [Digest], extra: [UInt8]? = nil, checkpoint: [UInt8]) {
        self.index = index
        self.hashes = hashes
        self.extra = extra
        self.checkpoint = checkpoint
    }

    /// Throws `log.proof-malformed`; nothing is verified yet.
    public init(parsing bytes: [UInt8]) throws(AuditError) {
        let emptyLine = (0..<max(0, bytes.count - 1)).first { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
        guard let end = emptyLine else { throw AuditError(.proofMalformed) }
        var lines = bytes[..<end].split(separator: 0x0A, omittingEmptySubsequences: false)[...]
        guard lines.popFirst().map({ $0.elementsEqual(Self.header.utf8) }) == true else {
            throw AuditError(.proofMalformed)
        }
        var extra: [UInt8]?
        if let text = Self.value("extra", lines.first) {
            guard let value = Base64.decode(text) else { throw AuditError(.proofMalformed) }
            extra = value
            lines.removeFirst()
        }
        guard let index = Self.value("index", lines.popFirst()).flatMap({ Decimal.parse($0) }),
            lines.count <= AuditLog.Limits.proofHashes
        else { throw AuditError(.proofMalformed) }
        let hashes = lines.compactMap { line in Base64.decode(line).flatMap { Digest(bytes: $0) } }
        guard hashes.count == lines.count else { throw AuditError(.proofMalformed) }
        self.init(index: index, hashes: hashes, extra: extra, checkpoint: Array(bytes[(end + 2)...]))
    }

    public var bytes: [UInt8] {
        var text = Self.header + "\n"
        if let extra { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(index)\n"
        for hash in hashes { text += Base64.encode(hash.bytes) + "\n" }
        return Array((text + "\n").utf8) + checkpoint
    }

    /// The checkpoint under which the entry stands, if the log's key signed it and the hashes lead to its root.
    ///
    /// Throws what ``Checkpoint/init(opening:key:)`` throws, and `log.proof-invalid`.
    @discardableResult
    public func verify(entry: [UInt8], key: VerifierKey) throws(AuditError) -> Checkpoint {
        let head = try Checkpoint(opening: checkpoint, key: key)
        guard
            MerkleTree.verifiesInclusion(
                of: MerkleTree.leafHash(entry), index: index, size: head.size, root: head.root, proof: hashes)
        else { throw AuditError(.proofInvalid, [String(index)]) }
        return head
    }

    private static func value(_ name: String, _ line: ArraySlice<UInt8>?) -> ArraySlice<UInt8>? {
        let prefix = Array("\(name) ".utf8)
        guard let line, line.starts(with: prefix) else { return nil }
        return line.dropFirst(prefix.count)
    }
}
