// SPDX-License-Identifier: Apache-2.0
import CSodium

/// HMAC-SHA-256 (RFC 2104) under a secret key, prepared once and usable from several threads.
///
/// The prepared state lies in locked memory like the key itself.
public final class KeyedHash: @unchecked Sendable {
    // Written only by init, so sharing it is safe.
    private let state = LockedBytes(count: MemoryLayout<crypto_auth_hmacsha256_state>.size)

    public init(key: SecretKey) {
        key.withBytes { prepare($0) }
    }

    package init(keyBytes: UnsafeRawBufferPointer) { prepare(keyBytes) }

    private func prepare(_ key: UnsafeRawBufferPointer) {
        var initial = crypto_auth_hmacsha256_state()
        key.withBytePointer { _ = crypto_auth_hmacsha256_init(&initial, $0, key.count) }
        withUnsafeMutableBytes(of: &initial) {
            let initial = $0
            state.write { $0.copyMemory(from: UnsafeRawBufferPointer(initial)) }
            CryptoSuites.wipe(initial)
        }
    }

    /// The 32-byte tag of a message.
    public func tag(_ message: UnsafeRawBufferPointer) -> Digest {
        var running = crypto_auth_hmacsha256_state()
        var tag = Digest()
        withUnsafeMutableBytes(of: &running) { running in state.read { running.copyMemory(from: $0) } }
        crypto_auth_hmacsha256_update(&running, message.bytePointer, UInt64(message.count))
        withUnsafeMutableBytes(of: &tag.words) { tag in
            tag.withMemoryRebound(to: UInt8.self) { tag in
                tag.baseAddress.map { _ = crypto_auth_hmacsha256_final(&running, $0) }
            }
        }
        withUnsafeMutableBytes(of: &running) { CryptoSuites.wipe($0) }
        return tag
    }

    /// The 32-byte tag of a message.
    public func tag(_ message: [UInt8]) -> Digest { message.withUnsafeBytes { tag($0) } }
}
