// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// A column of a table as one reference of the statement reads it.
struct SourceColumn {
    let reference: Int
    let table: TablePolicy
    let column: ColumnPolicy

    var name: String { table.name + "." + column.name }
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
struct PlanFlow {
    private(set) var sources: [SourceColumn] = []
    private(set) var references: [Int: ReferenceFact] = [:]
    private(set) var predicates: [BoundExpression] = []
    private(set) var joins: [JoinFact] = []
    /// Columns of the relation below the release node, over sources.
    private(set) var columns: [BoundExpression] = []
    /// Constants that a left join may fill with NULL: whether they are NULL tells whether there was a partner.
    private(set) var partnerTests: [SourceSpan] = []
    /// The expressions would grow beyond `Limits.flowNodes`.
    private(set) var isTooLarge = false
    private var nodes = 0

    init(_ plan: LogicalPlan, policies: PolicySet) {
        columns = walk(plan, policies, isOptional: false).columns
    }

    /// An expression over the relation below the release node, written over sources. Nil when it would grow too large.
    mutating func inlined(_ expression: BoundExpression) -> BoundExpression? {
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
        }
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
        let right = walk(join.right, policies, isOptional: isOptional || join.kind == .left)
        var keys: [(left: BoundExpression, right: BoundExpression)] = []
        for pair in join.keys { keys.append((inlined(pair.left, left.columns), inlined(pair.right, right.columns))) }
        let both = left.columns + right.columns
        var residual: BoundExpression?
        if let condition = join.residual { residual = inlined(condition, both) }
        joins.append(
            JoinFact(
                kind: join.kind, keys: keys, residual: residual, leftReferences: left.references, rightReferences: right.references,
                span: join.span))
        if join.kind == .left { partnerTests += right.columns.filter(\.isConstant).map(\.span) }
        return (both, left.references.union(right.references))
    }
}
