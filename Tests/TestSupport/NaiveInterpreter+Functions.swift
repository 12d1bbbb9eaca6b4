// SPDX-License-Identifier: Apache-2.0

internal import QueryPlan
internal import Tabular

extension NaiveExpressions {
    static func cast(_ literal: Literal, to type: LogicalType) -> Literal {
        if literal == .null { return .null }
        switch type {
        case .text: return text(literal).map { .text($0) } ?? .null
        case .int64, .decimal: return number(literal, type)
        case .double:
            if case .double = literal { return literal }
            if case .text(let text) = literal { return ExactDecimal.parse(text) == nil ? .null : Double(text).map { .double($0) } ?? .null }
            return exact(literal).map { fitted($0, $1, .double) } ?? .null
        case .bool:
            switch literal {
            case .bool: return literal
            case .int64(let value): return .bool(value != 0)
            case .text(let text): return ["true": .bool(true), "t": .bool(true), "false": .bool(false), "f": .bool(false)][text] ?? .null
            default: return .null
            }
        case .date:
            switch literal {
            case .date: return literal
            case .timestamp(let value): return .date(days: Int64((Double(value) / 86_400_000_000).rounded(.down)))
            case .text(let text): return CivilDate(iso: text).map { .date(days: $0.days) } ?? .null
            default: return .null
            }
        case .timestamp:
            switch literal {
            case .timestamp: return literal
            case .date(let days): return .timestamp(microseconds: days * 86_400_000_000)
            case .text(let text): return CivilTimestamp.parse(iso: text).map { .timestamp(microseconds: $0) } ?? .null
            default: return .null
            }
        case .entity, .null: return literal
        }
    }

    private static func number(_ literal: Literal, _ type: LogicalType) -> Literal {
        switch literal {
        case .bool(let value): return .int64(value ? 1 : 0)
        case .double(let value):
            if type == .int64 { return Int64(exactly: value.rounded(.toNearestOrEven)).map { .int64($0) } ?? .null }
            let scaled = (value * Double(power(type.scale))).rounded(.toNearestOrAwayFromZero)
            return Int128(exactly: scaled).map { fitted($0, type.scale, type) } ?? .null
        case .text(let text):
            if type == .int64 { return Int64(text).map { .int64($0) } ?? .null }
            return ExactDecimal.parse(text).map { fitted($0.units, $0.scale, type) } ?? .null
        default: return exact(literal).map { fitted($0, $1, type) } ?? .null
        }
    }

    private static func text(_ literal: Literal) -> String? {
        switch literal {
        case .bool(let value): value ? "true" : "false"
        case .int64(let value): String(value)
        case .decimal(let units, let scale): ExactDecimal.text(units: units, scale: scale)
        case .double(let value): value == value.rounded() ? String(Int64(value)) : String(value)
        case .date(let days): CivilDate(days: days)?.text
        case .timestamp(let value): CivilTimestamp.text(microseconds: value)
        case .text(let text): text
        case .null: nil
        }
    }

    func call(_ function: ScalarFunction, _ arguments: [Literal], _ type: LogicalType) -> Literal {
        switch function {
        case .coalesce: return arguments.first { $0 != .null } ?? .null
        case .nullIf:
            if arguments[0] != .null, arguments[1] != .null, Self.order(arguments[0], arguments[1]) == 0 { return .null }
            return arguments[0]
        default: break
        }
        if arguments.contains(.null) { return .null }
        switch (function, arguments[0]) {
        case (.lower, .text(let text)): return .text(text.lowercased())
        case (.upper, .text(let text)): return .text(text.uppercased())
        case (.substring, .text(let text)): return substring(text, arguments)
        case (.dateTrunc, .text(let unit)): return truncated(unit, arguments[1])
        case (.extract, .text(let unit)): return extracted(unit, arguments[1])
        case (.absolute, .double(let value)): return .double(abs(value))
        case (.floor, .double(let value)): return .double(value.rounded(.down))
        case (.ceiling, .double(let value)): return .double(value.rounded(.up))
        case (.round, .double(let value)): return .double(value.rounded(.toNearestOrAwayFromZero))
        default: return exactFunction(function, arguments, type)
        }
    }

    private func exactFunction(_ function: ScalarFunction, _ arguments: [Literal], _ type: LogicalType) -> Literal {
        guard let (units, scale) = Self.exact(arguments[0]) else { return .null }
        let unit = Self.power(scale)
        switch function {
        case .absolute: return Self.fitted(abs(units), scale, type)
        case .floor: return Self.fitted(units >= 0 ? units / unit : -((-units + unit - 1) / unit), 0, type)
        case .ceiling: return Self.fitted(units <= 0 ? units / unit : (units + unit - 1) / unit, 0, type)
        case .round:
            var digits = 0
            if arguments.count > 1, case .int64(let value) = arguments[1] { digits = Int(value) }
            if digits >= scale { return Self.fitted(units, scale, type) }
            let step = Self.power(scale - digits)
            return Self.fitted(Self.rounded(units, step) * step, scale, type)
        default: return .null
        }
    }

    private func substring(_ text: String, _ arguments: [Literal]) -> Literal {
        guard case .int64(let from) = arguments[1] else { return .null }
        var end = Int64.max
        if arguments.count > 2 {
            guard case .int64(let count) = arguments[2], count >= 0 else { return .null }
            let (sum, overflow) = from.addingReportingOverflow(count)
            end = overflow ? .max : sum
        }
        var result = String.UnicodeScalarView()
        for (position, scalar) in text.unicodeScalars.enumerated() where Int64(position + 1) >= from && Int64(position + 1) < end {
            result.append(scalar)
        }
        return .text(String(result))
    }

    private func parts(_ literal: Literal) -> (CivilDate, Int64, Int64)? {
        switch literal {
        case .date(let days): return CivilDate(days: days).map { ($0, days, 0) }
        case .timestamp(let value):
            let (days, rest) = CivilTimestamp.split(value)
            return CivilDate(days: days).map { ($0, days, rest / 1_000_000) }
        default: return nil
        }
    }

    private func truncated(_ unit: String, _ literal: Literal) -> Literal {
        guard let (date, days, seconds) = parts(literal) else { return .null }
        var result = days
        switch unit {
        case "year": while CivilDate(days: result - 1)?.year == date.year { result -= 1 }
        case "quarter":
            while let before = CivilDate(days: result - 1), before.year == date.year, (before.month - 1) / 3 == (date.month - 1) / 3 { result -= 1 }
        case "month": result -= Int64(date.day - 1)
        case "week": while weekday(result) != 1 { result -= 1 }
        default: break
        }
        if case .date = literal { return .date(days: result) }
        return .timestamp(microseconds: (result * 86_400 + (unit == "hour" ? seconds / 3_600 * 3_600 : 0)) * 1_000_000)
    }

    /// Monday 1 … Sunday 7, counted from a known Monday.
    private func weekday(_ days: Int64) -> Int64 {
        let sinceMonday = days - 4
        let rest = sinceMonday % 7
        return (rest < 0 ? rest + 7 : rest) + 1
    }

    private func extracted(_ unit: String, _ literal: Literal) -> Literal {
        guard let (date, days, seconds) = parts(literal) else { return .null }
        switch unit {
        case "year": return .int64(Int64(date.year))
        case "quarter": return .int64(Int64((date.month + 2) / 3))
        case "month": return .int64(Int64(date.month))
        case "day": return .int64(Int64(date.day))
        case "dow": return .int64(weekday(days) % 7)
        case "isodow": return .int64(weekday(days))
        case "doy": return .int64(days - (CivilDate(year: date.year, month: 1, day: 1)?.days ?? 0) + 1)
        case "week":
            // The week that holds the year's fourth of January is the first.
            var year = min(date.year + 1, 9_999)
            while true {
                guard let fourth = CivilDate(year: year, month: 1, day: 4)?.days else { return .null }
                let monday = fourth - weekday(fourth) + 1
                if days >= monday { return .int64((days - monday) / 7 + 1) }
                year -= 1
            }
        case "hour": return .int64(seconds / 3_600)
        case "minute": return .int64(seconds / 60 % 60)
        case "second": return .int64(seconds % 60)
        default: return .null
        }
    }
}
