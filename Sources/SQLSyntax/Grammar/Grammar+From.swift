// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// The content of FROM. Its joins are written out; a comma is refused, since it hides the join condition.
    mutating func fromClause() throws(SQLError) -> TableReference {
        var count = 0
        let reference = try joinedTables(&count)
        if isAt(.comma) { throw SQLError(.commaJoin, at: current.span) }
        return reference
    }

    private mutating func joinedTables(_ count: inout Int) throws(SQLError) -> TableReference {
        try enter()
        defer { leave() }
        let start = current.span
        var left = try tableOperand(&count)
        while let kind = try joinKind() {
            let right = try tableOperand(&count)
            let condition = try joinCondition()
            left = TableReference(
                .join(TableJoin(kind: kind, left: left, right: right, condition: condition)), span: span(from: start))
        }
        return left
    }

    private mutating func joinKind() throws(SQLError) -> TableJoin.Kind? {
        try refuse([
            "right": .rightJoin, "full": .fullJoin, "cross": .crossJoin, "natural": .naturalJoin,
            "tablesample": .tableSample,
        ])
        if accept("join") { return .inner }
        if accept("inner") {
            try expect("join")
            return .inner
        }
        guard accept("left") else { return nil }
        _ = accept("outer")
        try expect("join")
        return .left
    }

    private mutating func joinCondition() throws(SQLError) -> TableJoin.Condition {
        if accept("on") { return .on(try expression()) }
        guard accept("using") else { throw unexpected("ON, USING") }
        return .using(try columnNames())
    }

    private mutating func tableOperand(_ count: inout Int) throws(SQLError) -> TableReference {
        try refuse(["lateral": .lateral, "only": .only])
        let start = current.span
        if isAt(.leftParenthesis) {
            if isQueryAhead(1) { return try derivedTable(&count) }
            if ahead(1).kind == .word("values") { throw unsupported(.values) }
            advance()
            let inner = try joinedTables(&count)
            if isAt(.comma) { throw SQLError(.commaJoin, at: current.span) }
            try expect(.rightParenthesis)
            return inner
        }
        try countTable(&count)
        let name = try name("表名 table name")
        if isAt(.dot) { throw unsupported(.qualifiedTable) }
        if isAt(.leftParenthesis) { throw unsupported(.tableFunction) }
        let alias = try tableAlias()
        return TableReference(.table(name, alias: alias), span: span(from: start))
    }

    private mutating func derivedTable(_ count: inout Int) throws(SQLError) -> TableReference {
        let start = current.span
        try countTable(&count)
        advance()
        let query = try selectQuery()
        try expect(.rightParenthesis)
        guard let alias = try tableAlias() else {
            throw SQLError(.derivedTableWithoutAlias, at: span(from: start))
        }
        return TableReference(.derived(query, alias: alias), span: span(from: start))
    }

    private func countTable(_ count: inout Int) throws(SQLError) {
        count += 1
        guard count <= Limits.tablesInFrom else {
            throw SQLError(.tooManyTables, [String(Limits.tablesInFrom)], at: current.span)
        }
    }

    private mutating func tableAlias() throws(SQLError) -> TableAlias? {
        let name: Identifier
        if accept("as") {
            name = try self.name("别名 alias")
        } else if let bare = acceptName() {
            name = bare
        } else {
            return nil
        }
        return TableAlias(name: name, columns: isAt(.leftParenthesis) ? try columnNames() : [])
    }

    /// Whether a query begins so many tokens ahead.
    func isQueryAhead(_ distance: Int) -> Bool {
        let kind = ahead(distance).kind
        return kind == .word("select") || kind == .word("with")
    }
}
