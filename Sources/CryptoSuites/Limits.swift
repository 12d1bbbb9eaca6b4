// SPDX-License-Identifier: Apache-2.0

extension CryptoSuites {
    /// The limits of this module; nested because the module's name is also a type's.
    public enum Limits {
        /// Longest plaintext of one ``SealingContext/seal(_:into:nonce:associated:)``: far below GCM's own 64 GiB.
        public static let blockBytes = 1 << 30
        /// Longest message of one chunked file (2^21 chunks of 16 KiB).
        public static let chunkedMessageBytes = 1 << 35
        /// Longest passphrase.
        public static let passphraseBytes = 1024
        /// Most Argon2id passes that a sealed form may ask for, so that a hostile file cannot hold a process.
        public static let argonPasses: UInt32 = 16
        /// Most Argon2id memory that a sealed form may ask for (1 GiB).
        public static let argonMemoryKibibytes: UInt32 = 1 << 20
        /// Least Argon2id memory that is accepted (8 MiB).
        public static let argonMemoryKibibytesMinimum: UInt32 = 1 << 13
        /// Longest label of a derived key.
        public static let labelBytes = 255
    }
}
