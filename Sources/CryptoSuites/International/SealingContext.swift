// SPDX-License-Identifier: Apache-2.0
import CCrypto

/// AES-256-GCM (NIST SP 800-38D) with one key, made once and used for many blocks. For one thread at a time.
///
/// A nonce must never be used twice to seal under one key; ``BlockKeys`` sees to that.
/// The expanded key lies in libcrypto's heap (not locked, wiped on release); processes that hold one exclude
/// themselves from dumps.
public final class SealingContext {
    // Nil only when libcrypto gave none; every call then throws.
    private let context: OpaquePointer?

    public init(key: SecretKey) {
        guard case .success(let backend) = Backend.shared, let made = EVP_CIPHER_CTX_new() else {
            context = nil
            return
        }
        let ready = key.withBytes { EVP_CipherInit_ex2(made, backend.aes256gcm, $0.bytePointer, nil, 1, nil) }
        if ready == 1 {
            context = made
        } else {
            EVP_CIPHER_CTX_free(made)
            context = nil
        }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Encrypts into memory of the same length, which may be the plaintext's own.
    ///
    /// Throws `crypto.wrong-length` (memory), `crypto.limit-exceeded` (``CryptoSuites.Limits/blockBytes``).
    public func seal(
        _ plaintext: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, nonce: Nonce,
        associated: UnsafeRawBufferPointer
    ) throws(CryptoError) -> Tag {
        let context = try begin(plaintext, output, nonce, associated, encrypting: 1)
        var tag = Tag()
        let done = withUnsafeMutableBytes(of: &tag.words) { tag in
            transform(context, plaintext, output)
                && EVP_CipherFinal_ex(context, nil, &ignoredLength) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), tag.baseAddress) == 1
        }
        guard done else { throw CryptoError(.libraryUnavailable, ["libcrypto"]) }
        return tag
    }

    /// Decrypts into memory of the same length and only returns if the tag fits; otherwise the memory is wiped.
    ///
    /// Throws `crypto.authentication-failed`, and what ``seal(_:into:nonce:associated:)`` throws.
    public func open(
        _ ciphertext: UnsafeRawBufferPointer, tag: Tag, into output: UnsafeMutableRawBufferPointer, nonce: Nonce,
        associated: UnsafeRawBufferPointer
    ) throws(CryptoError) {
        let context = try begin(ciphertext, output, nonce, associated, encrypting: 0)
        var expected = tag
        let genuine = withUnsafeMutableBytes(of: &expected.words) { tag in
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), tag.baseAddress) == 1
                && transform(context, ciphertext, output)
                && EVP_CipherFinal_ex(context, nil, &ignoredLength) == 1
        }
        guard genuine else {
            CryptoSuites.wipe(output)
            throw CryptoError(.authenticationFailed)
        }
    }

    public func seal(
        _ plaintext: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, nonce: Nonce,
        associated: [UInt8]
    ) throws(CryptoError) -> Tag {
        try associated.withBytes { bytes throws(CryptoError) in
            try seal(plaintext, into: output, nonce: nonce, associated: bytes)
        }
    }

    public func open(
        _ ciphertext: UnsafeRawBufferPointer, tag: Tag, into output: UnsafeMutableRawBufferPointer, nonce: Nonce,
        associated: [UInt8]
    ) throws(CryptoError) {
        try associated.withBytes { bytes throws(CryptoError) in
            try open(ciphertext, tag: tag, into: output, nonce: nonce, associated: bytes)
        }
    }

    // Where the library writes lengths that are known already.
    private var ignoredLength: Int32 = 0

    private func begin(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer, _ nonce: Nonce,
        _ associated: UnsafeRawBufferPointer, encrypting: Int32
    ) throws(CryptoError) -> OpaquePointer {
        guard let context else { throw CryptoError(.libraryUnavailable, ["libcrypto"]) }
        guard input.count == output.count else { throw CryptoError(.wrongLength, ["output", String(input.count)]) }
        guard input.count <= CryptoSuites.Limits.blockBytes, associated.count <= CryptoSuites.Limits.blockBytes else {
            throw CryptoError(.limitExceeded, ["block", String(CryptoSuites.Limits.blockBytes)])
        }
        guard nonce.withBytes({ EVP_CipherInit_ex2(context, nil, nil, $0.bytePointer, encrypting, nil) }) == 1,
            associated.isEmpty
                || EVP_CipherUpdate(context, nil, &ignoredLength, associated.bytePointer, Int32(associated.count)) == 1
        else { throw CryptoError(.libraryUnavailable, ["libcrypto"]) }
        return context
    }

    private func transform(
        _ context: OpaquePointer, _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        input.isEmpty
            || EVP_CipherUpdate(context, output.bytePointer, &ignoredLength, input.bytePointer, Int32(input.count)) == 1
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` that keeps the type of what is thrown.
    package func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try withUnsafeBufferPointer { buffer throws(E) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
