// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension BoundExpression {
    /// A constant.
    static func constant(_ literal: Literal, _ type: LogicalType, _ span: SourceSpan) -> BoundExpression {
        BoundExpression(kind: .literal(literal), type: type, isNullable: literal == .null, span: span)
    }

    /// Negation; of comparisons and NULL tests the opposite one, which has the same three values.
    package static func not(_ operand: BoundExpression, _ span: SourceSpan) -> BoundExpression {
        let kind: Kind
        switch operand.kind {
        case .not(let inner): return inner
        case .comparison(let symbol, let left, let right): kind = .comparison(symbol.opposite, left, right)
        case .isNull(let inner, let isNegated): kind = .isNull(inner, isNegated: !isNegated)
        case .literal(.bool(let value)): kind = .literal(.bool(!value))
        case .column, .literal, .parameter, .negate, .arithmetic, .and, .or, .inList, .caseWhen, .cast, .function:
            kind = .not(operand)
        }
        return BoundExpression(kind: kind, type: .bool, isNullable: operand.isNullable, span: span)
    }

    /// AND of two conditions in one list.
    static func and(_ left: BoundExpression, _ right: BoundExpression, _ span: SourceSpan) -> BoundExpression { and([left, right], span) }

    /// AND of several conditions in one list.
    static func and(_ conditions: [BoundExpression], _ span: SourceSpan) -> BoundExpression {
        BoundExpression(kind: .and(conditions.flatMap(\.conjuncts)), type: .bool, isNullable: conditions.contains(where: \.isNullable), span: span)
    }

    /// OR of two conditions in one list.
    static func or(_ left: BoundExpression, _ right: BoundExpression, _ span: SourceSpan) -> BoundExpression { or([left, right], span) }

    /// OR of several conditions in one list.
    static func or(_ conditions: [BoundExpression], _ span: SourceSpan) -> BoundExpression {
        var operands: [BoundExpression] = []
        for condition in conditions {
            if case .or(let inner) = condition.kind { operands += inner } else { operands.append(condition) }
        }
        return BoundExpression(kind: .or(operands), type: .bool, isNullable: conditions.contains(where: \.isNullable), span: span)
    }

    /// A comparison of two operands of one type; a constant stands on the right.
    static func comparing(
        _ symbol: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression, _ span: SourceSpan
    ) -> BoundExpression {
        let isTurned = left.isConstant && !right.isConstant
        let kind: Kind = isTurned ? .comparison(symbol.turned, right, left) : .comparison(symbol, left, right)
        return BoundExpression(
            kind: kind, type: .bool, isNullable: left.isNullable || right.isNullable, span: span)
    }

    /// Whether it is a string constant, whose type its surroundings decide.
    var isStringLiteral: Bool {
        if case .literal(.text) = kind { return true }
        return false
    }
}

extension ComparisonOperator {
    /// The comparison that holds exactly when this one does not (and NULL when this one is).
    var opposite: ComparisonOperator {
        switch self {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        }
    }

    /// The comparison with its sides exchanged.
    var turned: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
