// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// `GROUP BY …`.
    mutating func groupClause() throws(SQLError) -> [GroupItem] {
        advance()
        try expect("by")
        try refuse(["distinct": .groupByQuantifier, "all": .groupByQuantifier])
        let entries = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in
            let entry = try grammar.groupingSet()
            return entry.isEmpty ? [GroupItem.sets([[]])] : entry
        }
        return entries.flatMap(\.self)
    }

    /// One entry of GROUP BY or GROUPING SETS: a key, keys in parentheses, `()`, ROLLUP, CUBE or GROUPING SETS.
    private mutating func groupingSet() throws(SQLError) -> [GroupItem] {
        let isCall = ahead(1).kind == .symbol(.leftParenthesis)
        if isCall, accept("rollup") { return [.rollup(try groupingElements())] }
        if isCall, accept("cube") { return [.cube(try groupingElements())] }
        if isAt("grouping"), ahead(1).kind == .word("sets") {
            try enter()
            defer { leave() }
            advance()
            advance()
            try expect(.leftParenthesis)
            let sets = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.groupingSet() }
            try expect(.rightParenthesis)
            return [.sets(sets)]
        }
        if isAt(.leftParenthesis), ahead(1).kind == .symbol(.rightParenthesis) {
            advance()
            advance()
            return []
        }
        return try groupingKeys().map(GroupItem.expression)
    }

    private mutating func groupingElements() throws(SQLError) -> [[SQLExpression]] {
        try expect(.leftParenthesis)
        let elements = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.groupingKeys() }
        try expect(.rightParenthesis)
        return elements
    }

    /// A key, or keys in parentheses.
    private mutating func groupingKeys() throws(SQLError) -> [SQLExpression] {
        guard isListInParentheses else { return [try expression()] }
        try expect(.leftParenthesis)
        let keys = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.expression() }
        try expect(.rightParenthesis)
        return keys
    }

    /// Whether parentheses with a comma of their own stand here, which are no expression.
    private var isListInParentheses: Bool {
        guard isAt(.leftParenthesis), !isQueryInParentheses() else { return false }
        var depth = 0
        var place = 0
        while ahead(place).kind != .end {
            switch ahead(place).kind {
            case .symbol(.leftParenthesis): depth += 1
            case .symbol(.rightParenthesis): depth -= 1
            case .symbol(.comma) where depth == 1: return true
            case .symbol, .word, .quotedName, .integer, .decimal, .string, .parameter, .end: break
            }
            if depth == 0 { return false }
            place += 1
        }
        return false
    }
}
