// SPDX-License-Identifier: Apache-2.0

extension AuditLog {
    /// The limits of this module; nested because the module's name is also a type's.
    public enum Limits {
        /// Longest entry: its length stands in 16 bits of a bundle (C2SP tlog-tiles).
        public static let entryBytes = 65_535
        /// Most entries of one append.
        public static let batchEntries = 65_536
        /// Most entry bytes of one append.
        public static let batchBytes = 16 << 20
        /// Size of the write-ahead file from which an append publishes first, which empties it.
        public static let pendingBytes = 32 << 20
        /// Longest vkey text of a log (its origin and 55 bytes more).
        public static let originBytes = 1_024
        /// Most signature lines of a note.
        public static let noteSignatures = 64
        /// Longest note.
        public static let noteBytes = 1 << 20
        /// Most hashes of a proof: one per level of a tree of 2^63 entries.
        public static let proofHashes = 63
        /// Largest tree.
        public static let treeSize: UInt64 = 1 << 62
    }
}
