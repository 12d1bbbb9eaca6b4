// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Functions of constants.
enum ConstantFunction {
    /// Longest text that is made while folding; a longer one is left for execution.
    private static let textBytesMaximum = 4_096

    /// Nil when an argument is no constant, or when the value would be NULL by a fault, which is left for execution.
    static func value(_ function: ScalarFunction, _ arguments: [BoundExpression], _ type: LogicalType) -> Literal? {
        var literals: [Literal] = []
        for argument in arguments {
            guard case .literal(let literal) = argument.kind else { return nil }
            literals.append(literal)
        }
        switch function {
        case .coalesce: return literals.first { $0 != .null } ?? .null
        case .greatest: return extreme(literals, .greater)
        case .least: return extreme(literals, .less)
        case .nullIf:
            guard let equality = ConstantArithmetic.comparison(.equal, literals[0], literals[1]) else { return nil }
            return equality == .bool(true) ? .null : literals[0]
        case .isDistinct:
            if literals.contains(.null) { return .bool(literals[0] != literals[1]) }
            return ConstantArithmetic.comparison(.notEqual, literals[0], literals[1])
        case .concat: return text(function, literals)
        case .substring, .left, .right, .lower, .upper, .trimBoth, .trimLeft, .trimRight, .length, .concatenate, .position, .replace,
            .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            return literals.contains(.null) ? .null : text(function, literals)
        case .dateTrunc, .extract, .addDays, .daysBetween, .addInterval, .makeDate:
            return literals.contains(.null) ? .null : date(function, literals, type)
        case .absolute, .round, .truncate, .floor, .ceiling, .sign:
            return literals.contains(.null) ? .null : number(function, literals, type)
        case .power, .squareRoot, .exponential, .logarithm: return literals.contains(.null) ? .null : real(function, literals)
        }
    }

    private static func extreme(_ literals: [Literal], _ symbol: ComparisonOperator) -> Literal? {
        var best = Literal.null
        for literal in literals where literal != .null {
            guard best != .null else {
                best = literal
                continue
            }
            guard let isBetter = ConstantArithmetic.comparison(symbol, literal, best) else { return nil }
            if isBetter == .bool(true) { best = literal }
        }
        return best
    }

    // MARK: Texts

    private static func text(_ function: ScalarFunction, _ literals: [Literal]) -> Literal? {
        guard let call = TextCall(function) else { return nil }
        var bytes: [UInt8] = []
        var places: [Range<Int>] = []
        for literal in literals {
            let start = bytes.count
            if case .text(let text) = literal { bytes += Array(text.utf8) }
            places.append(start..<bytes.count)
        }
        return bytes.withUnsafeBytes { content in
            let arguments = zip(literals, places).map { literal, place in
                if case .int64(let number) = literal { return TextArgument(number: number) }
                return TextArgument(text: UnsafeRawBufferPointer(rebasing: content[place]), isNull: literal == .null)
            }
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: textBytesMaximum) { room in
                guard let base = room.baseAddress else { return nil }
                var scratch = TextScratch(base, capacity: textBytesMaximum)
                switch call.apply(arguments, &scratch) {
                case .null, .needsRoom: return nil
                case .text(let text): return .text(String(decoding: text, as: UTF8.self))
                case .number(let number): return function == .length || function == .position ? .int64(number) : .bool(number != 0)
                }
            }
        }
    }

    // MARK: Dates

    private static func date(_ function: ScalarFunction, _ literals: [Literal], _ type: LogicalType) -> Literal? {
        switch (function, literals[0], literals[1]) {
        case (.addDays, .date(let days), .int64(let more)):
            let (sum, overflow) = days.addingReportingOverflow(more)
            return overflow || CivilDate(days: sum) == nil ? nil : .date(days: sum)
        case (.daysBetween, .date(let days), .date(let other)): return .int64(days - other)
        case (.makeDate, .int64(let year), .int64(let month)):
            guard case .int64(let day) = literals[2] else { return nil }
            return CivilDate(year: Int(year), month: Int(month), day: Int(day)).map { .date(days: $0.days) }
        case (.addInterval, .date(let days), _): return shifted(days * CivilTimestamp.microsecondsPerDay, literals)
        case (.addInterval, .timestamp(let microseconds), _): return shifted(microseconds, literals)
        case (.dateTrunc, .text(let name), .date(let days)):
            return CalendarField(rawValue: name)?.truncated(day: days).map { .date(days: $0) }
        case (.dateTrunc, .text(let name), .timestamp(let microseconds)):
            return CalendarField(rawValue: name)?.truncated(timestamp: microseconds).map { .timestamp(microseconds: $0) }
        case (.extract, .text(let name), .date(let days)):
            return CalendarField(rawValue: name)?.number(day: days).map { .int64($0) }
        case (.extract, .text(let name), .timestamp(let microseconds)):
            guard let number = CalendarField(rawValue: name)?.number(timestamp: microseconds) else { return nil }
            if case .decimal(_, let scale) = type { return .decimal(units: Int128(number), scale: scale) }
            return .int64(number)
        default: return nil
        }
    }

    private static func shifted(_ microseconds: Int64, _ literals: [Literal]) -> Literal? {
        guard literals.count == 4, case .int64(let months) = literals[1], case .int64(let days) = literals[2],
            case .int64(let rest) = literals[3]
        else { return nil }
        return CalendarInterval.added(months, days, rest, to: microseconds).map { .timestamp(microseconds: $0) }
    }

    // MARK: Numbers

    private static func number(_ function: ScalarFunction, _ literals: [Literal], _ type: LogicalType) -> Literal? {
        let units: Int128, scale: Int
        switch literals[0] {
        case .double(let value): return real(function, value)
        case .int64(let value): (units, scale) = (Int128(value), 0)
        case .decimal(let value, let places): (units, scale) = (value, places)
        case .null, .bool, .date, .timestamp, .text: return nil
        }
        var digits = 0
        if literals.count > 1, case .int64(let places) = literals[1] { digits = Int(clamping: places) }
        guard let unit = ExactDecimal.power(scale), let step = ExactDecimal.power(max(scale - digits, 0)) else { return nil }
        let result: Int128?
        switch function {
        case .absolute: result = Int128(exactly: units.magnitude)
        case .sign: result = units.signum() * unit
        case .floor: result = (units / unit - (units % unit < 0 ? 1 : 0)) * unit
        case .ceiling: result = (units / unit + (units % unit > 0 ? 1 : 0)) * unit
        case .truncate: result = units - units % step
        case .round:
            let (product, overflow) = ExactDecimal.divideRounded(units, by: step).multipliedReportingOverflow(by: step)
            result = overflow ? nil : product
        default: result = nil
        }
        guard let result, let moved = ExactDecimal.rescale(result, from: scale, to: type.scale) else { return nil }
        if case .decimal(let precision, let places) = type {
            return ExactDecimal.digits(of: moved) <= precision ? .decimal(units: moved, scale: places) : nil
        }
        return Int64(exactly: moved).map { .int64($0) }
    }

    private static func real(_ function: ScalarFunction, _ value: Double) -> Literal? {
        switch function {
        case .absolute: .double(abs(value))
        case .floor: .double(value.rounded(.down))
        case .ceiling: .double(value.rounded(.up))
        case .round: .double(value.rounded(.toNearestOrEven))
        case .truncate: .double(value.rounded(.towardZero))
        case .sign: .double(value > 0 ? 1 : (value < 0 ? -1 : 0))
        default: nil
        }
    }

    private static func real(_ function: ScalarFunction, _ literals: [Literal]) -> Literal? {
        guard case .double(let value) = literals[0] else { return nil }
        let result: Double
        switch function {
        case .squareRoot: result = value.squareRoot()
        case .exponential: result = exp(value)
        case .logarithm: result = log(value)
        case .power:
            guard case .double(let power) = literals[1] else { return nil }
            result = pow(value, power)
        default: return nil
        }
        return result.isFinite ? .double(result) : nil
    }
}
