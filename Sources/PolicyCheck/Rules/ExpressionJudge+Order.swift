// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax

extension ExpressionJudge {
    /// Cells may be put in order, ranked and cut off by what their columns let them be; a column without a line lets them.
    mutating func judgeOrder(_ plan: BoundPlan, _ flow: PlanFlow) {
        guard case .aggregate(let aggregation) = plan.release, sources.contains(where: { $0.isProtected && $0.column.restrictions.mayOrder == false })
        else { return }
        let cells = aggregation.keys.map { made($0, flow) } + aggregation.calls.map { $0.argument.map { made($0, flow) } ?? [] }
        var columns = cells
        for step in plan.finishing {
            switch step {
            case .filter, .limit, .distinct: continue
            case .project(let expressions, _): columns = expressions.map { Self.made($0, columns) }
            case .sort(let keys): for key in keys { refuseOrder(key.expression, columns) }
            case .window(let calls, _):
                for key in calls.flatMap(\.order) { refuseOrder(key.expression, columns) }
                columns += calls.map { call in call.expressions.reduce(into: Set<Int>()) { $0.formUnion(Self.made($1, columns)) } }
            }
        }
    }

    private mutating func refuseOrder(_ expression: BoundExpression, _ columns: [Set<Int>]) {
        for position in Self.made(expression, columns).sorted() {
            let source = sources[position]
            guard source.isProtected, source.column.restrictions.mayOrder == false else { continue }
            findings.add(
                .orderInResult, .select, expression.span, [source.name], column: source, owner: source.column.owners["order_in_result"],
                .leaveOrder, [source.name])
        }
    }

    /// The columns of tables that an expression over the released rows is made of.
    private func made(_ expression: BoundExpression, _ flow: PlanFlow) -> Set<Int> {
        Self.made(expression, flow.columns.map(\.columns))
    }

    private static func made(_ expression: BoundExpression, _ columns: [Set<Int>]) -> Set<Int> {
        expression.columns.reduce(into: []) { found, position in
            if columns.indices.contains(position) { found.formUnion(columns[position]) }
        }
    }
}
