// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// The whole text: one query, an optional semicolon, the end.
    mutating func statement() throws(SQLError) -> SelectQuery {
        if current.kind == .end { throw SQLError(.emptyStatement, at: current.span) }
        if case .word(let word) = current.kind, ReservedWords.otherStatements.contains(word) {
            throw SQLError(.unsupported, [word.uppercased()], at: current.span)
        }
        let query = try selectQuery()
        if accept(.semicolon), current.kind != .end { throw unsupported(.severalStatements) }
        guard current.kind == .end else { throw unexpected("; 或语句结束 or end of statement") }
        return query
    }

    /// `[WITH …] SELECT … [UNION ALL …] [ORDER BY …] [LIMIT …] [OFFSET …]`.
    mutating func selectQuery() throws(SQLError) -> SelectQuery {
        try enter()
        defer { leave() }
        let start = current.span
        let commonTables = isAt("with") ? try withClause() : []
        let body = try queryBody()
        if case .nested(let inner) = body { return try extended(inner, commonTables, from: start) }
        let order = isAt("order") ? try orderClause() : []
        let (limit, offset) = try limitClauses()
        try refuseAfterQuery()
        return SelectQuery(
            commonTables: commonTables, body: body, order: order, limit: limit, offset: offset, span: span(from: start))
    }

    private func refuseAfterQuery() throws(SQLError) {
        try refuse(["for": .locking, "fetch": .fetch, "into": .selectInto])
    }

    /// A query in parentheses with the clauses around it, which become its own. PostgreSQL refuses a clause given twice
    /// and sorts before an inner LIMIT, which few would expect; here both are refused.
    private mutating func extended(
        _ inner: SelectQuery, _ commonTables: [CommonTable], from start: SourceSpan
    ) throws(SQLError) -> SelectQuery {
        if !commonTables.isEmpty, !inner.commonTables.isEmpty {
            throw SQLError(.unsupported, [UnsupportedConstruct.repeatedClause.rawValue], at: inner.span)
        }
        let isLimited = inner.limit != nil || inner.offset != nil
        if isLimited || !inner.order.isEmpty { try refuse(["order": .repeatedClause]) }
        if isLimited { try refuse(["limit": .repeatedClause, "offset": .repeatedClause]) }
        let order = isAt("order") ? try orderClause() : inner.order
        let (limit, offset) = try limitClauses()
        try refuseAfterQuery()
        return SelectQuery(
            commonTables: commonTables + inner.commonTables, body: inner.body, order: order,
            limit: limit ?? inner.limit, offset: offset ?? inner.offset, span: span(from: start))
    }

    private mutating func queryBody() throws(SQLError) -> QueryBody {
        var body = try queryOperand()
        var count = 1
        while isAt("union") {
            guard ahead(1).kind == .word("all") else { throw unsupported(.union) }
            count += 1
            guard count <= Limits.unionOperands else {
                throw SQLError(.tooManyUnionOperands, [String(Limits.unionOperands)], at: current.span)
            }
            advance()
            advance()
            body = .unionAll(body, try queryOperand())
        }
        return body
    }

    private mutating func queryOperand() throws(SQLError) -> QueryBody {
        let operand: QueryBody
        if accept(.leftParenthesis) {
            operand = .nested(try selectQuery())
            try expect(.rightParenthesis)
        } else {
            try refuse(["values": .values])
            operand = .select(try selectBlock())
        }
        try refuse(["intersect": .intersect, "except": .except])
        return operand
    }

    /// Whether a query in parentheses begins so many tokens ahead. Parentheses around a query in parentheses count as
    /// part of it, unless what follows the inner ones makes them an operand or a table.
    func isQueryInParentheses(_ distance: Int = 0) -> Bool {
        guard ahead(distance).kind == .symbol(.leftParenthesis) else { return false }
        var place = distance + 1
        while ahead(place).kind == .symbol(.leftParenthesis) {
            switch follower(ofParenthesis: place).kind {
            case .symbol(.rightParenthesis), .end: break
            case .word(let word) where ReservedWords.afterNestedQuery.contains(word): break
            case .word, .quotedName, .integer, .decimal, .string, .parameter, .symbol: return false
            }
            place += 1
        }
        return ahead(place).kind == .word("select") || ahead(place).kind == .word("with")
    }

    /// `(SELECT …)`.
    mutating func queryInParentheses() throws(SQLError) -> SelectQuery {
        try expect(.leftParenthesis)
        let query = try selectQuery()
        try expect(.rightParenthesis)
        return query
    }

    private mutating func withClause() throws(SQLError) -> [CommonTable] {
        advance()
        if isAt("recursive"), ahead(1).kind != .word("as"), ahead(1).kind != .symbol(.leftParenthesis) {
            throw unsupported(.recursive)
        }
        return try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.commonTable() }
    }

    private mutating func commonTable() throws(SQLError) -> CommonTable {
        let name = try name("WITH 查询名称 name of a WITH query")
        let columns = isAt(.leftParenthesis) ? try columnNames() : []
        try expect("as")
        if isAt("materialized") || (isAt("not") && ahead(1).kind == .word("materialized")) {
            throw unsupported(.materialized)
        }
        if isAt(.leftParenthesis), case .word(let word) = ahead(1).kind, ReservedWords.otherStatements.contains(word) {
            throw SQLError(.unsupported, [word.uppercased()], at: ahead(1).span)
        }
        return CommonTable(alias: TableAlias(name: name, columns: columns), query: try queryInParentheses())
    }

    /// `(a, b, c)`.
    mutating func columnNames() throws(SQLError) -> [Identifier] {
        try expect(.leftParenthesis)
        let names = try commaSeparated { (grammar: inout Grammar) throws(SQLError) in
            try grammar.name("列名 column name")
        }
        try expect(.rightParenthesis)
        return names
    }

    /// `ORDER BY …`.
    mutating func orderClause() throws(SQLError) -> [SortItem] {
        advance()
        try expect("by")
        return try commaSeparated { (grammar: inout Grammar) throws(SQLError) in try grammar.sortItem() }
    }

    private mutating func sortItem() throws(SQLError) -> SortItem {
        let key = try expression()
        try refuse(["using": .usingOperator])
        let isDescending = accept("desc")
        if !isDescending { _ = accept("asc") }
        guard accept("nulls") else { return SortItem(expression: key, isDescending: isDescending, isNullsFirst: nil) }
        let isFirst = accept("first")
        if !isFirst, !accept("last") { throw unexpected("FIRST, LAST") }
        return SortItem(expression: key, isDescending: isDescending, isNullsFirst: isFirst)
    }

    /// LIMIT and OFFSET, each at most once, in either order.
    private mutating func limitClauses() throws(SQLError) -> (limit: SQLExpression?, offset: SQLExpression?) {
        var limit: SQLExpression?
        var offset: SQLExpression?
        var isLimited = false
        while (isAt("limit") && !isLimited) || (isAt("offset") && offset == nil) {
            if accept("limit") {
                isLimited = true
                if !accept("all") { limit = try expression() }
            } else {
                advance()
                offset = try expression()
                if !accept("rows") { _ = accept("row") }
            }
        }
        return (limit, offset)
    }
}
