// SPDX-License-Identifier: Apache-2.0

extension LogicalPlan {
    /// How many rows the relation can have at most, nil when the plan does not tell.
    public var rowMaximum: Int64? {
        switch self {
        case .scan: return nil
        case .filter(let filter): return filter.input.rowMaximum
        case .project(let project): return project.input.rowMaximum
        case .window(let window): return window.input.rowMaximum
        case .aggregate(let aggregate): return aggregate.aggregation.keys.isEmpty ? 1 : aggregate.input.rowMaximum
        case .sort(let sort):
            let below = sort.input.rowMaximum
            return sort.limit.map { min($0, below ?? $0) } ?? below
        case .union(let union):
            var total: Int64 = 0
            for input in union.inputs {
                guard let rows = input.rowMaximum else { return nil }
                let (sum, isTooLarge) = total.addingReportingOverflow(rows)
                if isTooLarge { return nil }
                total = sum
            }
            return total
        case .join(let join):
            guard let left = join.left.rowMaximum else { return nil }
            switch join.kind {
            case .semi, .anti, .mark, .single: return left
            case .inner, .left, .full:
                guard let right = join.right.rowMaximum else { return nil }
                let (product, isTooLarge) = max(left, 1).multipliedReportingOverflow(by: max(right, 1))
                return isTooLarge ? nil : product
            }
        }
    }

    /// Whether no two rows are equal in all of these expressions over the relation.
    func isUnique(on expressions: [BoundExpression]) -> Bool {
        if rowMaximum ?? 2 <= 1 { return true }
        switch self {
        case .filter(let filter): return filter.input.isUnique(on: expressions)
        case .sort(let sort): return sort.input.isUnique(on: expressions)
        case .project(let project): return project.input.isUnique(on: expressions.map { $0.inlining(project.expressions) })
        case .aggregate(let aggregate):
            let columns = Set(expressions.compactMap { if case .column(let position) = $0.kind { position } else { nil } })
            return columns.isSuperset(of: 0..<aggregate.aggregation.keys.count)
        case .join(let join):
            switch join.kind {
            case .semi, .anti, .mark, .single:
                let shift = join.left.output.count
                return join.left.isUnique(on: expressions.filter { $0.columns.allSatisfy { $0 < shift } })
            case .inner, .left, .full: return false
            }
        case .scan, .window, .union: return false
        }
    }
}
