// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import Testing

// Both modules have a Tag.
import struct CryptoSuites.Tag

/// Values of the GCM specification (McGrew & Viega, appendix B), test cases 13 to 16: AES-256.
@Suite struct SealingContextTests {
    struct Case {
        let key: String
        let nonce: String
        let plaintext: String
        let associated: String
        let ciphertext: String
        let tag: String
    }

    static let zeroKey = String(repeating: "0", count: 64)
    static let longKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
    static let longPlaintext =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
    static let longCiphertext =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"

    static let cases = [
        Case(
            key: zeroKey, nonce: "000000000000000000000000", plaintext: "", associated: "", ciphertext: "",
            tag: "530f8afbc74536b9a963b4f1c4cb738b"),
        Case(
            key: zeroKey, nonce: "000000000000000000000000", plaintext: "00000000000000000000000000000000",
            associated: "", ciphertext: "cea7403d4d606b6e074ec5d3baf39d18", tag: "d0d1c8a799996bf0265b98b5d48ab919"),
        Case(
            key: longKey, nonce: "cafebabefacedbaddecaf888", plaintext: longPlaintext, associated: "",
            ciphertext: longCiphertext, tag: "b094dac5d93471bdec1a502270e3cc6c"),
        Case(
            key: longKey, nonce: "cafebabefacedbaddecaf888", plaintext: String(longPlaintext.prefix(120)),
            associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2", ciphertext: String(longCiphertext.prefix(120)),
            tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
    ]

    func bytes(_ hex: String) throws -> [UInt8] { try #require(Hexadecimal.decode(hex)) }

    @Test func publishedValues() throws {
        for one in Self.cases {
            let key = try bytes(one.key).withUnsafeBytes { try SecretKey(copying: $0) }
            let nonceBytes = try bytes(one.nonce)
            let nonce = try #require(Nonce(bytes: nonceBytes))
            let context = SealingContext(key: key)
            let plaintext = try bytes(one.plaintext)
            var output = [UInt8](repeating: 0, count: plaintext.count)
            let tag = try plaintext.withUnsafeBytes { plaintext in
                try output.withUnsafeMutableBytes {
                    try context.seal(plaintext, into: $0, nonce: nonce, associated: try bytes(one.associated))
                }
            }
            #expect(Hexadecimal.encode(output) == one.ciphertext)
            #expect(Hexadecimal.encode(tag.bytes) == one.tag)
            // The same context opens: sealing and opening alternate on one object.
            try output.withUnsafeMutableBytes {
                try context.open(
                    UnsafeRawBufferPointer($0), tag: tag, into: $0, nonce: nonce,
                    associated: try bytes(one.associated))
            }
            #expect(output == plaintext)
        }
    }

    @Test func anyChangeIsRefusedAndTheOutputWiped() throws {
        let context = SealingContext(key: .random(from: RandomBytes(seed: 1)))
        let nonce = try #require(Nonce(bytes: [UInt8](repeating: 3, count: 12)))
        let other = try #require(Nonce(bytes: [UInt8](repeating: 4, count: 12)))
        let plaintext = [UInt8](repeating: 0x5A, count: 100)
        var sealed = plaintext
        let tag = try plaintext.withUnsafeBytes { plaintext in
            try sealed.withUnsafeMutableBytes { try context.seal(plaintext, into: $0, nonce: nonce, associated: [1]) }
        }
        func open(_ bytes: [UInt8], _ tag: Tag, _ nonce: Nonce, _ associated: [UInt8]) throws -> [UInt8] {
            var output = [UInt8](repeating: 0xFF, count: bytes.count)
            do {
                try bytes.withUnsafeBytes { bytes in
                    try output.withUnsafeMutableBytes {
                        try context.open(bytes, tag: tag, into: $0, nonce: nonce, associated: associated)
                    }
                }
            } catch {
                #expect(output.allSatisfy { $0 == 0 })
                throw error
            }
            return output
        }
        #expect(try open(sealed, tag, nonce, [1]) == plaintext)
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: CryptoError(.authenticationFailed)) { try open(altered, tag, nonce, [1]) }
        }
        var wrong = tag.bytes
        wrong[15] ^= 1
        let wrongTag = try #require(Tag(bytes: wrong))
        #expect(throws: CryptoError(.authenticationFailed)) { try open(sealed, wrongTag, nonce, [1]) }
        #expect(throws: CryptoError(.authenticationFailed)) { try open(sealed, tag, other, [1]) }
        #expect(throws: CryptoError(.authenticationFailed)) { try open(sealed, tag, nonce, [2]) }
        #expect(throws: CryptoError(.authenticationFailed)) { try open(sealed, tag, nonce, []) }
        #expect(throws: CryptoError(.authenticationFailed)) { try open(Array(sealed.dropLast()), tag, nonce, [1]) }
        #expect(try open(sealed, tag, nonce, [1]) == plaintext)
    }

    @Test func outputLengthIsChecked() throws {
        let context = SealingContext(key: .random(from: RandomBytes(seed: 1)))
        let nonce = try #require(Nonce(bytes: [UInt8](repeating: 3, count: 12)))
        var output = [UInt8](repeating: 0, count: 3)
        #expect(throws: CryptoError(.wrongLength)) {
            try [UInt8](repeating: 0, count: 4).withUnsafeBytes { input in
                try output.withUnsafeMutableBytes { try context.seal(input, into: $0, nonce: nonce, associated: []) }
            }
        }
    }

    @Test func blockLimit() throws {
        // Address space only: neither side is touched before the length is refused.
        let context = SealingContext(key: .random(from: RandomBytes(seed: 1)))
        let nonce = try #require(Nonce(bytes: [UInt8](repeating: 3, count: 12)))
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: CryptoSuites.Limits.blockBytes + 1, alignment: 16)
        defer { memory.deallocate() }
        #expect(throws: CryptoError(.limitExceeded)) {
            try context.seal(UnsafeRawBufferPointer(memory), into: memory, nonce: nonce, associated: [])
        }
    }

    @Test func lengthsOfNonceAndTag() {
        #expect(Nonce(bytes: [UInt8](repeating: 0, count: 11)) == nil)
        #expect(Nonce(bytes: [UInt8](repeating: 0, count: 13)) == nil)
        #expect(Tag(bytes: [UInt8](repeating: 0, count: 15)) == nil)
        #expect(Nonce(bytes: Array(1...12))?.bytes == Array(1...12))
        #expect(Tag(bytes: Array(1...16))?.bytes == Array(1...16))
    }
}
