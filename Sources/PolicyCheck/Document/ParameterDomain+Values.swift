// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

extension ParameterDomain {
    /// Every value of the domain in order, nil when there are more than `Limits.domainValues` or the domain has an open end.
    func instances() -> [Literal]? {
        if let values { return values }
        guard let minimum, let maximum, let low = Self.position(minimum, type), let high = Self.position(maximum, type) else { return nil }
        var found: [Literal] = []
        var index: Int64 = 0
        while let position = self.position(low, after: index), position <= high {
            guard found.count < Limits.domainValues, let literal = Self.literal(at: position, type) else { return nil }
            found.append(literal)
            index += 1
        }
        return found
    }

    /// Whether range and step fit each other and the type.
    var isConsistent: Bool {
        let low = minimum.flatMap { Self.position($0, type) }
        let high = maximum.flatMap { Self.position($0, type) }
        if minimum != nil && low == nil || maximum != nil && high == nil { return false }
        if let low, let high, low > high { return false }
        guard let step else { return true }
        guard minimum != nil else { return false }
        switch step {
        case .days, .months: return type == .date || type == .timestamp
        case .number(let units, let scale): return type.isExactNumeric && ExactDecimal.rescale(units, from: scale, to: type.scale).map { $0 > 0 && ExactDecimal.rescale($0, from: type.scale, to: scale) == units } ?? false
        }
    }

    /// Whether a position is the minimum plus a whole number of steps.
    func isReached(_ position: Int128, from low: Int128) -> Bool {
        switch step {
        case nil: return true
        case .number, .days:
            guard let next = self.position(low, after: 1), next > low else { return false }
            return (position - low) % (next - low) == 0
        case .months:
            // At most 12 months in each of 9,999 years.
            for index in 0..<Int64(Limits.domainValues) * 2 {
                guard let reached = self.position(low, after: index), reached <= position else { return false }
                if reached == position { return true }
            }
            return false
        }
    }

    /// The position that lies `index` steps after another; without a step the type's own unit is one.
    private func position(_ low: Int128, after index: Int64) -> Int128? {
        let isTimestamp = type == .timestamp
        switch step {
        case nil: return low + Int128(index)
        case .number(let units, let scale):
            return ExactDecimal.rescale(units, from: scale, to: type.scale).map { low + $0 * Int128(index) }
        case .days(let count): return low + Int128(count * index) * (isTimestamp ? Int128(CivilTimestamp.microsecondsPerDay) : 1)
        case .months(let count):
            let (days, rest) = isTimestamp ? CivilTimestamp.split(Int64(low)) : (Int64(low), 0)
            guard let start = CivilDate(days: days) else { return nil }
            let (months, overflow) = count.multipliedReportingOverflow(by: index)
            guard !overflow, months < 200_000 else { return nil }
            let month = start.month - 1 + Int(months)
            let year = start.year + month / 12
            let last = CivilDate.daysIn(month: month % 12 + 1, year: year)
            guard let date = CivilDate(year: year, month: month % 12 + 1, day: min(start.day, last)) else { return nil }
            return isTimestamp ? Int128(date.days * CivilTimestamp.microsecondsPerDay + rest) : Int128(date.days)
        }
    }

    /// Where a value stands on the line of its type's exact values; nil for types without one.
    static func position(_ literal: Literal, _ type: LogicalType) -> Int128? {
        switch (literal, type) {
        case (.int64(let value), .int64): Int128(value)
        case (.date(let days), .date): Int128(days)
        case (.timestamp(let microseconds), .timestamp): Int128(microseconds)
        case (.decimal(let units, let scale), .decimal(_, let wanted)) where scale == wanted: units
        case (.null, _), (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _): nil
        }
    }

    private static func literal(at position: Int128, _ type: LogicalType) -> Literal? {
        switch type {
        case .int64: Int64(exactly: position).map { .int64($0) }
        case .date: Int64(exactly: position).flatMap { CivilDate(days: $0) == nil ? nil : .date(days: $0) }
        case .timestamp: Int64(exactly: position).map { .timestamp(microseconds: $0) }
        case .decimal(_, let scale): .decimal(units: position, scale: scale)
        case .bool, .double, .text, .entity, .null: nil
        }
    }

    static func bound(_ json: JSONValue?, _ type: LogicalType) -> (literal: Literal?, isGiven: Bool)? {
        guard let json else { return (nil, false) }
        guard let text = json.text, let literal = literal(text, type) else { return nil }
        return (literal, true)
    }

    static func literal(_ text: String, _ type: LogicalType) -> Literal? {
        switch type {
        case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .int64: ScalarForm.integer(text).map { .int64($0) }
        case .decimal(let precision, let scale):
            ExactDecimal.parse(text).flatMap { read in
                guard read.scale <= scale, let units = ExactDecimal.rescale(read.units, from: read.scale, to: scale),
                    ExactDecimal.digits(of: units) <= precision
                else { return nil }
                return .decimal(units: units, scale: scale)
            }
        case .double: ExactDecimal.parse(text) == nil ? nil : Double(text).map { .double($0) }
        case .date: CivilDate(iso: text).map { .date(days: $0.days) }
        case .timestamp: CivilTimestamp.parse(iso: text).map { .timestamp(microseconds: $0) }
        case .text: text.utf8.count <= Limits.parameterTextBytes ? .text(text) : nil
        case .entity, .null: nil
        }
    }

    static func text(_ literal: Literal) -> String {
        switch literal {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int64(let value): String(value)
        case .decimal(let units, let scale): ExactDecimal.text(units: units, scale: scale)
        case .double(let value): "\(value)"
        case .date(let days): CivilDate(days: days)?.text ?? String(days)
        case .timestamp(let microseconds): CivilTimestamp.text(microseconds: microseconds) ?? String(microseconds)
        case .text(let text): text
        }
    }
}

extension Literal {
    /// Whether the constant is a value of the type.
    func fits(_ type: LogicalType) -> Bool {
        switch (self, type) {
        case (.bool, .bool), (.int64, .int64), (.double, .double), (.date, .date), (.timestamp, .timestamp), (.text, .text): true
        case (.decimal(_, let scale), .decimal(_, let wanted)): scale == wanted
        case (.null, _), (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _): false
        }
    }
}
