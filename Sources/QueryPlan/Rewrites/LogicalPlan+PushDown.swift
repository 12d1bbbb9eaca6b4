// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension LogicalPlan {
    /// The relation with further conditions, each as far down as its meaning allows. Constant truths disappear.
    func filtered(by conditions: [BoundExpression]) -> LogicalPlan {
        let kept = conditions.filter { !$0.isTrue }
        guard !kept.isEmpty else { return self }
        switch self {
        case .scan: return filterAbove(kept)
        case .project(let project):
            guard Core.fits(kept, project.expressions) else { return filterAbove(kept) }
            let below = kept.map { $0.inlining(project.expressions).folded }.flatMap(\.conjuncts)
            return .project(Project(input: project.input.filtered(by: below), expressions: project.expressions, output: project.output))
        case .aggregate(let aggregate): return aggregate.filtered(by: kept)
        case .window(let window): return window.filtered(by: kept)
        case .sort(let sort):
            // A condition would change which rows are the first.
            guard sort.limit == nil, sort.offset == 0 else { return filterAbove(kept) }
            return .sort(Sort(input: sort.input.filtered(by: kept), keys: sort.keys, limit: nil, offset: 0))
        case .union(let union):
            return .union(Union(inputs: union.inputs.map { $0.filtered(by: kept) }, output: union.output, span: union.span))
        case .filter(let filter):
            switch filter.source {
            case .policy: return filterAbove(kept)
            case .query: return filter.input.filtered(by: filter.predicate.conjuncts + kept)
            }
        case .join(let join):
            return join.filtered(by: kept)
        }
    }

    fileprivate func filterAbove(_ conditions: [BoundExpression]) -> LogicalPlan {
        var texts: Set<String> = []
        let different = conditions.filter { texts.insert($0.canonicalText).inserted }
        guard let predicate = BoundExpression.conjunction(different) else { return self }
        return .filter(Filter(input: self, predicate: predicate, source: .query))
    }

    /// A join whose condition is split: what concerns one side goes there where that means the same, equalities
    /// between the sides become keys, the rest stays as residual.
    static func joining(
        _ kind: Join.Kind, _ left: LogicalPlan, _ right: LogicalPlan, keys: [Join.KeyPair] = [],
        isNullAware: Bool = false, on conditions: [BoundExpression], span: SourceSpan
    ) -> LogicalPlan {
        let shift = left.output.count
        var keys = keys
        var forLeft: [BoundExpression] = []
        var forRight: [BoundExpression] = []
        var residual: [BoundExpression] = []
        for condition in conditions where !condition.isTrue {
            let columns = condition.columns
            // Where left rows without partner come out, the condition may not take rows from the left side; an unknown comparison
            // must stay where a NULL-aware mark can see it.
            if kind == .inner || kind == .semi, columns.allSatisfy({ $0 < shift }) {
                forLeft.append(condition)
            } else if kind != .full, !isNullAware, !columns.isEmpty, columns.allSatisfy({ $0 >= shift }) {
                forRight.append(condition.shifting(by: -shift))
            } else if let key = condition.keyPair(shift) {
                keys.append(key)
            } else {
                residual.append(condition)
                // What follows from alternatives for one side alone takes rows from it early.
                if kind == .inner, let implied = condition.implied({ $0 < shift }) { forLeft.append(implied) }
                if kind == .inner, let implied = condition.implied({ $0 >= shift }) { forRight.append(implied.shifting(by: -shift)) }
            }
        }
        let newLeft = left.filtered(by: forLeft)
        let newRight = right.filtered(by: forRight)
        if kind == .semi, residual.isEmpty, case .join(let inner) = newLeft, inner.kind == .inner,
            let below = inner.semiJoined(with: newRight, keys, span: span)
        {
            return below
        }
        // With at most one partner for each row, there are never several.
        let kind = kind == .single && newRight.isUnique(on: keys.map(\.right)) ? .left : kind
        return .join(
            Join(
                kind: kind, left: newLeft, right: newRight, keys: keys,
                residual: BoundExpression.conjunction(residual), isNullAware: isNullAware,
                output: Join.output(kind, newLeft.output, newRight.output), span: span))
    }
}

extension Aggregate {
    /// Conditions on keys alone choose whole groups, so they may choose the rows.
    fileprivate func filtered(by conditions: [BoundExpression]) -> LogicalPlan {
        let keys = aggregation.keys
        func isOnKeys(_ condition: BoundExpression) -> Bool {
            let columns = condition.columns
            return !columns.isEmpty && columns.allSatisfy(keys.indices.contains) && Core.fits([condition], keys)
        }
        let below = conditions.filter(isOnKeys).map { $0.inlining(keys).folded }
        let moved = LogicalPlan.aggregate(Aggregate(input: input.filtered(by: below), aggregation: aggregation))
        return moved.filterAbove(conditions.filter { !isOnKeys($0) })
    }
}

extension Window {
    /// Conditions on columns by which every call is partitioned choose whole partitions.
    fileprivate func filtered(by conditions: [BoundExpression]) -> LogicalPlan {
        var shared: Set<Int>?
        for call in calls {
            let columns = call.partitions.compactMap { key -> Int? in
                if case .column(let position) = key.kind { position } else { nil }
            }
            shared = shared?.intersection(columns) ?? Set(columns)
        }
        func isOnPartitions(_ condition: BoundExpression) -> Bool {
            let columns = condition.columns
            return !columns.isEmpty && columns.isSubset(of: shared ?? [])
        }
        let below = input.filtered(by: conditions.filter(isOnPartitions))
        return LogicalPlan.window(Window(input: below, calls: calls, output: output))
            .filterAbove(conditions.filter { !isOnPartitions($0) })
    }
}

extension Join {
    /// The join with conditions from above it.
    func filtered(by conditions: [BoundExpression]) -> LogicalPlan {
        let inner = residual?.conjuncts ?? []
        if kind == .inner || losesFilled(by: conditions) { return .joining(.inner, left, right, keys: keys, on: inner + conditions, span: span) }
        // Only conditions on the left side commute with a join that keeps left rows; with a full one none do.
        let shift = left.output.count
        func isForLeft(_ condition: BoundExpression) -> Bool { kind != .full && condition.columns.allSatisfy { $0 < shift } }
        let forLeft = conditions.filter(isForLeft)
        let above = conditions.filter { !isForLeft($0) }
        let joined = Join(
            kind: kind, left: left.filtered(by: forLeft), right: right, keys: keys, residual: residual,
            isNullAware: isNullAware, output: output, span: span)
        guard let predicate = BoundExpression.conjunction(above) else { return .join(joined) }
        return .filter(Filter(input: .join(joined), predicate: predicate, source: .query))
    }

    /// The inner join with a semi-join moved below, to the side that has its keys; nil when neither has all.
    fileprivate func semiJoined(with partners: LogicalPlan, _ keys: [KeyPair], span semiSpan: SourceSpan) -> LogicalPlan? {
        let shift = left.output.count
        let columns = keys.reduce(into: Set<Int>()) { $1.left.collectColumns(into: &$0) }
        guard !columns.isEmpty else { return nil }
        func semi(_ side: LogicalPlan, _ keys: [KeyPair]) -> LogicalPlan {
            .joining(.semi, side, partners, keys: keys, on: [], span: semiSpan)
        }
        if columns.allSatisfy({ $0 < shift }) {
            return .joining(.inner, semi(left, keys), right, keys: self.keys, on: residual?.conjuncts ?? [], span: span)
        }
        guard columns.allSatisfy({ $0 >= shift }) else { return nil }
        let moved = keys.map { KeyPair(left: $0.left.shifting(by: -shift), right: $0.right) }
        return .joining(.inner, left, semi(right, moved), keys: self.keys, on: residual?.conjuncts ?? [], span: span)
    }

    /// The columns that a join of this kind yields. What rows without partner lack may be NULL.
    static func output(_ kind: Kind, _ left: [OutputColumn], _ right: [OutputColumn]) -> [OutputColumn] {
        switch kind {
        case .inner: left + right
        case .left, .single: left + right.map(\.nullable)
        case .full: left.map(\.nullable) + right.map(\.nullable)
        case .semi, .anti: left
        case .mark: left + [OutputColumn(name: "mark", type: .bool, isNullable: true, origin: nil)]
        }
    }
}

extension BoundExpression {
    /// Whether it is the constant TRUE.
    var isTrue: Bool {
        if case .literal(.bool(true)) = kind { return true }
        return false
    }

    /// What alternatives say together about some columns alone: in each its conditions on those. Nil when one says nothing.
    fileprivate func implied(_ isWanted: (Int) -> Bool) -> BoundExpression? {
        guard case .or(let operands) = kind else { return nil }
        var parts: [BoundExpression] = []
        for operand in operands {
            let conditions = operand.conjuncts.filter { condition in
                let columns = condition.columns
                return !columns.isEmpty && columns.allSatisfy(isWanted) && !condition.readsOuter
            }
            guard let part = BoundExpression.conjunction(conditions) else { return nil }
            parts.append(part)
        }
        return BoundExpression(kind: .or(parts), type: .bool, isNullable: isNullable, span: span).factored
    }

    /// The two sides of an equality between the left and the right columns of a join.
    fileprivate func keyPair(_ shift: Int) -> Join.KeyPair? {
        guard case .comparison(.equal, let first, let second) = kind else { return nil }
        let firstColumns = first.columns
        let secondColumns = second.columns
        guard !firstColumns.isEmpty, !secondColumns.isEmpty else { return nil }
        if firstColumns.allSatisfy({ $0 < shift }), secondColumns.allSatisfy({ $0 >= shift }) {
            return Join.KeyPair(left: first, right: second.shifting(by: -shift))
        }
        if secondColumns.allSatisfy({ $0 < shift }), firstColumns.allSatisfy({ $0 >= shift }) {
            return Join.KeyPair(left: second, right: first.shifting(by: -shift))
        }
        return nil
    }
}
