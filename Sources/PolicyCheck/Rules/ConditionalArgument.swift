// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// The argument of an aggregate taken apart: conditions that pick a branch, and what each branch contributes.
struct ConditionalArgument {
    /// One branch.
    struct Leaf {
        let result: BoundExpression
        /// True exactly for rows that fall into the branch; over the same columns as the argument.
        let falls: BoundExpression
    }

    /// Branches in order; one that nobody conditions when the argument has no CASE.
    let leaves: [Leaf]
    /// Every WHEN.
    let conditions: [BoundExpression]

    var isConditional: Bool { leaves.count > 1 }

    /// Nil when there would be more branches than `limit`.
    init?(_ argument: BoundExpression, limit: Int) {
        var leaves: [Leaf] = []
        var conditions: [BoundExpression] = []
        let desugared = argument.withoutCoalesce
        desugared.collectConditions(into: &conditions)
        guard desugared.leafCount <= limit else { return nil }
        let results = desugared.leafResults
        for index in results.indices {
            var position = 0
            leaves.append(Leaf(result: results[index], falls: desugared.indicator(of: index, &position)))
        }
        self.leaves = leaves
        self.conditions = conditions
    }
}

extension BoundExpression {
    /// coalesce(a, b) as CASE WHEN a IS NOT NULL THEN a ELSE b END, wherever results of an argument stand.
    fileprivate var withoutCoalesce: BoundExpression {
        switch kind {
        case .caseWhen(let branches, let otherwise):
            let mapped = branches.map { Branch(condition: $0.condition, result: $0.result.withoutCoalesce) }
            return replacing(.caseWhen(mapped, otherwise: otherwise?.withoutCoalesce))
        case .function(.coalesce, let arguments) where arguments.count > 1:
            var rest = arguments[arguments.count - 1].withoutCoalesce
            for argument in arguments.dropLast().reversed() {
                let test = BoundExpression(kind: .isNull(argument, isNegated: true), type: .bool, isNullable: false, span: argument.span)
                rest = replacing(.caseWhen([Branch(condition: test, result: argument)], otherwise: rest))
            }
            return rest
        case .function(.coalesce, let arguments) where arguments.count == 1: return arguments[0].withoutCoalesce
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .cast, .function:
            return self
        }
    }

    fileprivate func replacing(_ kind: Kind) -> BoundExpression {
        BoundExpression(kind: kind, type: type, isNullable: isNullable, span: span)
    }

    fileprivate var leafCount: Int {
        guard case .caseWhen(let branches, let otherwise) = kind else { return 1 }
        return branches.reduce(otherwise?.leafCount ?? 1) { $0 + $1.result.leafCount }
    }

    /// Results of the branches in order; a missing ELSE is NULL.
    fileprivate var leafResults: [BoundExpression] {
        guard case .caseWhen(let branches, let otherwise) = kind else { return [self] }
        return branches.flatMap(\.result.leafResults) + (otherwise?.leafResults ?? [replacing(.literal(.null))])
    }

    fileprivate func collectConditions(into conditions: inout [BoundExpression]) {
        guard case .caseWhen(let branches, let otherwise) = kind else { return }
        for branch in branches {
            conditions.append(branch.condition)
            branch.result.collectConditions(into: &conditions)
        }
        otherwise?.collectConditions(into: &conditions)
    }

    /// The same tree with TRUE at one leaf and FALSE at all others.
    fileprivate func indicator(of leaf: Int, _ position: inout Int) -> BoundExpression {
        guard case .caseWhen(let branches, let otherwise) = kind else { return truth(leaf, &position) }
        var mapped: [Branch] = []
        for branch in branches { mapped.append(Branch(condition: branch.condition, result: branch.result.indicator(of: leaf, &position))) }
        let last = otherwise?.indicator(of: leaf, &position) ?? truth(leaf, &position)
        return BoundExpression(kind: .caseWhen(mapped, otherwise: last), type: .bool, isNullable: false, span: span)
    }

    private func truth(_ leaf: Int, _ position: inout Int) -> BoundExpression {
        defer { position += 1 }
        return BoundExpression(kind: .literal(.bool(position == leaf)), type: .bool, isNullable: false, span: span)
    }

    /// Whether it is the number zero.
    var isZero: Bool {
        switch kind {
        case .literal(.int64(0)), .literal(.decimal(units: 0, scale: _)): true
        case .cast(let operand): operand.isZero
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: false
        }
    }

    /// Whether it is one of the numbers -1, 0 and 1.
    var isUnitOrZero: Bool {
        switch kind {
        case .literal(.int64(let value)): (-1...1).contains(value)
        case .literal(.decimal(let units, let scale)): units == 0 || ExactDecimal.power(scale).map { $0.magnitude == units.magnitude } ?? false
        case .cast(let operand): operand.isUnitOrZero
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: false
        }
    }

    /// Whether it is the constant NULL.
    var isNullConstant: Bool {
        switch kind {
        case .literal(.null): true
        case .cast(let operand): operand.isNullConstant
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: false
        }
    }

    /// Zeros among the results become NULL: a sum is the same, and rows that add nothing are no contributors.
    var withZerosAsNull: BoundExpression {
        if isZero { return BoundExpression(kind: .literal(.null), type: type, isNullable: true, span: span) }
        switch kind {
        case .caseWhen(let branches, let otherwise):
            let mapped = branches.map { Branch(condition: $0.condition, result: $0.result.withZerosAsNull) }
            return BoundExpression(
                kind: .caseWhen(mapped, otherwise: otherwise?.withZerosAsNull), type: type, isNullable: true, span: span)
        case .function(.coalesce, let arguments):
            var kept = arguments
            while kept.count > 1, let last = kept.last, last.isZero || last.isNullConstant { kept.removeLast() }
            if kept.count == 1 { return kept[0].withZerosAsNull }
            return BoundExpression(kind: .function(.coalesce, kept), type: type, isNullable: true, span: span)
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .cast, .function:
            return self
        }
    }

    /// Whether a branch is picked anywhere in it.
    var hasBranches: Bool {
        switch kind {
        case .caseWhen, .function(.coalesce, _): true
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .cast, .function:
            children.contains(where: \.hasBranches)
        }
    }
}
