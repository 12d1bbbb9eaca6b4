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
            if let joined = filter.withoutMark(needed) { return joined.pruned(to: needed) }
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
        case .aggregate(let aggregate):
            return aggregate.pruned(to: needed)
        case .window(let window):
            return window.pruned(to: needed)
        case .sort(let sort):
            var below = needed
            for key in sort.keys { key.expression.collectColumns(into: &below) }
            let (input, positions) = sort.input.pruned(to: below)
            let keys = sort.keys.map { $0.mapping { $0.moving(positions) } }
            return (.sort(Sort(input: input, keys: keys, limit: sort.limit, offset: sort.offset)), positions)
        case .union(let union):
            return union.pruned(to: needed)
        }
    }
}

extension Aggregate {
    /// Keys stay, since they make the groups; calls that nothing reads go. One column always remains.
    fileprivate func pruned(to needed: Set<Int>) -> (plan: LogicalPlan, positions: [Int: Int]) {
        let keyCount = aggregation.keys.count
        var kept = Array(0..<keyCount) + needed.filter { $0 >= keyCount }.sorted()
        if kept.isEmpty { kept = [0] }
        let calls = kept.filter { $0 >= keyCount }.map { aggregation.calls[$0 - keyCount] }
        var below: Set<Int> = []
        for expression in aggregation.keys + calls.compactMap(\.argument) { expression.collectColumns(into: &below) }
        let (input, moved) = self.input.pruned(to: below)
        let pruned = Aggregation(
            keys: aggregation.keys.map { $0.moving(moved) },
            calls: calls.map { $0.mapping { $0.moving(moved) } }, output: kept.map { aggregation.output[$0] },
            span: aggregation.span)
        let positions = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        return (.aggregate(Aggregate(input: input, aggregation: pruned)), positions)
    }
}

extension Window {
    fileprivate func pruned(to needed: Set<Int>) -> (plan: LogicalPlan, positions: [Int: Int]) {
        let width = input.output.count
        let kept = needed.filter { $0 >= width }.sorted()
        var below = needed.filter { $0 < width }
        for call in kept.map({ self.calls[$0 - width] }) {
            for expression in call.expressions { expression.collectColumns(into: &below) }
        }
        let (input, moved) = self.input.pruned(to: below)
        guard !kept.isEmpty else { return (input, moved) }
        var positions = moved
        for (index, old) in kept.enumerated() { positions[old] = input.output.count + index }
        let calls = kept.map { self.calls[$0 - width].mapping { $0.moving(moved) } }
        return (.window(Window(input: input, calls: calls, output: input.output + kept.map { output[$0] })), positions)
    }
}

extension Union {
    /// Each input yields exactly the needed columns, in order.
    fileprivate func pruned(to needed: Set<Int>) -> (plan: LogicalPlan, positions: [Int: Int]) {
        let kept = needed.sorted()
        let inputs = self.inputs.map { input -> LogicalPlan in
            let (plan, positions) = input.pruned(to: needed)
            let expressions = kept.map { plan.output.expression(at: positions[$0] ?? $0, span) }
            if expressions.isIdentity(count: plan.output.count) { return plan }
            return .project(Project(input: plan, expressions: expressions, output: kept.map { input.output[$0] }))
        }
        let pruned = Union(inputs: inputs, output: kept.map { output[$0] }, span: span)
        return (.union(pruned), Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) }))
    }
}

extension Join {
    fileprivate func pruned(to needed: Set<Int>) -> (plan: LogicalPlan, positions: [Int: Int]) {
        let shift = left.output.count
        if !needed.contains(where: { $0 >= shift }), keepsLeftRows { return left.pruned(to: needed) }
        // The mark comes after the left side's columns, where the right side's would be.
        let isMarked = kind == .mark
        let all = (isMarked ? needed.filter { $0 < shift } : needed).union(residual?.columns ?? [])
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
            residual: residual?.moving(positions).ordered, isNullAware: isNullAware,
            output: Join.output(kind, newLeft.output, newRight.output), span: span)
        guard kind.yieldsRight else {
            return (.join(join), leftPositions.merging(isMarked ? [shift: newLeft.output.count] : [:]) { old, _ in old })
        }
        return (.join(join), positions)
    }
}

extension Join {
    /// Whether every left row comes out just once, so that a join whose other columns nothing reads does nothing.
    private var keepsLeftRows: Bool {
        switch kind {
        case .mark, .single: true
        case .left: right.isUnique(on: keys.map(\.right))
        case .inner, .full, .semi, .anti: false
        }
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
