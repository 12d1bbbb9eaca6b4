// SPDX-License-Identifier: Apache-2.0
import CanonicalJSON
import CryptoSuites

/// Files of chunked encryption: derivation, sealed form, opening, and what must be refused.
enum ChunkedVectors {
    static func check(_ file: ReferenceFile) -> Outcome? {
        guard let vectors = file.json?["vectors"]?.elements, !vectors.isEmpty,
            vectors.allSatisfy({ $0["suite"] != nil && $0["input_key"] != nil && $0["salt"] != nil })
        else { return nil }
        var outcome = Outcome()
        var later: [String: Int] = [:]
        for (number, vector) in vectors.enumerated() {
            let suite = vector["suite"]?.text ?? ""
            if suite == "cobblestone-256" {
                check(vector, "vector \(number)", &outcome)
            } else {
                later[suite, default: 0] += 1
            }
        }
        outcome.skipped = later.sorted { $0.key < $1.key }.map { ($0.value, "suite \($0.key) is not in this version") }
        return outcome
    }

    private static func check(_ vector: JSONValue, _ name: String, _ outcome: inout Outcome) {
        guard let inputs = try? Inputs(vector) else {
            outcome.failures.append("\(name): inputs are not readable")
            return
        }
        outcome.note(name) {
            let keys = try BlockKeys.derive(inputKey: inputs.key, salt: inputs.salt, context: inputs.context)
            let sealed = try inputs.sealed()
            let values: [String: JSONValue] = [
                "derived_key": .string(keys.derivedKey.withBytes { Hexadecimal.encode($0) }),
                "base_nonce": .string(Hexadecimal.encode(keys.nonce(block: 0).bytes)),
                "commitment": .string(Hexadecimal.encode(keys.commitment)),
                "ct_len": .integer(Int64(sealed.count)),
                "ct_sha256": .string(SHA256.hash(sealed).hex),
                "ct_tail_hex": .string(Hexadecimal.encode(sealed.suffix(32))),
                "ct_hex": .string(Hexadecimal.encode(sealed)),
            ]
            for (field, expected) in vector.members ?? [:] {
                if let value = values[field], value != expected { throw ShapeError(description: "\(field) differs") }
            }
            return try ChunkedEncryption.open(sealed, inputKey: inputs.key, context: inputs.context) == inputs.message
        }
        checkRefusals(inputs, name, &outcome)
    }

    /// "Any truncation or trailing byte, a changed salt, commitment or tag, another context."
    private static func checkRefusals(_ inputs: Inputs, _ name: String, _ outcome: inout Outcome) {
        guard let sealed = try? inputs.sealed() else { return }
        func refuse(_ what: String, _ bytes: [UInt8], context: [UInt8]? = nil) {
            outcome.noteRefused("\(name), \(what)") {
                _ = try ChunkedEncryption.open(bytes, inputKey: inputs.key, context: context ?? inputs.context)
            }
        }
        func changed(_ place: Int) -> [UInt8] {
            var bytes = sealed
            bytes[place] ^= 1
            return bytes
        }
        let chunk = ChunkedEncryption.chunkBytes + Tag.byteCount
        let cuts = [1, 2, Tag.byteCount, chunk].map { sealed.count - $0 } + [0, 24, 56, 56 + chunk]
        for length in Set(cuts).sorted() where (0..<sealed.count).contains(length) {
            refuse("cut to \(length) bytes", Array(sealed[..<length]))
        }
        refuse("one byte longer", sealed + [0])
        refuse("another salt", changed(0))
        refuse("another commitment", changed(BlockKeys.saltByteCount))
        refuse("another tag", changed(sealed.count - 1))
        refuse("another context", sealed, context: inputs.context + [0x21])
    }

    private struct Inputs {
        let key: SecretKey
        let salt: [UInt8]
        let context: [UInt8]
        let message: [UInt8]

        init(_ vector: JSONValue) throws {
            func bytes(_ name: String) throws -> [UInt8] {
                guard let bytes = Hexadecimal.decode(try vector.requireText(name)) else {
                    throw ShapeError(description: "\(name) is not hexadecimal")
                }
                return bytes
            }
            key = try bytes("input_key").withUnsafeBytes { try SecretKey(copying: $0) }
            salt = try bytes("salt")
            context = Array(try vector.requireText("context").utf8)
            message = Self.message(Int(try vector.requireSize("msg_len")))
        }

        func sealed() throws -> [UInt8] {
            try message.withUnsafeBytes {
                try ChunkedEncryption.seal($0, inputKey: key, salt: salt, context: context)
            }
        }

        /// First n bytes of SHA-256(be32(0)) || SHA-256(be32(1)) || …
        private static func message(_ count: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            var counter: UInt32 = 0
            while bytes.count < count {
                bytes += SHA256.hash(withUnsafeBytes(of: counter.bigEndian) { Array($0) }).bytes
                counter += 1
            }
            return Array(bytes.prefix(count))
        }
    }
}
