// SPDX-License-Identifier: Apache-2.0

/// What a query selects, before ORDER BY and LIMIT.
public indirect enum QueryBody: Equatable, Sendable {
    /// One SELECT.
    case select(SelectBlock)
    /// The rows of both. A chain leans to the left; the parser bounds its length.
    case unionAll(QueryBody, QueryBody)
    /// A query in parentheses as an operand of UNION ALL. Elsewhere the parser drops the parentheses.
    case nested(SelectQuery)
}

/// A SELECT with its clauses up to HAVING.
public struct SelectBlock: Equatable, Sendable {
    /// Whether DISTINCT is written.
    public let isDistinct: Bool
    /// The select list.
    public let items: [SelectItem]
    /// The FROM clause.
    public let from: TableReference?
    /// The WHERE condition.
    public let filter: SQLExpression?
    /// The entries of GROUP BY.
    public let groups: [GroupItem]
    /// The HAVING condition.
    public let groupFilter: SQLExpression?
    /// Where it stands.
    @Unequated public var span: SourceSpan

    package init(
        isDistinct: Bool = false, items: [SelectItem], from: TableReference?, filter: SQLExpression? = nil,
        groups: [GroupItem] = [], groupFilter: SQLExpression? = nil, span: SourceSpan
    ) {
        self.isDistinct = isDistinct
        self.items = items
        self.from = from
        self.filter = filter
        self.groups = groups
        self.groupFilter = groupFilter
        self._span = Unequated(wrappedValue: span)
    }
}

extension QueryBody {
    /// Height of the highest expression within.
    var height: Int {
        switch self {
        case .select(let block): return block.height
        case .unionAll(let left, let right): return max(left.height, right.height)
        case .nested(let query): return query.height
        }
    }
}

extension SelectBlock {
    fileprivate var height: Int {
        var height = max(from?.height ?? 0, filter?.height ?? 0, groupFilter?.height ?? 0)
        for case .expression(let expression, _) in items.map(\.kind) { height = max(height, expression.height) }
        for group in groups { height = max(height, group.height) }
        return height
    }
}
