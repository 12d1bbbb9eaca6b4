// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// A column of a table as one reference of the statement reads it.
package struct SourceColumn {
    let reference: Int
    let table: TablePolicy
    let column: ColumnPolicy

    package var name: String { table.name + "." + column.name }
    var isProtected: Bool { !table.isOpen }
}

/// One table reference.
struct ReferenceFact {
    let scan: Scan
    let policy: TablePolicy
    /// On the right of a left join: its rows may be absent.
    let isOptional: Bool
}

/// One join with its conditions over source columns.
struct JoinFact {
    let kind: Join.Kind
    let keys: [(left: BoundExpression, right: BoundExpression)]
    let residual: BoundExpression?
    let leftReferences: Set<Int>
    let rightReferences: Set<Int>
    let span: SourceSpan
}

/// What flows where in the confidential part of a plan: every expression written over the columns of tables, so that no derived table,
/// alias or projection hides what a value is made of.
package struct PlanFlow {
    package private(set) var sources: [SourceColumn] = []
    private(set) var references: [Int: ReferenceFact] = [:]
    private(set) var predicates: [BoundExpression] = []
    private(set) var joins: [JoinFact] = []
    /// Columns of the relation below the release node, over sources.
    private(set) var columns: [BoundExpression] = []
    /// Constants that a left join may fill with NULL: whether they are NULL tells whether there was a partner.
    private(set) var partnerTests: [SourceSpan] = []
    /// What the plan holds that only open tables may do: its name in SQL and its place.
    private(set) var openConstructs: [(name: String, span: SourceSpan)] = []
    /// The expressions would grow beyond `Limits.flowNodes`.
    private(set) var isTooLarge = false
    private var nodes = 0

    package init(_ plan: LogicalPlan, policies: PolicySet) {
        columns = walk(plan, policies, isOptional: false).columns
    }

    /// An expression over the relation below the release node, written over sources. Nil when it would grow too large.
    package mutating func inlined(_ expression: BoundExpression) -> BoundExpression? {
        let result = inlined(expression, columns)
        return isTooLarge ? nil : result
    }

    private mutating func inlined(_ expression: BoundExpression, _ columns: [BoundExpression]) -> BoundExpression {
        guard !isTooLarge else { return expression }
        nodes += Self.size(expression, columns)
        guard nodes <= Limits.flowNodes else {
            isTooLarge = true
            return expression
        }
        return expression.mappingColumns { position, column in
            guard columns.indices.contains(position) else { return column }
            let definition = columns[position]
            guard case .column = definition.kind else { return definition }
            return BoundExpression(kind: definition.kind, type: definition.type, isNullable: column.isNullable, span: column.span)
        }
    }

    /// Nodes after inlining, counted no further than the limit.
    private static func size(_ expression: BoundExpression, _ columns: [BoundExpression]) -> Int {
        if case .column(let position) = expression.kind, columns.indices.contains(position) { return columns[position].extent.nodes }
        var count = 1
        for child in expression.children {
            count += size(child, columns)
            if count > Limits.flowNodes { break }
        }
        return count
    }

    private mutating func walk(
        _ plan: LogicalPlan, _ policies: PolicySet, isOptional: Bool
    ) -> (columns: [BoundExpression], references: Set<Int>) {
        switch plan {
        case .scan(let scan): return (walk(scan, policies, isOptional: isOptional), [scan.reference])
        case .filter(let filter):
            let input = walk(filter.input, policies, isOptional: isOptional)
            predicates.append(inlined(filter.predicate, input.columns))
            return input
        case .project(let project):
            let input = walk(project.input, policies, isOptional: isOptional)
            return (project.expressions.map { inlined($0, input.columns) }, input.references)
        case .join(let join): return walk(join, policies, isOptional: isOptional)
        case .aggregate, .window, .sort, .union: return walk(openOnly: plan, policies, isOptional: isOptional)
        }
    }

    /// What only open tables may do: each column is taken to be made of everything that it may be made of.
    private mutating func walk(
        openOnly plan: LogicalPlan, _ policies: PolicySet, isOptional: Bool
    ) -> (columns: [BoundExpression], references: Set<Int>) {
        let inputs = plan.inputs.map { walk($0, policies, isOptional: isOptional) }
        let first = inputs.first?.columns ?? []
        let references = inputs.reduce(into: Set<Int>()) { $0.formUnion($1.references) }
        switch plan {
        case .scan, .filter, .project, .join: return (first, references)
        case .aggregate(let aggregate):
            let aggregation = aggregate.aggregation
            openConstructs.append(("GROUP BY", aggregation.span))
            let calls = aggregation.calls.map { call in
                made([call.argument].compactMap(\.self), over: first, call.type, call.span)
            }
            return (aggregation.keys.map { inlined($0, first) } + calls, references)
        case .window(let window):
            for call in window.calls { openConstructs.append(("OVER", call.span)) }
            return (first + window.calls.map { made($0.expressions, over: first, $0.type, $0.span) }, references)
        case .sort(let sort):
            openConstructs.append(("LIMIT", sort.keys.first?.expression.span ?? sort.input.scans.first?.span ?? .nowhere))
            predicates += sort.keys.map { inlined($0.expression, first) }
            return (first, references)
        case .union(let union):
            openConstructs.append(("UNION ALL", union.span))
            let columns = union.output.indices.map { column in
                made(inputs.map { $0.columns[column] }, over: nil, union.output[column].type, union.span)
            }
            return (columns, references)
        }
    }

    /// An expression that stands for whatever is computed from these.
    private mutating func made(
        _ parts: [BoundExpression], over columns: [BoundExpression]?, _ type: LogicalType, _ span: SourceSpan
    ) -> BoundExpression {
        var inner: [BoundExpression] = []
        for part in parts { inner.append(columns.map { inlined(part, $0) } ?? part) }
        guard !inner.isEmpty else { return BoundExpression(kind: .literal(.null), type: type, isNullable: true, span: span) }
        return BoundExpression(kind: .function(.coalesce, inner), type: type, isNullable: true, span: span)
    }

    private mutating func walk(_ scan: Scan, _ policies: PolicySet, isOptional: Bool) -> [BoundExpression] {
        guard let policy = policies.table(scan.table) else { return scan.output.map { .made(.literal(.null), $0.type) } }
        references[scan.reference] = ReferenceFact(scan: scan, policy: policy, isOptional: isOptional)
        return scan.output.map { output in
            guard let column = policy.column(output.origin?.column ?? output.name) else { return .made(.literal(.null), output.type) }
            sources.append(SourceColumn(reference: scan.reference, table: policy, column: column))
            return BoundExpression(
                kind: .column(sources.count - 1), type: output.type, isNullable: output.isNullable, span: scan.span)
        }
    }

    private mutating func walk(
        _ join: Join, _ policies: PolicySet, isOptional: Bool
    ) -> (columns: [BoundExpression], references: Set<Int>) {
        let left = walk(join.left, policies, isOptional: isOptional)
        if !Self.isUnderstood(join.kind) { openConstructs.append((Self.name(join.kind), join.span)) }
        let right = walk(join.right, policies, isOptional: isOptional || join.kind != .inner)
        var keys: [(left: BoundExpression, right: BoundExpression)] = []
        for pair in join.keys { keys.append((inlined(pair.left, left.columns), inlined(pair.right, right.columns))) }
        let both = left.columns + right.columns
        var residual: BoundExpression?
        if let condition = join.residual { residual = inlined(condition, both) }
        joins.append(
            JoinFact(
                kind: join.kind, keys: keys, residual: residual, leftReferences: left.references, rightReferences: right.references,
                span: join.span))
        if join.kind != .inner { partnerTests += right.columns.filter(\.isConstant).map(\.span) }
        let references = left.references.union(right.references)
        switch join.kind {
        case .inner, .left, .full, .single: return (both, references)
        case .semi, .anti: return (left.columns, references)
        case .mark:
            let conditions = keys.flatMap { [$0.left, $0.right] } + [residual].compactMap(\.self)
            return (left.columns + [made(conditions, over: nil, .bool, join.span)], references)
        }
    }

    private static func isUnderstood(_ kind: Join.Kind) -> Bool {
        switch kind {
        case .inner, .left: true
        case .full, .semi, .anti, .mark, .single: false
        }
    }

    private static func name(_ kind: Join.Kind) -> String {
        switch kind {
        case .inner: "INNER JOIN"
        case .left: "LEFT JOIN"
        case .full: "FULL JOIN"
        case .semi, .anti, .mark: "EXISTS / IN (SELECT …)"
        case .single: "(SELECT …)"
        }
    }
}
