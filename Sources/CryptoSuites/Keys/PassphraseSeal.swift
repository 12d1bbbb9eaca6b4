// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Keys sealed by a passphrase: Argon2id (RFC 9106) over it, chunked encryption under the result.
///
/// Layout (Documentation/Formats/sealed-key.md): "YNSK", version 1, kind, passes be32, memory in KiB be32,
/// 16-byte salt, then the chunked form of the 32-byte secret.
public enum PassphraseSeal {
    /// How hard guessing is made.
    public enum Strength: Sendable {
        /// 64 MiB, 3 passes.
        case moderate
        /// 8 MiB, 1 pass: for tests and rehearsals.
        case light

        var parameters: Parameters {
            switch self {
            case .moderate: Parameters(passes: 3, memoryKibibytes: 65_536)
            case .light: Parameters(passes: 1, memoryKibibytes: 8_192)
            }
        }
    }

    /// What kind of secret is inside; part of the header, so that one is never taken for the other.
    enum Kind: UInt8 {
        case symmetric = 1
        case signingSeed = 2
    }

    struct Parameters {
        let passes: UInt32
        let memoryKibibytes: UInt32

        var isAcceptable: Bool {
            typealias Limits = CryptoSuites.Limits
            return (1...Limits.argonPasses).contains(passes)
                && (Limits.argonMemoryKibibytesMinimum...Limits.argonMemoryKibibytes).contains(memoryKibibytes)
        }
    }

    private static let magic = Array("YNSK".utf8)
    private static let headerBytes = 30
    /// Length of a sealed form.
    public static let byteCount = headerBytes + ChunkedEncryption.sealedByteCount(messageBytes: 32)

    /// Seals a symmetric key. Throws `crypto.limit-exceeded` (passphrase) or `crypto.out-of-memory`.
    public static func seal(
        _ secret: SecretKey, passphrase: [UInt8], context: [UInt8], strength: Strength = .moderate,
        random: RandomBytes = .system
    ) throws(CryptoError) -> [UInt8] {
        try secret.withBytes { bytes throws(CryptoError) in
            try seal(bytes, .symmetric, passphrase, context, strength.parameters, random)
        }
    }

    /// Seals the seed of a signing key. Throws `crypto.limit-exceeded` (passphrase) or `crypto.out-of-memory`.
    public static func seal(
        _ secret: SigningKey, passphrase: [UInt8], context: [UInt8], strength: Strength = .moderate,
        random: RandomBytes = .system
    ) throws(CryptoError) -> [UInt8] {
        try secret.withSeed { bytes throws(CryptoError) in
            try seal(bytes, .signingSeed, passphrase, context, strength.parameters, random)
        }
    }

    /// Opens a symmetric key.
    ///
    /// Throws `crypto.wrong-passphrase` (or another context), `crypto.authentication-failed` (altered),
    /// `crypto.malformed`, `crypto.version-unknown`, `crypto.limit-exceeded`, `crypto.out-of-memory`.
    public static func open(
        _ sealed: [UInt8], passphrase: [UInt8], context: [UInt8]
    ) throws(CryptoError) -> SecretKey {
        SecretKey(try open(sealed, .symmetric, passphrase, context))
    }

    /// Opens a signing key; errors as for ``open(_:passphrase:context:)``.
    public static func openSigningKey(
        _ sealed: [UInt8], passphrase: [UInt8], context: [UInt8]
    ) throws(CryptoError) -> SigningKey {
        SigningKey(keyOf: try open(sealed, .signingSeed, passphrase, context))
    }

    private static func seal(
        _ secret: UnsafeRawBufferPointer, _ kind: Kind, _ passphrase: [UInt8], _ context: [UInt8],
        _ parameters: Parameters, _ random: RandomBytes
    ) throws(CryptoError) -> [UInt8] {
        let salt = random.bytes(count: 16)
        let key = SecretKey(try stretch(passphrase, salt: salt, parameters))
        let header =
            magic + [1, kind.rawValue] + bigEndian(parameters.passes) + bigEndian(parameters.memoryKibibytes) + salt
        return try SealedSecret.seal(secret, under: key, header: header, context: context, random: random)
    }

    private static func open(
        _ sealed: [UInt8], _ kind: Kind, _ passphrase: [UInt8], _ context: [UInt8]
    ) throws(CryptoError) -> LockedBytes {
        guard sealed.count == byteCount, sealed.starts(with: magic) else {
            throw CryptoError(.malformed, ["sealed key"])
        }
        guard sealed[4] == 1 else { throw CryptoError(.versionUnknown, ["sealed key"]) }
        guard sealed[5] == kind.rawValue else { throw CryptoError(.malformed, ["sealed key"]) }
        let parameters = Parameters(passes: number(sealed[6..<10]), memoryKibibytes: number(sealed[10..<14]))
        guard parameters.isAcceptable else { throw CryptoError(.limitExceeded, ["Argon2id", "1 GiB, 16"]) }
        let key = SecretKey(try stretch(passphrase, salt: Array(sealed[14..<headerBytes]), parameters))
        do {
            return try SealedSecret.open(
                sealed[headerBytes...], under: key, header: Array(sealed[..<headerBytes]), context: context,
                byteCount: 32, name: "sealed key")
        } catch {
            throw error.code == .commitmentMismatch ? CryptoError(.wrongPassphrase) : error
        }
    }

    /// Argon2id version 1.3 with one lane: for comparison with reference values.
    package static func argon2id(
        _ passphrase: [UInt8], salt: [UInt8], passes: UInt32, memoryKibibytes: UInt32, byteCount: Int
    ) throws(CryptoError) -> [UInt8] {
        let parameters = Parameters(passes: passes, memoryKibibytes: memoryKibibytes)
        return try stretch(passphrase, salt: salt, parameters, byteCount: byteCount).read { [UInt8]($0) }
    }

    private static func stretch(
        _ passphrase: [UInt8], salt: [UInt8], _ parameters: Parameters, byteCount: Int = 32
    ) throws(CryptoError) -> LockedBytes {
        guard salt.count == 16 else { throw CryptoError(.wrongLength, ["salt", "16"]) }
        guard passphrase.count <= CryptoSuites.Limits.passphraseBytes else {
            throw CryptoError(.limitExceeded, ["passphrase", String(CryptoSuites.Limits.passphraseBytes)])
        }
        let output = LockedBytes(count: byteCount)
        let text = LockedBytes(count: passphrase.count + 1)
        text.write { $0.copyBytes(from: passphrase) }
        let status = text.writePointer { text in
            text.withMemoryRebound(to: CChar.self, capacity: passphrase.count) { text in
                output.writePointer {
                    crypto_pwhash(
                        $0, UInt64(byteCount), text, UInt64(passphrase.count), salt, UInt64(parameters.passes),
                        Int(parameters.memoryKibibytes) * 1024, crypto_pwhash_ALG_ARGON2ID13)
                }
            }
        }
        guard status == 0 else { throw CryptoError(.outOfMemory, [String(parameters.memoryKibibytes / 1024)]) }
        return output
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) } }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}
