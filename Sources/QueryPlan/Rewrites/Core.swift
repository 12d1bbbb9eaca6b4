// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// A relation with its projections taken out: a plan without them, and each column as an expression over it.
struct Core {
    var plan: LogicalPlan
    var columns: [BoundExpression]
    /// Over the plan, and to be pushed down into it.
    var conditions: [BoundExpression] = []

    /// A relation whose columns are its own.
    init(_ plan: LogicalPlan) {
        self.plan = plan
        self.columns = plan.columnExpressions
    }

    init(plan: LogicalPlan, columns: [BoundExpression]) {
        self.plan = plan
        self.columns = columns
    }

    /// Expressions over the columns as expressions over the plan. Where that would grow too large, the columns are
    /// first computed by a projection.
    mutating func inlined(_ expressions: [BoundExpression]) -> [BoundExpression] {
        if !Self.fits(expressions, columns) { materialise() }
        let columns = self.columns
        return expressions.map { $0.inlining(columns).folded }
    }

    /// Computes the columns by a projection.
    mutating func materialise() {
        settle()
        let input = plan.output
        let output = columns.enumerated().map { index, column in
            OutputColumn(
                name: "column \(index + 1)", type: column.type, isNullable: column.isNullable,
                origin: column.origin(in: input))
        }
        self = Core(.project(Project(input: plan, expressions: columns, output: output)))
    }

    /// Pushes the conditions down.
    mutating func settle() {
        if !conditions.isEmpty { plan = plan.filtered(by: conditions) }
        conditions = []
    }

    /// Whether all columns are unchanged copies of the plan's.
    var isPlain: Bool {
        columns.allSatisfy { if case .column(let position) = $0.kind { position >= 0 } else { false } }
    }

    /// Whether writing the columns into the expressions keeps within the limits. Single nodes always do.
    static func fits(_ expressions: [BoundExpression], _ columns: [BoundExpression]) -> Bool {
        let extents = columns.map(\.extent)
        guard extents.contains(where: { $0.nodes > 1 }) else { return true }
        var nodes = 0
        func add(_ expression: BoundExpression, depth: Int) -> Bool {
            var added = 1
            if case .column(let position) = expression.kind, position >= 0 {
                added = extents[position].nodes
                if depth + extents[position].height > Limits.inlinedHeight { return false }
            }
            nodes += added
            guard nodes <= Limits.inlinedNodes else { return false }
            return expression.children.allSatisfy { add($0, depth: depth + 1) }
        }
        return expressions.allSatisfy { add($0, depth: 0) }
    }
}
