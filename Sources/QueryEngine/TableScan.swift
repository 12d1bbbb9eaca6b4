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
    /// What the rows come from: scans with the same object here have the same rows. Nil when that is not known.
    var source: AnyObject? { get }
}

extension TableScan {
    public var source: AnyObject? { nil }
}

extension TableScan where Self: AnyObject {
    public var source: AnyObject? { self }
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
    /// Goes to a block. Nothing of it needs to be read before rows are asked for.
    func open(block: Int) throws
    /// Rows of one of the asked columns in the open block, at most `EngineLimits.batchRows`; valid until the next call for this column.
    /// Text columns share one `TextDictionary` object over all blocks where the store has a dictionary for the whole column.
    func read(_ column: Int, _ rows: BlockRows) throws -> ColumnVector
    /// Which rows of the open block have a value of a 64-bit column in `range`; NULL is in none. `flags` has room for
    /// `EngineLimits.batchRows` bytes. Values of this column that were read before are no longer valid.
    func select(_ column: Int, _ range: ValueRange, _ rows: BlockRows, into flags: UnsafeMutablePointer<UInt8>) throws -> BlockMatch
}

extension BlockReader {
    /// Reads the values and compares them.
    public func select(
        _ column: Int, _ range: ValueRange, _ rows: BlockRows, into flags: UnsafeMutablePointer<UInt8>
    ) throws -> BlockMatch {
        if range.isEmpty { return .none }
        let vector = try read(column, rows)
        guard vector.type.physical == .int64 else { throw EngineError(.malformedPlan, ["range"]) }
        let values = vector.values.assumingMemoryBound(to: UInt64.self)
        let least = UInt64(bitPattern: range.lower), span = UInt64(bitPattern: range.upper) &- least
        for row in 0..<vector.count { flags[row] = values[row] &- least <= span ? 1 : 0 }
        if let validity = vector.validity { for row in 0..<vector.count { flags[row] &= validity[row] } }
        return .some
    }
}
