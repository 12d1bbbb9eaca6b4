// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension QueryBinder {
    typealias CommonQueries = [String: CommonQuery]

    /// Binds a FROM clause: the relation and the names over it.
    func bind(
        _ reference: TableReference, _ visible: CommonQueries
    ) throws(BindError) -> (relation: Relation, scope: Scope) {
        switch reference.kind {
        case .table(let name, let alias):
            let relation = try table(name, visible)
            return try named(relation, alias ?? TableAlias(name: name), at: reference.span)
        case .derived(let query, let alias):
            return try named(try bind(query, visible, isOutermost: false), alias, at: reference.span)
        case .join(let join):
            return try bind(join, visible, at: reference.span)
        }
    }

    private func table(_ name: Identifier, _ visible: CommonQueries) throws(BindError) -> Relation {
        if let common = visible[name.text] { return try use(common) }
        guard let schema = catalog.schema(of: name.text) else {
            let names = catalog.tableNames + visible.keys
            throw BindError(.unknownTable, [name.text, Suggestion.nearest(to: name.text, among: names)], at: name.span)
        }
        try checkWidth(schema.columns.count, at: name.span)
        let reference = try nextReference(at: name.span)
        let output = schema.columns.map {
            OutputColumn(
                name: $0.name, type: $0.type, isNullable: $0.isNullable,
                origin: ColumnOrigin(reference: reference, table: schema.name, column: $0.name))
        }
        return .rows(.scan(Scan(reference: reference, table: schema.name, output: output, span: name.span)))
    }

    /// A WITH query is bound anew at each use, as if it stood there.
    func use(_ common: CommonQuery) throws(BindError) -> Relation {
        common.isUsed = true
        let relation = try bind(common.table.query, common.visible, isOutermost: false)
        return try renamed(relation, common.table.alias.columns)
    }

    private func renamed(_ relation: Relation, _ names: [Identifier]) throws(BindError) -> Relation {
        guard let last = names.last else { return relation }
        let count = relation.output.count
        guard names.count <= count else {
            throw BindError(.tooManyColumnNames, [String(names.count), String(count)], at: last.span)
        }
        return relation.renamed(names.map(\.text))
    }

    private func named(
        _ relation: Relation, _ alias: TableAlias, at span: SourceSpan
    ) throws(BindError) -> (relation: Relation, scope: Scope) {
        let result = try renamed(relation, alias.columns)
        return (result, Scope(qualifier: alias.name.text, outputs: result.output))
    }

    private func bind(
        _ join: TableJoin, _ visible: CommonQueries, at span: SourceSpan
    ) throws(BindError) -> (relation: Relation, scope: Scope) {
        switch join.kind {
        case .inner, .left: break
        case .right, .full, .cross: throw BindError(.unsupported, [join.kind.rawValue], at: span)
        }
        let (left, leftScope) = try bind(join.left, visible)
        let (right, rightScope) = try bind(join.right, visible)
        for name in rightScope.qualifiers where leftScope.qualifiers.contains(name) {
            throw BindError(.duplicateName, [name], at: join.right.span)
        }
        guard case .rows(let leftPlan) = left, case .rows(let rightPlan) = right else {
            throw BindError(.joinWithReleased, at: span)
        }
        let output = leftPlan.output + rightPlan.output.map { join.kind == .left ? $0.nullable : $0 }
        try checkWidth(output.count, at: span)
        let merged = try mergedPairs(join.condition, leftScope, rightScope)
        let scope = Scope(left: leftScope, right: rightScope, outputs: output, merged: merged)
        let condition = try condition(of: join, scope, merged, shift: leftPlan.output.count)
        // The normaliser finds the keys; until then the whole condition is residual.
        let bound = Join(
            kind: join.kind == .left ? .left : .inner, left: leftPlan, right: rightPlan, keys: [], residual: condition,
            output: output, span: span)
        return (.rows(.join(bound)), scope)
    }

    /// The pairs of columns that USING names; none for ON.
    private func mergedPairs(
        _ condition: TableJoin.Condition, _ left: Scope, _ right: Scope
    ) throws(BindError) -> [(left: Int, right: Int)] {
        guard case .using(let names) = condition else { return [] }
        var pairs: [(left: Int, right: Int)] = []
        for (index, name) in names.enumerated() {
            if names[..<index].contains(name) { throw BindError(.duplicateName, [name.text], at: name.span) }
            let first = try left.column(qualifier: nil, name: name, at: name.span)
            let second = try right.column(qualifier: nil, name: name, at: name.span)
            if case .column(let leftPosition) = first.kind, case .column(let rightPosition) = second.kind {
                pairs.append((leftPosition, rightPosition))
            }
        }
        return pairs
    }

    private func condition(
        of join: TableJoin, _ scope: Scope, _ merged: [(left: Int, right: Int)], shift: Int
    ) throws(BindError) -> BoundExpression? {
        let binder = ExpressionBinder(binder: self, scope: scope, aggregates: .refused(clause: "JOIN"))
        switch join.condition {
        case .on(let expression):
            return try binder.condition(expression, clause: "JOIN … ON")
        case .using(let names):
            var equalities: [BoundExpression] = []
            for (pair, name) in zip(merged, names) {
                let left = scope.column(at: pair.left, name.span)
                let right = scope.column(at: pair.right + shift, name.span)
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
