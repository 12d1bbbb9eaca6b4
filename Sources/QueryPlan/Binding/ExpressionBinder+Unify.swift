// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    /// The expressions in their one common type. String constants are read as that type, as in PostgreSQL.
    func unified(
        _ expressions: [BoundExpression], for name: String, at span: SourceSpan
    ) throws(BindError) -> [BoundExpression] {
        let hasDecimal = expressions.contains { if case .decimal = $0.type { true } else { false } }
        let typed = expressions.filter { !$0.isStringLiteral && $0.type != .null }
        var common: LogicalType = .null
        for expression in typed {
            let type = hasDecimal ? expression.decimalType : expression.type
            guard let next = NumericTypes.common(common, type) else {
                throw BindError(.typeMismatch, [name, common.name, expression.type.name], at: expression.span)
            }
            common = next
        }
        if common == .null { common = .text }
        if case .entity = common, expressions.contains(where: \.isStringLiteral) { common = .text }
        var result: [BoundExpression] = []
        for expression in expressions { result.append(try converted(expression, to: common)) }
        return result
    }

    private func converted(_ expression: BoundExpression, to type: LogicalType) throws(BindError) -> BoundExpression {
        guard expression.isStringLiteral, type != .text else { return Coercion.converted(expression, to: type) }
        let result = Coercion.converted(expression, to: type)
        guard case .literal = result.kind else { throw BindError(.invalidLiteral, [type.name], at: expression.span) }
        return result
    }

    /// Two sides for an operator. A string constant beside a decimal keeps the digits it spells.
    func unifiedPair(
        _ left: BoundExpression, _ right: BoundExpression, for name: String, at span: SourceSpan
    ) throws(BindError) -> (BoundExpression, BoundExpression) {
        let pair = try unified(
            [try number(left, beside: right), try number(right, beside: left)], for: name, at: span)
        return (pair[0], pair[1])
    }

    /// A string constant as a decimal when the other side is one.
    func number(_ expression: BoundExpression, beside other: BoundExpression) throws(BindError) -> BoundExpression {
        guard expression.isStringLiteral, case .decimal = other.type, case .literal(.text(let text)) = expression.kind
        else { return expression }
        guard let (units, scale) = ExactDecimal.parse(text) else {
            throw BindError(.invalidLiteral, [other.type.name], at: expression.span)
        }
        let literal = Literal.decimal(units: units, scale: scale)
        return .constant(literal, literal.type, expression.span)
    }
}

extension BoundExpression {
    /// The type that the expression brings into decimal arithmetic: whole constants bring only their digits.
    var decimalType: LogicalType {
        if case .literal(.int64(let value)) = kind {
            return .decimal(precision: ExactDecimal.digits(of: Int128(value)), scale: 0)
        }
        if type == .int64 { return .decimal(precision: NumericTypes.int64Digits, scale: 0) }
        return type
    }
}
