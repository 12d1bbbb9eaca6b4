// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// SHA-256 (FIPS 180-4), incremental or in one call. A value: copying it copies the state.
public struct SHA256: Sendable {
    private var context = SHA256_CTX()

    public init() { SHA256_Init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        if let start = bytes.baseAddress, bytes.count > 0 { SHA256_Update(&context, start, bytes.count) }
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    public mutating func update(_ digest: Digest) {
        digest.withUnsafeBytes { update($0) }
    }

    /// The digest of everything so far; the state then starts anew.
    public mutating func finish() -> Digest {
        var digest = Digest()
        withUnsafeMutableBytes(of: &digest.words) { out in
            _ = SHA256_Final(out.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
        }
        SHA256_Init(&context)
        return digest
    }

    public static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }
}
