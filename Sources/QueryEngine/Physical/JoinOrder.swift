// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// The order of inner joins of an open plan, from the row counts of its tables and rough guesses. It changes neither what comes out
/// nor anything that anybody sees, only how long it takes. Protected plans keep the order in which they were checked.
///
/// The largest relation drives. Relations that join it directly are built as hash tables, each reduced first by those that join only
/// through it; the most selective are probed first.
struct JoinOrder {
    /// Rows of each table reference.
    let rowCounts: [Int: Int]

    func ordered(_ plan: LogicalPlan) -> LogicalPlan {
        guard case .join(let join) = plan, join.kind == .inner else { return plan.mappingInputs(ordered) }
        var graph = JoinGraph()
        let columns = collect(plan, into: &graph)
        guard graph.relations.count > 1 else { return plan.mappingInputs(ordered) }
        var tree = JoinTree(graph, sizes: graph.relations.map { size($0.plan) }, wholes: graph.relations.map { whole($0.plan) })
        let joined = tree.assemble(join.span)
        let places = Dictionary(uniqueKeysWithValues: joined.columns.enumerated().map { ($1, $0) })
        let expressions = zip(columns, plan.output).map { column, output in
            BoundExpression(kind: .column(places[column] ?? 0), type: output.type, isNullable: output.isNullable, span: join.span)
        }
        return .project(Project(input: joined.plan, expressions: expressions, output: plan.output))
    }

    /// Notes the relations and conditions below inner joins. Returns which of all their columns the columns of `plan` are.
    private func collect(_ plan: LogicalPlan, into graph: inout JoinGraph) -> [Int] {
        switch plan {
        case .join(let join) where join.kind == .inner:
            let left = collect(join.left, into: &graph), right = collect(join.right, into: &graph)
            for key in join.keys { graph.keys.append((Self.moved(key.left, left), Self.moved(key.right, right))) }
            graph.conditions += (join.residual?.conjuncts ?? []).map { Self.moved($0, left + right) }
            return left + right
        case .filter(let filter) where filter.source == .query && Self.holdsJoin(filter.input):
            let columns = collect(filter.input, into: &graph)
            graph.conditions += filter.predicate.conjuncts.map { Self.moved($0, columns) }
            return columns
        case .project(let project) where Self.holdsJoin(project.input):
            let places = project.expressions.compactMap { if case .column(let position) = $0.kind { position } else { nil } }
            guard places.count == project.expressions.count else { break }
            let columns = collect(project.input, into: &graph)
            return places.map { columns[$0] }
        case .scan, .filter, .project, .join, .aggregate, .window, .sort, .union: break
        }
        return graph.add(ordered(plan))
    }

    private static func holdsJoin(_ plan: LogicalPlan) -> Bool {
        switch plan {
        case .join(let join): join.kind == .inner
        case .filter(let filter): filter.source == .query && holdsJoin(filter.input)
        case .project(let project): holdsJoin(project.input)
        case .scan, .aggregate, .window, .sort, .union: false
        }
    }

    static func moved(_ expression: BoundExpression, _ columns: [Int]) -> BoundExpression {
        expression.mappingColumns { position, column in
            BoundExpression(
                kind: .column(columns.indices.contains(position) ? columns[position] : position), type: column.type,
                isNullable: column.isNullable, span: column.span)
        }
    }

    /// About how many rows a relation has.
    func size(_ plan: LogicalPlan) -> Double {
        switch plan {
        case .scan(let scan): Double(rowCounts[scan.reference] ?? 0)
        case .filter(let filter): filter.predicate.conjuncts.reduce(size(filter.input)) { $0 * Self.share($1) }
        case .project(let project): size(project.input)
        case .join(let join):
            switch join.kind {
            case .inner: max(size(join.left), size(join.right))
            case .left, .mark, .single: size(join.left)
            case .full: size(join.left) + size(join.right)
            case .semi, .anti: size(join.left) / 2
            }
        case .aggregate(let aggregate): aggregate.aggregation.keys.isEmpty ? 1 : size(aggregate.input) / 4
        case .window(let window): size(window.input)
        case .sort(let sort): min(size(sort.input), sort.limit.map { Double($0) } ?? .infinity)
        case .union(let union): union.inputs.reduce(0) { $0 + size($1) }
        }
    }

    /// About how many it would have without its filters.
    func whole(_ plan: LogicalPlan) -> Double {
        if case .filter(let filter) = plan { return whole(filter.input) }
        if case .project(let project) = plan { return whole(project.input) }
        return max(size(plan), 1)
    }

    /// Which share of rows a condition keeps.
    private static func share(_ condition: BoundExpression) -> Double {
        switch condition.kind {
        case .comparison(.equal, _, _): 0.05
        case .comparison(.notEqual, _, _), .not: 0.9
        case .comparison: 0.4
        case .inList(_, let items): min(0.05 * Double(items.count), 0.5)
        case .or(let operands): min(operands.reduce(0) { $0 + share($1) }, 1)
        case .and(let operands): operands.reduce(1) { $0 * share($1) }
        case .column, .literal, .parameter, .negate, .isNull, .arithmetic, .caseWhen, .cast, .function: 0.3
        }
    }
}

/// Relations under inner joins and what joins them; columns count through all relations.
struct JoinGraph {
    struct Relation {
        let plan: LogicalPlan
        let columns: Range<Int>
    }

    private(set) var relations: [Relation] = []
    var keys: [(left: BoundExpression, right: BoundExpression)] = []
    var conditions: [BoundExpression] = []

    mutating func add(_ plan: LogicalPlan) -> [Int] {
        let start = relations.last?.columns.upperBound ?? 0
        let columns = start..<(start + plan.output.count)
        relations.append(Relation(plan: plan, columns: columns))
        return Array(columns)
    }

    /// The relations that an expression reads.
    func relations(of expression: BoundExpression) -> Set<Int> {
        let columns = expression.columns
        return Set(relations.indices.filter { relation in columns.contains { relations[relation].columns.contains($0) } })
    }
}
