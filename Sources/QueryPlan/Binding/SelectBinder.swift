// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Binds the clauses of one SELECT over its FROM clause, in the order in which they take effect: WHERE, GROUP BY, HAVING, window
/// functions, the select list, DISTINCT, ORDER BY, LIMIT.
struct SelectBinder {
    let binder: QueryBinder
    let block: SelectBlock
    let order: Ordering
    let scope: Scope
    let items: [ResultItem]
    let surroundings: Surroundings
    /// Whether a bare NULL keeps its type, for UNION ALL to decide.
    let keepsNull: Bool

    /// A relation, and the results and sort keys over it.
    struct Selected {
        var plan: LogicalPlan
        var results: [BoundExpression]
        var keys: [SortKey]
    }

    /// The plan of the whole SELECT.
    func plan(over from: LogicalPlan) throws(BindError) -> LogicalPlan {
        let added = AddedColumns()
        var input = from
        if let filter = block.filter {
            let condition = try plainBinder(clause: "WHERE", added).condition(filter, clause: "WHERE")
            input = .filter(Filter(input: added.joined(input), predicate: added.placed(condition), source: .query))
        }
        let selected = try aggregationSpan == nil ? rows(input, added) : grouped(input, added)
        try binder.checkWidth(selected.results.count + selected.keys.count, at: block.span)
        return try ordered(selected)
    }

    /// Where the query shows that it aggregates; nil when it does not.
    var aggregationSpan: SourceSpan? {
        if let group = block.groups.first { return group.expressions.first?.span ?? block.span }
        for case .written(let expression, _) in items {
            if let span = AggregateSearch.first(in: expression) { return span }
        }
        if let having = block.groupFilter { return having.span }
        for item in order.items {
            if let span = AggregateSearch.first(in: item.expression) { return span }
        }
        return nil
    }

    /// Without aggregation.
    private func rows(_ input: LogicalPlan, _ added: AddedColumns) throws(BindError) -> Selected {
        var expressions = plainBinder(clause: "SELECT", added)
        expressions.clauseWithoutWindows = nil
        let results = try results(expressions)
        let keys = try sortKeys(expressions, results)
        let plan = added.joined(added.windowed(added.joined(input)))
        return Selected(plan: plan, results: results.map(added.placed), keys: keys.map { $0.mapping(added.placed) })
    }

    /// The projection of the results, with DISTINCT, ORDER BY and LIMIT. Sort keys that are no results are carried along.
    private func ordered(_ selected: Selected) throws(BindError) -> LogicalPlan {
        let (limit, offset) = try order.limits()
        let isSorted = !selected.keys.isEmpty && (order.isLimited || order.isOutermost)
        let output = outputs(selected.results, over: selected.plan.output)
        var carried = selected.results
        var columns = output
        var positions: [String: Int] = [:]
        let written = isSorted || block.isDistinct ? selected.keys : []
        if !written.isEmpty { for (index, result) in carried.enumerated().reversed() { positions[result.canonicalText] = index } }
        var keys: [SortKey] = []
        for key in written {
            let text = key.expression.canonicalText
            let position = positions[text] ?? carried.count
            if position == carried.count {
                guard !block.isDistinct else { throw BindError(.orderNotSelected, at: key.expression.span) }
                positions[text] = position
                carried.append(key.expression)
                columns.append(
                    OutputColumn(
                        name: "sort \(position + 1)", type: key.expression.type, isNullable: key.expression.isNullable,
                        origin: key.expression.origin(in: selected.plan.output)))
            }
            keys.append(key.mapping { columns.expression(at: position, $0.span) })
        }
        var plan = LogicalPlan.project(Project(input: selected.plan, expressions: carried, output: columns))
        if block.isDistinct { plan = distinct(plan) }
        guard isSorted || order.isLimited else { return plan }
        plan = .sort(Sort(input: plan, keys: isSorted ? keys : [], limit: limit, offset: offset ?? 0))
        guard carried.count > output.count else { return plan }
        let kept = output.indices.map { columns.expression(at: $0, selected.results[$0].span) }
        return .project(Project(input: plan, expressions: kept, output: output))
    }

    private func distinct(_ plan: LogicalPlan) -> LogicalPlan {
        let keys = plan.output.indices.map { plan.output.expression(at: $0, block.span) }
        return .aggregate(
            Aggregate(input: plan, aggregation: Aggregation(keys: keys, calls: [], output: plan.output, span: block.span)))
    }

    func plainBinder(clause: String, _ added: AddedColumns?) -> ExpressionBinder {
        ExpressionBinder(
            binder: binder, scope: scope, aggregates: .refused(clause: clause), surroundings: surroundings, added: added,
            clauseWithoutWindows: clause)
    }

    func bound(_ item: ResultItem, _ expressions: ExpressionBinder) throws(BindError) -> BoundExpression {
        switch item {
        case .written(let expression, _): return try expressions.expression(expression)
        case .column(let position, let span): return try expressions.column(at: position, span)
        }
    }

    /// The select list; a bare NULL becomes text, as in PostgreSQL.
    func results(_ expressions: ExpressionBinder) throws(BindError) -> [BoundExpression] {
        var results: [BoundExpression] = []
        for item in items {
            let result = try bound(item, expressions)
            results.append(result.type == .null && !keepsNull ? Coercion.converted(result, to: .text) : result)
        }
        return results
    }

    private func outputs(_ results: [BoundExpression], over input: [OutputColumn]) -> [OutputColumn] {
        zip(items, results).map { item, result in
            let name =
                switch item {
                case .written(let expression, let alias): alias?.text ?? expression.resultName
                case .column(let position, _): scope.outputs[position].name
                }
            return OutputColumn(
                name: name, type: result.type, isNullable: result.isNullable, origin: result.origin(in: input))
        }
    }
}
