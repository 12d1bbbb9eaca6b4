// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension DecorrelatedQuery {
    static func taken(_ join: Join, _ mayRepeat: Bool) throws(BindError) -> DecorrelatedQuery {
        var left = try taken(join.left, mayRepeat)
        let shift = left.plan.output.count
        let outerIsRight = join.right.readsOuter || ([join.residual].compactMap(\.self) + join.keys.map(\.right)).contains(where: \.readsOuter)
        guard !left.hasOneRow else { throw BindError(.correlation, ["JOIN"], at: join.span) }
        if join.kind == .inner || (join.kind == .semi && mayRepeat && outerIsRight) {
            let right = try taken(join.right, mayRepeat)
            guard !right.hasOneRow else { throw BindError(.correlation, ["JOIN"], at: join.span) }
            let both = left.columns + right.columns.map { $0.shifting(by: shift) }
            let conditions = join.conditions.map { $0.inlining(both) }
            left.plan = .joining(.inner, left.plan, right.plan, on: conditions.filter { !$0.readsOuter }, span: join.span)
            left.conditions += right.conditions.map { $0.shifting(by: shift) } + conditions.filter(\.readsOuter)
            if join.kind == .inner { left.columns = both }
            return left
        }
        guard join.kind != .full, !join.right.readsOuter else { throw BindError(.correlation, [join.kind.sqlName], at: join.span) }
        let right = join.right.columnExpressions
        let conditions = join.conditions.map { $0.inlining(left.columns + right.map { $0.shifting(by: shift) }) }
        if let outer = conditions.first(where: \.readsOuter) { throw BindError(.correlation, [join.kind.sqlName], at: outer.span) }
        left.plan = .joining(
            join.kind, left.plan, join.right, isNullAware: join.isNullAware, on: conditions, span: join.span)
        let added = left.plan.output.indices.dropFirst(shift).map { left.plan.output.expression(at: $0, join.span) }
        left.columns += added
        return left
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
