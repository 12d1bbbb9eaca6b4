// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// A literal, parameter, column, call, CASE, CAST or an expression in parentheses.
    mutating func primary() throws(SQLError) -> SQLExpression {
        let start = current.span
        switch current.kind {
        case .integer(let digits):
            return try literal(.integer(digits))
        case .decimal(let digits):
            return try literal(.decimal(digits))
        case .string(let text):
            return try literal(.string(text))
        case .parameter(let name):
            advance()
            return try made(.parameter(name), from: start)
        case .symbol(.leftParenthesis):
            return try parenthesised()
        case .word(let word):
            return try worded(word)
        case .quotedName:
            return try columnOrCall()
        case .symbol, .end:
            throw unexpected("表达式 expression")
        }
    }

    private mutating func literal(_ value: SQLLiteral) throws(SQLError) -> SQLExpression {
        let start = current.span
        advance()
        return try made(.literal(value), from: start)
    }

    private mutating func parenthesised() throws(SQLError) -> SQLExpression {
        let start = current.span
        if isQueryInParentheses() { return try made(.subquery(try queryInParentheses()), from: start) }
        advance()
        let inner = try expression()
        if isAt(.comma) { throw unsupported(.row) }
        try expect(.rightParenthesis)
        return inner
    }

    /// A primary that begins with an unquoted word.
    private mutating func worded(_ word: String) throws(SQLError) -> SQLExpression {
        let follower = ahead(1).kind
        let isCall = follower == .symbol(.leftParenthesis)
        switch word {
        case "null": return try literal(.null)
        case "true": return try literal(.boolean(true))
        case "false": return try literal(.boolean(false))
        case "case": return try conditional()
        case "cast": return try castCall()
        case "extract" where isCall: return try extractCall()
        case "exists" where isCall: return try existence()
        case "substring" where isCall: return try substringCall()
        case "grouping" where isCall: return try groupingCall()
        case "position" where isCall: return try positionCall()
        case "trim" where isCall: return try trimCall()
        case "row" where isCall: throw unsupported(.row)
        case "overlay" where isCall: throw unsupported(.overlay)
        case "values" where isCall: throw unsupported(.values)
        case "array": throw unsupported(.array)
        case "any", "some", "all": throw unsupported(.quantified)
        case "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp":
            throw unsupported(.currentMoment)
        case "timestamp" where follower == .word("with") || follower == .word("without"):
            throw unsupported(.timeZone)
        case "date", "timestamp", "interval":
            if case .string(let text) = follower { return try typedLiteral(word, text) }
        default: break
        }
        return try columnOrCall()
    }

    private mutating func existence() throws(SQLError) -> SQLExpression {
        let start = current.span
        advance()
        return try made(.exists(try queryInParentheses()), from: start)
    }

    private mutating func columnOrCall() throws(SQLError) -> SQLExpression {
        let start = current.span
        if case .word(let word) = current.kind, ReservedWords.callable.contains(word),
            ahead(1).kind == .symbol(.leftParenthesis)
        {
            let name = Identifier(word, span: current.span)
            advance()
            return try call(of: name, isQuoted: false)
        }
        var isQuoted = false
        if case .quotedName = current.kind { isQuoted = true }
        let first = try name("表达式 expression")
        if isAt(.leftParenthesis) { return try call(of: first, isQuoted: isQuoted) }
        guard accept(.dot) else { return try made(.column(qualifier: nil, name: first), from: start) }
        let second = try label()
        if isAt(.leftParenthesis) { throw unsupported(.qualifiedFunction) }
        if isAt(.dot) { throw unsupported(.qualifiedColumn) }
        return try made(.column(qualifier: first, name: second), from: start)
    }

    private mutating func conditional() throws(SQLError) -> SQLExpression {
        let start = current.span
        advance()
        let operand = isAt("when") ? nil : try expression()
        var branches: [SQLCaseBranch] = []
        while accept("when") {
            guard branches.count < Limits.listElements else {
                throw SQLError(.listTooLong, [String(Limits.listElements)], at: previousSpan)
            }
            let condition = try expression()
            try expect("then")
            branches.append(SQLCaseBranch(condition: condition, result: try expression()))
        }
        guard !branches.isEmpty else { throw unexpected("WHEN") }
        let otherwise = accept("else") ? try expression() : nil
        try expect("end")
        return try made(.conditional(operand: operand, branches: branches, otherwise: otherwise), from: start)
    }
}
