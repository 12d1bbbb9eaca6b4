// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// What IS asks for, ISNULL and NOTNULL.
    mutating func test(of operand: SQLExpression) throws(SQLError) -> SQLExpression.Kind {
        if accept("isnull") { return .isNull(operand, isNegated: false) }
        if accept("notnull") { return .isNull(operand, isNegated: true) }
        try expect("is")
        let isNegated = accept("not")
        if accept("null") { return .isNull(operand, isNegated: isNegated) }
        if accept("true") { return .isTruth(operand, .isTrue, isNegated: isNegated) }
        if accept("false") { return .isTruth(operand, .isFalse, isNegated: isNegated) }
        if accept("unknown") { return .isTruth(operand, .isUnknown, isNegated: isNegated) }
        guard accept("distinct") else { throw unexpected("NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM") }
        try expect("from")
        return .isDistinct(operand, try expression(atLeast: .comparison), isNegated: isNegated)
    }

    /// BETWEEN, IN, LIKE and ILIKE, with or without NOT.
    mutating func membership(of operand: SQLExpression) throws(SQLError) -> SQLExpression.Kind {
        let isNegated = accept("not")
        try refuse(["similar": .similarTo])
        if accept("between") { return try between(operand, isNegated: isNegated) }
        if accept("in") { return try inList(operand, isNegated: isNegated) }
        let isCaseInsensitive = accept("ilike")
        if !isCaseInsensitive { try expect("like") }
        try refuse(["any": .quantified, "some": .quantified, "all": .quantified])
        let pattern = try expression(atLeast: .concatenation)
        let escape = accept("escape") ? try expression(atLeast: .concatenation) : nil
        return .like(
            operand, pattern: pattern, escape: escape, isCaseInsensitive: isCaseInsensitive, isNegated: isNegated)
    }

    private mutating func between(
        _ operand: SQLExpression, isNegated: Bool
    ) throws(SQLError) -> SQLExpression.Kind {
        try refuse(["symmetric": .symmetric])
        _ = accept("asymmetric")
        let low = try expression(atLeast: .concatenation)
        try expect("and")
        let high = try expression(atLeast: .concatenation)
        return .between(operand, low: low, high: high, isNegated: isNegated)
    }

    private mutating func inList(
        _ operand: SQLExpression, isNegated: Bool
    ) throws(SQLError) -> SQLExpression.Kind {
        if isQueryInParentheses() { return .inQuery(operand, try queryInParentheses(), isNegated: isNegated) }
        try expect(.leftParenthesis)
        let elements = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.expression() }
        try expect(.rightParenthesis)
        return .inList(operand, elements, isNegated: isNegated)
    }
}
