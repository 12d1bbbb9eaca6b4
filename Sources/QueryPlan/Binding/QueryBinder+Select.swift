// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// One result column while its query is bound: written, or from a star.
enum ResultItem {
    case written(SQLExpression, alias: Identifier?)
    case column(Int, span: SourceSpan)
}

extension QueryBinder {
    /// Binds a query. Only the outermost one, or one with LIMIT, gives its ORDER BY an effect on rows.
    func bind(_ query: SelectQuery, _ visible: CommonQueries, isOutermost: Bool) throws(BindError) -> Relation {
        var inner = visible
        var own: [CommonQuery] = []
        var names: Set<String> = []
        for table in query.commonTables {
            let name = table.alias.name
            guard names.insert(name.text).inserted else { throw BindError(.duplicateName, [name.text], at: name.span) }
            let common = CommonQuery(table: table, visible: inner)
            own.append(common)
            inner[name.text] = common
        }
        let relation = try body(query, inner, isOutermost: isOutermost)
        // What is never used must be right all the same.
        for common in own where !common.isUsed { _ = try use(common) }
        return relation
    }

    private func body(_ query: SelectQuery, _ visible: CommonQueries, isOutermost: Bool) throws(BindError) -> Relation {
        let block = try singleBlock(of: query)
        guard let from = block.from else { throw BindError(.fromRequired, at: query.span) }
        let (relation, scope) = try bind(from, visible)
        let items = try expanded(block.items, scope)
        try checkWidth(items.count, at: query.span)
        let groups = try keys(of: block)
        let select = SelectBinder(
            binder: self, query: query, block: block, groups: groups, scope: scope, items: items)
        switch relation {
        case .released(let released):
            if let span = select.aggregationSpan { throw BindError(.aggregateOverReleased, at: span) }
            return .released(try select.finished(released))
        case .rows(let plan):
            if select.aggregationSpan != nil { return .released(try select.aggregated(plan)) }
            return try select.rows(plan, isOutermost: isOutermost)
        }
    }

    /// The SELECT of a query that has just one.
    private func singleBlock(of query: SelectQuery) throws(BindError) -> SelectBlock {
        switch query.body {
        case .select(let block):
            guard !block.isDistinct else { throw BindError(.unsupported, ["SELECT DISTINCT"], at: block.span) }
            return block
        case .unionAll: throw BindError(.unsupported, ["UNION ALL"], at: query.span)
        case .nested(let inner): throw BindError(.unsupported, ["(SELECT …)"], at: inner.span)
        }
    }

    private func keys(of block: SelectBlock) throws(BindError) -> [SQLExpression] {
        var keys: [SQLExpression] = []
        for group in block.groups {
            switch group {
            case .expression(let expression): keys.append(expression)
            case .rollup, .cube, .sets:
                let place = group.expressions.first?.span ?? block.span
                throw BindError(.unsupported, ["ROLLUP / CUBE / GROUPING SETS"], at: place)
            }
        }
        return keys
    }

    private func expanded(_ items: [SelectItem], _ scope: Scope) throws(BindError) -> [ResultItem] {
        var result: [ResultItem] = []
        for item in items {
            switch item.kind {
            case .expression(let expression, let alias): result.append(.written(expression, alias: alias))
            case .star(let qualifier):
                for position in try scope.positions(ofStar: qualifier) {
                    result.append(.column(position, span: item.span))
                }
            }
        }
        return result
    }
}
