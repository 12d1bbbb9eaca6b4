// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Rows that an operator kept, read by the next pipeline as a table is: in blocks, without copying.
final class MaterialisedRelation: TableScan {
    /// Rows of a block; small enough that all workers get some.
    private static let blockRows = 32_768

    let rowCount: Int
    let blockRowCounts: [Int]
    /// For each column of the relation its rows; nil when nobody needs it.
    let columns: [ColumnVector?]
    var partitions: [Range<Int>] { blockRowCounts.indices.map { $0..<($0 + 1) } }

    init(rowCount: Int, columns: [ColumnVector?]) {
        self.rowCount = rowCount
        self.columns = columns
        let whole = rowCount / Self.blockRows, rest = rowCount % Self.blockRows
        blockRowCounts = Array(repeating: Self.blockRows, count: whole) + (rest > 0 ? [rest] : [])
    }

    func makeReader(columns asked: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader {
        var chosen: [ColumnVector] = []
        for column in asked {
            guard case .column(let name) = column, let position = Int(name), columns.indices.contains(position), let known = columns[position]
            else { throw EngineError(.malformedPlan, ["column"]) }
            chosen.append(known)
        }
        return Reader(columns: chosen, rowCount: rowCount, arena: arena)
    }

    private final class Reader: BlockReader {
        private let columns: [ColumnVector]
        private let rowCount: Int
        private let arena: ConfidentialArena
        private var block = 0
        /// Chosen rows are copied; neighbours stay where they are.
        private var copies: [GatherBuffer?]

        init(columns: [ColumnVector], rowCount: Int, arena: ConfidentialArena) {
            self.columns = columns
            self.rowCount = rowCount
            self.arena = arena
            copies = Array(repeating: nil, count: columns.count)
        }

        func open(block: Int) { self.block = block }

        func read(_ column: Int, _ rows: BlockRows) throws -> ColumnVector {
            let start = block * MaterialisedRelation.blockRows
            switch rows {
            case .range(let range): return columns[column].slice(from: start + range.lowerBound, count: range.count)
            case .chosen(let chosen, let count):
                let whole = columns[column].slice(from: start, count: min(MaterialisedRelation.blockRows, rowCount - start))
                let copy = try copies[column] ?? GatherBuffer(whole.type, arena: arena)
                copies[column] = copy
                return copy.gather(whole, chosen, count)
            }
        }
    }
}

extension PreparedScan {
    /// A scan of kept rows, as if it were the relation that made them.
    init(_ relation: MaterialisedRelation, dimensions: Int) {
        var places: [Int?] = []
        var columns: [ScanColumn] = []
        for (position, column) in relation.columns.enumerated() {
            places.append(column == nil ? nil : columns.count)
            if column != nil { columns.append(.column(String(position))) }
        }
        var starts: [Int] = []
        var total = 0
        for count in relation.blockRowCounts {
            starts.append(total)
            total += count
        }
        self.init(
            table: "", scan: relation, columns: columns, places: places, entities: Array(repeating: .elsewhere, count: dimensions),
            required: [], blockStarts: starts)
    }
}
