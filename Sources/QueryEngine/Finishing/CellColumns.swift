// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// Evaluates expressions over released cells with the vector expressions, so that a function has one definition.
/// Withheld is contagious: whatever reads a withheld cell is withheld.
struct CellEvaluator {
    let compiler: ExpressionCompiler
    /// Types of the current columns.
    let types: [LogicalType]

    /// The value of the expression in every row.
    func evaluate(_ expression: BoundExpression, over rows: [[ReleasedCell]]) throws(EngineError) -> [ReleasedCell] {
        let columns = expression.columns
        guard columns.allSatisfy(types.indices.contains) else { throw EngineError(.malformedPlan, ["column"]) }
        if case .column(let position) = expression.kind { return rows.map { $0[position] } }
        let compiled = try compiler.compile(expression)
        let loaders = try columns.sorted().map { (position) throws(EngineError) in
            (position, try CellLoader(types[position], arena: compiler.arena))
        }
        var results: [ReleasedCell] = []
        results.reserveCapacity(rows.count)
        var start = 0
        while start < rows.count {
            let part = rows[start..<min(start + EngineLimits.batchRows, rows.count)]
            var batch = Batch(count: part.count, columns: Array(repeating: nil, count: types.count), entities: [])
            for (position, loader) in loaders { batch.columns[position] = try loader.load(part.map { $0[position] }) }
            let vector = try compiled.evaluate(batch)
            for (row, cells) in part.enumerated() {
                let isWithheld = columns.contains { cells[$0] == .withheld }
                results.append(isWithheld ? .withheld : .value(Self.literal(vector, row)))
            }
            start += EngineLimits.batchRows
        }
        return results
    }

    /// A released value as a Swift value.
    static func literal(_ vector: ColumnVector, _ row: Int) -> Literal {
        if vector.isNull(row) { return .null }
        switch vector.type {
        case .bool: return .bool(vector.bool[row] & 1 != 0)
        case .int64: return .int64(vector.int64[row])
        case .decimal(_, let scale):
            return .decimal(units: vector.type.physical == .int128 ? vector.int128[row] : Int128(vector.int64[row]), scale: scale)
        case .double: return .double(vector.double[row])
        case .date: return .date(days: vector.int64[row])
        case .timestamp: return .timestamp(microseconds: vector.int64[row])
        case .text: return vector.dictionary.map { .text(String(decoding: $0.entry(vector.codes[row]), as: UTF8.self)) } ?? .null
        case .entity, .null: return .null
        }
    }
}

/// Puts released cells into a vector; withheld ones as NULL.
final class CellLoader {
    private let buffer: VectorBuffer
    private let pool: TextPool?

    /// `capacity`: the most cells that are loaded at a time.
    init(_ type: LogicalType, capacity: Int = EngineLimits.batchRows, arena: ConfidentialArena) throws(EngineError) {
        buffer = try VectorBuffer(type, capacity: max(capacity, 1), arena: arena)
        pool = type.physical == .codes ? try TextPool(arena: arena) : nil
    }

    func load(_ cells: [ReleasedCell]) throws(EngineError) -> ColumnVector {
        pool?.clear()
        for (row, cell) in cells.enumerated() {
            var literal = Literal.null
            if case .value(let value) = cell { literal = LiteralConversion.convert(value, to: buffer.type) ?? .null }
            buffer.validity[row] = literal == .null ? 0 : 1
            try store(literal, row)
        }
        return buffer.vector(cells.count, hasValidity: true, dictionary: pool?.dictionary())
    }

    private func store(_ literal: Literal, _ row: Int) throws(EngineError) {
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
