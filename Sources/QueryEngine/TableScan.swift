// SPDX-License-Identifier: Apache-2.0

import Tabular

/// What the engine needs of a stored table version. JobRuntime fits ColumnStore to it.
public protocol TableScan: Sendable {
    /// All rows of the version.
    var rowCount: Int { get }
    /// Rows of each block, in storage order; a block has at most 65,536 rows.
    var blockRowCounts: [Int] { get }
    /// Runs of blocks that together hold every block, in order. Rows are in order of the table's first entity and none of its
    /// entities stands in two partitions.
    var partitions: [Range<Int>] { get }
    /// A reader of these columns. Each worker has its own; its buffers come from `arena` once and are reused for each block.
    func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader
}

/// One column of a scan.
public enum ScanColumn: Sendable, Hashable {
    /// A column of the table's schema (identifier columns come as entity numbers).
    case column(String)
    /// The entity numbers of this entity type.
    case entity(String)
}

/// Decrypts, authenticates and decodes blocks.
public protocol BlockReader: AnyObject {
    /// The asked columns of one block, in order; valid until the next call. Text columns share one `TextDictionary` object over all
    /// blocks where the store has a dictionary for the whole column.
    func read(block: Int) throws -> [ColumnVector]
}
