// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Which measure of spread, from n² times the population variance.
struct Spread {
    private let isSample: Bool
    private let isDeviation: Bool

    init(_ function: AggregateFunction) {
        isSample = function == .deviationSample || function == .varianceSample
        isDeviation = function == .deviationSample || function == .deviationPopulation
    }

    /// Nil for a sample of one, and where the result is not finite.
    func value(_ scaled: Double, count: Int64) -> Double? {
        if isSample, count < 2 { return nil }
        let number = Double(count)
        let variance = max(scaled, 0) / number / (isSample ? number - 1 : number)
        let result = isDeviation ? variance.squareRoot() : variance
        return result.isFinite ? result : nil
    }
}

/// Variances of exact numbers from exact sums of values and squares: only the last division rounds.
final class OpenExactMoments: OpenState {
    private let spread: Spread
    private let scale: Int
    private let sums: ArenaArray<WideSum>
    private let squares: ArenaArray<WideSquares>

    init(_ function: AggregateFunction, scale: Int, arena: ConfidentialArena) throws(EngineError) {
        spread = Spread(function)
        self.scale = scale
        sums = try ArenaArray(arena: arena)
        squares = try ArenaArray(arena: arena)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try sums.reserve(groups)
        try squares.reserve(groups)
    }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ counts: UnsafePointer<Int64>) throws(EngineError) {
        let isWide = vector.type.physical == .int128
        for row in 0..<vector.count where !vector.isNull(row) {
            let value = isWide ? vector.int128[row] : Int128(vector.int64[row])
            let group = Int(groups[row])
            sums.base[group].add(value)
            squares.base[group].add(squareOf: value)
        }
    }

    func absorb(_ other: any OpenState, _ group: Int, as own: Int, _ count: Int64) throws(EngineError) {
        guard let other = other as? OpenExactMoments else { throw EngineError(.malformedPlan, ["aggregate"]) }
        sums.base[own].add(other.sums.base[group])
        squares.base[own].add(other.squares.base[group])
    }

    func write(_ group: Int, _ count: Int64, to buffer: VectorBuffer, _ row: Int) throws(EngineError) {
        let scaled = squares.base[group].scaledVariance(sum: sums.base[group], count: count)
        let unit = Double(ExactMath.power(scale))
        guard let value = spread.value(scaled / unit / unit, count: count) else { return }
        buffer.double[row] = value
        buffer.validity[row] = 1
    }
}

/// Variances of doubles from exact sums of values and squares. Both are taken as pairs of doubles at the end, so that the result is good
/// to 2^-50 of itself as long as the mean is no more than 2^25 deviations from zero, and does not depend on the order of rows.
final class OpenDoubleMoments: OpenState {
    private let spread: Spread
    private let sums: ExactSums
    private let squares: ExactSums

    init(_ function: AggregateFunction, arena: ConfidentialArena) throws(EngineError) {
        spread = Spread(function)
        sums = try ExactSums(arena: arena)
        squares = try ExactSums(arena: arena)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try sums.reserve(groups)
        try squares.reserve(groups)
    }

    func add(_ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ counts: UnsafePointer<Int64>) throws(EngineError) {
        for row in 0..<vector.count where !vector.isNull(row) {
            let value = vector.double[row], group = Int(groups[row])
            sums.add(value, to: group)
            // A square in two parts, exactly.
            let square = value * value
            squares.add(square, to: group)
            squares.add((-square).addingProduct(value, value), to: group)
        }
    }

    func absorb(_ other: any OpenState, _ group: Int, as own: Int, _ count: Int64) throws(EngineError) {
        guard let other = other as? OpenDoubleMoments else { throw EngineError(.malformedPlan, ["aggregate"]) }
        sums.absorb(other.sums, group, as: own)
        squares.absorb(other.squares, group, as: own)
    }

    func write(_ group: Int, _ count: Int64, to buffer: VectorBuffer, _ row: Int) throws(EngineError) {
        guard let sum = sums.value(group), let square = squares.value(group) else { return }
        let number = Double(count)
        let first = number * square.high
        let firstRest = (-first).addingProduct(number, square.high) + number * square.low
        let second = sum.high * sum.high
        let secondRest = (-second).addingProduct(sum.high, sum.high) + 2 * sum.high * sum.low
        guard let value = spread.value((first - second) + (firstRest - secondRest), count: count) else { return }
        buffer.double[row] = value
        buffer.validity[row] = 1
    }
}
