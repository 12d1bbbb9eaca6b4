// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// The places at which a comparison with a constant cuts a column, as far as they are known before it runs.
enum RangePlaces {
    case known([Int128])
    /// A time of day compared with whole days, or no constant of the column's kind.
    case between
    /// Beginnings of periods of a field of date_trunc.
    case starts(String)
    /// Of a parameter without a finite domain.
    case withoutDomain(String)

    /// `isMidnight`: a date column that is compared as a timestamp.
    static func of(
        _ constant: BoundExpression, _ symbol: ComparisonOperator, _ type: LogicalType, isMidnight: Bool, _ domains: [String: ParameterDomain]
    ) -> RangePlaces {
        var inner = constant
        // Coercions of a date to its midnight and of whole numbers to decimals.
        while case .cast(let operand) = inner.kind, inner.type == .timestamp && operand.type == .date || operand.type.isHeld(by: inner.type) {
            inner = operand
        }
        switch inner.kind {
        case .literal(let literal): return places([literal], symbol, type, isMidnight)
        case .parameter(let name):
            guard let instances = domains[name]?.instances() else { return .withoutDomain(name) }
            return places(instances, symbol, type, isMidnight)
        case .function(.dateTrunc, let arguments):
            guard case .literal(.text(let field)) = arguments[0].kind, symbol == .greaterOrEqual || symbol == .less else { return .between }
            return .starts(field)
        case .column, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .cast, .function: return .between
        }
    }

    private static func places(
        _ literals: [Literal], _ symbol: ComparisonOperator, _ type: LogicalType, _ isMidnight: Bool
    ) -> RangePlaces {
        var places: [Int128] = []
        for literal in literals where literal != .null {
            guard let place = place(literal, symbol, type, isMidnight) else { return .between }
            places.append(place)
        }
        return .known(places.sorted())
    }

    /// `>=` and `<` cut below the value, `<=` and `>` below the next one.
    private static func place(_ literal: Literal, _ symbol: ComparisonOperator, _ type: LogicalType, _ isMidnight: Bool) -> Int128? {
        let isBelow = symbol == .greaterOrEqual || symbol == .less
        let day = Int128(CivilTimestamp.microsecondsPerDay)
        switch (literal, type) {
        case (.date(let days), .date): return Int128(days) + (isBelow ? 0 : 1)
        case (.date(let days), .timestamp): return Int128(days) * day + (isBelow ? 0 : 1)
        case (.timestamp(let microseconds), .timestamp): return Int128(microseconds) + (isBelow ? 0 : 1)
        case (.timestamp(let microseconds), .date):
            // A date compared with a time of day would be cut where no date lies; refuse rather than round.
            guard isMidnight, Int128(microseconds) % day == 0 else { return nil }
            return Int128(CivilTimestamp.split(microseconds).days) + (isBelow ? 0 : 1)
        case (.int64(let value), _): return number(Int128(value), 0, isBelow, type)
        case (.decimal(let units, let scale), _): return number(units, scale, isBelow, type)
        case (.null, _), (.bool, _), (.double, _), (.date, _), (.timestamp, _), (.text, _): return nil
        }
    }

    private static func number(_ units: Int128, _ scale: Int, _ isBelow: Bool, _ type: LogicalType) -> Int128? {
        guard type.isExactNumeric else { return nil }
        if scale <= type.scale { return ExactDecimal.rescale(units, from: scale, to: type.scale).map { $0 + (isBelow ? 0 : 1) } }
        guard let power = ExactDecimal.power(scale - type.scale) else { return nil }
        let (quotient, rest) = units.quotientAndRemainder(dividingBy: power)
        let floor = rest < 0 ? quotient - 1 : quotient
        return isBelow && rest == 0 ? floor : floor + 1
    }

    /// Whether every place lies on a multiple of a step.
    func areMultiples(of step: ParameterStep, _ column: ColumnPolicy) -> Bool {
        switch self {
        case .known(let places): places.allSatisfy { Self.isMultiple($0, of: step, column) }
        case .starts(let field): ParameterStep.period(field)?.isMultiple(of: step) ?? false
        case .between, .withoutDomain: false
        }
    }

    private static func isMultiple(_ place: Int128, of step: ParameterStep, _ column: ColumnPolicy) -> Bool {
        if case .number = step { return column.units(step).map { place % $0 == 0 } ?? false }
        var (days, rest) = (place, Int128(0))
        if column.type == .timestamp {
            guard let moment = Int64(exactly: place) else { return false }
            let parts = CivilTimestamp.split(moment)
            (days, rest) = (Int128(parts.days), Int128(parts.rest))
        }
        guard rest == 0, let day = Int64(exactly: days) else { return false }
        switch step {
        case .number: return false
        case .days(let count): return (day - ParameterStep.monday) % count == 0
        case .months(let count):
            guard let date = CivilDate(days: day) else { return false }
            return date.day == 1 && (Int64(date.year) * 12 + Int64(date.month) - 1) % count == 0
        }
    }
}

extension ParameterStep {
    /// 1970-01-05, from which days are counted.
    static let monday: Int64 = 4

    /// The length of a period of date_trunc whose beginnings are multiples of it; nil of the clock's.
    static func period(_ field: String) -> ParameterStep? {
        switch CalendarField(rawValue: field) {
        case .day: .days(1)
        case .week: .days(7)
        case .month: .months(1)
        case .quarter: .months(3)
        case .year: .months(12)
        // Decades begin with years that end in 0; centuries and millennia with those that end in 1.
        case .decade: .months(120)
        case .century, .millennium: .months(12)
        case .hour, .minute, .second, .milliseconds, .microseconds, .isoYear, .dayOfWeek, .isoDayOfWeek, .dayOfYear, .epoch, nil: nil
        }
    }
}

extension Granularity {
    /// The step of whose multiples periods begin.
    var step: ParameterStep {
        switch self {
        case .day: .days(1)
        case .month: .months(1)
        case .quarter: .months(3)
        case .year: .months(12)
        }
    }
}

/// Places that were found already, for as long as one statement is judged.
final class KnownPlaces {
    var places: [String: RangePlaces] = [:]
}
