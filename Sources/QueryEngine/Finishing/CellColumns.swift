// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// Released rows on their way through the finishing steps, column by column.
struct CellTable {
    var columns: [ReleasedColumn]
    var count: Int

    /// These rows, in this order.
    func gather(_ rows: UnsafePointer<UInt32>, _ count: Int, _ arena: ConfidentialArena) throws(EngineError) -> CellTable {
        var gathered: [ReleasedColumn] = []
        for column in columns {
            let vector = try GatherBuffer(column.vector.type, capacity: count, arena: arena).gather(column.vector, rows, count)
            guard let withheld = column.withheld?.flags else {
                gathered.append(ReleasedColumn(vector: vector))
                continue
            }
            let flags = try arena.take(UInt8.self, count)
            for row in 0..<count { flags[row] = withheld[Int(rows[row])] }
            gathered.append(ReleasedColumn(vector: vector, withheld: WithheldFlags(flags, arena: arena)))
        }
        return CellTable(columns: gathered, count: count)
    }

    /// Part of the rows, without copying.
    func slice(from start: Int, count length: Int) -> CellTable {
        let parts = columns.map {
            ReleasedColumn(vector: $0.vector.slice(from: start, count: length), withheld: $0.withheld?.slice(from: start))
        }
        return CellTable(columns: parts, count: length)
    }

    /// One byte for each row, 1 where one of these columns is withheld; nil when none is.
    static func withheld(
        in columns: some Sequence<ReleasedColumn>, _ count: Int, _ arena: ConfidentialArena
    ) throws(EngineError) -> UnsafeMutablePointer<UInt8>? {
        var all: UnsafeMutablePointer<UInt8>?
        for flags in columns.compactMap(\.withheld?.flags) {
            let known: UnsafeMutablePointer<UInt8>
            if let all { known = all } else { known = try arena.take(UInt8.self, count) }
            for row in 0..<count { known[row] |= flags[row] }
            all = known
        }
        return all
    }
}

/// Evaluates expressions over released cells with the vector expressions, so that a function has one definition.
/// Withheld is contagious: whatever reads a withheld cell is withheld.
struct CellEvaluator {
    let compiler: ExpressionCompiler
    /// Types of the current columns.
    let types: [LogicalType]
    /// Holds what is computed.
    let arena: ConfidentialArena

    /// The value of the expression in every row.
    func evaluate(_ expression: BoundExpression, over table: CellTable) throws(EngineError) -> ReleasedColumn {
        let columns = expression.columns
        guard columns.allSatisfy(types.indices.contains) else { throw EngineError(.malformedPlan, ["column"]) }
        if case .column(let position) = expression.kind { return table.columns[position] }
        let compiled = try compiler.compile(expression)
        var read: [ColumnVector?] = Array(repeating: nil, count: types.count)
        for position in columns { read[position] = try load(table.columns[position].vector, as: types[position]) }
        let layout = try CollectLayout(
            [(.column(0), expression.type)], rowsMaximum: .max, textBytesMaximum: EngineLimits.textPoolBytes, arena: arena)
        let kept = try CollectOperator(layout, arena: arena)
        var start = 0
        while start < table.count {
            let length = min(EngineLimits.batchRows, table.count - start)
            let batch = Batch(count: length, columns: read.map { $0?.slice(from: start, count: length) }, entities: [])
            let vector = try load(try compiled.evaluate(batch), as: expression.type)
            try kept.consume(Batch(count: length, columns: [vector], entities: []))
            start += length
        }
        let vector = try layout.assemble([kept], threads: 1, arena: arena).vectors[0]
        return try hide(vector, CellTable.withheld(in: columns.map { table.columns[$0] }, table.count, arena))
    }

    /// The vector with the flagged rows withheld and NULL.
    func hide(_ vector: ColumnVector, _ flags: UnsafeMutablePointer<UInt8>?) throws(EngineError) -> ReleasedColumn {
        guard let flags else { return ReleasedColumn(vector: vector) }
        let validity = try arena.take(UInt8.self, vector.count)
        for row in 0..<vector.count { validity[row] = vector.isNull(row) ? 0 : flags[row] ^ 1 }
        let hidden = ColumnVector(
            type: vector.type, count: vector.count, values: vector.values, validity: validity, dictionary: vector.dictionary,
            bounds: vector.bounds, arena: vector.arena)
        return ReleasedColumn(vector: hidden, withheld: WithheldFlags(flags, arena: arena))
    }

    /// The expression in every row in the form that its type has; withheld cells as NULL.
    func vector(_ expression: BoundExpression, _ column: ReleasedColumn) throws(EngineError) -> ColumnVector {
        try load(column.vector, as: expression.type)
    }

    /// A vector in the form of a type. What the gate released has it nearly always.
    private func load(_ vector: ColumnVector, as type: LogicalType) throws(EngineError) -> ColumnVector {
        if vector.type == type { return vector }
        let buffer = try VectorBuffer(type, capacity: max(vector.count, 1), arena: arena)
        let pool = type.physical == .codes ? try TextPool(arena: arena) : nil
        for row in 0..<vector.count {
            let literal = LiteralConversion.convert(vector.literal(at: row), to: type) ?? .null
            buffer.validity[row] = literal == .null ? 0 : 1
            try Self.store(literal, row, buffer, pool)
        }
        return buffer.vector(vector.count, hasValidity: true, dictionary: pool?.dictionary(isLasting: true))
    }

    private static func store(_ literal: Literal, _ row: Int, _ buffer: VectorBuffer, _ pool: TextPool?) throws(EngineError) {
        switch literal {
        case .null: return
        case .bool(let value): buffer.bool[row] = value ? 1 : 0
        case .int64(let value), .date(let value), .timestamp(let value): buffer.int64[row] = value
        case .double(let value): buffer.double[row] = value
        case .decimal(let units, _):
            if buffer.type.physical == .int128 { buffer.int128[row] = units } else { buffer.int64[row] = Int64(truncatingIfNeeded: units) }
        case .text(let text):
            guard let pool else { return }
            buffer.codes[row] = try TextBytes.withBytes(of: text) { (bytes) throws(EngineError) in try pool.intern(bytes) }
        }
    }
}
