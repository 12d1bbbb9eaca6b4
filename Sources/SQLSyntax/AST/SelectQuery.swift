// SPDX-License-Identifier: Apache-2.0

/// A whole query: a statement, a common table expression, a derived table or a subquery.
public struct SelectQuery: Equatable, Sendable {
    /// The queries of the WITH clause, in order.
    public let commonTables: [CommonTable]
    /// What is selected.
    public let body: QueryBody
    /// The ORDER BY keys.
    public let order: [SortItem]
    /// LIMIT.
    public let limit: SQLExpression?
    /// OFFSET.
    public let offset: SQLExpression?
    /// Where it stands, without the parentheses around it.
    @Unequated public var span: SourceSpan
    /// Height of the highest expression within, and one.
    package let height: Int

    package init(
        commonTables: [CommonTable] = [], body: QueryBody, order: [SortItem] = [], limit: SQLExpression? = nil,
        offset: SQLExpression? = nil, span: SourceSpan
    ) {
        self.commonTables = commonTables
        self.body = body
        self.order = order
        self.limit = limit
        self.offset = offset
        self._span = Unequated(wrappedValue: span)
        let own = order.map(\.expression.height) + [limit?.height ?? 0, offset?.height ?? 0]
        let height = commonTables.map(\.query.height).reduce(body.height, max)
        self.height = 1 + own.reduce(height, max)
    }
}

/// One query of a WITH clause.
public struct CommonTable: Equatable, Sendable {
    /// Its name and, when given, the names of its columns.
    public let alias: TableAlias
    /// Its query.
    public let query: SelectQuery

    package init(alias: TableAlias, query: SelectQuery) {
        self.alias = alias
        self.query = query
    }
}

/// One entry of a select list.
public struct SelectItem: Equatable, Sendable {
    /// The forms of an entry.
    public enum Kind: Equatable, Sendable {
        /// An expression with or without a name.
        case expression(SQLExpression, alias: Identifier?)
        /// `*` or `table.*`.
        case star(qualifier: Identifier?)
    }

    /// What it is.
    public let kind: Kind
    /// Where it stands.
    @Unequated public var span: SourceSpan

    package init(_ kind: Kind, span: SourceSpan) {
        self.kind = kind
        self._span = Unequated(wrappedValue: span)
    }
}

/// One key of ORDER BY.
public struct SortItem: Equatable, Sendable {
    /// The key.
    public let expression: SQLExpression
    /// Whether DESC is written.
    public let isDescending: Bool
    /// NULLS FIRST or LAST when written; otherwise PostgreSQL's rule holds (last when ascending).
    public let isNullsFirst: Bool?

    package init(expression: SQLExpression, isDescending: Bool, isNullsFirst: Bool?) {
        self.expression = expression
        self.isDescending = isDescending
        self.isNullsFirst = isNullsFirst
    }
}
