// SPDX-License-Identifier: Apache-2.0
import CryptoSuites

/// A named public key that verifies notes (C2SP signed-note `vkey`).
public struct VerifierKey: Hashable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// Signs a note's text.
        case ed25519 = 0x01
        /// Signs a checkpoint with a time (C2SP tlog-cosignature).
        case cosignature = 0x04
    }

    public let name: String
    public let kind: Kind
    public let key: PublicKey
    /// SHA-256(name ‖ newline ‖ type ‖ key), first four bytes, big-endian.
    public let keyID: UInt32

    /// Throws `log.key-malformed` when the name is empty or has a space, a plus sign or a control character.
    public init(name: String, key: PublicKey, kind: Kind = .ed25519) throws(AuditError) {
        guard Self.isValidName(name) else { throw AuditError(.keyMalformed, [name]) }
        self.name = name
        self.key = key
        self.kind = kind
        var hasher = SHA256()
        hasher.update(Array(name.utf8) + [0x0A, kind.rawValue] + key.bytes)
        keyID = hasher.finish().bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads `name+keyid+base64`. Throws `log.key-malformed` or `log.key-unsupported` (another signature type).
    public init(parsing text: String) throws(AuditError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].utf8.count == 8, let material = Base64.decode(parts[2].utf8),
            let type = material.first
        else { throw AuditError(.keyMalformed, [text]) }
        guard let kind = Kind(rawValue: type) else { throw AuditError(.keyUnsupported, [String(parts[0])]) }
        guard let key = PublicKey(bytes: material.dropFirst()) else { throw AuditError(.keyMalformed, [text]) }
        try self.init(name: String(parts[0]), key: key, kind: kind)
        guard keyIDText == parts[1] else { throw AuditError(.keyMalformed, [text]) }
    }

    /// `name+keyid+base64`, as other tools take it.
    public var text: String { "\(name)+\(keyIDText)+\(Base64.encode([kind.rawValue] + key.bytes))" }

    /// Eight lower-case hexadecimal digits.
    public var keyIDText: String { Hexadecimal.encode(keyIDBytes) }

    var keyIDBytes: [UInt8] { withUnsafeBytes(of: keyID.bigEndian) { Array($0) } }

    /// Whether this is this key's signature over a note's text.
    func verifies(_ signature: [UInt8], text: [UInt8]) -> Bool {
        switch kind {
        case .ed25519:
            guard let signature = Signature(bytes: signature) else { return false }
            return key.verifies(signature, of: text)
        case .cosignature:
            guard signature.count == 72, let value = Signature(bytes: signature[8...]) else { return false }
            let time = signature[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return key.verifies(value, of: Array("cosignature/v1\ntime \(time)\n".utf8) + text)
        }
    }

    static func isValidName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 }
    }
}
