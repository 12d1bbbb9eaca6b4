// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import TestBasics
import Testing

@Suite struct ChunkedEncryptionTests {
    struct Vector {
        let key: SecretKey
        let salt: [UInt8]
        let context: [UInt8]
        let values: [String: String]
        let message: [UInt8]
        let sealedCount: Int
    }

    /// First n bytes of SHA-256(be32(0)) || SHA-256(be32(1)) || …
    static func message(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var counter: UInt32 = 0
        while bytes.count < count {
            bytes += SHA256.hash(withUnsafeBytes(of: counter.bigEndian) { Array($0) }).bytes
            counter += 1
        }
        return Array(bytes.prefix(count))
    }

    static func vectors() throws -> [Vector] {
        let file = try VectorFiles.json("enc/chunked_vectors.json")
        let all = try #require(file["vectors"] as? [[String: Any]])
        return try all.filter { $0["suite"] as? String == "cobblestone-256" }.map { value in
            let texts = value.compactMapValues { $0 as? String }
            func bytes(_ name: String) throws -> [UInt8] {
                let text = try #require(texts[name])
                return try #require(Hexadecimal.decode(text))
            }
            let context = try #require(texts["context"])
            return Vector(
                key: try bytes("input_key").withUnsafeBytes { try SecretKey(copying: $0) },
                salt: try bytes("salt"),
                context: Array(context.utf8), values: texts,
                message: message(try #require(value["msg_len"] as? Int)),
                sealedCount: try #require(value["ct_len"] as? Int))
        }
    }

    @Test func referenceValues() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count == 6)
        for vector in vectors {
            let keys = try BlockKeys.derive(inputKey: vector.key, salt: vector.salt, context: vector.context)
            #expect(keys.derivedKey.withBytes { Hexadecimal.encode($0) } == vector.values["derived_key"])
            #expect(Hexadecimal.encode(keys.nonce(block: 0).bytes) == vector.values["base_nonce"])
            #expect(Hexadecimal.encode(keys.commitment) == vector.values["commitment"])
            let sealed = try vector.message.withUnsafeBytes {
                try ChunkedEncryption.seal($0, inputKey: vector.key, salt: vector.salt, context: vector.context)
            }
            #expect(sealed.count == vector.sealedCount)
            #expect(SHA256.hash(sealed).hex == vector.values["ct_sha256"])
            #expect(Hexadecimal.encode(sealed.suffix(32)) == vector.values["ct_tail_hex"])
            if let whole = vector.values["ct_hex"] { #expect(Hexadecimal.encode(sealed) == whole) }
            #expect(
                try ChunkedEncryption.open(sealed, inputKey: vector.key, context: vector.context) == vector.message)
        }
    }

    @Test func everyCutAndTrailingByteIsRefused() throws {
        let key = SecretKey.random(from: RandomBytes(seed: 1))
        for count in [0, 1, 16_383, 16_384, 16_385] {
            let sealed = try ChunkedEncryption.seal(Self.message(count), inputKey: key, context: [7])
            for length in Set([0, 55, 56, 71, 72, 16_455, 16_456] + (0..<40).map { sealed.count - 1 - $0 }) {
                guard (0..<sealed.count).contains(length) else { continue }
                #expect(throws: CryptoError.self) {
                    try ChunkedEncryption.open(Array(sealed.prefix(length)), inputKey: key, context: [7])
                }
            }
            #expect(throws: CryptoError.self) {
                try ChunkedEncryption.open(sealed + [0], inputKey: key, context: [7])
            }
        }
    }

    @Test func changedSaltCommitmentTagContextOrKeyIsRefused() throws {
        let key = SecretKey.random(from: RandomBytes(seed: 2))
        let sealed = try ChunkedEncryption.seal(Self.message(20_000), inputKey: key, context: [1, 2])
        for (place, code) in [
            (0, CryptoError.Code.commitmentMismatch), (24, .commitmentMismatch), (56, .authenticationFailed),
            (sealed.count - 1, .authenticationFailed), (56 + 16_384, .authenticationFailed),
        ] {
            var altered = sealed
            altered[place] ^= 0x40
            #expect(throws: CryptoError(code)) {
                try ChunkedEncryption.open(altered, inputKey: key, context: [1, 2])
            }
        }
        #expect(throws: CryptoError(.commitmentMismatch)) {
            try ChunkedEncryption.open(sealed, inputKey: key, context: [1, 3])
        }
        #expect(throws: CryptoError(.commitmentMismatch)) {
            try ChunkedEncryption.open(sealed, inputKey: key.derive("other"), context: [1, 2])
        }
    }

    @Test func swappedChunksAreRefused() throws {
        let key = SecretKey.random(from: RandomBytes(seed: 3))
        let sealed = try ChunkedEncryption.seal(Self.message(40_000), inputKey: key, context: [])
        let chunk = 16_400
        let first = Array(sealed[56..<(56 + chunk)])
        let second = Array(sealed[(56 + chunk)..<(56 + 2 * chunk)])
        let swapped = Array(sealed[..<56]) + second + first + Array(sealed[(56 + 2 * chunk)...])
        #expect(throws: CryptoError(.authenticationFailed)) {
            try ChunkedEncryption.open(swapped, inputKey: key, context: [])
        }
    }

    @Test func lengthsThatNoMessageHas() {
        #expect(ChunkedEncryption.messageByteCount(sealedBytes: 72) == 0)
        #expect(ChunkedEncryption.messageByteCount(sealedBytes: 71) == nil)
        #expect(ChunkedEncryption.messageByteCount(sealedBytes: 56 + 16_400) == nil)
        #expect(ChunkedEncryption.messageByteCount(sealedBytes: 56 + 16_400 + 16) == 16_384)
        for count in [0, 1, 16_383, 16_384, 50_000] {
            let sealed = ChunkedEncryption.sealedByteCount(messageBytes: count)
            #expect(ChunkedEncryption.messageByteCount(sealedBytes: sealed) == count)
        }
    }

    @Test func messageLimit() throws {
        let key = SecretKey.random(from: RandomBytes(seed: 4))
        var nothing: UInt8 = 0
        // Refused by its length before anything is read.
        #expect(throws: CryptoError(.limitExceeded)) {
            try withUnsafeBytes(of: &nothing) {
                let claimed = UnsafeRawBufferPointer(
                    start: $0.baseAddress, count: CryptoSuites.Limits.chunkedMessageBytes + 1)
                return try ChunkedEncryption.seal(claimed, inputKey: key, context: [])
            }
        }
    }

    @Test func saltLengthIsChecked() throws {
        let key = SecretKey.random(from: RandomBytes(seed: 4))
        #expect(throws: CryptoError(.wrongLength)) {
            try BlockKeys.derive(inputKey: key, salt: [UInt8](repeating: 0, count: 23), context: [])
        }
        #expect(throws: Never.self) {
            try BlockKeys.derive(inputKey: key, salt: [UInt8](repeating: 0, count: 24), context: [])
        }
    }

    @Test func nonceOfABlockIsBaseXorBigEndianNumber() throws {
        let key = SecretKey.random(from: RandomBytes(seed: 5))
        let keys = try BlockKeys.derive(inputKey: key, salt: [UInt8](repeating: 9, count: 24), context: [])
        let base = keys.nonce(block: 0).bytes
        var expected = base
        expected[4] ^= 0x01
        expected[11] ^= 0x2A
        #expect(keys.nonce(block: 0x0100_0000_0000_002A).bytes == expected)
    }
}
