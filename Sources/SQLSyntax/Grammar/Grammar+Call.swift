// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// The arguments of a call whose name was taken, and FILTER.
    mutating func call(of name: Identifier, isQuoted: Bool) throws(SQLError) -> SQLExpression {
        try expect(.leftParenthesis)
        var arguments = SQLFunctionCall.Arguments.list([])
        var isDistinct = false
        if accept(.star) {
            arguments = .star
        } else if !isAt(.rightParenthesis) {
            if isQueryAhead(0) { throw unsupported(.subquery) }
            isDistinct = accept("distinct")
            if !isDistinct { _ = accept("all") }
            let isSubstring = name.text == "substring" && !isQuoted
            arguments = .list(isSubstring ? try substringArguments() : try argumentList())
        }
        if isAt("order") { throw unsupported(.orderedAggregate) }
        try expect(.rightParenthesis)
        if isAt("within"), ahead(1).kind == .word("group") { throw unsupported(.withinGroup) }
        let filter = isAt("filter") && ahead(1).kind == .symbol(.leftParenthesis) ? try filterClause() : nil
        if isAt("over") { throw unsupported(.window) }
        let call = SQLFunctionCall(name: name, arguments: arguments, isDistinct: isDistinct, filter: filter)
        return try made(.call(call), from: name.span)
    }

    private mutating func argumentList() throws(SQLError) -> [SQLExpression] {
        try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.expression() }
    }

    /// `x, a, b`, or `x FROM a FOR b` with either part optional; both give the same list.
    private mutating func substringArguments() throws(SQLError) -> [SQLExpression] {
        var arguments = try argumentList()
        guard arguments.count == 1 else { return arguments }
        if isAt("similar") { throw unsupported(.similarTo) }
        if accept("from") {
            arguments.append(try expression())
            if accept("for") { arguments.append(try expression()) }
        } else if isAt("for") {
            let place = current.span
            advance()
            arguments.append(SQLExpression(.literal(.integer("1")), span: place))
            arguments.append(try expression())
        }
        return arguments
    }

    private mutating func filterClause() throws(SQLError) -> SQLExpression {
        advance()
        try expect(.leftParenthesis)
        try expect("where")
        let condition = try expression()
        try expect(.rightParenthesis)
        return condition
    }

    mutating func castCall() throws(SQLError) -> SQLExpression {
        let start = current.span
        advance()
        try expect(.leftParenthesis)
        let operand = try expression()
        try expect("as")
        let type = try typeName()
        try expect(.rightParenthesis)
        return try made(.cast(operand, type), from: start)
    }

    mutating func extractCall() throws(SQLError) -> SQLExpression {
        let start = current.span
        advance()
        advance()
        let field: Identifier
        if case .string(let text) = current.kind {
            field = Identifier(text.lowercased(), span: current.span)
            advance()
        } else {
            field = try name("字段 field such as YEAR")
        }
        try expect("from")
        let operand = try expression()
        try expect(.rightParenthesis)
        return try made(.extract(field: field, operand), from: start)
    }

    /// One or more words and the numbers in parentheses.
    mutating func typeName() throws(SQLError) -> SQLTypeName {
        let start = current.span
        guard case .word(let first) = current.kind, !ReservedWords.all.contains(first) else {
            throw unexpected("类型 type")
        }
        advance()
        var name = first
        for (head, second) in [("double", "precision"), ("character", "varying"), ("char", "varying")]
        where first == head && accept(second) {
            name += " " + second
        }
        var modifiers: [Int] = []
        if accept(.leftParenthesis) {
            modifiers = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.modifier() }
            try expect(.rightParenthesis)
        }
        if isAt("with") && ahead(1).kind == .word("time") { throw unsupported(.timeZone) }
        if isAt("without") && ahead(1).kind == .word("time") { throw unsupported(.timeZone) }
        return SQLTypeName(name: name, modifiers: modifiers, span: span(from: start))
    }

    private mutating func modifier() throws(SQLError) -> Int {
        guard case .integer(let digits) = current.kind, digits.utf8.count <= 9, let value = Int(digits) else {
            throw unexpected("整数 whole number")
        }
        advance()
        return value
    }
}
