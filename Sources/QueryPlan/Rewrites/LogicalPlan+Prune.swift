// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension LogicalPlan {
    /// The relation with the columns that are needed and those that its own conditions read, and the new position of
    /// each. Conditions come out in one order, each once.
    func pruned(to needed: Set<Int>) -> (plan: LogicalPlan, positions: [Int: Int]) {
        switch self {
        case .scan(let scan):
            let kept = needed.sorted()
            let output = kept.map { scan.output[$0] }
            let positions = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
            let pruned = Scan(reference: scan.reference, table: scan.table, output: output, span: scan.span)
            return (.scan(pruned), positions)
        case .filter(let filter):
            let (input, positions) = filter.input.pruned(to: needed.union(filter.predicate.columns))
            let predicate = filter.predicate.moving(positions).ordered
            return (.filter(Filter(input: input, predicate: predicate, source: filter.source)), positions)
        case .project(let project):
            let kept = needed.sorted()
            let expressions = kept.map { project.expressions[$0] }
            var columns: Set<Int> = []
            for expression in expressions { expression.collectColumns(into: &columns) }
            let (input, positions) = project.input.pruned(to: columns)
            let pruned = Project(
                input: input, expressions: expressions.map { $0.moving(positions) },
                output: kept.map { project.output[$0] })
            return (.project(pruned), Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) }))
        case .join(let join):
            return join.pruned(to: needed)
        }
    }
}

extension Join {
    fileprivate func pruned(to needed: Set<Int>) -> (plan: LogicalPlan, positions: [Int: Int]) {
        let shift = left.output.count
        let all = needed.union(residual?.columns ?? [])
        var leftNeeded = all.filter { $0 < shift }
        var rightNeeded = Set(all.filter { $0 >= shift }.map { $0 - shift })
        for key in keys {
            key.left.collectColumns(into: &leftNeeded)
            key.right.collectColumns(into: &rightNeeded)
        }
        let (newLeft, leftPositions) = left.pruned(to: leftNeeded)
        let (newRight, rightPositions) = right.pruned(to: rightNeeded)
        var positions = leftPositions
        for (old, new) in rightPositions { positions[old + shift] = new + newLeft.output.count }
        let moved = keys.map { KeyPair(left: $0.left.moving(leftPositions), right: $0.right.moving(rightPositions)) }
        let join = Join(
            kind: kind, left: newLeft, right: newRight, keys: moved.ordered,
            residual: residual?.moving(positions).ordered,
            output: Join.output(kind, newLeft.output, newRight.output), span: span)
        return (.join(join), positions)
    }
}

extension [Join.KeyPair] {
    /// The pairs in the order of their text, each once.
    fileprivate var ordered: [Join.KeyPair] {
        var texts: Set<String> = []
        return map { (text: $0.left.canonicalText + " = " + $0.right.canonicalText, pair: $0) }
            .filter { texts.insert($0.text).inserted }
            .sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
            .map(\.pair)
    }
}

extension BoundExpression {
    /// The expression over moved columns.
    func moving(_ positions: [Int: Int]) -> BoundExpression {
        mappingColumns { position, column in
            BoundExpression(
                kind: .column(positions[position] ?? position), type: column.type, isNullable: column.isNullable,
                span: column.span)
        }
    }

    /// The conjunction with its conditions in the order of their text, each once.
    var ordered: BoundExpression {
        var texts: Set<String> = []
        let conditions = conjuncts.map { (text: $0.canonicalText, condition: $0) }
            .filter { texts.insert($0.text).inserted }
            .sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
            .map(\.condition)
        return BoundExpression.conjunction(conditions) ?? self
    }
}
