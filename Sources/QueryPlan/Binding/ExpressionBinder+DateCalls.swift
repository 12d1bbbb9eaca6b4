// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    func dateTrunc(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        let (field, value) = try field(call)
        return call.result([.constant(.text(field.rawValue), .text, call.arguments[0].span), value], value.type, isNullable: value.isNullable)
    }

    /// date_part: EXTRACT as a double.
    func datePart(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        let (field, value) = try field(call)
        let part = extract(field, value, fieldSpan: call.arguments[0].span, at: call.span)
        return Coercion.converted(part, to: .double)
    }

    private func field(_ call: FunctionCall) throws(BindError) -> (CalendarField, BoundExpression) {
        guard call.arguments.count == 2, case .literal(.text(let written)) = call.arguments[0].kind else { throw call.wrong }
        let value = call.arguments[1]
        return (try field(written, of: value, call.function, call.name, at: call.arguments[0].span), value)
    }

    /// EXTRACT, which gives exact numbers.
    func extract(
        _ field: Identifier, _ value: BoundExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        extract(try self.field(field.text, of: value, .extract, "EXTRACT", at: field.span), value, fieldSpan: field.span, at: span)
    }

    private func extract(_ field: CalendarField, _ value: BoundExpression, fieldSpan: SourceSpan, at span: SourceSpan) -> BoundExpression {
        let kind = BoundExpression.Kind.function(.extract, [.constant(.text(field.rawValue), .text, fieldSpan), value])
        return BoundExpression(kind: kind, type: field.type(of: value.type), isNullable: value.isNullable, span: span)
    }

    private func field(
        _ written: String, of value: BoundExpression, _ function: ScalarFunction, _ name: String, at span: SourceSpan
    ) throws(BindError) -> CalendarField {
        let fields = function.fields(of: value.type)
        guard !fields.isEmpty else {
            throw BindError(.typeMismatch, [name, "date, timestamp", value.type.name], at: value.span)
        }
        guard let field = CalendarField(rawValue: written.lowercased()), fields.contains(field.rawValue) else {
            throw BindError(.unknownField, [name, fields.joined(separator: ", ")], at: span)
        }
        return field
    }

    func makeDate(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 3 else { throw call.wrong }
        var numbers: [BoundExpression] = []
        for argument in call.arguments { numbers.append(try whole(argument, for: call.name)) }
        return call.result(numbers, .date, isNullable: true)
    }

    /// `+` and `-` with an INTERVAL literal on one side; nil when there is none. The result is a timestamp, also of a date.
    func shifted(
        _ symbol: SQLBinaryOperator, _ left: SQLExpression, _ right: SQLExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression? {
        let isSubtraction = symbol == .subtract
        guard isSubtraction || symbol == .add else { return nil }
        var operand = left
        var found = try self.interval(right)
        if found == nil, !isSubtraction {
            found = try self.interval(left)
            operand = right
        }
        guard var interval = found else { return nil }
        if isSubtraction {
            guard let negated = interval.negated else { throw BindError(.invalidLiteral, ["interval"], at: right.span) }
            interval = negated
        }
        let value = try expression(operand)
        switch value.type {
        case .date, .timestamp: break
        case .null: return Coercion.converted(value, to: .timestamp)
        case .bool, .int64, .decimal, .double, .text, .entity:
            throw BindError(.typeMismatch, [symbol.rawValue + " INTERVAL", "date, timestamp", value.type.name], at: value.span)
        }
        let parts = [interval.months, interval.days, interval.microseconds].map { BoundExpression.constant(.int64($0), .int64, span) }
        let result = BoundExpression(kind: .function(.addInterval, [value] + parts), type: .timestamp, isNullable: true, span: span)
        return result.folded
    }

    /// The literal with its sign, nil for every other expression.
    private func interval(_ expression: SQLExpression) throws(BindError) -> CalendarInterval? {
        switch expression.kind {
        case .literal(.interval(let text)):
            guard let interval = CalendarInterval(text) else { throw BindError(.invalidLiteral, ["interval"], at: expression.span) }
            return interval
        case .unary(.minus, let operand): return try interval(operand)?.negated
        default: return nil
        }
    }

    /// date ± days and date - date; everything else of dates is refused.
    func dateArithmetic(
        _ symbol: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        func made(_ function: ScalarFunction, _ arguments: [BoundExpression], _ type: LogicalType) -> BoundExpression {
            let isNullable = function == .addDays || arguments.contains(where: \.isNullable)
            return BoundExpression(kind: .function(function, arguments), type: type, isNullable: isNullable, span: span).folded
        }
        func isDays(_ side: BoundExpression) -> Bool { side.type == .int64 || side.type == .null }
        func days(_ side: BoundExpression) -> BoundExpression { Coercion.converted(side, to: .int64) }
        switch symbol {
        case .add:
            if left.type == .date, isDays(right) { return made(.addDays, [left, days(right)], .date) }
            if right.type == .date, isDays(left) { return made(.addDays, [right, days(left)], .date) }
        case .subtract:
            if left.type == .date, isDays(right) { return made(.addDays, [left, try negated(days(right), at: right.span)], .date) }
            if left.type == .date || right.type == .date {
                let (first, second) = try unifiedPair(left, right, for: symbol.rawValue, at: span)
                if first.type == .date { return made(.daysBetween, [first, second], .int64) }
            }
            if left.type == .timestamp || right.type == .timestamp { throw BindError(.unsupported, ["timestamp -"], at: span) }
        case .multiply, .divide, .modulo: break
        }
        let wrong = left.type == .date || left.type == .timestamp ? right : left
        throw BindError(.typeMismatch, [symbol.rawValue, "date and int64, date - date, INTERVAL", wrong.type.name], at: wrong.span)
    }
}
