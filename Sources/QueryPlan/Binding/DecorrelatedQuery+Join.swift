// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension DecorrelatedQuery {
    static func taken(_ join: Join, _ mayRepeat: Bool) throws(BindError) -> DecorrelatedQuery {
        var left = try taken(join.left, mayRepeat)
        guard !left.hasOneRow else { throw BindError(.correlation, ["JOIN"], at: join.span) }
        let shift = left.plan.output.count
        let mayRightRepeat = mayRepeat && join.kind == .inner || !join.kind.yieldsRight
        let right = try taken(join.right, mayRightRepeat)
        guard !right.hasOneRow else { throw BindError(.correlation, [join.kind.sqlName], at: join.span) }
        let both = left.columns + right.columns.map { $0.shifting(by: shift) }
        let further = right.conditions.map { $0.shifting(by: shift) }
        let conditions = left.known(further + join.conditions.map { $0.inlining(both) })
        let outer = conditions.filter(\.readsOuter)
        if join.kind == .inner || (join.kind == .semi && mayRepeat && !outer.isEmpty) {
            left.plan = .joining(.inner, left.plan, right.plan, on: conditions.filter { !$0.readsOuter }, span: join.span)
            left.conditions += outer
            if join.kind == .inner { left.columns = both }
            return left
        }
        // Every left row must find its partners without the outer row, and a mark must not see unknown correlations.
        guard join.kind != .full, outer.isEmpty, right.isPlain, further.isEmpty || !join.isNullAware else {
            throw BindError(.correlation, [join.kind.sqlName], at: outer.first?.span ?? join.span)
        }
        left.plan = .joining(
            join.kind, left.plan, right.plan, isNullAware: join.isNullAware, on: conditions, span: join.span)
        let output = left.plan.output
        switch join.kind {
        case .mark: left.columns.append(output.expression(at: shift, join.span))
        case .left, .single:
            left.columns += right.columns.compactMap { column in
                guard case .column(let position) = column.kind else { return nil }
                return output.expression(at: shift + position, column.span)
            }
        case .inner, .full, .semi, .anti: break
        }
        return left
    }

    /// Whether all columns are unchanged copies of the plan's.
    private var isPlain: Bool {
        columns.allSatisfy { if case .column(let position) = $0.kind { position >= 0 } else { false } }
    }
}

extension Join {
    /// Keys and residual as one list over the joined columns.
    var conditions: [BoundExpression] {
        let shift = left.output.count
        return keys.map { .comparing(.equal, $0.left, $0.right.shifting(by: shift), span) } + (residual?.conjuncts ?? [])
    }
}

extension Join.Kind {
    /// What the user wrote that became the join.
    fileprivate var sqlName: String {
        switch self {
        case .inner: "JOIN"
        case .left: "LEFT JOIN"
        case .full: "FULL JOIN"
        case .semi, .anti, .mark: "EXISTS, IN"
        case .single: "(SELECT …)"
        }
    }
}
