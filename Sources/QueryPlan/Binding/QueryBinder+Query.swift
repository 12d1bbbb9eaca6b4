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
    func bind(_ query: SelectQuery, _ surroundings: Surroundings, isOutermost: Bool) throws(BindError) -> LogicalPlan {
        var inner = surroundings
        var own: [CommonQuery] = []
        var names: Set<String> = []
        for table in query.commonTables {
            let name = table.alias.name
            guard names.insert(name.text).inserted else { throw BindError(.duplicateName, [name.text], at: name.span) }
            let common = CommonQuery(table: table, surroundings: inner)
            own.append(common)
            inner.visible[name.text] = common
        }
        let plan = try body(query, inner, isOutermost: isOutermost)
        // What is never used must be right all the same.
        for common in own where !common.isUsed { _ = try use(common) }
        return plan
    }

    private func body(_ query: SelectQuery, _ surroundings: Surroundings, isOutermost: Bool) throws(BindError) -> LogicalPlan {
        switch query.body {
        case .select(let block):
            let order = Ordering(query: query, isOutermost: isOutermost)
            return try select(block, order, surroundings, keepsNull: false)
        case .nested(let nested):
            let isFirst = isOutermost && query.order.isEmpty && query.limit == nil && query.offset == nil
            return try ordered(try bind(nested, surroundings, isOutermost: isFirst), query, surroundings, isOutermost: isOutermost)
        case .unionAll:
            return try ordered(try union(query.body, surroundings, at: query.span), query, surroundings, isOutermost: isOutermost)
        }
    }

    private func select(
        _ block: SelectBlock, _ order: Ordering, _ surroundings: Surroundings, keepsNull: Bool
    ) throws(BindError) -> LogicalPlan {
        let (plan, scope) = try source(of: block, surroundings)
        let items = try expanded(block.items, scope)
        try checkWidth(items.count, at: block.span)
        let select = SelectBinder(
            binder: self, block: block, order: order, scope: scope, items: items, surroundings: surroundings, keepsNull: keepsNull)
        return try select.plan(over: plan)
    }

    /// What a SELECT reads; without FROM one row without columns.
    private func source(of block: SelectBlock, _ surroundings: Surroundings) throws(BindError) -> (plan: LogicalPlan, scope: Scope) {
        if let from = block.from { return try bind(from, surroundings) }
        for item in block.items {
            if case .star = item.kind { throw BindError(.fromRequired, at: item.span) }
        }
        return (.oneRow(at: block.span), Scope(qualifier: "", outputs: []))
    }

    /// ORDER BY and LIMIT over the result of a query that is no single SELECT.
    private func ordered(
        _ plan: LogicalPlan, _ query: SelectQuery, _ surroundings: Surroundings, isOutermost: Bool
    ) throws(BindError) -> LogicalPlan {
        guard !query.order.isEmpty || query.limit != nil || query.offset != nil else { return plan }
        let scope = Scope(qualifier: "", outputs: plan.output)
        let block = SelectBlock(items: [], from: nil, span: query.span)
        let select = SelectBinder(
            binder: self, block: block, order: Ordering(query: query, isOutermost: isOutermost), scope: scope,
            items: plan.output.indices.map { .column($0, span: query.span) }, surroundings: surroundings, keepsNull: false)
        return try select.plan(over: plan)
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

    /// UNION ALL. A column has the type that holds the columns of all operands.
    private func union(_ body: QueryBody, _ surroundings: Surroundings, at span: SourceSpan) throws(BindError) -> LogicalPlan {
        var inputs: [LogicalPlan] = []
        for operand in body.operands {
            let plan: LogicalPlan
            switch operand {
            case .select(let block): plan = try select(block, Ordering(), surroundings, keepsNull: !block.isDistinct)
            case .nested(let query): plan = try bind(query, surroundings, isOutermost: false)
            case .unionAll: plan = try union(operand, surroundings, at: span)
            }
            if let first = inputs.first, first.output.count != plan.output.count {
                throw BindError(.unionColumns, [String(first.output.count), String(plan.output.count)], at: operand.span ?? span)
            }
            inputs.append(plan)
        }
        return try united(inputs, at: span)
    }

    private func united(_ inputs: [LogicalPlan], at span: SourceSpan) throws(BindError) -> LogicalPlan {
        let expressions = inputs.map { input -> [BoundExpression] in
            // The written expressions, so that constants take on the common type.
            if case .project(let project) = input { return project.expressions }
            return input.columnExpressions
        }
        let unifier = ExpressionBinder(binder: self, scope: Scope(qualifier: "", outputs: []), aggregates: .inside)
        var unified = inputs.map { _ in [BoundExpression]() }
        for column in inputs[0].output.indices {
            let together = try unifier.unified(expressions.map { $0[column] }, for: "UNION ALL", at: span)
            for (index, expression) in together.enumerated() { unified[index].append(expression) }
        }
        let output = inputs[0].output.enumerated().map { index, column in
            OutputColumn(
                name: column.name, type: unified[0][index].type, isNullable: unified.contains { $0[index].isNullable }, origin: nil)
        }
        let converted = zip(inputs, unified).map { input, columns -> LogicalPlan in
            if columns.map(\.type) == input.output.map(\.type) { return input }
            var base = input
            if case .project(let project) = input { base = project.input }
            let names = zip(columns, input.output).map { column, old in
                OutputColumn(
                    name: old.name, type: column.type, isNullable: column.isNullable, origin: column.origin(in: base.output))
            }
            return .project(Project(input: base, expressions: columns, output: names))
        }
        return .union(Union(inputs: converted, output: output, span: span))
    }
}

extension QueryBody {
    /// The operands of a chain of UNION ALL, from the left.
    fileprivate var operands: [QueryBody] {
        guard case .unionAll(let left, let right) = self else { return [self] }
        return left.operands + right.operands
    }

    fileprivate var span: SourceSpan? {
        switch self {
        case .select(let block): block.span
        case .nested(let query): query.span
        case .unionAll: nil
        }
    }
}
