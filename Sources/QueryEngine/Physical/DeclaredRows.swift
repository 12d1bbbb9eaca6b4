// SPDX-License-Identifier: Apache-2.0

import PolicyCheck
import QueryPlan

/// How many rows joins have at most by the sizes of tables and the fan-out that policies declare: of a table whose entities have at most f
/// rows each, no row of the other side meets more than f, where the entity is the key. Nil where nothing is declared.
struct DeclaredRows {
    let plan: ExecutionPlan
    let rowCounts: [Int: Int]

    /// Rows of the join that may have most; nil where there is none of which it is known.
    func largestJoin(_ relation: LogicalPlan) -> Int? {
        let below = relation.inputs.compactMap { largestJoin($0) }.max()
        guard case .join = relation, let own = most(relation) else { return below }
        return max(own, below ?? 0)
    }

    /// Rows of a relation at most.
    func most(_ relation: LogicalPlan) -> Int? {
        switch relation {
        case .scan(let scan): return rowCounts[scan.reference]
        case .filter(let filter): return most(filter.input)
        case .project(let project): return most(project.input)
        case .window(let window): return most(window.input)
        case .aggregate(let aggregate): return aggregate.aggregation.keys.isEmpty ? 1 : most(aggregate.input)
        case .sort(let sort):
            let below = most(sort.input), limit = sort.limit.map { Int(clamping: max($0, 0)) }
            return limit.map { min($0, below ?? $0) } ?? below
        case .union(let union):
            var total = 0
            for input in union.inputs {
                guard let rows = most(input) else { return nil }
                total = Self.sum(total, rows)
            }
            return total
        case .join(let join): return most(join)
        }
    }

    private func most(_ join: Join) -> Int? {
        let left = most(join.left), right = most(join.right)
        switch join.kind {
        case .semi, .anti, .mark, .single: return left
        case .inner, .left, .full:
            let rightPartners = join.keys.isEmpty ? right : partners(join.right, join.keys.map(\.right))
            let leftPartners = partners(join.left, join.keys.map(\.left))
            // Each left row once with all its partners, or without one; or each right row with all of its, and left rows without any.
            var bounds: [Int] = []
            if let left, let rightPartners { bounds.append(Self.product(left, join.kind == .inner ? rightPartners : max(rightPartners, 1))) }
            if let right, let leftPartners {
                let pairs = Self.product(right, leftPartners)
                if join.kind == .inner { bounds.append(pairs) } else if let left { bounds.append(Self.sum(pairs, left)) }
            }
            guard let pairs = bounds.min() else { return nil }
            return join.kind == .full ? right.map { Self.sum(pairs, $0) } : pairs
        }
    }

    /// Rows of a side that have the same key at most.
    private func partners(_ side: LogicalPlan, _ keys: [BoundExpression]) -> Int? {
        // Beside protected rows open ones are looked up; a key that repeats ends the job.
        if plan.openLookup(side) != nil { return 1 }
        return keys.compactMap { key in
            if case .column(let position) = key.kind { mostOfOneValue(side, position) } else { nil }
        }.min()
    }

    /// Rows of a relation that have the same value in a column at most; NULL is no value.
    private func mostOfOneValue(_ relation: LogicalPlan, _ position: Int) -> Int? {
        switch relation {
        case .scan(let scan):
            guard let fanOut = plan.scans[scan.reference]?.fanOut, scan.output.indices.contains(position) else { return nil }
            return scan.output[position].origin?.column == fanOut.column ? rowCounts[scan.reference].map { min($0, fanOut.rows) } : nil
        case .filter(let filter): return mostOfOneValue(filter.input, position)
        case .sort(let sort): return mostOfOneValue(sort.input, position)
        case .window(let window): return position < window.input.output.count ? mostOfOneValue(window.input, position) : nil
        case .project(let project):
            guard project.expressions.indices.contains(position), case .column(let below) = project.expressions[position].kind else { return nil }
            return mostOfOneValue(project.input, below)
        case .aggregate(let aggregate): return aggregate.aggregation.keys.count == 1 && position == 0 ? 1 : nil
        case .union: return nil
        case .join(let join): return mostOfOneValue(join, position)
        }
    }

    private func mostOfOneValue(_ join: Join, _ position: Int) -> Int? {
        let width = join.left.output.count
        switch join.kind {
        case .semi, .anti, .mark, .single: return position < width ? mostOfOneValue(join.left, position) : nil
        case .full: return nil
        case .inner, .left:
            let isLeft = position < width
            guard let own = isLeft ? mostOfOneValue(join.left, position) : mostOfOneValue(join.right, position - width),
                let partners = isLeft ? partners(join.right, join.keys.map(\.right)) : partners(join.left, join.keys.map(\.left))
            else { return nil }
            return Self.product(own, max(partners, 1))
        }
    }

    private static func product(_ one: Int, _ other: Int) -> Int {
        let (product, overflow) = one.multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    private static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
