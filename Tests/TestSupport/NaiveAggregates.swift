// SPDX-License-Identifier: Apache-2.0

package import QueryPlan
package import Tabular

/// Aggregate functions over a list of values.
package enum NaiveAggregates {
    /// `arguments`: the argument of each row, NULL included; for COUNT(*) anything.
    package static func value(
        _ function: AggregateFunction, _ arguments: [Literal], percentile: Percentile? = nil, type: LogicalType
    ) -> Literal {
        let present = arguments.filter { $0 != .null }
        switch function {
        case .countRows: return .int64(Int64(arguments.count))
        case .count: return .int64(Int64(present.count))
        case .countDistinct: return .int64(Int64(distinct(present).count))
        case .sum: return sum(present, type)
        case .sumDistinct: return sum(distinct(present), type)
        case .average: return average(present, type)
        case .averageDistinct: return average(distinct(present), type)
        case .minimum: return present.min { NaiveExpressions.order($0, $1) < 0 } ?? .null
        case .maximum: return present.max { NaiveExpressions.order($0, $1) < 0 } ?? .null
        case .boolAnd: return present.isEmpty ? .null : .bool(!present.contains(.bool(false)))
        case .boolOr: return present.isEmpty ? .null : .bool(present.contains(.bool(true)))
        case .varianceSample: return variance(present, without: 1, isRoot: false)
        case .variancePopulation: return variance(present, without: 0, isRoot: false)
        case .deviationSample: return variance(present, without: 1, isRoot: true)
        case .deviationPopulation: return variance(present, without: 0, isRoot: true)
        case .percentile: return percentile.map { value(at: $0, present) } ?? .null
        }
    }

    static func distinct(_ values: [Literal]) -> [Literal] {
        var seen: Set<NaiveKey> = []
        return values.filter { seen.insert(NaiveKey([$0])).inserted }
    }

    /// The exact sum; nil when it has more than 128 bits. Halves of 19 digits are summed each for itself.
    private static func exactSum(_ values: [Literal]) -> (units: Int128, scale: Int)? {
        let half = NaiveExpressions.power(19)
        var high: Int128 = 0, low: Int128 = 0, scale = 0
        for value in values {
            guard let exact = NaiveExpressions.exact(value) else { return nil }
            high += exact.0 / half
            low += exact.0 % half
            scale = exact.1
        }
        high += low / half
        let (product, overflow) = high.multipliedReportingOverflow(by: half)
        let (total, carries) = product.addingReportingOverflow(low % half)
        return overflow || carries ? nil : (total, scale)
    }

    private static func sum(_ values: [Literal], _ type: LogicalType) -> Literal {
        if values.isEmpty { return .null }
        if type == .double { return finite(values.reduce(0) { $0 + number($1) }) }
        return exactSum(values).map { NaiveExpressions.fitted($0.units, $0.scale, type) } ?? .null
    }

    private static func average(_ values: [Literal], _ type: LogicalType) -> Literal {
        if values.isEmpty { return .null }
        if type == .double { return finite(values.reduce(0) { $0 + number($1) } / Double(values.count)) }
        guard let (units, scale) = exactSum(values) else { return .null }
        // By hand, digit for digit, so that nothing grows beyond the sum.
        let divisor = Int128(values.count)
        var quotient = abs(units) / divisor, rest = abs(units) % divisor
        for _ in 0..<max(type.scale - scale, 0) {
            let (next, overflow) = quotient.multipliedReportingOverflow(by: 10)
            if overflow { return .null }
            quotient = next + rest * 10 / divisor
            rest = rest * 10 % divisor
        }
        if 2 * rest >= divisor { quotient += 1 }
        return NaiveExpressions.fitted(units < 0 ? -quotient : quotient, max(type.scale, scale), type)
    }

    private static func variance(_ values: [Literal], without: Int, isRoot: Bool) -> Literal {
        if values.count <= without { return .null }
        let numbers = values.map(number)
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let variance = squares / Double(numbers.count - without)
        return finite(isRoot ? variance.squareRoot() : variance)
    }

    private static func value(at percentile: Percentile, _ values: [Literal]) -> Literal {
        if values.isEmpty { return .null }
        let sorted = values.map(number).sorted { percentile.isDescending ? $0 > $1 : $0 < $1 }
        let place = percentile.fraction * Double(sorted.count - 1)
        let below = Int(place.rounded(.down)), above = Int(place.rounded(.up))
        return .double(sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below)))
    }

    private static func number(_ literal: Literal) -> Double {
        if case .double(let value) = literal { return value }
        guard let (units, scale) = NaiveExpressions.exact(literal) else { return .nan }
        return Double(ExactDecimal.text(units: units, scale: scale)) ?? .nan
    }

    private static func finite(_ value: Double) -> Literal { value.isFinite ? .double(value) : .null }
}

/// Values that are one group: texts byte by byte, NULL with NULL.
struct NaiveKey: Hashable {
    private enum Part: Hashable {
        case bytes([UInt8])
        case other(Literal)
    }

    private let parts: [Part]

    init(_ values: [Literal]) {
        parts = values.map { value in
            if case .text(let text) = value { return .bytes(Array(text.utf8)) }
            if case .double(let number) = value, number == 0 { return .other(.double(0)) }
            return .other(value)
        }
    }
}

extension Sequence {
    /// Groups in the order of their first members.
    func grouped(by key: (Element) -> NaiveKey) -> [[Element]] {
        var places: [NaiveKey: Int] = [:]
        var groups: [[Element]] = []
        for element in self {
            let key = key(element)
            if let place = places[key] {
                groups[place].append(element)
            } else {
                places[key] = groups.count
                groups.append([element])
            }
        }
        return groups
    }
}
