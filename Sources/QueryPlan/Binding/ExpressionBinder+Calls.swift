// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    func call(_ call: SQLFunctionCall, at span: SourceSpan) throws(BindError) -> BoundExpression {
        let name = call.name.text
        if call.window != nil { throw BindError(.unsupported, ["OVER"], at: span) }
        if !call.withinGroup.isEmpty { throw BindError(.unsupported, ["WITHIN GROUP"], at: span) }
        if AggregateFunction.named(name) { return try aggregate(call, at: span) }
        guard let function = ScalarFunction.named(name) else {
            throw BindError(
                .unknownFunction, [name, Suggestion.nearest(to: name, among: ScalarFunction.names)], at: call.name.span)
        }
        guard case .list(let written) = call.arguments, !call.isDistinct, call.filter == nil else {
            throw BindError(.wrongArguments, [name, function.usage], at: span)
        }
        var arguments: [BoundExpression] = []
        for argument in written { arguments.append(try expression(argument)) }
        let context = FunctionCall(function: function, name: name, arguments: arguments, span: span)
        switch function {
        case .dateTrunc: return try dateTrunc(context)
        case .extract: throw context.wrong
        case .substring: return try substring(context)
        case .coalesce: return try coalesce(context)
        case .nullIf: return try nullIf(context)
        case .absolute, .floor, .ceiling: return try rounding(context)
        case .round: return try round(context)
        case .lower, .upper:
            guard arguments.count == 1 else { throw context.wrong }
            let text = try self.text(arguments[0], for: name)
            return context.result([text], .text, isNullable: text.isNullable)
        }
    }

    /// A scalar call with its bound arguments.
    struct FunctionCall {
        let function: ScalarFunction
        let name: String
        let arguments: [BoundExpression]
        let span: SourceSpan

        var wrong: BindError { BindError(.wrongArguments, [name, function.usage], at: span) }

        func result(_ arguments: [BoundExpression], _ type: LogicalType, isNullable: Bool) -> BoundExpression {
            BoundExpression(kind: .function(function, arguments), type: type, isNullable: isNullable, span: span)
        }
    }

    private func dateTrunc(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 2, case .literal(.text(let written)) = call.arguments[0].kind else {
            throw call.wrong
        }
        let value = call.arguments[1]
        let field = try self.field(written, of: value, .dateTrunc, "date_trunc", at: call.arguments[0].span)
        return call.result(
            [.constant(.text(field), .text, call.arguments[0].span), value], value.type, isNullable: value.isNullable)
    }

    /// EXTRACT, which gives whole numbers.
    func extract(
        _ field: Identifier, _ value: BoundExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let name = try self.field(field.text, of: value, .extract, "EXTRACT", at: field.span)
        let kind = BoundExpression.Kind.function(.extract, [.constant(.text(name), .text, field.span), value])
        return BoundExpression(kind: kind, type: .int64, isNullable: value.isNullable, span: span)
    }

    private func field(
        _ written: String, of value: BoundExpression, _ function: ScalarFunction, _ name: String, at span: SourceSpan
    ) throws(BindError) -> String {
        let fields = function.fields(of: value.type)
        guard !fields.isEmpty else {
            throw BindError(.typeMismatch, [name, "date, timestamp", value.type.name], at: value.span)
        }
        let field = written.lowercased()
        guard fields.contains(field) else {
            throw BindError(.unknownField, [name, fields.joined(separator: ", ")], at: span)
        }
        return field
    }

    private func substring(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        let isLeft = call.name == "left"
        guard (isLeft ? 2...2 : 2...3).contains(call.arguments.count) else { throw call.wrong }
        let text = try self.text(call.arguments[0], for: call.name)
        var numbers: [BoundExpression] = []
        for argument in call.arguments.dropFirst() { numbers.append(try whole(argument, for: call.name)) }
        if isLeft {
            // A negative count would cut from the end, which the plan has no form for.
            guard case .literal(.int64(let count)) = numbers[0].kind, count >= 0 else { throw call.wrong }
            numbers.insert(.constant(.int64(1), .int64, call.span), at: 0)
        }
        if numbers.count == 1 { numbers.append(.constant(.int64(Int64(Int32.max)), .int64, call.span)) }
        // A negative count has no value.
        var isNullable = text.isNullable || numbers.contains(where: \.isNullable)
        if case .literal(.int64(let count)) = numbers[1].kind, count >= 0 {} else { isNullable = true }
        return call.result([text] + numbers, .text, isNullable: isNullable)
    }

    private func coalesce(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard !call.arguments.isEmpty else { throw call.wrong }
        let values = try unified(call.arguments, for: call.name, at: call.span)
        return call.result(values, values[0].type, isNullable: values.allSatisfy(\.isNullable))
    }

    private func nullIf(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 2 else { throw call.wrong }
        let (first, second) = try unifiedPair(call.arguments[0], call.arguments[1], for: call.name, at: call.span)
        return call.result([first, second], first.type, isNullable: true)
    }

    /// abs, floor and ceil of one number. floor and ceil of a decimal are decimals without a fraction.
    private func rounding(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 1 else { throw call.wrong }
        let value = try number(call.arguments[0], for: call.name)
        var type = value.type
        var canFail = value.type == .int64 && call.function == .absolute
        if call.function != .absolute, case .decimal(let precision, let scale) = value.type, scale > 0 {
            (type, canFail) = NumericTypes.decimal(whole: precision - scale + 1, scale: 0)
        }
        return call.result([value], type, isNullable: canFail || value.isNullable)
    }

    private func round(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard (1...2).contains(call.arguments.count) else { throw call.wrong }
        let value = try number(call.arguments[0], for: call.name)
        guard call.arguments.count == 2 else {
            var type = value.type
            var canFail = false
            if case .decimal(let precision, let scale) = value.type, scale > 0 {
                (type, canFail) = NumericTypes.decimal(whole: precision - scale + 1, scale: 0)
            }
            return call.result([value], type, isNullable: canFail || value.isNullable)
        }
        guard case .literal(.int64(let digits)) = call.arguments[1].kind, (0...38).contains(digits) else {
            throw call.wrong
        }
        guard value.type != .double else {
            throw BindError(.typeMismatch, ["round", "int64, decimal", "double"], at: value.span)
        }
        let exact = Coercion.converted(value, to: value.decimalType)
        let whole = exact.type.scale > Int(digits) ? 1 : 0
        guard let held = NumericTypes.digits(of: exact.type) else { throw call.wrong }
        let (type, canFail) = NumericTypes.decimal(whole: held.whole + whole, scale: Int(digits))
        return call.result([exact, call.arguments[1]], type, isNullable: canFail || exact.isNullable)
    }

    private func text(_ value: BoundExpression, for name: String) throws(BindError) -> BoundExpression {
        switch value.type {
        case .text: return value
        case .null, .entity: return Coercion.converted(value, to: .text)
        case .bool, .int64, .decimal, .double, .date, .timestamp:
            throw BindError(.typeMismatch, [name, "text", value.type.name], at: value.span)
        }
    }

    private func whole(_ value: BoundExpression, for name: String) throws(BindError) -> BoundExpression {
        if value.type == .null { return Coercion.converted(value, to: .int64) }
        guard value.type == .int64 else {
            throw BindError(.typeMismatch, [name, "int64", value.type.name], at: value.span)
        }
        return value
    }

    func number(_ value: BoundExpression, for name: String) throws(BindError) -> BoundExpression {
        guard value.type.isNumeric else {
            throw BindError(.typeMismatch, [name, "int64, decimal, double", value.type.name], at: value.span)
        }
        return value
    }
}
