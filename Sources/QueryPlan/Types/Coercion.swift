// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Conversions between types.
package enum Coercion {
    /// Whether a cast may be written, and whether it can end in NULL for a value.
    /// Entity numbers may be cast to text here, so that the policy check, not a type error, says that they are never
    /// shown.
    static func cast(from source: LogicalType, to target: LogicalType) -> (isPossible: Bool, canFail: Bool) {
        if source == target { return (true, false) }
        switch (source, target) {
        case (.null, _): return (true, false)
        case (_, .null), (_, .entity): return (false, false)
        case (.entity, .text): return (true, false)
        case (.entity, _): return (false, false)
        case (_, .text): return (true, false)
        case (.text, _): return (true, true)
        case (.date, .timestamp), (.timestamp, .date): return (true, false)
        case (.bool, .int64), (.int64, .bool): return (true, false)
        case (.double, .int64), (.double, .decimal), (.decimal, .int64): return (true, true)
        case (.int64, .double), (.decimal, .double): return (true, false)
        case (.int64, .decimal), (.decimal, .decimal):
            guard let from = NumericTypes.digits(of: source), let to = NumericTypes.digits(of: target) else {
                return (false, false)
            }
            // Rounding to a shorter scale can carry into one more digit.
            return (true, to.whole < from.whole + (to.scale < from.scale ? 1 : 0))
        case (.bool, _), (_, .bool), (.date, _), (_, .date), (.timestamp, _), (_, .timestamp): return (false, false)
        case (.int64, .int64), (.double, .double): return (true, false)
        }
    }

    /// The expression in another type: a converted literal where that is exact or rounded as SQL says, else a cast.
    static func converted(_ expression: BoundExpression, to type: LogicalType) -> BoundExpression {
        if expression.type == type { return expression }
        if case .literal(let literal) = expression.kind, let value = Coercion.literal(literal, to: type) {
            return BoundExpression(
                kind: .literal(value), type: type, isNullable: expression.isNullable, span: expression.span)
        }
        let canFail = cast(from: expression.type, to: type).canFail
        return BoundExpression(
            kind: .cast(expression), type: type, isNullable: expression.isNullable || canFail, span: expression.span)
    }

    /// A constant in another type; nil where it has no such form, so that the fault stays in the plan as NULL.
    static func literal(_ literal: Literal, to type: LogicalType) -> Literal? {
        switch (literal, type) {
        case (.null, _): return .null
        case (_, .text): return text(literal)
        case (.text(let text), _): return parse(text, as: type)
        case (.int64(let value), .int64): return .int64(value)
        case (.int64(let value), .double): return .double(Double(value))
        case (.int64(let value), .decimal(let precision, let scale)):
            return decimal(Int128(value), from: 0, precision: precision, scale: scale)
        case (.decimal(let units, let from), .decimal(let precision, let scale)):
            return decimal(units, from: from, precision: precision, scale: scale)
        case (.decimal(let units, let scale), .int64):
            return ExactDecimal.rescale(units, from: scale, to: 0).flatMap { Int64(exactly: $0) }.map { .int64($0) }
        case (.decimal(let units, let scale), .double):
            return Double(ExactDecimal.text(units: units, scale: scale)).map { .double($0) }
        case (.date(let days), .date): return .date(days: days)
        case (.date(let days), .timestamp): return .timestamp(microseconds: days * CivilTimestamp.microsecondsPerDay)
        case (.timestamp(let microseconds), .timestamp): return .timestamp(microseconds: microseconds)
        case (.timestamp(let microseconds), .date): return .date(days: CivilTimestamp.split(microseconds).days)
        case (.bool(let value), .bool): return .bool(value)
        case (.bool(let value), .int64): return .int64(value ? 1 : 0)
        case (.int64(let value), .bool): return .bool(value != 0)
        case (.double(let value), .decimal(let precision, let scale)):
            return DoubleDigits.units(value, scale: scale).flatMap { decimal($0, from: scale, precision: precision, scale: scale) }
        case (.double(let value), .int64): return Int64(exactly: value.rounded(.toNearestOrEven)).map { .int64($0) }
        case (.double(let value), .double): return .double(value)
        case (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _): return nil
        }
    }

    private static func decimal(_ units: Int128, from: Int, precision: Int, scale: Int) -> Literal? {
        guard let moved = ExactDecimal.rescale(units, from: from, to: scale),
            ExactDecimal.digits(of: moved) <= precision
        else { return nil }
        return .decimal(units: moved, scale: scale)
    }

    /// The constant that a text spells in a type.
    static func parse(_ text: String, as type: LogicalType) -> Literal? {
        Array(text.utf8).withUnsafeBytes { bytes in
            switch type {
            case .text: .text(text)
            case .int64: TextParsing.int64(bytes).map { .int64($0) }
            case .decimal(let precision, let scale):
                TextParsing.decimal(bytes).flatMap { decimal($0.units, from: $0.scale, precision: precision, scale: scale) }
            case .double: TextParsing.double(bytes).map { .double($0) }
            case .date: TextParsing.date(bytes).map { .date(days: $0) }
            case .timestamp: TextParsing.timestamp(bytes).map { .timestamp(microseconds: $0) }
            case .bool: TextParsing.bool(bytes).map { .bool($0) }
            case .entity, .null: nil
            }
        }
    }

    /// The text of a constant; nil where it has none.
    private static func text(_ literal: Literal) -> Literal? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: ValueText.bytesMaximum) { room in
            guard let base = room.baseAddress else { return nil }
            var out = TextScratch(base, capacity: ValueText.bytesMaximum)
            switch literal {
            case .bool(let value): ValueText.write(value, to: &out)
            case .int64(let value): ValueText.write(Int128(value), scale: 0, to: &out)
            case .decimal(let units, let scale): ValueText.write(units, scale: scale, to: &out)
            case .double(let value): ValueText.write(value, to: &out)
            case .date(let days):
                guard ValueText.write(date: days, to: &out) else { return nil }
            case .timestamp(let microseconds):
                guard ValueText.write(timestamp: microseconds, to: &out) else { return nil }
            case .text, .null: return literal
            }
            return .text(String(decoding: out.text, as: UTF8.self))
        }
    }
}
