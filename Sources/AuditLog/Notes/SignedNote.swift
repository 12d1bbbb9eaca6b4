// SPDX-License-Identifier: Apache-2.0
import CryptoSuites

/// A text with signature lines (C2SP signed-note), read strictly and checked against known keys.
public struct SignedNote: Sendable {
    public struct Line: Hashable, Sendable {
        public let name: String
        public let keyID: UInt32
        /// Without the key ID in front.
        public let signature: [UInt8]
    }

    /// Ends with a newline.
    public let text: [UInt8]
    /// Nothing is known of these until ``verified(by:)``.
    public let lines: [Line]

    private static let dash: [UInt8] = Array("— ".utf8)

    /// Takes a note apart without checking signatures. Throws `log.note-malformed`.
    public init(parsing bytes: [UInt8]) throws(AuditError) {
        guard bytes.count <= AuditLog.Limits.noteBytes, bytes.last == 0x0A,
            bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }), String(validating: bytes, as: UTF8.self) != nil,
            let split = Self.lastEmptyLine(bytes)
        else { throw AuditError(.noteMalformed) }
        text = Array(bytes[..<(split + 1)])
        lines = try bytes[(split + 2)...].dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { line throws(AuditError) in try Self.parse(line: line) }
        guard (1...AuditLog.Limits.noteSignatures).contains(lines.count) else { throw AuditError(.noteMalformed) }
    }

    /// A note signed by one key.
    public init(text: [UInt8], signedBy key: SigningKey, name: String) throws(AuditError) {
        let verifier = try VerifierKey(name: name, key: key.publicKey)
        self.text = text
        lines = [Line(name: name, keyID: verifier.keyID, signature: key.sign(text).bytes)]
    }

    public var bytes: [UInt8] {
        text + [0x0A]
            + lines.flatMap { line in
                let material = withUnsafeBytes(of: line.keyID.bigEndian) { Array($0) } + line.signature
                return Self.dash + Array("\(line.name) \(Base64.encode(material))\n".utf8)
            }
    }

    /// The keys whose signature is on the note.
    ///
    /// A line of an unknown key is ignored. Throws `log.signature-invalid` when a known key's line does not verify,
    /// `log.note-unknown-keys` when no known key signed.
    @discardableResult
    public func verified(by keys: [VerifierKey]) throws(AuditError) -> [VerifierKey] {
        var signers: [VerifierKey] = []
        for line in lines {
            for key in keys where key.name == line.name && key.keyID == line.keyID {
                guard key.verifies(line.signature, text: text) else {
                    throw AuditError(.signatureInvalid, [key.name])
                }
                if !signers.contains(key) { signers.append(key) }
            }
        }
        guard !signers.isEmpty else { throw AuditError(.noteUnknownKeys, keys.map { $0.name }) }
        return signers
    }

    /// Position of the newline that ends the text, before the last empty line.
    private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 3 else { return nil }
        return (0..<(bytes.count - 2)).last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
    }

    private static func parse(line: ArraySlice<UInt8>) throws(AuditError) -> Line {
        guard line.starts(with: dash) else { throw AuditError(.noteMalformed) }
        let parts = line.dropFirst(dash.count).split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 2, let material = Base64.decode(parts[1]), material.count > 4 else {
            throw AuditError(.noteMalformed)
        }
        let name = String(decoding: parts[0], as: UTF8.self)
        guard VerifierKey.isValidName(name) else { throw AuditError(.noteMalformed) }
        return Line(
            name: name, keyID: material[..<4].reduce(0) { $0 << 8 | UInt32($1) }, signature: Array(material[4...]))
    }
}
