// SPDX-License-Identifier: Apache-2.0

internal import QueryPlan
internal import Tabular

/// Aggregates that only open data may have, over all their values at once.
extension NaiveInterpreter {
    static func open(_ call: AggregateCall, _ values: [Literal]) -> Literal {
        guard var best = values.first else { return .null }
        switch call.function {
        case .countRows, .count, .countDistinct: return .null
        case .sum, .average: return total(values, isAverage: call.function == .average, call.type)
        case .sumDistinct, .averageDistinct:
            var different: [Literal] = []
            for value in values where !different.contains(where: { NaiveExpressions.order($0, value) == 0 }) { different.append(value) }
            return total(different, isAverage: call.function == .averageDistinct, call.type)
        case .minimum, .boolAnd, .maximum, .boolOr:
            let isMinimum = call.function == .minimum || call.function == .boolAnd
            for value in values {
                let order = NaiveExpressions.order(value, best)
                if isMinimum ? order < 0 : order > 0 { best = value }
            }
            return best
        case .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation:
            return spread(call.function, values)
        case .percentile:
            guard let place = call.percentile else { return .null }
            let sorted = values.map(double).sorted(by: place.isDescending ? (>) : (<))
            let rank = place.fraction * Double(sorted.count - 1)
            let lower = sorted[Int(rank)], upper = sorted[min(Int(rank) + 1, sorted.count - 1)]
            return .double(lower + (rank - Double(Int(rank))) * (upper - lower))
        }
    }

    /// Doubles that tests use are multiples of 1/1024 of moderate size, so that sums are exact.
    private static func total(_ values: [Literal], isAverage: Bool, _ type: LogicalType) -> Literal {
        if type == .double {
            let sum = values.map(double).reduce(0, +)
            return .double(isAverage ? sum / Double(values.count) : sum)
        }
        let exact = values.compactMap(NaiveExpressions.exact)
        let sum = exact.reduce(0) { $0 + $1.0 }
        let scale = exact.first?.1 ?? 0
        guard isAverage else { return NaiveExpressions.fitted(sum, scale, type) }
        let (raised, overflow) = sum.multipliedReportingOverflow(by: NaiveExpressions.power(type.scale - scale))
        return overflow ? .null : NaiveExpressions.fitted(NaiveExpressions.rounded(raised, Int128(exact.count)), type.scale, type)
    }

    /// Two passes.
    private static func spread(_ function: AggregateFunction, _ values: [Literal]) -> Literal {
        let isSample = function == .deviationSample || function == .varianceSample
        if isSample, values.count < 2 { return .null }
        let numbers = values.map(double)
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let variance = squares / Double(numbers.count - (isSample ? 1 : 0))
        let result = function == .varianceSample || function == .variancePopulation ? variance : variance.squareRoot()
        return result.isFinite ? .double(result) : .null
    }

    private static func double(_ literal: Literal) -> Double {
        if case .double(let value) = literal { return value }
        return NaiveExpressions.exact(literal).map { Double($0) / Double(NaiveExpressions.power($1)) } ?? .nan
    }
}
