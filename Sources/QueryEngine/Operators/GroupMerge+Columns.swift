// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension GroupMerge {
    /// The keys of all groups, as vectors.
    func keyColumns(arena: ConfidentialArena) throws(EngineError) -> [ColumnVector] {
        var columns: [ColumnVector] = []
        var place = (layout.aggregation.keys.count + 63) / 64
        for (position, key) in layout.aggregation.keys.enumerated() {
            let buffer = try VectorBuffer(key.type, capacity: max(groupCount, 1), arena: arena)
            var hasNulls = false
            for (index, start) in zip(parts, partStarts) {
                let nulls = index.words[position / 64].base, shift = UInt64(position % 64), validity = buffer.validity + start
                if index.isAscending {
                    validity.update(repeating: 1, count: index.count)
                    Self.write(index, place, buffer, start)
                    continue
                }
                var missing: UInt64 = 0
                for group in 0..<index.count {
                    let bit = nulls[group] >> shift & 1
                    validity[group] = UInt8(truncatingIfNeeded: bit ^ 1)
                    missing |= bit
                }
                if missing != 0 { hasNulls = true }
                Self.write(index, place, buffer, start)
            }
            columns.append(buffer.vector(groupCount, hasValidity: hasNulls, dictionary: layout.keyPools[position]?.dictionary(isLasting: true)))
            place += key.type.physical == .int128 ? 2 : 1
        }
        return columns
    }

    private static func write(_ index: GroupIndex, _ place: Int, _ buffer: VectorBuffer, _ start: Int) {
        let words = index.words[place].base
        switch buffer.type.physical {
        case .bool: for group in 0..<index.count { buffer.bool[start + group] = UInt8(truncatingIfNeeded: words[group]) }
        case .int64: for group in 0..<index.count { buffer.int64[start + group] = Int64(bitPattern: words[group]) }
        case .double: for group in 0..<index.count { buffer.double[start + group] = OrderedDouble.value(Int64(bitPattern: words[group])) }
        case .codes, .entity: for group in 0..<index.count { buffer.codes[start + group] = UInt32(truncatingIfNeeded: words[group]) }
        case .int128:
            let high = index.words[place + 1].base
            for group in 0..<index.count {
                buffer.int128[start + group] = Int128(bitPattern: UInt128(high[group]) << 64 | UInt128(words[group]))
            }
        }
    }

    /// The result of one call of an inner aggregation, as a vector: NULL where SQL says so or where it does not fit.
    func callColumn(_ position: Int, arena: ConfidentialArena) throws(EngineError) -> ColumnVector {
        let call = layout.calls[position]
        if call.role == .open, let states = open[position] { return try states.values(Array(0..<groupCount), arena: arena) }
        let buffer = try VectorBuffer(call.type, capacity: max(groupCount, 1), arena: arena)
        switch call.role {
        case .rows: buffer.int64.update(from: rows.base, count: groupCount)
        case .count: for group in 0..<groupCount { buffer.int64[group] = valueCount(call, group) }
        case .distinct: buffer.int64.update(from: distinctCounts[position].base, count: groupCount)
        case .sum(let sum):
            let result = ExactResult(isAverage: call.function == .average, scale: call.argument?.type.scale ?? 0, type: call.type)
            let sums = plainSums[sum]
            for group in 0..<groupCount {
                let count = valueCount(call, group)
                let value = count > 0 ? sums.total(group).flatMap { result.value($0, over: count) } : nil
                buffer.validity[group] = value == nil ? 0 : 1
                if buffer.type.physical == .int128 {
                    buffer.int128[group] = value ?? 0
                } else {
                    buffer.int64[group] = Int64(truncatingIfNeeded: value ?? 0)
                }
            }
            return buffer.vector(groupCount, hasValidity: true)
        case .distinctOwn, .open: throw EngineError(.malformedPlan, ["aggregate"])
        }
        return buffer.vector(groupCount, hasValidity: false)
    }
}

/// Exact sums and averages in the type of their column: halves away from zero, NULL where they do not fit.
struct ExactResult {
    private let isAverage: Bool
    private let shift: Int
    private let range: ClosedRange<Int128>

    /// `scale`: of the values.
    init(isAverage: Bool, scale: Int, type: LogicalType) {
        self.isAverage = isAverage
        shift = type.scale - scale
        range = ExactMath.range(of: type)
    }

    @inline(__always)
    func value(_ total: Int128, over count: Int64) -> Int128? {
        guard let sum = ExactDecimal.bounded(total) else { return nil }
        let value = shift == 0 && !isAverage ? sum : ExactMath.divide(sum, isAverage ? Int128(count) : 1, shift: shift)
        return value.flatMap { range.contains($0) ? $0 : nil }
    }
}
