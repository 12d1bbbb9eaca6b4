// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension LogicalPlan {
    /// One row without columns, which a SELECT without FROM reads: how many rows there are among none.
    static func oneRow(at span: SourceSpan) -> LogicalPlan {
        let count = AggregateCall(function: .countRows, argument: nil, type: .int64, span: span)
        let output = [OutputColumn(name: "count", type: .int64, isNullable: false, origin: nil)]
        let nothing = LogicalPlan.union(Union(inputs: [], output: [], span: span))
        let counted = Aggregate(input: nothing, aggregation: Aggregation(keys: [], calls: [count], output: output, span: span))
        return .project(Project(input: .aggregate(counted), expressions: [], output: []))
    }

    /// Whether it is the one row of `oneRow`, without the projection over it.
    var isOneRow: Bool {
        guard case .aggregate(let aggregate) = self, aggregate.aggregation.keys.isEmpty, case .union(let union) = aggregate.input else { return false }
        return union.inputs.isEmpty
    }
}

extension Join {
    /// A join with the row of a SELECT without FROM is no join: its columns are expressions over nothing. Nil for other joins.
    func withoutOneRow(_ left: Core, _ right: Core) -> Core? {
        switch kind {
        case .inner:
            guard left.plan.isOneRow || right.plan.isOneRow else { return nil }
        case .left, .single:
            guard right.plan.isOneRow, conditions.isEmpty else { return nil }
        case .full, .semi, .anti, .mark: return nil
        }
        let columns = left.columns + right.columns
        guard Core.fits(conditions, columns), columns.allSatisfy({ !$0.readsOuter }) else { return nil }
        let kept = right.plan.isOneRow ? left.plan : right.plan
        return Core(plan: kept.filtered(by: conditions.flatMap { $0.inlining(columns).folded.conjuncts }), columns: columns)
    }
}
