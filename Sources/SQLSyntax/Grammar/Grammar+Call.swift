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
        try refuse(["order": .orderedAggregate])
        try expect(.rightParenthesis)
        if isDistinct, ahead(1).kind == .word("group") { try refuse(["within": .distinctWithinGroup]) }
        let withinGroup = isAt("within") && ahead(1).kind == .word("group") ? try withinGroupClause() : []
        let filter = isAt("filter") && ahead(1).kind == .symbol(.leftParenthesis) ? try filterClause() : nil
        if ahead(1).kind == .word("nulls") { try refuse(["ignore": .nullTreatment, "respect": .nullTreatment]) }
        let window = isAt("over") ? try windowClause() : nil
        let call = SQLFunctionCall(
            name: name, arguments: arguments, isDistinct: isDistinct, withinGroup: withinGroup, filter: filter,
            window: window)
        return try made(.call(call), from: name.span)
    }

    mutating func argumentList() throws(SQLError) -> [SQLExpression] {
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
