// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import QueryPlan
internal import Tabular

/// Scalar functions in the most literal way, on arrays of code points and single steps of the calendar.
extension NaiveExpressions {
    func call(_ function: ScalarFunction, _ arguments: [Literal], _ type: LogicalType) -> Literal {
        switch function {
        case .coalesce: return arguments.first { $0 != .null } ?? .null
        case .nullIf:
            if arguments[0] != .null, arguments[1] != .null, Self.order(arguments[0], arguments[1]) == 0 { return .null }
            return arguments[0]
        case .greatest, .least:
            let ordered = arguments.filter { $0 != .null }.enumerated().sorted { (Self.order($0.element, $1.element), $0.offset) < (0, $1.offset) }
            return (function == .greatest ? ordered.last { Self.order($0.element, ordered.last!.element) == 0 } : ordered.first)?.element ?? .null
        case .isDistinct:
            if arguments.contains(.null) { return .bool(arguments[0] != arguments[1]) }
            return .bool(Self.order(arguments[0], arguments[1]) != 0)
        case .concat: return .text(arguments.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined())
        default: break
        }
        if arguments.contains(.null) { return .null }
        switch arguments[0] {
        case .text(let text):
            if function == .dateTrunc { return truncated(text, arguments[1]) }
            if function == .extract { return extracted(text, arguments[1], type) }
            return textual(function, Array(text.unicodeScalars), arguments)
        case .date, .timestamp: return shifted(function, arguments)
        case .double(let value): return real(function, value, arguments)
        case .int64 where function == .makeDate:
            let numbers = arguments.compactMap { if case .int64(let number) = $0 { Int(number) } else { nil } }
            return CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]).map { .date(days: $0.days) } ?? .null
        case .int64, .decimal, .bool, .null: return exactFunction(function, arguments, type)
        }
    }

    // MARK: Numbers

    private func real(_ function: ScalarFunction, _ value: Double, _ arguments: [Literal]) -> Literal {
        let result: Double
        switch function {
        case .absolute: result = value < 0 ? -value : value
        case .floor: result = value.rounded(.down)
        case .ceiling: result = value.rounded(.up)
        case .round: result = value.rounded(.toNearestOrEven)
        case .truncate: result = value < 0 ? value.rounded(.up) : value.rounded(.down)
        case .sign: result = value == 0 ? 0 : (value > 0 ? 1 : -1)
        case .squareRoot: result = value < 0 ? .nan : value.squareRoot()
        case .exponential: result = exp(value)
        case .logarithm: result = value <= 0 ? .nan : log(value)
        case .power:
            guard case .double(let power) = arguments[1] else { return .null }
            result = pow(value, power)
        default: return .null
        }
        return result.isFinite ? .double(result) : .null
    }

    private func exactFunction(_ function: ScalarFunction, _ arguments: [Literal], _ type: LogicalType) -> Literal {
        guard let (units, scale) = Self.exact(arguments[0]) else { return .null }
        let unit = Self.power(scale)
        var digits = 0
        if arguments.count > 1, case .int64(let value) = arguments[1] { digits = Int(value) }
        let step = digits >= scale ? 1 : Self.power(min(scale - digits, 38))
        switch function {
        case .absolute: return Self.fitted(abs(units), scale, type)
        case .sign: return Self.fitted(units == 0 ? 0 : (units > 0 ? 1 : -1), 0, type)
        case .floor: return Self.fitted(units >= 0 ? units / unit : -((-units + unit - 1) / unit), 0, type)
        case .ceiling: return Self.fitted(units <= 0 ? units / unit : (units + unit - 1) / unit, 0, type)
        case .truncate: return Self.fitted(units / step * step, scale, type)
        case .round: return Self.fitted(digits >= scale ? units : Self.rounded(units, step) * step, scale, type)
        default: return .null
        }
    }

    // MARK: Texts

    private typealias Points = [Unicode.Scalar]

    private func text(_ points: some Sequence<Unicode.Scalar>) -> Literal {
        var view = String.UnicodeScalarView()
        for point in points { view.append(point) }
        return .text(String(view))
    }

    private func textual(_ function: ScalarFunction, _ points: Points, _ arguments: [Literal]) -> Literal {
        func other(_ position: Int) -> Points { if case .text(let text) = arguments[position] { Array(text.unicodeScalars) } else { [] } }
        func number(_ position: Int) -> Int { if case .int64(let value) = arguments[position] { Int(value) } else { 0 } }
        switch function {
        case .lower: return text(points.map { Self.changed($0, $0.properties.lowercaseMapping) })
        case .upper: return text(points.map { Self.changed($0, $0.properties.uppercaseMapping) })
        case .length: return .int64(Int64(points.count))
        case .reverse: return text(points.reversed())
        case .concatenate: return text(points + other(1))
        case .startsWith: return .bool(points.starts(with: other(1)))
        case .position:
            let part = other(1)
            return .int64(Int64((0...points.count).first { points.dropFirst($0).starts(with: part) }.map { $0 + 1 } ?? 0))
        case .left: return text(number(1) >= 0 ? points.prefix(number(1)) : points.dropLast(clamped(number(1))))
        case .right: return text(number(1) >= 0 ? points.suffix(number(1)) : points.dropFirst(clamped(number(1))))
        case .trimBoth, .trimLeft, .trimRight:
            let set = Set(other(1))
            var kept = points[...]
            if function != .trimRight { kept = kept.drop(while: set.contains) }
            while function != .trimLeft, let last = kept.last, set.contains(last) { kept.removeLast() }
            return text(kept)
        case .substring: return substring(points, from: number(1), count: arguments.count > 2 ? number(2) : nil)
        case .replace: return replaced(points, other(1), other(2))
        case .padLeft, .padRight:
            let length = max(number(1), 0)
            let kept = points.prefix(length), fill = other(2)
            guard fill.isEmpty || length <= 1_000_000 else { return .null }
            let missing = fill.isEmpty ? [] : (0..<(length - kept.count)).map { fill[$0 % fill.count] }
            return text(function == .padLeft ? missing + Points(kept) : Points(kept) + missing)
        case .like, .likeInsensitive: return like(points, other(1), other(2).first, ignoresCase: function == .likeInsensitive)
        default: return .null
        }
    }

    private func clamped(_ count: Int) -> Int { count == .min ? .max : -count }

    private static func changed(_ scalar: Unicode.Scalar, _ mapping: String) -> Unicode.Scalar {
        mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first! : scalar
    }

    private func substring(_ points: Points, from: Int, count: Int?) -> Literal {
        if let count, count < 0 { return .null }
        let kept = points.enumerated().filter { position, _ in
            guard position + 1 >= from else { return false }
            guard let count else { return true }
            let (end, overflow) = from.addingReportingOverflow(count)
            return overflow || position + 1 < end
        }
        return text(kept.map(\.element))
    }

    private func replaced(_ points: Points, _ from: Points, _ to: Points) -> Literal {
        var result: Points = []
        var rest = points[...]
        while let first = rest.first {
            if !from.isEmpty, rest.starts(with: from) {
                result += to
                rest = rest.dropFirst(from.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return text(result)
    }

    private enum Mark { case any, one, point(Unicode.Scalar) }

    private func like(_ points: Points, _ pattern: Points, _ escape: Unicode.Scalar?, ignoresCase: Bool) -> Literal {
        func fold(_ point: Unicode.Scalar) -> Unicode.Scalar { ignoresCase ? Self.changed(point, point.properties.lowercaseMapping) : point }
        var marks: [Mark] = []
        var rest = pattern[...]
        while let point = rest.popFirst() {
            if point == escape {
                guard let next = rest.popFirst() else { return .null }
                marks.append(.point(fold(next)))
            } else {
                marks.append(point == "%" ? .any : (point == "_" ? .one : .point(fold(point))))
            }
        }
        // Which beginnings of the text the marks so far match.
        var reached = [true] + points.map { _ in false }
        for mark in marks {
            var next = reached.map { _ in false }
            for (position, isReached) in reached.enumerated() where isReached {
                switch mark {
                case .any: for end in position...points.count { next[end] = true }
                case .one: if position < points.count { next[position + 1] = true }
                case .point(let point): if position < points.count, fold(points[position]) == point { next[position + 1] = true }
                }
            }
            reached = next
        }
        return .bool(reached[points.count])
    }

    // MARK: Dates

    private func shifted(_ function: ScalarFunction, _ arguments: [Literal]) -> Literal {
        let numbers = arguments.dropFirst().compactMap { if case .int64(let number) = $0 { number } else { nil } }
        switch (function, arguments[0]) {
        case (.addDays, .date(let days)):
            let (sum, overflow) = days.addingReportingOverflow(numbers[0])
            return overflow || CivilDate(days: sum) == nil ? .null : .date(days: sum)
        case (.daysBetween, .date(let days)):
            guard case .date(let other) = arguments[1] else { return .null }
            return .int64(days - other)
        case (.addInterval, let moment):
            guard case .timestamp(var microseconds) = Self.cast(moment, to: .timestamp) else { return .null }
            guard var (date, _, _) = parts(.timestamp(microseconds: microseconds)) else { return .null }
            let clock = microseconds - date.days * 86_400_000_000
            var (year, month) = (date.year, date.month)
            for _ in 0..<abs(numbers[0]) {
                month += numbers[0] > 0 ? 1 : -1
                if month == 13 { (year, month) = (year + 1, 1) }
                if month == 0 { (year, month) = (year - 1, 12) }
            }
            var day = date.day
            while CivilDate(year: year, month: month, day: day) == nil, day > 28 { day -= 1 }
            guard let moved = CivilDate(year: year, month: month, day: day), let later = CivilDate(days: moved.days + numbers[1]) else { return .null }
            date = later
            microseconds = date.days * 86_400_000_000 + clock + numbers[2]
            return parts(.timestamp(microseconds: microseconds)) == nil ? .null : .timestamp(microseconds: microseconds)
        default: return .null
        }
    }

    /// The date, its day number and the microseconds of the day.
    private func parts(_ literal: Literal) -> (CivilDate, Int64, Int64)? {
        switch literal {
        case .date(let days): return CivilDate(days: days).map { ($0, days, 0) }
        case .timestamp(let value):
            var (days, rest) = (value / 86_400_000_000, value % 86_400_000_000)
            if rest < 0 { (days, rest) = (days - 1, rest + 86_400_000_000) }
            return CivilDate(days: days).map { ($0, days, rest) }
        default: return nil
        }
    }

    private static let clock: [String: Int64] = [
        "hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000, "milliseconds": 1_000, "microseconds": 1,
    ]

    private func truncated(_ unit: String, _ literal: Literal) -> Literal {
        guard let (date, days, clock) = parts(literal) else { return .null }
        var result = days
        var rest: Int64 = 0
        func back(while isInside: (CivilDate) -> Bool) -> Bool {
            while let before = CivilDate(days: result - 1), isInside(before) { result -= 1 }
            return true
        }
        switch unit {
        case "millennium": guard back(while: { ($0.year - 1) / 1_000 == (date.year - 1) / 1_000 }) else { return .null }
        case "century": guard back(while: { ($0.year - 1) / 100 == (date.year - 1) / 100 }) else { return .null }
        case "decade": guard date.year >= 10, back(while: { $0.year / 10 == date.year / 10 }) else { return .null }
        case "year": _ = back { $0.year == date.year }
        case "quarter": _ = back { $0.year == date.year && ($0.month - 1) / 3 == (date.month - 1) / 3 }
        case "month": result -= Int64(date.day - 1)
        case "week": while weekday(result) != 1 { result -= 1 }
        default: rest = Self.clock[unit].map { clock / $0 * $0 } ?? 0
        }
        if case .date = literal { return .date(days: result) }
        return .timestamp(microseconds: result * 86_400_000_000 + rest)
    }

    /// Monday 1 … Sunday 7, counted from a known Monday.
    private func weekday(_ days: Int64) -> Int64 {
        let sinceMonday = days - 4
        let rest = sinceMonday % 7
        return (rest < 0 ? rest + 7 : rest) + 1
    }

    private func extracted(_ unit: String, _ literal: Literal, _ type: LogicalType) -> Literal {
        guard let (date, days, clock) = parts(literal) else { return .null }
        let number: Int64
        switch unit {
        case "millennium": number = Int64((date.year - 1) / 1_000 + 1)
        case "century": number = Int64((date.year - 1) / 100 + 1)
        case "decade": number = Int64(date.year / 10)
        case "year": number = Int64(date.year)
        case "quarter": number = Int64((date.month + 2) / 3)
        case "month": number = Int64(date.month)
        case "day": number = Int64(date.day)
        case "dow": number = weekday(days) % 7
        case "isodow": number = weekday(days)
        case "doy": number = days - (CivilDate(year: date.year, month: 1, day: 1)?.days ?? 0) + 1
        case "week", "isoyear":
            // The week that holds the year's fourth of January is the first.
            var year = min(date.year + 1, 9_999)
            while true {
                guard let fourth = CivilDate(year: year, month: 1, day: 4)?.days else { return .null }
                let monday = fourth - weekday(fourth) + 1
                if days >= monday { return .int64(unit == "week" ? (days - monday) / 7 + 1 : Int64(year)) }
                year -= 1
            }
        case "hour": number = clock / 3_600_000_000
        case "minute": number = clock / 60_000_000 % 60
        case "second", "milliseconds", "microseconds": number = clock % 60_000_000
        case "epoch": number = type == .int64 ? days * 86_400 : days * 86_400_000_000 + clock
        default: return .null
        }
        return type == .int64 ? .int64(number) : .decimal(units: Int128(number), scale: type.scale)
    }
}
