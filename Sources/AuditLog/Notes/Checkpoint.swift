// SPDX-License-Identifier: Apache-2.0
import CryptoSuites

/// The head of a log: which log, how many entries, their root (C2SP tlog-checkpoint).
public struct Checkpoint: Hashable, Sendable {
    public let origin: String
    public let size: UInt64
    public let root: Digest

    public init(origin: String, size: UInt64, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads a note's text; extension lines are allowed and left out. Throws `log.checkpoint-malformed`.
    public init(parsing text: [UInt8]) throws(AuditError) {
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last?.isEmpty == true, lines.dropLast().allSatisfy({ !$0.isEmpty }),
            let origin = String(validating: lines[0], as: UTF8.self), let size = Decimal.parse(lines[1]),
            size <= AuditLog.Limits.treeSize, let root = Base64.decode(lines[2]).flatMap({ Digest(bytes: $0) })
        else { throw AuditError(.checkpointMalformed) }
        self.init(origin: origin, size: size, root: root)
    }

    /// The checkpoint of a signed note, after checking that a given key signed it for its own log.
    ///
    /// Throws what parsing and checking the note throws, and `log.origin-mismatch`.
    public init(opening note: [UInt8], key: VerifierKey) throws(AuditError) {
        let note = try SignedNote(parsing: note)
        try note.verified(by: [key])
        try self.init(parsing: note.text)
        guard origin == key.name else { throw AuditError(.originMismatch, [key.name]) }
    }

    public var text: [UInt8] { Array("\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n".utf8) }
}

/// Decimal numbers with one spelling: no sign, no leading zero.
enum Decimal {
    static func parse(_ digits: some Collection<UInt8>) -> UInt64? {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.count == 1 || digits.first != 0x30
        else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }
}
