// SPDX-License-Identifier: Apache-2.0

/// A short secret sealed by chunked encryption behind a plain header; the header is bound as context.
enum SealedSecret {
    /// header || salt || commitment || ciphertext || tag.
    static func seal(
        _ secret: UnsafeRawBufferPointer, under key: SecretKey, header: [UInt8], context: [UInt8], random: RandomBytes
    ) throws(CryptoError) -> [UInt8] {
        header + (try ChunkedEncryption.seal(secret, inputKey: key, context: header + context, random: random))
    }

    static func open(
        _ sealed: ArraySlice<UInt8>, under key: SecretKey, header: [UInt8], context: [UInt8],
        byteCount: Int, name: String
    ) throws(CryptoError) -> LockedBytes {
        guard sealed.count == ChunkedEncryption.sealedByteCount(messageBytes: byteCount) else {
            throw CryptoError(.malformed, [name])
        }
        let secret = LockedBytes(count: byteCount)
        try secret.write { bytes throws(CryptoError) in
            try ChunkedEncryption.open(Array(sealed), into: bytes, inputKey: key, context: header + context)
        }
        return secret
    }
}
