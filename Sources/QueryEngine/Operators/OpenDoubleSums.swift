// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Sums and averages of doubles, exact until the end.
final class OpenDoubleSums: OpenState {
    private let isAverage: Bool
    private let sums: ExactSums

    init(isAverage: Bool, arena: ConfidentialArena) throws(EngineError) {
        self.isAverage = isAverage
        sums = try ExactSums(arena: arena)
    }

    func reserve(_ groups: Int) throws(EngineError) { try sums.reserve(groups) }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ counts: UnsafePointer<Int64>) throws(EngineError) {
        for row in 0..<vector.count where !vector.isNull(row) { sums.add(vector.double[row], to: Int(groups[row])) }
    }

    func absorb(_ other: any OpenState, _ group: Int, as own: Int, _ count: Int64) throws(EngineError) {
        guard let other = other as? OpenDoubleSums else { throw EngineError(.malformedPlan, ["aggregate"]) }
        sums.absorb(other.sums, group, as: own)
    }

    func write(_ group: Int, _ count: Int64, to buffer: VectorBuffer, _ row: Int) throws(EngineError) {
        guard let sum = sums.value(group)?.high else { return }
        buffer.double[row] = isAverage ? sum / Double(count) : sum
        buffer.validity[row] = 1
    }
}

/// One exact sum of doubles for each group.
final class ExactSums {
    private let words: ArenaArray<Int64>
    /// Additions since the words were last normalised.
    private let additions: ArenaArray<Int64>
    private let isBroken: ArenaArray<UInt8>
    private let copy: UnsafeMutablePointer<Int64>

    init(arena: ConfidentialArena) throws(EngineError) {
        words = try ArenaArray(capacity: ExactDoubleSum.words, arena: arena)
        additions = try ArenaArray(arena: arena)
        isBroken = try ArenaArray(arena: arena)
        copy = try arena.take(Int64.self, ExactDoubleSum.words)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try words.reserve(groups * ExactDoubleSum.words)
        try additions.reserve(groups)
        try isBroken.reserve(groups)
    }

    @inline(__always)
    func add(_ value: Double, to group: Int) {
        guard value.isFinite else {
            isBroken.base[group] = 1
            return
        }
        let sum = words.base + group * ExactDoubleSum.words
        ExactDoubleSum.add(value, to: sum)
        additions.base[group] += 1
        if additions.base[group] == ExactDoubleSum.additionsMaximum {
            ExactDoubleSum.normalise(sum)
            additions.base[group] = 0
        }
    }

    func absorb(_ other: ExactSums, _ group: Int, as own: Int) {
        let sum = other.words.base + group * ExactDoubleSum.words
        ExactDoubleSum.normalise(sum)
        ExactDoubleSum.add(sum, to: words.base + own * ExactDoubleSum.words)
        isBroken.base[own] |= other.isBroken.base[group]
    }

    /// The sum as the nearest double and the nearest double to what is left; nil when it is not finite.
    func value(_ group: Int) -> (high: Double, low: Double)? {
        guard isBroken.base[group] == 0 else { return nil }
        let sum = words.base + group * ExactDoubleSum.words
        copy.update(from: sum, count: ExactDoubleSum.words)
        guard let high = ExactDoubleSum.rounded(copy) else { return nil }
        copy.update(from: sum, count: ExactDoubleSum.words)
        ExactDoubleSum.normalise(copy)
        ExactDoubleSum.add(-high, to: copy)
        return ExactDoubleSum.rounded(copy).map { (high, $0) }
    }
}
