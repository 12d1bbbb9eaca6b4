// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension QueryBinder {
    /// Binds a join of FROM. The normaliser finds its keys; until then the whole condition is residual.
    func bind(
        _ join: TableJoin, _ surroundings: Surroundings, at span: SourceSpan
    ) throws(BindError) -> (plan: LogicalPlan, scope: Scope) {
        let (left, leftScope) = try bind(join.left, surroundings)
        let (right, rightScope) = try bind(join.right, surroundings)
        for name in rightScope.qualifiers where leftScope.qualifiers.contains(name) {
            throw BindError(.duplicateName, [name], at: join.right.span)
        }
        let fillsLeft = join.kind == .right || join.kind == .full
        let fillsRight = join.kind == .left || join.kind == .full
        let output = left.output.map { fillsLeft ? $0.nullable : $0 } + right.output.map { fillsRight ? $0.nullable : $0 }
        try checkWidth(output.count, at: span)
        var merged = try mergedColumns(join, leftScope, rightScope)
        let scope = Scope(left: leftScope, right: rightScope, outputs: output, merged: merged)
        let added = join.kind == .inner ? AddedColumns() : nil
        let condition = try condition(of: join, scope, merged, surroundings, added)
        let plan: LogicalPlan
        switch join.kind {
        case .inner, .cross: plan = inner(left, right, condition, added, at: span)
        case .left: plan = joined(.left, left, right, condition, at: span)
        case .full: plan = joined(.full, left, right, condition, at: span)
        case .right: plan = turned(left, right, condition, at: span)
        }
        guard join.kind == .full, !merged.isEmpty else { return (plan, scope) }
        let widened = try coalesced(plan, &merged, scope)
        return (widened, Scope(left: leftScope, right: rightScope, outputs: widened.output, merged: merged))
    }

    private func joined(
        _ kind: Join.Kind, _ left: LogicalPlan, _ right: LogicalPlan, _ condition: BoundExpression?, at span: SourceSpan
    ) -> LogicalPlan {
        .join(
            Join(
                kind: kind, left: left, right: right, keys: [], residual: condition,
                output: Join.output(kind, left.output, right.output), span: span))
    }

    /// An inner join. Where subqueries stand in its condition they join what it yields, and the condition is tested above.
    private func inner(
        _ left: LogicalPlan, _ right: LogicalPlan, _ condition: BoundExpression?, _ added: AddedColumns?, at span: SourceSpan
    ) -> LogicalPlan {
        guard let added, !added.isEmpty, let condition else { return joined(.inner, left, right, condition, at: span) }
        let plan = joined(.inner, left, right, nil, at: span)
        let wide = added.joined(plan)
        let filtered = LogicalPlan.filter(Filter(input: wide, predicate: added.placed(condition), source: .query))
        return .project(Project(input: filtered, expressions: plan.columnExpressions, output: plan.output))
    }

    /// RIGHT JOIN: the left join of the sides exchanged, with its columns back in their places.
    private func turned(
        _ left: LogicalPlan, _ right: LogicalPlan, _ condition: BoundExpression?, at span: SourceSpan
    ) -> LogicalPlan {
        let shift = left.output.count
        let width = right.output.count
        func place(_ position: Int) -> Int { position < shift ? position + width : position - shift }
        let moved = condition?.mappingColumns { position, column in
            guard position >= 0 else { return column }
            return BoundExpression(
                kind: .column(place(position)), type: column.type, isNullable: column.isNullable, span: column.span)
        }
        let plan = joined(.left, right, left, moved, at: span)
        let columns = (0..<shift + width).map { plan.output.expression(at: place($0), span) }
        return .project(
            Project(input: plan, expressions: columns, output: columns.indices.map { plan.output[place($0)] }))
    }

    /// The columns that USING names; none for ON.
    private func mergedColumns(
        _ join: TableJoin, _ left: Scope, _ right: Scope
    ) throws(BindError) -> [Scope.MergedColumn] {
        guard case .using(let names) = join.condition else { return [] }
        var merged: [Scope.MergedColumn] = []
        for (index, name) in names.enumerated() {
            if names[..<index].contains(name) { throw BindError(.duplicateName, [name.text], at: name.span) }
            let first = try left.column(qualifier: nil, name: name, at: name.span)
            let second = try right.column(qualifier: nil, name: name, at: name.span)
            guard case .column(let leftPosition) = first.kind, case .column(let rightPosition) = second.kind else { continue }
            let moved = rightPosition + left.outputs.count
            merged.append(
                Scope.MergedColumn(left: leftPosition, right: moved, visible: join.kind == .right ? moved : leftPosition))
        }
        return merged
    }

    /// FULL JOIN … USING: the value of whichever side has one, computed behind the columns of both.
    private func coalesced(
        _ plan: LogicalPlan, _ merged: inout [Scope.MergedColumn], _ scope: Scope
    ) throws(BindError) -> LogicalPlan {
        let binder = ExpressionBinder(binder: self, scope: scope, aggregates: .refused(clause: "JOIN"))
        var expressions = plan.columnExpressions
        var output = plan.output
        for index in merged.indices {
            let both = [expressions[merged[index].left], expressions[merged[index].right]]
            let sides = try binder.unified(both, for: "USING", at: plan.span)
            let name = output[merged[index].left].name
            merged[index].visible = expressions.count
            expressions.append(
                BoundExpression(kind: .function(.coalesce, sides), type: sides[0].type, isNullable: true, span: plan.span))
            output.append(OutputColumn(name: name, type: sides[0].type, isNullable: true, origin: nil))
        }
        return .project(Project(input: plan, expressions: expressions, output: output))
    }

    private func condition(
        of join: TableJoin, _ scope: Scope, _ merged: [Scope.MergedColumn], _ surroundings: Surroundings, _ added: AddedColumns?
    ) throws(BindError) -> BoundExpression? {
        let binder = ExpressionBinder(
            binder: self, scope: scope, aggregates: .refused(clause: "JOIN"), surroundings: surroundings, added: added,
            clauseWithoutWindows: "JOIN")
        switch join.condition {
        case .on(let expression):
            return try binder.condition(expression, clause: "JOIN … ON")
        case .using(let names):
            var equalities: [BoundExpression] = []
            for (pair, name) in zip(merged, names) {
                let left = scope.column(at: pair.left, name.span)
                let right = scope.column(at: pair.right, name.span)
                equalities.append(try binder.comparison(.equal, left, right, at: name.span))
            }
            return BoundExpression.conjunction(equalities)
        case .none: return nil
        }
    }
}

extension OutputColumn {
    /// The same column where rows may be filled with NULL.
    var nullable: OutputColumn { OutputColumn(name: name, type: type, isNullable: true, origin: origin) }
}
