// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ExpressionCompiler {
    /// A scalar function over compiled arguments.
    func call(
        _ function: ScalarFunction, _ arguments: [any VectorExpression], type: LogicalType
    ) throws(EngineError) -> any VectorExpression {
        guard let first = arguments.first else { throw EngineError(.malformedPlan, [function.rawValue]) }
        if arguments.contains(where: { $0.type == .null }), !function.takesNull {
            return try constant(.null, type: type)
        }
        switch function {
        case .coalesce: return try CoalesceExpression(try fit(arguments, to: type), type: type, arena: arena)
        case .greatest, .least:
            return try ExtremeExpression(isGreatest: function == .greatest, try fit(arguments, to: type), type: type, arena: arena)
        case .nullIf:
            guard arguments.count == 2 else { throw EngineError(.malformedPlan, [function.rawValue]) }
            let test = try comparison(.equal, first, arguments[1])
            return try fit(try NullIfExpression(first, equality: test, arena: arena), to: type)
        case .isDistinct:
            guard arguments.count == 2 else { throw EngineError(.malformedPlan, [function.rawValue]) }
            let test = try comparison(.equal, first, arguments[1])
            return try DistinctnessExpression(first, arguments[1], equality: test, arena: arena)
        case .absolute, .round, .truncate, .floor, .ceiling, .sign:
            return try numeric(function, first, digits: arguments.count > 1 ? arguments[1] : nil, type: type)
        case .power, .squareRoot, .exponential, .logarithm:
            guard arguments.count == (function == .power ? 2 : 1) else { throw EngineError(.malformedPlan, [function.rawValue]) }
            return try RealFunction(function, try fit(arguments, to: .double), arena: arena)
        case .addDays, .daysBetween, .addInterval, .makeDate:
            return try DateCallExpression(function, arguments, type: type, arena: arena)
        case .substring, .left, .right, .lower, .upper, .trimBoth, .trimLeft, .trimRight, .length, .concat, .concatenate, .position, .replace,
            .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            return try TextCallExpression(function, function == .concat ? try fit(arguments, to: .text) : arguments, type: type, arena: arena)
        case .dateTrunc, .extract:
            guard arguments.count == 2, let unit = (first as? ConstantExpression)?.literal, case .text(let name) = unit else {
                throw EngineError(.malformedPlan, [function.rawValue])
            }
            return try calendar(function, name, arguments[1])
        }
    }

    private func fit(_ arguments: [any VectorExpression], to type: LogicalType) throws(EngineError) -> [any VectorExpression] {
        var fitted: [any VectorExpression] = []
        for argument in arguments { fitted.append(try fit(argument, to: type)) }
        return fitted
    }

    private func numeric(
        _ function: ScalarFunction, _ operand: any VectorExpression, digits: (any VectorExpression)?, type: LogicalType
    ) throws(EngineError) -> any VectorExpression {
        if type == .double {
            guard digits == nil else { throw EngineError(.unsupported, [function.rawValue, type.name]) }
            return try RealFunction(function, [try fit(operand, to: .double)], arena: arena)
        }
        guard operand.type.isExactNumeric, type.isExactNumeric else { throw EngineError(.unsupported, [function.rawValue, type.name]) }
        return try ExactFunction(function, operand, digits: digits, type: type, arena: arena)
    }

    private func calendar(_ function: ScalarFunction, _ name: String, _ operand: any VectorExpression) throws(EngineError) -> any VectorExpression {
        guard operand.type == .date || operand.type == .timestamp, let field = CalendarField(rawValue: name.lowercased()),
            function == .extract || field.isTruncation, operand.type == .timestamp || !field.isOfClock
        else { throw EngineError(.unsupported, [function.rawValue, name]) }
        return try CalendarExpression(field, isTruncation: function == .dateTrunc, operand, arena: arena)
    }
}

extension ScalarFunction {
    /// Whether NULL arguments are not simply NULL results.
    var takesNull: Bool {
        switch self {
        case .coalesce, .nullIf, .greatest, .least, .isDistinct, .concat: true
        case .dateTrunc, .extract, .addDays, .daysBetween, .addInterval, .makeDate, .absolute, .round, .truncate, .floor, .ceiling, .sign, .power,
            .squareRoot, .exponential, .logarithm, .substring, .left, .right, .lower, .upper, .trimBoth, .trimLeft, .trimRight, .length,
            .concatenate, .position, .replace, .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
            false
        }
    }
}
