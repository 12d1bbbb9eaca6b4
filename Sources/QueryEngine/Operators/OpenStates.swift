// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// State of one aggregate that only open data may have: double sums and averages, minima, maxima.
final class OpenStates {
    private let call: AggregateLayout.Call
    private let best: ArenaArray<Int128>
    /// Rows with a value.
    let counts: ArenaArray<Int64>
    private let sums: ArenaArray<Int64>?
    private let isBroken: ArenaArray<UInt8>
    private let mapper: CodeMapper?
    private let codes: UnsafeMutablePointer<UInt32>

    init(_ call: AggregateLayout.Call, arena: ConfidentialArena) throws(EngineError) {
        self.call = call
        best = try ArenaArray(arena: arena)
        counts = try ArenaArray(arena: arena)
        isBroken = try ArenaArray(arena: arena)
        sums = call.isDoubleSum ? try ArenaArray(capacity: ExactDoubleSum.words, arena: arena) : nil
        mapper = try call.pool.map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: false, arena: arena) }
        codes = try arena.take(UInt32.self, call.pool == nil ? 1 : EngineLimits.batchRows)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try best.reserve(groups)
        try counts.reserve(groups)
        try isBroken.reserve(groups)
        try sums?.reserve(groups * ExactDoubleSum.words)
    }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>) throws(EngineError) {
        if let mapper { try mapper.map(vector, into: codes) }
        for row in 0..<vector.count where !vector.isNull(row) {
            let group = Int(groups[row])
            if let sums {
                addDouble(vector.double[row], group, sums)
            } else {
                take(key(vector, row), group)
            }
            counts.base[group] += 1
        }
    }

    private func addDouble(_ value: Double, _ group: Int, _ sums: ArenaArray<Int64>) {
        let sum = sums.base + group * ExactDoubleSum.words
        if value.isFinite { ExactDoubleSum.add(value, to: sum) } else { isBroken.base[group] = 1 }
        if counts.base[group] % ExactDoubleSum.additionsMaximum == ExactDoubleSum.additionsMaximum - 1 { ExactDoubleSum.normalise(sum) }
    }

    /// Keeps the better of the group's value and this one.
    private func take(_ key: Int128, _ group: Int) {
        let isFirst = counts.base[group] == 0
        let isMinimum = call.function == .minimum
        if isFirst || (isMinimum ? precedes(key, best.base[group]) : precedes(best.base[group], key)) { best.base[group] = key }
    }

    private func precedes(_ left: Int128, _ right: Int128) -> Bool {
        guard let pool = call.pool else { return left < right }
        return pool.comparesShared(UInt32(truncatingIfNeeded: left), UInt32(truncatingIfNeeded: right)) < 0
    }

    private func key(_ vector: ColumnVector, _ row: Int) -> Int128 {
        switch vector.type.physical {
        case .bool: Int128(vector.bool[row] & 1)
        case .int64: Int128(vector.int64[row])
        case .int128: vector.int128[row]
        case .double: Int128(OrderedDouble.key(vector.double[row]))
        case .codes: Int128(codes[row])
        case .entity: Int128(vector.entities[row])
        }
    }

    /// Takes over a group of another worker.
    func absorb(_ other: OpenStates, _ group: Int, as own: Int) {
        guard other.counts.base[group] > 0 else { return }
        if let sums, let theirs = other.sums {
            let sum = theirs.base + group * ExactDoubleSum.words
            ExactDoubleSum.normalise(sum)
            ExactDoubleSum.add(sum, to: sums.base + own * ExactDoubleSum.words)
        } else {
            take(other.best.base[group], own)
        }
        counts.base[own] += other.counts.base[group]
        isBroken.base[own] |= other.isBroken.base[group]
    }

    /// Final values of all groups.
    func values(_ groups: [Int], arena: ConfidentialArena) throws(EngineError) -> ColumnVector {
        let buffer = try VectorBuffer(call.type, capacity: max(groups.count, 1), arena: arena)
        for (row, group) in groups.enumerated() {
            let isPresent = counts.base[group] > 0 && isBroken.base[group] == 0
            buffer.validity[row] = isPresent ? 1 : 0
            guard isPresent else { continue }
            if let sums {
                let value = ExactDoubleSum.rounded(sums.base + group * ExactDoubleSum.words)
                let result = call.function == .average ? value.map { $0 / Double(counts.base[group]) } : value
                buffer.double[row] = result ?? 0
                buffer.validity[row] = result == nil ? 0 : 1
            } else {
                store(best.base[group], row, buffer)
            }
        }
        return buffer.vector(groups.count, hasValidity: true, dictionary: call.pool?.dictionary())
    }

    private func store(_ key: Int128, _ row: Int, _ buffer: VectorBuffer) {
        switch call.type.physical {
        case .bool: buffer.bool[row] = UInt8(truncatingIfNeeded: key)
        case .int64: buffer.int64[row] = Int64(truncatingIfNeeded: key)
        case .int128: buffer.int128[row] = key
        case .double: buffer.double[row] = OrderedDouble.value(Int64(truncatingIfNeeded: key))
        case .codes, .entity: buffer.codes[row] = UInt32(truncatingIfNeeded: key)
        }
    }
}
