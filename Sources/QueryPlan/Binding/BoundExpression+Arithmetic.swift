// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension BoundExpression {
    /// Arithmetic of two numbers, typed as SQL types it. Of doubles there is no remainder.
    package static func number(
        _ symbol: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, _ span: SourceSpan
    ) -> BoundExpression {
        if left.type == .double || right.type == .double {
            let kind = Kind.arithmetic(symbol, Coercion.converted(left, to: .double), Coercion.converted(right, to: .double))
            return BoundExpression(kind: kind, type: .double, isNullable: true, span: span)
        }
        if left.type == .int64 && right.type == .int64 {
            return BoundExpression(kind: .arithmetic(symbol, left, right), type: .int64, isNullable: true, span: span)
        }
        return decimal(symbol, left, right, span)
    }

    private static func decimal(
        _ symbol: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, _ span: SourceSpan
    ) -> BoundExpression {
        var first = Coercion.converted(left, to: left.decimalType)
        var second = Coercion.converted(right, to: right.decimalType)
        guard let one = NumericTypes.digits(of: first.type), let other = NumericTypes.digits(of: second.type) else {
            preconditionFailure("operands are exact numbers")
        }
        let (type, isCapped) = NumericTypes.result(symbol, one, other)
        var canFail = isCapped
        switch symbol {
        case .add, .subtract, .modulo:
            let scale = max(one.scale, other.scale)
            first = Coercion.converted(first, to: NumericTypes.decimal(whole: one.whole, scale: scale).type)
            second = Coercion.converted(second, to: NumericTypes.decimal(whole: other.whole, scale: scale).type)
            canFail = canFail || symbol == .modulo
        case .multiply: break
        case .divide: canFail = true
        }
        if symbol == .divide || symbol == .modulo, case .literal(.decimal(let units, _)) = second.kind, units != 0 {
            canFail = isCapped
        }
        return BoundExpression(
            kind: .arithmetic(symbol, first, second), type: type,
            isNullable: canFail || first.isNullable || second.isNullable, span: span)
    }
}

extension AggregateCall {
    /// AVG of a number; nil of anything else.
    package static func average(of argument: BoundExpression, _ span: SourceSpan) -> AggregateCall? {
        NumericTypes.average(of: argument.type).map { AggregateCall(function: .average, argument: argument, type: $0, span: span) }
    }
}
