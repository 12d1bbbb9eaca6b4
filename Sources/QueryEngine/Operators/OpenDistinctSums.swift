// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// SUM(DISTINCT x) and AVG(DISTINCT x): each value of a group once.
final class OpenDistinctSums: OpenState {
    private let isAverage: Bool
    private let scale: Int
    private let type: LogicalType
    private let isDouble: Bool
    private let numbering: SharedNumbering?
    private let known: DistinctSet
    /// Units of exact numbers; bits of doubles.
    private let chains: ValueChains<Int128>
    private let words: UnsafeMutablePointer<Int64>
    /// Of the one group, what parts of its rows gave, values of which were not kept.
    private var parts: (values: Int64, total: WideSum)
    private let partWords: UnsafeMutablePointer<Int64>

    init(_ call: AggregateLayout.Call, arena: ConfidentialArena) throws(EngineError) {
        guard let argument = call.argument else { throw EngineError(.malformedPlan, ["aggregate"]) }
        isAverage = call.function == .averageDistinct
        scale = argument.type.scale
        type = call.type
        isDouble = argument.type == .double
        numbering = call.numbering
        known = try DistinctSet(arena: arena)
        chains = try ValueChains(arena: arena)
        words = try arena.take(Int64.self, ExactDoubleSum.words)
        parts = (0, .zero)
        partWords = try arena.take(Int64.self, ExactDoubleSum.words)
    }

    func reserve(_ groups: Int) throws(EngineError) { try chains.reserve(groups) }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ counts: UnsafePointer<Int64>) throws(EngineError) {
        for row in 0..<vector.count where !vector.isNull(row) {
            switch vector.type.physical {
            case .int64: try add(Int128(vector.int64[row]), Int(groups[row]))
            case .int128: try add(vector.int128[row], Int(groups[row]))
            // Zero has two signs.
            case .double: try add(Int128((vector.double[row] + 0).bitPattern), Int(groups[row]))
            case .bool, .codes, .entity: throw EngineError(.malformedPlan, ["aggregate"])
            }
        }
    }

    private func add(_ value: Int128, _ group: Int) throws(EngineError) {
        let mark = try numbering?.number(value)
        if try known.insert(UInt32(group), mark.map { UInt64($0) } ?? UInt64(truncatingIfNeeded: value)) { try chains.append(value, to: group) }
    }

    func absorb(_ other: any OpenState, _ group: Int, as own: Int, _ count: Int64) throws(EngineError) {
        guard let other = other as? OpenDistinctSums else { throw EngineError(.malformedPlan, ["aggregate"]) }
        try other.chains.visit(group) { (value) throws(EngineError) in try add(value, own) }
    }

    /// Adds the sum of another one's first group, none of whose values is here.
    func add(total other: OpenDistinctSums) {
        other.chains.visit(0) { value in
            parts.values += 1
            if isDouble {
                ExactDoubleSum.add(Double(bitPattern: UInt64(truncatingIfNeeded: value)), to: partWords)
            } else {
                parts.total.add(value)
            }
        }
        // Few enough additions for a carry at the end of each part.
        if isDouble { ExactDoubleSum.normalise(partWords) }
    }

    func write(_ group: Int, _ count: Int64, to buffer: VectorBuffer, _ row: Int) throws(EngineError) {
        var values = parts.values
        if isDouble {
            words.update(from: partWords, count: ExactDoubleSum.words)
            try chains.visit(group) { (bits) throws(EngineError) in
                values += 1
                ExactDoubleSum.add(Double(bitPattern: UInt64(truncatingIfNeeded: bits)), to: words)
            }
            guard let sum = ExactDoubleSum.rounded(words) else { return }
            buffer.double[row] = isAverage ? sum / Double(values) : sum
            buffer.validity[row] = 1
            return
        }
        var total = parts.total
        try chains.visit(group) { (value) throws(EngineError) in
            values += 1
            total.add(value)
        }
        guard let sum = total.int128 else { return }
        let result = isAverage ? ExactMath.divide(sum, Int128(values), shift: type.scale - scale) : sum
        guard let result, ExactMath.range(of: type).contains(result) else { return }
        buffer.int128[row] = result
        buffer.validity[row] = type.physical == .int128 ? 1 : 0
    }
}
