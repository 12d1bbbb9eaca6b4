// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// What a query may refer to beside the tables: WITH queries, and the rows of the query around it.
struct Surroundings {
    var visible: QueryBinder.CommonQueries = [:]
    /// Nil for a query that is no subquery.
    var outer: OuterQuery?
    /// Whether only the presence of the query's rows matters, so that what depends on outer rows alone may be computed there.
    var isMembership = false
}

/// The query around a subquery, at the place where the subquery stands.
final class OuterQuery {
    let expressions: ExpressionBinder
    /// How many queries stand around that query.
    let depth: Int

    init(_ expressions: ExpressionBinder) {
        self.expressions = expressions
        depth = (expressions.surroundings.outer?.depth ?? -1) + 1
    }

    /// This query or one around it, by how many stand around it.
    func query(at depth: Int) -> OuterQuery? { depth == self.depth ? self : expressions.surroundings.outer?.query(at: depth) }

    /// A column of this query or one around it, nil when none has the name.
    func column(qualifier: Identifier?, name: Identifier, at span: SourceSpan) throws(BindError) -> BoundExpression? {
        guard !expressions.scope.matches(qualifier: qualifier, name: name).isEmpty else {
            if let qualifier, expressions.scope.qualifiers.contains(qualifier.text) { return nil }
            return try expressions.surroundings.outer?.column(qualifier: qualifier, name: name, at: span)
        }
        let written = SQLExpression(.column(qualifier: qualifier, name: name), span: span)
        let found = try expressions.expression(written)
        guard case .column(let position) = found.kind else { throw BindError(.correlation, [name.text], at: span) }
        if position < 0 { return found }
        return BoundExpression(
            kind: .column(OuterColumn.encoded(position, depth: depth)), type: found.type, isNullable: found.isNullable, span: span)
    }
}

extension ExpressionBinder {
    /// A column of this query, else of one around it.
    func column(qualifier: Identifier?, name: Identifier, at span: SourceSpan) throws(BindError) -> BoundExpression {
        let isOwn =
            !scope.matches(qualifier: qualifier, name: name).isEmpty
            || (qualifier.map { scope.qualifiers.contains($0.text) } ?? false)
        if !isOwn, let found = try surroundings.outer?.column(qualifier: qualifier, name: name, at: span) { return found }
        let column = try scope.column(qualifier: qualifier, name: name, at: span)
        if case .collected = aggregates { throw BindError(.notGrouped, [name.text], at: span) }
        return column
    }
}
