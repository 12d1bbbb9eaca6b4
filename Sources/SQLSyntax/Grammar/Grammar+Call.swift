// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// The arguments of a call whose name was taken, and what follows them.
    mutating func call(of name: Identifier, isQuoted: Bool) throws(SQLError) -> SQLExpression {
        try expect(.leftParenthesis)
        var arguments = SQLFunctionCall.Arguments.list([])
        var isDistinct = false
        if accept(.star) {
            arguments = .star
        } else if !isAt(.rightParenthesis) {
            isDistinct = accept("distinct")
            if !isDistinct { _ = accept("all") }
            let list = try argumentList()
            // The function behind POSITION takes its arguments in the other order.
            let isTurned = isQuoted && name.text == "position" && list.count == 2
            arguments = .list(isTurned ? list.reversed() : list)
        }
        return try call(of: name, arguments, isDistinct: isDistinct)
    }

    /// The end of a call whose arguments were taken.
    private mutating func call(
        of name: Identifier, _ arguments: SQLFunctionCall.Arguments, isDistinct: Bool = false
    ) throws(SQLError) -> SQLExpression {
        try refuse(["order": .orderedAggregate])
        try expect(.rightParenthesis)
        let withinGroup = isAt("within") && ahead(1).kind == .word("group") ? try withinGroupClause() : []
        let filter = isAt("filter") && ahead(1).kind == .symbol(.leftParenthesis) ? try filterClause() : nil
        if ahead(1).kind == .word("nulls") { try refuse(["ignore": .nullTreatment, "respect": .nullTreatment]) }
        let window = isAt("over") ? try windowClause() : nil
        let call = SQLFunctionCall(
            name: name, arguments: arguments, isDistinct: isDistinct, withinGroup: withinGroup, filter: filter,
            window: window)
        return try made(.call(call), from: name.span)
    }

    private mutating func argumentList() throws(SQLError) -> [SQLExpression] {
        try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.expression() }
    }

    private mutating func withinGroupClause() throws(SQLError) -> [SortItem] {
        advance()
        advance()
        try expect(.leftParenthesis)
        guard isAt("order") else { throw unexpected("ORDER BY") }
        let order = try orderClause()
        try expect(.rightParenthesis)
        return order
    }

    private mutating func filterClause() throws(SQLError) -> SQLExpression {
        advance()
        try expect(.leftParenthesis)
        try expect("where")
        let condition = try expression()
        try expect(.rightParenthesis)
        return condition
    }
}

extension Grammar {
    /// `substring(x, a, b)`, or `x FROM a FOR b` with either part optional and in either order; all give the same list.
    mutating func substringCall() throws(SQLError) -> SQLExpression {
        let name = specialName("substring")
        guard !isAt(.rightParenthesis) else { return try call(of: name, .list([])) }
        var arguments = try argumentList()
        if arguments.count == 1 {
            try refuse(["similar": .similarTo])
            let place = current.span
            var start: SQLExpression?
            var length: SQLExpression?
            while (isAt("from") && start == nil) || (isAt("for") && length == nil) {
                if accept("from") {
                    start = try expression()
                } else {
                    advance()
                    length = try expression()
                }
            }
            if start == nil, length != nil { start = SQLExpression(.literal(.integer("1")), span: place) }
            arguments += [start, length].compactMap(\.self)
        }
        return try call(of: name, .list(arguments))
    }

    /// `position(part IN text)`.
    mutating func positionCall() throws(SQLError) -> SQLExpression {
        let name = specialName("position")
        let part = try expression(atLeast: .concatenation)
        try expect("in")
        let text = try expression(atLeast: .concatenation)
        return try call(of: name, .list([part, text]))
    }

    /// `trim([BOTH | LEADING | TRAILING] [characters] [FROM] x)` as btrim, ltrim or rtrim.
    mutating func trimCall() throws(SQLError) -> SQLExpression {
        let word = specialName("trim")
        var function = "btrim"
        for (side, name) in [("both", "btrim"), ("leading", "ltrim"), ("trailing", "rtrim")] where accept(side) {
            function = name
            break
        }
        var arguments: [SQLExpression] = []
        if !isAt("from") { arguments = try argumentList() }
        if arguments.count < 2, accept("from") { arguments = try argumentList() + arguments }
        return try call(of: Identifier(function, span: word.span), .list(arguments))
    }

    /// Takes a call's name and the parenthesis after it.
    private mutating func specialName(_ text: String) -> Identifier {
        let name = Identifier(text, span: current.span)
        advance()
        advance()
        return name
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
