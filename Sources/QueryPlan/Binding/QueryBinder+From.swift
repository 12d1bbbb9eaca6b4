// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension QueryBinder {
    typealias CommonQueries = [String: CommonQuery]

    /// Binds a FROM clause: the relation and the names over it.
    func bind(
        _ reference: TableReference, _ surroundings: Surroundings
    ) throws(BindError) -> (plan: LogicalPlan, scope: Scope) {
        switch reference.kind {
        case .table(let name, let alias):
            let plan = try table(name, surroundings)
            return try named(plan, alias ?? TableAlias(name: name), at: reference.span)
        case .derived(let query, let alias):
            return try named(try bind(query, surroundings, isOutermost: false), alias, at: reference.span)
        case .join(let join):
            return try bind(join, surroundings, at: reference.span)
        }
    }

    private func table(_ name: Identifier, _ surroundings: Surroundings) throws(BindError) -> LogicalPlan {
        if let common = surroundings.visible[name.text] { return try use(common) }
        guard let schema = catalog.schema(of: name.text) else {
            let names = catalog.tableNames + surroundings.visible.keys
            throw BindError(.unknownTable, [name.text, Suggestion.nearest(to: name.text, among: names)], at: name.span)
        }
        try checkWidth(schema.columns.count, at: name.span)
        let reference = try nextReference(at: name.span)
        let output = schema.columns.map {
            OutputColumn(
                name: $0.name, type: $0.type, isNullable: $0.isNullable,
                origin: ColumnOrigin(reference: reference, table: schema.name, column: $0.name))
        }
        return .scan(Scan(reference: reference, table: schema.name, output: output, span: name.span))
    }

    /// A WITH query is bound anew at each use, as if it stood there.
    func use(_ common: CommonQuery) throws(BindError) -> LogicalPlan {
        common.isUsed = true
        let plan = try bind(common.table.query, common.surroundings, isOutermost: false)
        return try renamed(plan, common.table.alias.columns)
    }

    private func renamed(_ plan: LogicalPlan, _ names: [Identifier]) throws(BindError) -> LogicalPlan {
        guard let last = names.last else { return plan }
        let count = plan.output.count
        guard names.count <= count else {
            throw BindError(.tooManyColumnNames, [String(names.count), String(count)], at: last.span)
        }
        let columns = plan.output.enumerated().map { index, column in
            OutputColumn(
                name: index < names.count ? names[index].text : column.name, type: column.type,
                isNullable: column.isNullable, origin: column.origin)
        }
        return .project(Project(input: plan, expressions: plan.columnExpressions, output: columns))
    }

    private func named(
        _ plan: LogicalPlan, _ alias: TableAlias, at span: SourceSpan
    ) throws(BindError) -> (plan: LogicalPlan, scope: Scope) {
        let result = try renamed(plan, alias.columns)
        return (result, Scope(qualifier: alias.name.text, outputs: result.output))
    }
}
