// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// `substring(x, a, b)`, or `x FROM a FOR b` with either part optional and in either order; all give the same list.
    mutating func substringCall() throws(SQLError) -> SQLExpression {
        let name = specialName("substring")
        var arguments = isAt(.rightParenthesis) ? [] : try argumentList()
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
        return try specialCall(of: name, arguments)
    }

    /// `position(part IN text)`.
    mutating func positionCall() throws(SQLError) -> SQLExpression {
        let name = specialName("position")
        let part = try expression(atLeast: .concatenation)
        try expect("in")
        let text = try expression(atLeast: .concatenation)
        return try specialCall(of: name, [part, text])
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
        return try specialCall(of: Identifier(function, span: word.span), arguments)
    }

    /// `GROUPING(a, b)`.
    mutating func groupingCall() throws(SQLError) -> SQLExpression {
        let name = specialName("grouping")
        return try specialCall(of: name, try argumentList())
    }

    /// A call in a form of its own: nothing may follow its parenthesis.
    private mutating func specialCall(
        of name: Identifier, _ arguments: [SQLExpression]
    ) throws(SQLError) -> SQLExpression {
        try expect(.rightParenthesis)
        return try made(.call(SQLFunctionCall(name: name, arguments: .list(arguments))), from: name.span)
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
}
