// SPDX-License-Identifier: Apache-2.0
import CSodium

/// An Ed25519 public key (RFC 8032).
public struct PublicKey: Hashable, Sendable {
    public static let byteCount = 32
    public let bytes: [UInt8]

    /// Nil unless there are exactly 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { Hexadecimal.encode(bytes) }

    /// Whether the signature is this key's over the message. Non-canonical and small-order values are refused.
    public func verifies(_ signature: Signature, of message: [UInt8]) -> Bool {
        crypto_sign_verify_detached(signature.bytes, message, UInt64(message.count), bytes) == 0
    }
}

/// An Ed25519 signature (64 bytes).
public struct Signature: Hashable, Sendable {
    public static let byteCount = 64
    public let bytes: [UInt8]

    /// Nil unless there are exactly 64 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }
}

/// An Ed25519 signing key in locked memory.
///
/// Deliberately without description, coding or equality.
public final class SigningKey: @unchecked Sendable {
    public static let seedByteCount = 32

    // seed || public key, as libsodium wants it. Written only while being made, so sharing it is safe.
    private let secret = LockedBytes(count: 64)
    public let publicKey: PublicKey

    /// The key of a 32-byte seed; the caller wipes the original. Throws `crypto.wrong-length`.
    public init(seed: UnsafeRawBufferPointer) throws(CryptoError) {
        guard seed.count == Self.seedByteCount, let start = seed.bytePointer else {
            throw CryptoError(.wrongLength, ["seed", "32"])
        }
        publicKey = Self.expand(start, into: secret)
    }

    /// The key of a 32-byte seed. Throws `crypto.wrong-length`.
    public convenience init(seed: [UInt8]) throws(CryptoError) {
        guard seed.count == Self.seedByteCount else { throw CryptoError(.wrongLength, ["seed", "32"]) }
        self.init(keyOf: seed.withUnsafeBytes { LockedBytes(copying: $0) })
    }

    init(keyOf seed: LockedBytes) {
        let secret = secret
        publicKey = seed.writePointer { Self.expand($0, into: secret) }
    }

    private static func expand(_ seed: UnsafePointer<UInt8>, into secret: LockedBytes) -> PublicKey {
        var key = [UInt8](repeating: 0, count: PublicKey.byteCount)
        secret.writePointer { _ = crypto_sign_seed_keypair(&key, $0, seed) }
        return PublicKey(fixed: key)
    }

    /// A new key from a random source.
    public static func random(from source: RandomBytes = .system) -> SigningKey {
        let seed = LockedBytes(count: seedByteCount)
        seed.write { source.fill($0) }
        return SigningKey(keyOf: seed)
    }

    public func sign(_ message: [UInt8]) -> Signature {
        var signature = [UInt8](repeating: 0, count: Signature.byteCount)
        secret.writePointer { _ = crypto_sign_detached(&signature, nil, message, UInt64(message.count), $0) }
        return Signature(fixed: signature)
    }

    /// The seed, for the duration of the call: to be sealed.
    package func withSeed<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try secret.read { bytes throws(E) in try body(bytes.slice(0..<Self.seedByteCount)) }
    }
}

extension PublicKey {
    fileprivate init(fixed: [UInt8]) { bytes = fixed }
}

extension Signature {
    fileprivate init(fixed: [UInt8]) { bytes = fixed }
}
