// SPDX-License-Identifier: Apache-2.0

/// Columns of the queries around a subquery while it is bound: negative positions, which say how deep the query stands that the
/// column belongs to, and where. Decorrelation turns them into columns of a join; no bound plan has one.
enum OuterColumn {
    private static let width = 1 << 32

    /// The position that stands for a column of the query at a depth; the outermost one stands at 0.
    static func encoded(_ position: Int, depth: Int) -> Int { -1 - (depth * width + position) }

    /// Depth and position, nil for a column of the relation itself.
    static func decoded(_ position: Int) -> (depth: Int, position: Int)? {
        guard position < 0 else { return nil }
        return ((-1 - position) / width, (-1 - position) % width)
    }
}

extension BoundExpression {
    /// Whether the expression reads a row of a query around its own.
    var readsOuter: Bool {
        if case .column(let position) = kind { return position < 0 }
        return children.contains(where: \.readsOuter)
    }

    /// How deep the innermost query stands whose row the expression reads from within.
    var outerDepth: Int? {
        if case .column(let position) = kind { return OuterColumn.decoded(position)?.depth }
        return children.compactMap(\.outerDepth).max()
    }
}

extension LogicalPlan {
    /// The expressions of this node, those of its inputs left out.
    var expressions: [BoundExpression] {
        switch self {
        case .scan, .union: []
        case .filter(let filter): [filter.predicate]
        case .project(let project): project.expressions
        case .join(let join): join.keys.flatMap { [$0.left, $0.right] } + [join.residual].compactMap(\.self)
        case .aggregate(let aggregate): aggregate.aggregation.keys + aggregate.aggregation.calls.compactMap(\.argument)
        case .window(let window): window.calls.flatMap(\.expressions)
        case .sort(let sort): sort.keys.map(\.expression)
        }
    }

    /// Whether anything in the relation reads a row of a query around it.
    var readsOuter: Bool { expressions.contains(where: \.readsOuter) || inputs.contains(where: \.readsOuter) }
}
