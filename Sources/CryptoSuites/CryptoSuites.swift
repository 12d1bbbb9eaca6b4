// SPDX-License-Identifier: Apache-2.0
import CCrypto
import CSodium
import Synchronization

/// Starting the cryptographic libraries, and what is known about them.
public enum CryptoSuites {
    /// Starts both libraries and looks every algorithm up, so that afterwards no operation opens a file.
    ///
    /// To be called before confining a process. Calling it again does nothing.
    /// Throws `crypto.library-unavailable` when a library refuses to start.
    public static func initialise() throws(CryptoError) {
        _ = try Backend.shared.get()
    }

    /// Whether every key made so far lies in memory that the kernel agreed to keep out of swap.
    ///
    /// False means that the limit on locked memory (RLIMIT_MEMLOCK) is too low for the keys in use.
    public static var keysAreLocked: Bool { LockedBytes.everyLockSucceeded }

    /// Compares without telling by its duration where the first difference is.
    public static func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && sodium_memcmp(left, right, left.count) == 0
    }

    /// Overwrites memory in a way that the optimiser keeps.
    public static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
        if let start = memory.baseAddress { sodium_memzero(start, memory.count) }
    }
}

/// The algorithms fetched from libcrypto. They are reference-counted by the library and safe for all threads.
struct Backend: @unchecked Sendable {
    let aes256gcm: OpaquePointer

    static let shared: Result<Backend, CryptoError> = start()

    private static func start() -> Result<Backend, CryptoError> {
        guard sodium_init() >= 0 else { return .failure(CryptoError(.libraryUnavailable, ["libsodium"])) }
        // Configuration files could add providers and are read lazily: both are unwanted.
        let options = UInt64(OPENSSL_INIT_NO_LOAD_CONFIG)
        guard OPENSSL_init_crypto(options, nil) == 1, let cipher = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
        else { return .failure(CryptoError(.libraryUnavailable, ["libcrypto"])) }
        return .success(Backend(aes256gcm: cipher))
    }
}
