// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import Testing

@Suite struct PassphraseSealTests {
    let key = SecretKey.random(from: RandomBytes(seed: 21))
    let passphrase = Array("correct horse 电池".utf8)

    func hex(_ key: SecretKey) -> String { key.withBytes { Hexadecimal.encode($0) } }

    /// First: libsodium's published value; the others: the reference implementation of Argon2 1.3.
    @Test func publishedArgon2id() throws {
        let long = try #require(
            Hexadecimal.decode(
                "a347ae92bce9f80f6f595a4480fc9c2fe7e7d7148d371e9487d75f5c23008ffae065577a928febd9b1973a5a95073acd"
                    + "beb6a030cfc0d79caa2dc5cd011cef02c08da232d76d52dfbca38ca8dcbd665b17d1665f7cf5fe59772ec909733b"
                    + "24de97d6f58d220b20c60d7c07ec1fd93c52c31020300c6c1facd77937a597c7a6"))
        let salt = try #require(Hexadecimal.decode("5541fbc995d5c197ba290346d2c559de"))
        let cases: [([UInt8], [UInt8], UInt32, UInt32, String)] = [
            (
                long, salt, 5, 7_086,
                "18acec5d6507739f203d1f5d9f1d862f7c2cdac4f19d2bdff64487e60d969e3ced615337b9eec6ac4461c6ca07f09397"
                    + "41e57c24d0005c7ea171a0ee1e7348249d135b38f222e4dad7b9a033ed83f5ca27277393e316582033c74affe2"
                    + "566a2bea47f91f0fd9fe49ece7e1f79f3ad6e9b23e0277c8ecc4b313225748dd2a80f5679534a0700e246a79a4"
                    + "9b3f74eb89ec6205fe1eeb941c73b1fcf1"
            ),
            (
                Array("password".utf8), Array("somesaltsomesalt".utf8), 2, 8_192,
                "fd7e44552d83db6b9c2bc9dbd6d88fe0facd11df4654ac21fe8013fd7a05ebc3"
            ),
            (
                Array("口令 passphrase".utf8), Array(0..<16), 3, 65_536,
                "d9927f3e16d7dff4628de8833f0f0bb1d6a2cbff079160f813c46643d9ff63c1"
            ),
        ]
        for (passphrase, salt, passes, memory, expected) in cases {
            let output = try PassphraseSeal.argon2id(
                passphrase, salt: salt, passes: passes, memoryKibibytes: memory, byteCount: expected.count / 2)
            #expect(Hexadecimal.encode(output) == expected)
        }
    }

    @Test func opensWithTheRightPassphraseOnly() throws {
        let sealed = try PassphraseSeal.seal(key, passphrase: passphrase, context: [1], strength: .light)
        #expect(sealed.count == PassphraseSeal.byteCount)
        #expect(hex(try PassphraseSeal.open(sealed, passphrase: passphrase, context: [1])) == hex(key))
        #expect(throws: CryptoError(.wrongPassphrase)) {
            try PassphraseSeal.open(sealed, passphrase: passphrase + [0], context: [1])
        }
        #expect(throws: CryptoError(.wrongPassphrase)) {
            try PassphraseSeal.open(sealed, passphrase: [], context: [1])
        }
        #expect(throws: CryptoError(.wrongPassphrase)) {
            try PassphraseSeal.open(sealed, passphrase: passphrase, context: [2])
        }
    }

    @Test func signingKeys() throws {
        let signing = SigningKey.random(from: RandomBytes(seed: 22))
        let sealed = try PassphraseSeal.seal(signing, passphrase: [], context: [], strength: .light)
        #expect(try PassphraseSeal.openSigningKey(sealed, passphrase: [], context: []).publicKey == signing.publicKey)
        #expect(throws: CryptoError(.malformed)) { try PassphraseSeal.open(sealed, passphrase: [], context: []) }
    }

    @Test func alteredFormsAreRefused() throws {
        let sealed = try PassphraseSeal.seal(key, passphrase: passphrase, context: [1], strength: .light)
        for (place, code) in [
            (0, CryptoError.Code.malformed), (4, .versionUnknown), (5, .malformed), (6, .limitExceeded),
            (10, .limitExceeded), (14, .wrongPassphrase), (30, .wrongPassphrase), (54, .wrongPassphrase),
            (86, .authenticationFailed), (PassphraseSeal.byteCount - 1, .authenticationFailed),
        ] {
            var altered = sealed
            altered[place] ^= 0x80
            #expect(throws: CryptoError(code)) {
                try PassphraseSeal.open(altered, passphrase: passphrase, context: [1])
            }
        }
        #expect(throws: CryptoError(.malformed)) {
            try PassphraseSeal.open(Array(sealed.dropLast()), passphrase: passphrase, context: [1])
        }
        #expect(throws: CryptoError(.malformed)) {
            try PassphraseSeal.open(sealed + [0], passphrase: passphrase, context: [1])
        }
    }

    @Test func costLimits() throws {
        let sealed = try PassphraseSeal.seal(key, passphrase: passphrase, context: [1], strength: .light)
        func code(passes: UInt32, kibibytes: UInt32) -> CryptoError.Code? {
            var altered = sealed
            withUnsafeBytes(of: passes.bigEndian) { altered.replaceSubrange(6..<10, with: $0) }
            withUnsafeBytes(of: kibibytes.bigEndian) { altered.replaceSubrange(10..<14, with: $0) }
            do {
                _ = try PassphraseSeal.open(altered, passphrase: passphrase, context: [1])
                return nil
            } catch { return error.code }
        }
        #expect(code(passes: CryptoSuites.Limits.argonPasses, kibibytes: CryptoSuites.Limits.argonMemoryKibibytesMinimum) == .wrongPassphrase)
        #expect(code(passes: CryptoSuites.Limits.argonPasses + 1, kibibytes: 8_192) == .limitExceeded)
        #expect(code(passes: 0, kibibytes: 8_192) == .limitExceeded)
        #expect(code(passes: 1, kibibytes: CryptoSuites.Limits.argonMemoryKibibytes + 1) == .limitExceeded)
        #expect(code(passes: 1, kibibytes: CryptoSuites.Limits.argonMemoryKibibytesMinimum - 1) == .limitExceeded)
    }

    @Test func passphraseLimit() throws {
        let longest = [UInt8](repeating: 65, count: CryptoSuites.Limits.passphraseBytes)
        let sealed = try PassphraseSeal.seal(key, passphrase: longest, context: [], strength: .light)
        #expect(hex(try PassphraseSeal.open(sealed, passphrase: longest, context: [])) == hex(key))
        #expect(throws: CryptoError(.limitExceeded)) {
            try PassphraseSeal.seal(key, passphrase: longest + [65], context: [], strength: .light)
        }
    }
}
