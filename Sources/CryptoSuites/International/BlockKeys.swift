// SPDX-License-Identifier: Apache-2.0

/// What a file of sealed blocks is opened with: key, base nonce and commitment, derived as
/// c2sp.org/chunked-encryption@v1 says for AES-256-GCM with SHA-512 (`cobblestone-256`).
public struct BlockKeys: Sendable {
    public static let saltByteCount = 24
    public static let commitmentByteCount = 32

    private let key: SecretKey
    private let baseNonce: Nonce
    /// Stored beside the salt: tells before the first block whether key and context are the right ones.
    public let commitment: [UInt8]

    /// Derives from the input key, a 24-byte random salt that no other file has, and the file's place (context).
    ///
    /// Throws `crypto.wrong-length` for another salt length.
    public static func derive(
        inputKey: SecretKey, salt: [UInt8], context: [UInt8]
    ) throws(CryptoError) -> BlockKeys {
        guard salt.count == saltByteCount else { throw CryptoError(.wrongLength, ["salt", "24"]) }
        let info = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0] + salt + context
        let derived = LockedBytes(count: 76)
        inputKey.withBytes { key in derived.write { KeyDerivation.expandSHA512(key, info: info, into: $0) } }
        return try derived.read { bytes throws(CryptoError) in
            guard let nonce = Nonce(bytes: bytes[32..<44]) else { throw CryptoError(.wrongLength, ["nonce", "12"]) }
            return BlockKeys(
                key: try SecretKey(copying: bytes.slice(0..<32)), baseNonce: nonce, commitment: [UInt8](bytes[44..<76]))
        }
    }

    /// A fresh salt.
    public static func salt(from random: RandomBytes = .system) -> [UInt8] { random.bytes(count: saltByteCount) }

    /// The nonce of a block: the base nonce XOR the block's number, big-endian.
    public func nonce(block: UInt64) -> Nonce { baseNonce.mixed(with: block) }

    /// A context for one thread.
    public func makeContext() -> SealingContext { SealingContext(key: key) }

    /// Refuses a file whose stored commitment is not this one: `crypto.commitment-mismatch`.
    public func requireCommitment(_ stored: [UInt8]) throws(CryptoError) {
        guard CryptoSuites.equalInConstantTime(stored, commitment) else { throw CryptoError(.commitmentMismatch) }
    }

    /// The derived key, for comparison with reference values.
    package var derivedKey: SecretKey { key }
}
