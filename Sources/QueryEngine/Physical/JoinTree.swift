// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Puts the relations of a join graph together, along a tree whose root is the largest of them.
struct JoinTree {
    private let graph: JoinGraph
    private let sizes: [Double]
    private let wholes: [Double]
    private var keys: [Key]
    private var conditions: [(expression: BoundExpression, relations: Set<Int>, isDone: Bool)]
    private var children: [[Int]]
    private var roots: [Int] = []

    private struct Key {
        let left: BoundExpression
        let right: BoundExpression
        let leftRelations: Set<Int>
        let rightRelations: Set<Int>
        var isDone = false
    }

    /// Relations that are joined already.
    struct Part {
        var plan: LogicalPlan
        /// Which of all columns its columns are.
        var columns: [Int]
        var relations: Set<Int>
        var size: Double
        /// Share of rows that the joins so far are thought to keep of what joins with them.
        var share: Double
    }

    init(_ graph: JoinGraph, sizes: [Double], wholes: [Double]) {
        self.graph = graph
        self.sizes = sizes
        self.wholes = wholes
        keys = graph.keys.map {
            Key(left: $0.left, right: $0.right, leftRelations: graph.relations(of: $0.left), rightRelations: graph.relations(of: $0.right))
        }
        conditions = graph.conditions.map { ($0, graph.relations(of: $0), false) }
        children = graph.relations.map { _ in [] }
        plant()
    }

    /// Breadth first from the largest relation; what nothing connects has a tree of its own.
    private mutating func plant() {
        var left = Set(graph.relations.indices)
        while let root = left.max(by: { (sizes[$0], $1) < (sizes[$1], $0) }) {
            roots.append(root)
            left.remove(root)
            var queue = [root]
            while !queue.isEmpty {
                let parent = queue.removeFirst()
                let next = left.filter { isJoined(parent, $0) }.sorted()
                left.subtract(next)
                children[parent] = next
                queue += next
            }
        }
    }

    private func isJoined(_ one: Int, _ other: Int) -> Bool {
        keys.contains {
            ($0.leftRelations == [one] && $0.rightRelations == [other]) || ($0.leftRelations == [other] && $0.rightRelations == [one])
        }
    }

    mutating func assemble(_ span: SourceSpan) -> (plan: LogicalPlan, columns: [Int]) {
        var whole = assemble(roots[0], span)
        for root in roots.dropFirst() { whole = join(whole, assemble(root, span), span) }
        let rest = conditions.filter { !$0.isDone }.map { JoinOrder.moved($0.expression, Self.places(whole.columns)) }
        if let predicate = BoundExpression.conjunction(rest) {
            whole.plan = .filter(Filter(input: whole.plan, predicate: predicate, source: .query))
        }
        return (whole.plan, whole.columns)
    }

    private mutating func assemble(_ relation: Int, _ span: SourceSpan) -> Part {
        let known = graph.relations[relation]
        var part = Part(
            plan: known.plan, columns: Array(known.columns), relations: [relation], size: sizes[relation],
            share: min(sizes[relation] / wholes[relation], 1))
        var others: [Part] = []
        for child in children[relation] { others.append(assemble(child, span)) }
        for other in others.sorted(by: { $0.share < $1.share }) { part = join(part, other, span) }
        return part
    }

    private mutating func join(_ one: Part, _ other: Part, _ span: SourceSpan) -> Part {
        // The smaller side is built; without a clear difference the one that was built so far stays.
        let (left, right) = other.size > one.size * 1.5 ? (other, one) : (one, other)
        let all = left.relations.union(right.relations), columns = left.columns + right.columns
        let leftPlaces = Self.places(left.columns), rightPlaces = Self.places(right.columns)
        var pairs: [Join.KeyPair] = []
        for position in keys.indices where !keys[position].isDone {
            let key = keys[position]
            if key.leftRelations.isSubset(of: left.relations), key.rightRelations.isSubset(of: right.relations) {
                pairs.append(Join.KeyPair(left: JoinOrder.moved(key.left, leftPlaces), right: JoinOrder.moved(key.right, rightPlaces)))
            } else if key.leftRelations.isSubset(of: right.relations), key.rightRelations.isSubset(of: left.relations) {
                pairs.append(Join.KeyPair(left: JoinOrder.moved(key.right, leftPlaces), right: JoinOrder.moved(key.left, rightPlaces)))
            } else if key.leftRelations.union(key.rightRelations).isSubset(of: all) {
                // A side that reads both parts: a condition like any other.
                conditions.append((Self.equality(key.left, key.right), key.leftRelations.union(key.rightRelations), false))
            } else {
                continue
            }
            keys[position].isDone = true
        }
        var residuals: [BoundExpression] = []
        for position in conditions.indices where !conditions[position].isDone && conditions[position].relations.isSubset(of: all) {
            residuals.append(JoinOrder.moved(conditions[position].expression, Self.places(columns)))
            conditions[position].isDone = true
        }
        let plan = LogicalPlan.join(
            Join(
                kind: .inner, left: left.plan, right: right.plan, keys: pairs, residual: BoundExpression.conjunction(residuals),
                output: left.plan.output + right.plan.output, span: span))
        let share = left.share * right.share
        return Part(plan: plan, columns: columns, relations: all, size: max(left.size * right.share, 1), share: share)
    }

    private static func equality(_ left: BoundExpression, _ right: BoundExpression) -> BoundExpression {
        BoundExpression(kind: .comparison(.equal, left, right), type: .bool, isNullable: left.isNullable || right.isNullable, span: left.span)
    }

    /// For each of all columns its place in a part; what is not in it has none that counts.
    private static func places(_ columns: [Int]) -> [Int] {
        var places = [Int](repeating: -1, count: (columns.max() ?? -1) + 1)
        for (place, column) in columns.enumerated() { places[column] = place }
        return places
    }
}
