// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// The content of FROM. A comma joins every row with every row, more weakly than the joins that are written out.
    mutating func fromClause() throws(SQLError) -> TableReference {
        var count = 0
        let start = current.span
        var left = try joinedTables(&count)
        while accept(.comma) {
            let right = try joinedTables(&count)
            left = TableReference(
                .join(TableJoin(kind: .cross, left: left, right: right, condition: .none)), span: span(from: start))
        }
        return left
    }

    private mutating func joinedTables(_ count: inout Int) throws(SQLError) -> TableReference {
        try enter()
        defer { leave() }
        let start = current.span
        var left = try tableOperand(&count)
        while let kind = try joinKind() {
            let right = try tableOperand(&count)
            let condition = kind == .cross ? .none : try joinCondition()
            left = TableReference(
                .join(TableJoin(kind: kind, left: left, right: right, condition: condition)), span: span(from: start))
        }
        return left
    }

    private mutating func joinKind() throws(SQLError) -> TableJoin.Kind? {
        try refuse(["natural": .naturalJoin, "tablesample": .tableSample])
        if accept("join") { return .inner }
        let kinds: [(word: String, kind: TableJoin.Kind)] = [
            ("inner", .inner), ("left", .left), ("right", .right), ("full", .full), ("cross", .cross),
        ]
        for (word, kind) in kinds where accept(word) {
            if kind != .inner && kind != .cross { _ = accept("outer") }
            try expect("join")
            return kind
        }
        return nil
    }

    private mutating func joinCondition() throws(SQLError) -> TableJoin.Condition {
        if accept("on") { return .on(try expression()) }
        guard accept("using") else { throw unexpected("ON, USING") }
        let names = try columnNames()
        try refuse(["as": .joinAlias])
        return .using(names)
    }

    private mutating func tableOperand(_ count: inout Int) throws(SQLError) -> TableReference {
        try refuse(["lateral": .lateral, "only": .only])
        let start = current.span
        if isAt(.leftParenthesis) {
            if isQueryInParentheses() { return try derivedTable(&count) }
            if ahead(1).kind == .word("values"), ahead(2).kind == .symbol(.leftParenthesis) {
                throw unsupported(.values)
            }
            advance()
            let inner = try joinedTables(&count)
            try expect(.rightParenthesis)
            try refuse(["as": .joinAlias])
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
        let query = try queryInParentheses()
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
}
