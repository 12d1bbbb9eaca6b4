// SPDX-License-Identifier: Apache-2.0

public import QueryEngine
public import Tabular

/// A table of plain Swift values that the engine can scan, for tests. Rows are put in order of the first entity (stable, NULL
/// last) and cut into partitions that keep its entities together. Blocks and partitions may be as small as one row.
public final class MemoryTable: TableScan, Sendable {
    public struct Row: Sendable {
        /// One for each column. Entity numbers are `.int64`.
        public var values: [Literal]
        /// One for each entity type.
        public var entities: [UInt32?]

        public init(values: [Literal], entities: [UInt32?]) {
            self.values = values
            self.entities = entities
        }
    }

    public let columns: [(name: String, type: LogicalType)]
    public let entityTypes: [String]
    /// In storage order.
    public let rows: [Row]
    public let blockRowCounts: [Int]
    public let partitions: [Range<Int>]
    private let starts: [Int]
    private let sharesDictionaries: Bool
    private let statesBounds: Bool
    private let shared: [TextDictionary?]
    private let arena: ConfidentialArena

    /// `partitionRows`: fewest rows of a partition but the last. `sharesDictionaries`: one dictionary for a column, else one for each block.
    /// `statesBounds`: whether vectors of 64-bit numbers say between which values theirs lie.
    public init(
        columns: [(name: String, type: LogicalType)], entityTypes: [String], rows: [Row], blockRows: Int = 65_536,
        partitionRows: Int = .max, sharesDictionaries: Bool = true, statesBounds: Bool = true
    ) {
        self.columns = columns
        self.entityTypes = entityTypes
        self.sharesDictionaries = sharesDictionaries
        self.statesBounds = statesBounds
        let arena = ConfidentialArena(budget: MemoryBudget(limitBytes: 256 << 20))
        self.arena = arena
        func first(_ row: Row) -> UInt32 { row.entities.first.flatMap { $0 } ?? .max }
        let order = rows.indices.sorted { (first(rows[$0]), $0) < (first(rows[$1]), $1) }
        let ordered = order.map { rows[$0] }
        self.rows = ordered
        var counts: [Int] = [], partitions: [Range<Int>] = [], starts: [Int] = []
        var partitionStart = 0, row = 0
        while row < ordered.count {
            var end = row + min(max(partitionRows, 1), ordered.count - row)
            if !entityTypes.isEmpty { while end < ordered.count, first(ordered[end]) == first(ordered[end - 1]) { end += 1 } }
            while row < end {
                let count = min(blockRows, end - row)
                starts.append(row)
                counts.append(count)
                row += count
            }
            partitions.append(partitionStart..<counts.count)
            partitionStart = counts.count
        }
        blockRowCounts = counts
        self.partitions = partitions
        self.starts = starts
        shared = columns.indices.map { column in
            guard sharesDictionaries, columns[column].type.physical == .codes else { return nil }
            return Self.dictionary(ordered.map { $0.values[column] }, arena).0
        }
    }

    public var rowCount: Int { rows.count }

    public func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader {
        // An arena of its own: a real reader takes its buffers once, this one makes vectors for each block.
        Reader(table: self, columns: columns, arena: ConfidentialArena(budget: MemoryBudget(limitBytes: 1 << 30)))
    }

    private final class Reader: BlockReader {
        let table: MemoryTable
        let columns: [ScanColumn]
        let arena: ConfidentialArena
        private var block = 0

        init(table: MemoryTable, columns: [ScanColumn], arena: ConfidentialArena) {
            self.table = table
            self.columns = columns
            self.arena = arena
        }

        func open(block: Int) throws { self.block = block }

        func read(_ column: Int, _ chosen: BlockRows) throws -> ColumnVector {
            let start = table.starts[block]
            let rows: [Row]
            switch chosen {
            case .range(let range): rows = range.map { table.rows[start + $0] }
            case .chosen(let numbers, let count): rows = (0..<count).map { table.rows[start + Int(numbers[$0])] }
            }
            switch columns[column] {
            case .column(let name):
                let position = table.columns.firstIndex { $0.name == name }!
                return MemoryTable.vector(
                    table.columns[position].type, rows.map { $0.values[position] }, shared: table.shared[position],
                    statesBounds: table.statesBounds, arena)
            case .entity(let type):
                let position = table.entityTypes.firstIndex(of: type)!
                let numbers = rows.map { $0.entities[position].map { Literal.int64(Int64($0)) } ?? .null }
                return MemoryTable.vector(.entity(type), numbers, shared: nil, arena)
            }
        }
    }

    /// A vector of plain values.
    public static func vector(
        _ type: LogicalType, _ values: [Literal], shared: TextDictionary? = nil, statesBounds: Bool = false, _ arena: ConfidentialArena
    ) -> ColumnVector {
        let memory = arena.allocate(bytes: max(values.count, 1) * type.physical.strideBytes)!
        let validity = arena.allocate(UInt8.self, count: max(values.count, 1))!
        var dictionary: TextDictionary?
        var codes: [String: UInt32] = [:]
        if type.physical == .codes {
            if let shared {
                dictionary = shared
                for code in 0..<shared.count { codes[String(decoding: shared.entry(UInt32(code)), as: UTF8.self)] = UInt32(code) }
            } else {
                (dictionary, codes) = Self.dictionary(values, arena)
            }
        }
        for (row, value) in values.enumerated() {
            validity[row] = value == .null ? 0 : 1
            switch value {
            case .null: break
            case .bool(let flag): memory.storeBytes(of: flag ? 1 : 0, toByteOffset: row, as: UInt8.self)
            case .int64(let number), .date(let number), .timestamp(let number):
                if type.physical == .entity {
                    memory.storeBytes(of: UInt32(number), toByteOffset: row * 4, as: UInt32.self)
                } else {
                    memory.storeBytes(of: number, toByteOffset: row * 8, as: Int64.self)
                }
            case .decimal(let units, _):
                if type.physical == .int128 {
                    memory.storeBytes(of: units, toByteOffset: row * 16, as: Int128.self)
                } else {
                    memory.storeBytes(of: Int64(units), toByteOffset: row * 8, as: Int64.self)
                }
            case .double(let number): memory.storeBytes(of: number, toByteOffset: row * 8, as: Double.self)
            case .text(let text): memory.storeBytes(of: codes[text]!, toByteOffset: row * 4, as: UInt32.self)
            }
        }
        let hasNull = values.contains(.null)
        var bounds: ClosedRange<Int64>?
        if statesBounds, type.physical == .int64 {
            let known = values.indices.filter { values[$0] != .null }.map { memory.load(fromByteOffset: $0 * 8, as: Int64.self) }
            bounds = (known.min() ?? 0)...(known.max() ?? 0)
        }
        return ColumnVector(
            type: type, count: values.count, values: memory, validity: hasNull ? validity : nil, dictionary: dictionary, bounds: bounds,
            arena: arena)
    }

    private static func dictionary(_ values: [Literal], _ arena: ConfidentialArena) -> (TextDictionary, [String: UInt32]) {
        var codes: [String: UInt32] = [:]
        var bytes: [UInt8] = []
        var offsets: [UInt32] = [0]
        for case .text(let text) in values where codes[text] == nil {
            codes[text] = UInt32(codes.count)
            bytes += Array(text.utf8)
            offsets.append(UInt32(bytes.count))
        }
        let content = arena.allocate(UInt8.self, count: bytes.count)!
        content.update(from: bytes, count: bytes.count)
        let places = arena.allocate(UInt32.self, count: offsets.count)!
        places.update(from: offsets, count: offsets.count)
        let dictionary = TextDictionary(
            count: codes.count, offsets: UnsafePointer(places), bytes: UnsafePointer(content), arena: arena)
        return (dictionary, codes)
    }
}
