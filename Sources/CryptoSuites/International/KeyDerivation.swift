// SPDX-License-Identifier: Apache-2.0
import CSodium

/// HKDF-Expand (RFC 5869 §2.3) into memory given by the caller.
package enum KeyDerivation {
    /// Over HMAC-SHA-256; fills at most 255 × 32 bytes.
    package static func expandSHA256(
        _ key: UnsafeRawBufferPointer, info: [UInt8], into output: UnsafeMutableRawBufferPointer
    ) {
        expand(hashBytes: 32, into: output) { block, length, counter in
            var state = crypto_auth_hmacsha256_state()
            key.withBytePointer { _ = crypto_auth_hmacsha256_init(&state, $0, key.count) }
            crypto_auth_hmacsha256_update(&state, block, UInt64(length))
            crypto_auth_hmacsha256_update(&state, info, UInt64(info.count))
            crypto_auth_hmacsha256_update(&state, [counter], 1)
            crypto_auth_hmacsha256_final(&state, block)
            withUnsafeMutableBytes(of: &state) { CryptoSuites.wipe($0) }
        }
    }

    /// Over HMAC-SHA-512; fills at most 255 × 64 bytes.
    package static func expandSHA512(
        _ key: UnsafeRawBufferPointer, info: [UInt8], into output: UnsafeMutableRawBufferPointer
    ) {
        expand(hashBytes: 64, into: output) { block, length, counter in
            var state = crypto_auth_hmacsha512_state()
            key.withBytePointer { _ = crypto_auth_hmacsha512_init(&state, $0, key.count) }
            crypto_auth_hmacsha512_update(&state, block, UInt64(length))
            crypto_auth_hmacsha512_update(&state, info, UInt64(info.count))
            crypto_auth_hmacsha512_update(&state, [counter], 1)
            crypto_auth_hmacsha512_final(&state, block)
            withUnsafeMutableBytes(of: &state) { CryptoSuites.wipe($0) }
        }
    }

    /// T(n) = HMAC(key, T(n-1) || info || n); `step` turns the previous block into the next one in place.
    private static func expand(
        hashBytes: Int, into output: UnsafeMutableRawBufferPointer,
        step: (_ block: UnsafeMutablePointer<UInt8>, _ length: Int, _ counter: UInt8) -> Void
    ) {
        precondition(output.count <= 255 * hashBytes)
        let block = LockedBytes(count: hashBytes)
        var done = 0
        var counter: UInt8 = 0
        while done < output.count {
            let count = min(hashBytes, output.count - done)
            block.writePointer { bytes in
                step(bytes, counter == 0 ? 0 : hashBytes, counter + 1)
                UnsafeMutableRawBufferPointer(rebasing: output[done..<(done + count)])
                    .copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
            }
            done += count
            counter += 1
        }
    }
}
