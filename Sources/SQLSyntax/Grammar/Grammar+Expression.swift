// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// An expression of any strength.
    mutating func expression() throws(SQLError) -> SQLExpression { try expression(atLeast: .or) }

    /// An expression whose outermost operator binds at least so strongly (precedence climbing).
    mutating func expression(atLeast minimum: Precedence) throws(SQLError) -> SQLExpression {
        try enter()
        defer { leave() }
        let start = current.span
        var left = try prefixed(atLeast: minimum)
        var last: Precedence?
        while let level = operatorLevel(), level >= minimum {
            if level.isNonAssociative, last == level { throw unexpected("AND, OR, (, )") }
            left = try made(try tail(of: left, level), from: start)
            last = level
        }
        return left
    }

    /// A node, refused when its tree grows too high to walk.
    /// It is mutating so that it looks at the position after its argument was read.
    mutating func made(_ kind: SQLExpression.Kind, from start: SourceSpan) throws(SQLError) -> SQLExpression {
        let result = SQLExpression(kind, span: span(from: start))
        guard result.height <= Limits.expressionHeight else {
            throw SQLError(.expressionTooDeep, [String(Limits.expressionHeight)], at: previousSpan)
        }
        return result
    }

    private mutating func prefixed(atLeast minimum: Precedence) throws(SQLError) -> SQLExpression {
        let start = current.span
        if isAt("not"), minimum <= .not {
            advance()
            return try made(.unary(.not, try expression(atLeast: .not)), from: start)
        }
        if accept(.minus) { return try made(.unary(.minus, try expression(atLeast: .sign)), from: start) }
        if accept(.plus) { return try expression(atLeast: .sign) }
        return try primary()
    }

    /// The strength of the operator at the position, if one stands there.
    private func operatorLevel() -> Precedence? {
        switch current.kind {
        case .symbol(.cast): return .cast
        case .symbol(let symbol): return Self.operators[symbol]?.precedence
        case .word("and"): return .and
        case .word("or"): return .or
        case .word("is"), .word("isnull"), .word("notnull"): return .nullTest
        case .word("between"), .word("in"), .word("like"), .word("ilike"), .word("similar"): return .membership
        case .word("not"): return Self.negatable.contains(ahead(1).description.lowercased()) ? .membership : nil
        case .word("collate"): return .cast
        case .word("at"): return ahead(1).kind == .word("time") ? .cast : nil
        case .word, .quotedName, .integer, .decimal, .string, .parameter, .end: return nil
        }
    }

    private static let negatable: Set<String> = ["between", "in", "like", "ilike", "similar"]

    private static let operators: [Token.Symbol: SQLBinaryOperator] = [
        .plus: .add, .minus: .subtract, .star: .multiply, .slash: .divide, .percent: .modulo,
        .concatenate: .concatenate, .equal: .equal, .notEqual: .notEqual, .less: .less, .lessOrEqual: .lessOrEqual,
        .greater: .greater, .greaterOrEqual: .greaterOrEqual,
    ]

    /// The operator at the position and what follows it.
    private mutating func tail(
        of left: SQLExpression, _ level: Precedence
    ) throws(SQLError) -> SQLExpression.Kind {
        try refuse(["collate": .collate, "at": .timeZone])
        if accept(.cast) { return .cast(left, try typeName()) }
        if level == .nullTest { return try test(of: left) }
        if level == .membership { return try membership(of: left) }
        let symbol: SQLBinaryOperator
        if isAt("and") {
            symbol = .and
        } else if isAt("or") {
            symbol = .or
        } else if case .symbol(let token) = current.kind, let known = Self.operators[token] {
            symbol = known
        } else {
            throw unexpected("运算符 operator")
        }
        advance()
        try refuse(["any": .quantified, "some": .quantified, "all": .quantified])
        return .binary(symbol, left, try expression(atLeast: level.tighter))
    }
}
