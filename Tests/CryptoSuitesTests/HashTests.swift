// SPDX-License-Identifier: Apache-2.0
import CryptoSuites
import Testing

@Suite struct HashTests {
    /// FIPS 180-4 sample values.
    @Test func publishedDigests() {
        let cases: [(String, String)] = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ]
        for (message, digest) in cases { #expect(SHA256.hash(Array(message.utf8)).hex == digest) }
    }

    @Test func piecesGiveTheSameDigestAndCopiesAreIndependent() {
        var hasher = SHA256()
        hasher.update(Array("a".utf8))
        var copy = hasher
        hasher.update(Array("bc".utf8))
        copy.update(Array("bd".utf8))
        let first = hasher.finish()
        #expect(first == SHA256.hash(Array("abc".utf8)))
        #expect(copy.finish() == SHA256.hash(Array("abd".utf8)))
        #expect(hasher.finish() == SHA256.hash([] as [UInt8]))
    }

    @Test func digestOrderTextAndParsing() throws {
        let low = try #require(Digest(bytes: [UInt8](repeating: 0, count: 31) + [9]))
        let high = try #require(Digest(bytes: [1] + [UInt8](repeating: 0, count: 31)))
        #expect(low < high)
        #expect(!(high < low))
        #expect(Digest(hex: high.hex) == high)
        #expect(Digest(hex: "ABCDEF" + String(repeating: "0", count: 58)) == nil)
        #expect(Digest(hex: String(high.hex.dropLast())) == nil)
        #expect(Digest(hex: high.hex + "00") == nil)
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    }

    /// RFC 4231, test cases 1, 2, 3, 6.
    @Test func publishedMessageAuthentication() throws {
        let cases: [(key: [UInt8], message: [UInt8], tag: String)] = [
            (
                [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
        for one in cases {
            let hash = one.key.withUnsafeBytes { KeyedHash(keyBytes: $0) }
            #expect(hash.tag(one.message).hex == one.tag)
            #expect(hash.tag(one.message).hex == one.tag)
        }
    }

    /// RFC 5869, test cases 1 and 2 (the expand step), and the SHA-512 step against a plain HMAC chain.
    @Test func publishedKeyDerivation() throws {
        let cases: [(key: String, info: [UInt8], output: String)] = [
            (
                "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", Array(0xf0...0xf9),
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
            ),
            (
                "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244", Array(0xb0...0xff),
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                    + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
        ]
        for one in cases {
            let key = try #require(Hexadecimal.decode(one.key))
            var output = [UInt8](repeating: 0, count: one.output.count / 2)
            key.withUnsafeBytes { key in
                output.withUnsafeMutableBytes { KeyDerivation.expandSHA256(key, info: one.info, into: $0) }
            }
            #expect(Hexadecimal.encode(output) == one.output)
        }
    }

    @Test func constantTimeComparison() {
        #expect(CryptoSuites.equalInConstantTime([1, 2], [1, 2]))
        #expect(!CryptoSuites.equalInConstantTime([1, 2], [1, 3]))
        #expect(!CryptoSuites.equalInConstantTime([1, 2], [1, 2, 3]))
        #expect(CryptoSuites.equalInConstantTime([], []))
    }
}
