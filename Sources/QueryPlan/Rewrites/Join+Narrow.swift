// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension Join.Kind {
    /// Whether NULLs may stand for the right side.
    var fillsRight: Bool {
        switch self {
        case .left, .full, .single: true
        case .inner, .semi, .anti, .mark: false
        }
    }
}

extension Join {
    /// Whether one of the conditions above the join takes away every row that has NULLs in place of a right row.
    func losesFilled(by conditions: [BoundExpression]) -> Bool {
        let shift = left.output.count
        return kind == .left && conditions.contains { $0.isNeverTrue { $0 >= shift } }
    }
}

extension Filter {
    /// EXISTS and IN as a condition: the rows with a mark are those of a semi-join, the rows without one those of an anti-join,
    /// unless the mark may be unknown. Nil when this is no such condition, or when the mark is needed elsewhere.
    func withoutMark(_ needed: Set<Int>) -> LogicalPlan? {
        guard case .join(let join) = input, join.kind == .mark else { return nil }
        let mark = join.left.output.count
        guard !needed.contains(mark) else { return nil }
        var conditions = predicate.conjuncts
        guard let index = conditions.firstIndex(where: { $0.isMark(mark) != nil }), let isThere = conditions[index].isMark(mark),
            isThere || !join.isNullAware || join.isNeverUnknown
        else { return nil }
        conditions.remove(at: index)
        guard !conditions.contains(where: { $0.columns.contains(mark) }) else { return nil }
        return LogicalPlan.joining(
            isThere ? .semi : .anti, join.left, join.right, keys: join.keys, on: join.residual?.conjuncts ?? [], span: join.span
        ).filtered(by: conditions)
    }
}

extension Join {
    fileprivate var isNeverUnknown: Bool {
        keys.allSatisfy { !$0.left.isNullable && !$0.right.isNullable } && residual?.isNullable != true
    }
}

extension BoundExpression {
    /// True for the mark itself, false for its negation, nil for everything else.
    fileprivate func isMark(_ mark: Int) -> Bool? {
        if case .column(mark) = kind { return true }
        if case .not(let operand) = kind, case .column(mark) = operand.kind { return false }
        return nil
    }

    /// Whether the condition is false or NULL whenever all these columns are NULL.
    func isNeverTrue(_ isNull: (Int) -> Bool) -> Bool {
        switch kind {
        case .and(let operands): return operands.contains { $0.isNeverTrue(isNull) }
        case .or(let operands): return operands.allSatisfy { $0.isNeverTrue(isNull) }
        case .isNull(let operand, isNegated: true): return operand.isAlwaysNull(isNull)
        case .literal(let literal): return literal != .bool(true)
        case .column, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .inList, .caseWhen, .cast, .function:
            return isAlwaysNull(isNull)
        }
    }

    /// Whether the value is NULL whenever all these columns are NULL.
    private func isAlwaysNull(_ isNull: (Int) -> Bool) -> Bool {
        switch kind {
        case .column(let position): return isNull(position)
        case .literal(let literal): return literal == .null
        case .negate(let operand), .not(let operand), .cast(let operand), .inList(let operand, _): return operand.isAlwaysNull(isNull)
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right):
            return left.isAlwaysNull(isNull) || right.isAlwaysNull(isNull)
        case .and(let operands), .or(let operands): return operands.allSatisfy { $0.isAlwaysNull(isNull) }
        case .parameter, .isNull, .caseWhen, .function: return false
        }
    }
}
