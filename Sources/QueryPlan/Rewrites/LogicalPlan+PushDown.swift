// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension LogicalPlan {
    /// The relation with further conditions, each as far down as its meaning allows. Constant truths disappear.
    func filtered(by conditions: [BoundExpression]) -> LogicalPlan {
        let kept = conditions.filter { !$0.isTrue }
        guard !kept.isEmpty else { return self }
        switch self {
        case .scan, .project, .aggregate, .window, .sort, .union:
            return filterAbove(kept)
        case .filter(let filter):
            switch filter.source {
            case .policy: return filterAbove(kept)
            case .query: return filter.input.filtered(by: filter.predicate.conjuncts + kept)
            }
        case .join(let join):
            return join.filtered(by: kept)
        }
    }

    private func filterAbove(_ conditions: [BoundExpression]) -> LogicalPlan {
        guard let predicate = BoundExpression.conjunction(conditions) else { return self }
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
            }
        }
        let newLeft = left.filtered(by: forLeft)
        let newRight = right.filtered(by: forRight)
        return .join(
            Join(
                kind: kind, left: newLeft, right: newRight, keys: keys,
                residual: BoundExpression.conjunction(residual), isNullAware: isNullAware,
                output: Join.output(kind, newLeft.output, newRight.output), span: span))
    }
}

extension Join {
    /// The join with conditions from above it.
    func filtered(by conditions: [BoundExpression]) -> LogicalPlan {
        let inner = residual?.conjuncts ?? []
        if kind == .inner { return .joining(.inner, left, right, keys: keys, on: inner + conditions, span: span) }
        // Only conditions on the left side commute with a join that keeps left rows; with a full one none do.
        let shift = kind == .full ? 0 : left.output.count
        let forLeft = conditions.filter { $0.columns.allSatisfy { $0 < shift } }
        let above = conditions.filter { !$0.columns.allSatisfy { $0 < shift } }
        let joined = Join(
            kind: kind, left: left.filtered(by: forLeft), right: right, keys: keys, residual: residual,
            isNullAware: isNullAware, output: output, span: span)
        guard let predicate = BoundExpression.conjunction(above) else { return .join(joined) }
        return .filter(Filter(input: .join(joined), predicate: predicate, source: .query))
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
