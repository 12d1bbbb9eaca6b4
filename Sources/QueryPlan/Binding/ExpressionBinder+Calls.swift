// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    func call(_ call: SQLFunctionCall, at span: SourceSpan) throws(BindError) -> BoundExpression {
        let name = call.name.text
        if AggregateFunction.named(name) { return try aggregate(call, at: span) }
        guard name == "mod" || ScalarFunction.named(name) != nil else {
            throw BindError(
                .unknownFunction, [name, Suggestion.nearest(to: name, among: ScalarFunction.names)], at: call.name.span)
        }
        let usage = ScalarFunction.named(name)?.usage ?? "mod(a, b)"
        guard case .list(let written) = call.arguments, !call.isDistinct, call.filter == nil, call.withinGroup.isEmpty, call.window == nil
        else { throw BindError(.wrongArguments, [name, usage], at: span) }
        guard let function = ScalarFunction.named(name) else {
            guard written.count == 2 else { throw BindError(.wrongArguments, [name, usage], at: span) }
            return try binary(.modulo, written[0], written[1], at: span)
        }
        var arguments: [BoundExpression] = []
        for argument in written { arguments.append(try expression(argument)) }
        return try self.call(FunctionCall(function: function, name: name, arguments: arguments, span: span))
    }

    private func call(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        switch call.function {
        case .dateTrunc: try dateTrunc(call)
        case .extract: try datePart(call)
        case .makeDate: try makeDate(call)
        case .substring: try substring(call)
        case .left, .right: try end(call)
        case .coalesce, .greatest, .least: try choice(call)
        case .nullIf: try nullIf(call)
        case .absolute, .floor, .ceiling, .sign: try rounding(call)
        case .round, .truncate: try round(call)
        case .power, .squareRoot, .exponential, .logarithm: try real(call)
        case .lower, .upper, .length, .reverse: try textual(call, count: 1)
        case .startsWith: try textual(call, count: 2)
        case .replace: try textual(call, count: 3)
        case .position: try position(call)
        case .trimBoth, .trimLeft, .trimRight: try trim(call)
        case .padLeft, .padRight: try pad(call)
        case .concat: try concat(call)
        case .addDays, .daysBetween, .addInterval, .isDistinct, .concatenate, .like, .likeInsensitive: throw call.wrong
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

    // MARK: Choices

    /// Null only when every argument is.
    private func choice(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard !call.arguments.isEmpty else { throw call.wrong }
        let values = try unified(call.arguments, for: call.name, at: call.span)
        if call.function != .coalesce, case .entity = values[0].type {
            throw BindError(.typeMismatch, [call.name, "int64, decimal, double, date, timestamp, text, bool", values[0].type.name], at: call.span)
        }
        return call.result(values, values[0].type, isNullable: values.allSatisfy(\.isNullable))
    }

    private func nullIf(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 2 else { throw call.wrong }
        let (first, second) = try unifiedPair(call.arguments[0], call.arguments[1], for: call.name, at: call.span)
        return call.result([first, second], first.type, isNullable: true)
    }

    /// IS [NOT] DISTINCT FROM.
    func isDistinct(
        _ left: BoundExpression, _ right: BoundExpression, isNegated: Bool, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let (first, second) = try unifiedPair(left, right, for: "IS DISTINCT FROM", at: span)
        let test = BoundExpression(kind: .function(.isDistinct, [first, second]), type: .bool, isNullable: false, span: span)
        return isNegated ? .not(test, span) : test
    }

    // MARK: Numbers

    /// abs, floor, ceil and sign of one number. floor and ceil of a decimal are decimals without a fraction.
    private func rounding(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == 1 else { throw call.wrong }
        let value = try number(call.arguments[0], for: call.name)
        var type = value.type
        var canFail = value.type == .int64 && call.function == .absolute
        if case .decimal(let precision, let scale) = value.type {
            if call.function == .sign {
                type = .decimal(precision: 1, scale: 0)
            } else if call.function != .absolute, scale > 0 {
                (type, canFail) = NumericTypes.decimal(whole: precision - scale + 1, scale: 0)
            }
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
        guard case .literal(.int64(let digits)) = call.arguments[1].kind, (-38...38).contains(digits) else {
            throw call.wrong
        }
        guard value.type != .double else {
            throw BindError(.typeMismatch, [call.name, "int64, decimal", "double"], at: value.span)
        }
        let exact = Coercion.converted(value, to: value.decimalType)
        let whole = exact.type.scale > Int(digits) ? 1 : 0
        guard let held = NumericTypes.digits(of: exact.type) else { throw call.wrong }
        let (type, canFail) = NumericTypes.decimal(whole: held.whole + whole, scale: max(Int(digits), 0))
        return call.result([exact, call.arguments[1]], type, isNullable: canFail || exact.isNullable)
    }

    /// Functions of doubles; outside their domain NULL.
    private func real(_ call: FunctionCall) throws(BindError) -> BoundExpression {
        guard call.arguments.count == (call.function == .power ? 2 : 1) else { throw call.wrong }
        var values: [BoundExpression] = []
        for argument in call.arguments {
            let value = argument.type == .null ? argument : try number(argument, for: call.name)
            values.append(Coercion.converted(value, to: .double))
        }
        return call.result(values, .double, isNullable: true)
    }

    func number(_ value: BoundExpression, for name: String) throws(BindError) -> BoundExpression {
        guard value.type.isNumeric else {
            throw BindError(.typeMismatch, [name, "int64, decimal, double", value.type.name], at: value.span)
        }
        return value
    }

    func whole(_ value: BoundExpression, for name: String) throws(BindError) -> BoundExpression {
        if value.type == .null { return Coercion.converted(value, to: .int64) }
        guard value.type == .int64 else {
            throw BindError(.typeMismatch, [name, "int64", value.type.name], at: value.span)
        }
        return value
    }
}
