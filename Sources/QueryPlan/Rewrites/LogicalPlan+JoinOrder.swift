// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension LogicalPlan {
    /// The relation with its inner joins in an order in which each has a key, where there is one. Tables keep the order in which
    /// they are written as far as that allows; sizes play no part.
    var withOrderedJoins: LogicalPlan {
        guard case .join(let join) = self, join.kind == .inner, lacksKey else { return mappingInputs(\.withOrderedJoins) }
        var joins = InnerJoins()
        joins.collect(self, from: 0, join.span)
        return joins.ordered(yielding: output)
    }

    /// Whether joins anywhere in it would be put in another order.
    var hasUnorderedJoins: Bool {
        if case .join(let join) = self, join.kind == .inner, lacksKey { return true }
        return inputs.contains(where: \.hasUnorderedJoins)
    }

    /// Whether one of these inner joins needs a key and has none.
    private var lacksKey: Bool {
        guard case .join(let join) = self, join.kind == .inner else { return false }
        let isBounded = [join.left, join.right].contains { $0.rowMaximum ?? .max <= Limits.smallSideRows }
        return (join.keys.isEmpty && !isBounded) || join.left.lacksKey || join.right.lacksKey
    }
}

/// Neighbouring inner joins as one list of relations and one of conditions.
private struct InnerJoins {
    private struct Member {
        let plan: LogicalPlan
        let range: Range<Int>
        let span: SourceSpan
    }

    private var members: [Member] = []
    /// Over the columns of all members, in the order in which they are written.
    private var conditions: [BoundExpression] = []

    mutating func collect(_ plan: LogicalPlan, from first: Int, _ span: SourceSpan) {
        guard case .join(let join) = plan, join.kind == .inner else {
            let ordered = plan.withOrderedJoins
            members.append(Member(plan: ordered, range: first..<first + plan.output.count, span: span))
            return
        }
        collect(join.left, from: first, join.span)
        collect(join.right, from: first + join.left.output.count, join.span)
        conditions += join.conditions.map { $0.shifting(by: first) }
    }

    /// The joins, and above them a projection that puts the columns back in their places.
    func ordered(yielding output: [OutputColumn]) -> LogicalPlan {
        var waiting = members
        var open = conditions
        var plan = members[0].plan
        var positions: [Int: Int] = [:]
        func place(_ member: Member, at first: Int) {
            for (index, position) in member.range.enumerated() { positions[position] = first + index }
        }
        place(waiting.removeFirst(), at: 0)
        while !waiting.isEmpty {
            let next = waiting.remove(at: chosen(waiting, open, plan, positions))
            place(next, at: plan.output.count)
            let ready = open.filter { $0.columns.allSatisfy { positions[$0] != nil } }
            open.removeAll { $0.columns.allSatisfy { positions[$0] != nil } }
            plan = .joining(.inner, plan, next.plan, on: ready.map { $0.moving(positions) }, span: next.span)
        }
        let columns = output.indices.map { plan.output.expression(at: positions[$0] ?? $0, plan.span) }
        return .project(Project(input: plan, expressions: columns, output: output))
    }

    /// The first relation with a key, else the first that needs none, else the first.
    private func chosen(
        _ waiting: [Member], _ open: [BoundExpression], _ plan: LogicalPlan, _ positions: [Int: Int]
    ) -> Int {
        func isThere(_ side: BoundExpression) -> Bool { side.columns.allSatisfy { positions[$0] != nil } && !side.columns.isEmpty }
        let connected = waiting.firstIndex { member in
            func isNew(_ side: BoundExpression) -> Bool { side.columns.allSatisfy(member.range.contains) && !side.columns.isEmpty }
            return open.contains { condition in
                guard case .comparison(.equal, let left, let right) = condition.kind else { return false }
                return (isThere(left) && isNew(right)) || (isThere(right) && isNew(left))
            }
        }
        if let connected { return connected }
        if plan.rowMaximum ?? .max <= Limits.smallSideRows { return 0 }
        return waiting.firstIndex { $0.plan.rowMaximum ?? .max <= Limits.smallSideRows } ?? 0
    }
}
