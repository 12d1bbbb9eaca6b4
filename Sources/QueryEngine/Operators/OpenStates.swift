// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// What one kind of open aggregate keeps for each group. Groups get no call before a row with a value.
protocol OpenState: AnyObject {
    /// Makes room for so many groups; new ones are empty.
    func reserve(_ groups: Int) throws(EngineError)
    /// Takes the rows that have a value. `counts`: rows with a value of each group so far; the caller counts on afterwards.
    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ counts: UnsafePointer<Int64>) throws(EngineError)
    /// Takes over a group of another worker's state of the same kind; `count`: rows of the own group so far.
    func absorb(_ other: any OpenState, _ group: Int, as own: Int, _ count: Int64) throws(EngineError)
    /// Writes the value of a group that has rows, or NULL.
    func write(_ group: Int, _ count: Int64, to buffer: VectorBuffer, _ row: Int) throws(EngineError)
}

/// State of one aggregate that only open data may have.
final class OpenStates {
    private let call: AggregateLayout.Call
    private let state: any OpenState
    /// Rows with a value.
    let counts: ArenaArray<Int64>
    private var isExhausted = false

    init(_ call: AggregateLayout.Call, arena: ConfidentialArena) throws(EngineError) {
        self.call = call
        counts = try ArenaArray(arena: arena)
        state = try Self.state(call, arena)
    }

    private static func state(_ call: AggregateLayout.Call, _ arena: ConfidentialArena) throws(EngineError) -> any OpenState {
        switch call.function {
        case .minimum, .maximum, .boolAnd, .boolOr: return try OpenExtremes(call, arena: arena)
        case .sum, .average: return try OpenDoubleSums(isAverage: call.function == .average, arena: arena)
        case .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation:
            if call.argument?.type == .double { return try OpenDoubleMoments(call.function, arena: arena) }
            return try OpenExactMoments(call.function, scale: call.argument?.type.scale ?? 0, arena: arena)
        case .percentile:
            guard let place = call.percentile else { throw EngineError(.malformedPlan, ["percentile"]) }
            return try OpenPercentiles(place, arena: arena)
        case .sumDistinct, .averageDistinct: return try OpenDistinctSums(call, arena: arena)
        case .countRows, .count, .countDistinct: throw EngineError(.malformedPlan, ["aggregate"])
        }
    }

    /// Whether groups can be taken over by several threads at a time: false where they share a list.
    var mergesInParallel: Bool {
        switch call.function {
        case .percentile, .sumDistinct, .averageDistinct: false
        case .minimum, .maximum, .boolAnd, .boolOr, .sum, .average, .deviationSample, .deviationPopulation, .varianceSample,
            .variancePopulation, .countRows, .count, .countDistinct:
            true
        }
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try counts.reserve(groups)
        try state.reserve(groups)
    }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>) throws(EngineError) {
        try state.add(vector, groups, counts.base)
        let counts = counts.base
        if let validity = vector.validity {
            for row in 0..<vector.count { counts[Int(groups[row])] += Int64(validity[row] & 1) }
        } else {
            for row in 0..<vector.count { counts[Int(groups[row])] += 1 }
        }
    }

    /// Takes over a group of another worker. That memory ran out shows in `values`.
    func absorb(_ other: OpenStates, _ group: Int, as own: Int) {
        guard other.counts.base[group] > 0, !isExhausted else { return }
        do throws(EngineError) {
            try state.absorb(other.state, group, as: own, counts.base[own])
            counts.base[own] += other.counts.base[group]
        } catch {
            isExhausted = true
        }
    }

    /// What `add(part:)` needs of memory.
    func makeRoom(for other: OpenStates) throws(EngineError) {
        if other.isExhausted { throw EngineError(.resourceExhausted) }
        if let own = state as? OpenExtremes, let theirs = other.state as? OpenExtremes { try own.makeRoom(for: theirs) }
    }

    /// Adds what another one's first group has to the own first group. No value is in both.
    func add(part other: OpenStates) {
        if let own = state as? OpenDistinctSums, let theirs = other.state as? OpenDistinctSums {
            own.add(total: theirs)
        } else if let own = state as? OpenExtremes, let theirs = other.state as? OpenExtremes {
            own.add(extreme: theirs)
        } else {
            return
        }
        counts.base[0] += other.counts.base[0]
    }

    /// The first group's percentile, found elsewhere.
    func set(percentile value: Double, ofRows count: Int64) {
        (state as? OpenPercentiles)?.known = value
        counts.base[0] = count
    }

    /// Final values of all groups.
    func values(_ groups: [Int], arena: ConfidentialArena) throws(EngineError) -> ColumnVector {
        if isExhausted { throw EngineError(.resourceExhausted) }
        let buffer = try VectorBuffer(call.type, capacity: max(groups.count, 1), arena: arena)
        for (row, group) in groups.enumerated() {
            buffer.validity[row] = 0
            if counts.base[group] > 0 { try state.write(group, counts.base[group], to: buffer, row) }
        }
        return buffer.vector(groups.count, hasValidity: true, dictionary: call.pool?.dictionary(isLasting: true))
    }
}
