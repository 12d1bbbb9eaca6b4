// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Binds the clauses of one SELECT over its FROM clause, in one of three ways: over rows, as the aggregation, or over
/// released cells.
struct SelectBinder {
    let binder: QueryBinder
    let query: SelectQuery
    let block: SelectBlock
    let groups: [SQLExpression]
    let scope: Scope
    let items: [ResultItem]

    /// Where the query shows that it aggregates; nil when it does not.
    var aggregationSpan: SourceSpan? {
        if let group = groups.first { return group.span }
        for case .written(let expression, _) in items {
            if let span = AggregateSearch.first(in: expression) { return span }
        }
        if let having = block.groupFilter { return having.span }
        for item in query.order {
            if let span = AggregateSearch.first(in: item.expression) { return span }
        }
        return nil
    }

    /// A query without aggregation over rows. With LIMIT, or outermost with ORDER BY, its rows are the release.
    func rows(_ plan: LogicalPlan, isOutermost: Bool) throws(BindError) -> Relation {
        let expressions = plainBinder(clause: "SELECT")
        var input = plan
        if let filter = try whereCondition() {
            input = .filter(Filter(input: plan, predicate: filter, source: .query))
        }
        let results = try results(expressions)
        let output = outputs(results, over: plan.output)
        let keys = try sortKeys(expressions, results)
        let (limit, offset) = try limits()
        let isLimited = limit != nil || offset != nil
        guard isLimited || (isOutermost && !keys.isEmpty) else {
            return .rows(.project(Project(input: input, expressions: results, output: output)))
        }
        return .released(sorted(input, results, output, keys, limit, offset, isLimited: isLimited))
    }

    /// Rows that carry their sort keys: those which are not result columns become further columns, dropped at the end.
    private func sorted(
        _ input: LogicalPlan, _ results: [BoundExpression], _ output: [OutputColumn], _ keys: [SortKey],
        _ limit: Int64?, _ offset: Int64?, isLimited: Bool
    ) -> ReleasedRelation {
        var carried = results
        var carriedOutput = output
        var positions: [String: Int] = [:]
        for (index, result) in results.enumerated().reversed() { positions[result.canonicalText] = index }
        var sorting: [SortKey] = []
        for key in keys {
            let text = key.expression.canonicalText
            let position = positions[text] ?? carried.count
            if position == carried.count {
                positions[text] = position
                carried.append(key.expression)
                carriedOutput.append(
                    OutputColumn(
                        name: "sort \(position + 1)", type: key.expression.type, isNullable: key.expression.isNullable,
                        origin: key.expression.origin(in: input.output)))
            }
            sorting.append(
                SortKey(
                    expression: carriedOutput.expression(at: position, key.expression.span),
                    isDescending: key.isDescending, nullsFirst: key.nullsFirst))
        }
        var steps: [FinishingStep] = sorting.isEmpty ? [] : [.sort(sorting)]
        if isLimited { steps.append(.limit(count: limit, offset: offset ?? 0)) }
        if carried.count > results.count {
            let kept = results.indices.map { carriedOutput.expression(at: $0, results[$0].span) }
            steps.append(.project(kept, output: output))
        }
        let rows = LogicalPlan.project(Project(input: input, expressions: carried, output: carriedOutput))
        return ReleasedRelation(rows: rows, release: .rows, steps: steps, output: output)
    }

    /// A query over released cells: every clause is a finishing step.
    func finished(_ released: ReleasedRelation) throws(BindError) -> ReleasedRelation {
        var result = released
        if let filter = try whereCondition() { result.steps.append(.filter(filter)) }
        try finish(&result, plainBinder(clause: "SELECT"))
        return result
    }

    /// Appends ORDER BY, LIMIT and the select list.
    private func finish(_ relation: inout ReleasedRelation, _ expressions: ExpressionBinder) throws(BindError) {
        let results = try results(expressions)
        let keys = try sortKeys(expressions, results)
        let (limit, offset) = try limits()
        if !keys.isEmpty { relation.steps.append(.sort(keys)) }
        if limit != nil || offset != nil { relation.steps.append(.limit(count: limit, offset: offset ?? 0)) }
        let current = expressions.currentOutput
        let output = outputs(results, over: current)
        if !results.isIdentity(count: current.count) { relation.steps.append(.project(results, output: output)) }
        relation.output = output
    }

    /// The aggregation of the statement: its rows and keys below the cut, everything else above.
    func aggregated(_ plan: LogicalPlan) throws(BindError) -> ReleasedRelation {
        var input = plan
        if let filter = try whereCondition() {
            input = .filter(Filter(input: plan, predicate: filter, source: .query))
        }
        let collector = AggregateCollector(scope: scope)
        for group in groups { collector.add(key: try groupKey(group)) }
        let expressions = ExpressionBinder(binder: binder, scope: scope, aggregates: .collected(collector))
        nameAggregates(collector)
        // The select list comes first, so that cells stand in its order.
        _ = try results(expressions)
        var having: BoundExpression?
        if let filter = block.groupFilter { having = try expressions.condition(filter, clause: "HAVING") }
        var result = ReleasedRelation(rows: input, release: .rows, steps: [], output: [])
        if let having { result.steps.append(.filter(having)) }
        try finish(&result, expressions)
        let span = aggregationSpan ?? query.span
        guard !collector.keys.isEmpty || !collector.calls.isEmpty else {
            throw BindError(.unsupported, ["HAVING"], at: span)
        }
        let aggregation = Aggregation(
            keys: collector.keys, calls: collector.calls, output: collector.output, span: span)
        return ReleasedRelation(
            rows: input, release: .aggregate(aggregation), steps: result.steps, output: result.output)
    }

    /// Cells that are result columns take the result's name, for messages.
    private func nameAggregates(_ collector: AggregateCollector) {
        for item in items {
            guard case .written(let expression, let alias?) = item else { continue }
            collector.names[expression.span] = alias.text
            // PostgreSQL lets GROUP BY name a result; the key then has the result's place.
            if let bound = binder.attempt({ () throws(BindError) in
                try plainBinder(clause: "SELECT").expression(expression)
            }) {
                collector.rename(key: bound, to: alias.text)
            }
        }
    }

    /// A GROUP BY entry: an ordinal, an input column, else a result name, else any expression.
    private func groupKey(_ group: SQLExpression) throws(BindError) -> BoundExpression {
        let expressions = plainBinder(clause: "GROUP BY")
        if let item = try ordinal(group, clause: "GROUP BY") { return try bound(item, expressions) }
        if case .literal = group.kind { throw BindError(.constantKey, ["GROUP BY"], at: group.span) }
        if case .column(nil, let name) = group.kind, scope.matches(qualifier: nil, name: name).isEmpty,
            let item = try aliased(name)
        {
            return try bound(item, expressions)
        }
        return try expressions.expression(group)
    }

    private func plainBinder(clause: String) -> ExpressionBinder {
        ExpressionBinder(binder: binder, scope: scope, aggregates: .refused(clause: clause))
    }

    private func whereCondition() throws(BindError) -> BoundExpression? {
        guard let filter = block.filter else { return nil }
        return try plainBinder(clause: "WHERE").condition(filter, clause: "WHERE")
    }

    private func bound(_ item: ResultItem, _ expressions: ExpressionBinder) throws(BindError) -> BoundExpression {
        switch item {
        case .written(let expression, _): return try expressions.expression(expression)
        case .column(let position, let span): return try expressions.column(at: position, span)
        }
    }

    /// The select list; a bare NULL becomes text, as in PostgreSQL.
    private func results(_ expressions: ExpressionBinder) throws(BindError) -> [BoundExpression] {
        var results: [BoundExpression] = []
        for item in items {
            let result = try bound(item, expressions)
            results.append(result.type == .null ? Coercion.converted(result, to: .text) : result)
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

    private func sortKeys(
        _ expressions: ExpressionBinder, _ results: [BoundExpression]
    ) throws(BindError) -> [SortKey] {
        var keys: [SortKey] = []
        for item in query.order {
            var key: BoundExpression
            if let ordinal = try ordinal(item.expression, clause: "ORDER BY") {
                key = try bound(ordinal, expressions)
            } else if case .literal = item.expression.kind {
                throw BindError(.constantKey, ["ORDER BY"], at: item.expression.span)
            } else if case .column(nil, let name) = item.expression.kind, let result = try aliased(name) {
                key = try bound(result, expressions)
            } else {
                key = try expressions.expression(item.expression)
            }
            key = BoundExpression(
                kind: key.kind, type: key.type, isNullable: key.isNullable, span: item.expression.span)
            keys.append(
                SortKey(
                    expression: key, isDescending: item.isDescending,
                    nullsFirst: item.isNullsFirst ?? item.isDescending))
        }
        return keys
    }

    /// The result column that a whole number names.
    private func ordinal(_ expression: SQLExpression, clause: String) throws(BindError) -> ResultItem? {
        guard case .literal(.integer(let digits)) = expression.kind else { return nil }
        guard let number = Int(digits), (1...items.count).contains(number) else {
            throw BindError(.ordinalOutOfRange, [clause, String(items.count)], at: expression.span)
        }
        return items[number - 1]
    }

    /// The result column of a name, when there is one; two different ones are ambiguous.
    private func aliased(_ name: Identifier) throws(BindError) -> ResultItem? {
        var found: ResultItem?
        var written: SQLExpression?
        for item in items {
            guard case .written(let expression, let alias) = item else { continue }
            guard (alias?.text ?? expression.columnName) == name.text else { continue }
            if let written, written != expression {
                throw BindError(.ambiguousColumn, [name.text, "SELECT"], at: name.span)
            }
            found = item
            written = expression
        }
        return found
    }

    private func limits() throws(BindError) -> (limit: Int64?, offset: Int64?) {
        (try count(query.limit, clause: "LIMIT"), try count(query.offset, clause: "OFFSET"))
    }

    private func count(_ expression: SQLExpression?, clause: String) throws(BindError) -> Int64? {
        guard let expression else { return nil }
        guard case .literal(.integer(let digits)) = expression.kind, let number = Int64(digits) else {
            throw BindError(.limitNotConstant, [clause], at: expression.span)
        }
        return number
    }
}
