// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// `SELECT … FROM … WHERE … GROUP BY … HAVING …`.
    mutating func selectBlock() throws(SQLError) -> SelectBlock {
        let start = current.span
        try expect("select")
        let isDistinct = accept("distinct")
        if isDistinct { try refuse(["on": .distinctOn]) } else { _ = accept("all") }
        let items = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.selectItem() }
        try refuse(["into": .selectInto])
        let from = accept("from") ? try fromClause() : nil
        let filter = accept("where") ? try expression() : nil
        let groups = isAt("group") ? try groupClause() : []
        let groupFilter = accept("having") ? try expression() : nil
        try refuse(["window": .windowClause, "for": .locking, "fetch": .fetch, "into": .selectInto])
        return SelectBlock(
            isDistinct: isDistinct, items: items, from: from, filter: filter, groups: groups, groupFilter: groupFilter,
            span: span(from: start))
    }

    private mutating func selectItem() throws(SQLError) -> SelectItem {
        let start = current.span
        if accept(.star) { return SelectItem(.star(qualifier: nil), span: span(from: start)) }
        if ahead(1).kind == .symbol(.dot), ahead(2).kind == .symbol(.star) {
            let qualifier = try name("表名 table name")
            advance()
            advance()
            return SelectItem(.star(qualifier: qualifier), span: span(from: start))
        }
        let value = try expression()
        if accept("as") {
            return SelectItem(.expression(value, alias: try label()), span: span(from: start))
        }
        // As in PostgreSQL, these name a result only after AS, since they begin clauses of a call.
        let isClauseWord = isAt("filter") || isAt("over") || isAt("within")
        let alias = isClauseWord ? nil : acceptName()
        return SelectItem(.expression(value, alias: alias), span: span(from: start))
    }
}
