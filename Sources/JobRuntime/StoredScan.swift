// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import QueryEngine
import Tabular

/// A stored table version as the engine wants it.
struct StoredScan: TableScan {
    let table: StoredTable

    var source: AnyObject? { table }
    var rowCount: Int { table.rowCount }
    var blockRowCounts: [Int] { table.blockRowCounts }
    var partitions: [Range<Int>] { table.partitions }

    func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader {
        let started = PhaseClock.now()
        defer { PhaseClock.add(.read, since: started) }
        return StoredBlockReader(
            try table.makeReader(columns: columns.map(Self.stored), rowsAtATime: EngineLimits.batchRows, arena: arena))
    }

    private static func stored(_ column: ScanColumn) -> StoredColumn {
        switch column {
        case .column(let name): .column(name)
        case .entity(let type): .entity(type)
        }
    }
}

private final class StoredBlockReader: BlockReader {
    private let reader: ColumnReader

    init(_ reader: ColumnReader) { self.reader = reader }

    func open(block: Int) { reader.open(block: block) }

    func read(_ column: Int, _ rows: BlockRows) throws -> ColumnVector {
        let started = PhaseClock.now()
        defer { PhaseClock.add(.read, since: started) }
        return try reader.read(column, rows)
    }

    func select(_ column: Int, _ range: ValueRange, _ rows: BlockRows, into flags: UnsafeMutablePointer<UInt8>) throws -> BlockMatch {
        let started = PhaseClock.now()
        defer { PhaseClock.add(.read, since: started) }
        return try reader.select(column, range, rows, into: flags)
    }
}
