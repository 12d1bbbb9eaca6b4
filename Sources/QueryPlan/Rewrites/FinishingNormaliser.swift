// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Brings the steps over released cells into their normal form: projections move to the end, neighbouring filters
/// become one.
enum FinishingNormaliser {
    static func normalised(_ steps: [FinishingStep], over released: [OutputColumn]) -> [FinishingStep] {
        var result: [FinishingStep] = []
        var input = released
        var columns = released.indices.map { released.expression(at: $0, .nowhere) }
        var output = released

        /// Expressions over the released cells; when they would grow too large, the projection stays here.
        func inlined(_ expressions: [BoundExpression]) -> [BoundExpression] {
            if !Core.fits(expressions, columns) {
                result.append(.project(columns, output: output))
                input = output
                columns = output.indices.map { output.expression(at: $0, .nowhere) }
            }
            return expressions.map { $0.inlining(columns).folded }
        }

        for step in steps {
            switch step {
            case .filter(let predicate):
                append(filter: inlined([predicate])[0], to: &result)
            case .project(let expressions, let names):
                columns = inlined(expressions)
                output = names
            case .sort(let keys):
                let expressions = inlined(keys.map(\.expression))
                result.append(
                    .sort(
                        zip(keys, expressions).map {
                            SortKey(expression: $1, isDescending: $0.isDescending, nullsFirst: $0.nullsFirst)
                        }))
            case .limit:
                result.append(step)
            case .window, .distinct:
                if !columns.isIdentity(count: input.count) { result.append(.project(columns, output: output)) }
                result.append(step)
                if case .window(_, let widened) = step { output = widened }
                input = output
                columns = output.indices.map { output.expression(at: $0, .nowhere) }
            }
        }
        if !columns.isIdentity(count: input.count) { result.append(.project(columns, output: output)) }
        return result
    }

    private static func append(filter: BoundExpression, to steps: inout [FinishingStep]) {
        guard !filter.isTrue else { return }
        if case .filter(let before)? = steps.last {
            steps.removeLast()
            let both = BoundExpression.conjunction(before.conjuncts + filter.conjuncts) ?? filter
            steps.append(.filter(both.ordered))
        } else {
            steps.append(.filter(filter.ordered))
        }
    }

    /// Leaves out the aggregate calls that no step and no result reads. One column always remains.
    static func withoutUnusedCalls(
        _ aggregation: Aggregation, _ steps: [FinishingStep]
    ) -> (Aggregation, [FinishingStep]) {
        let keyCount = aggregation.keys.count
        var used: Set<Int> = []
        var isProjected = false
        for step in steps where !isProjected {
            // Both read every column.
            if step.readsAllColumns { return (aggregation, steps) }
            for expression in step.expressions { expression.collectColumns(into: &used) }
            if case .project = step { isProjected = true }
        }
        guard isProjected else { return (aggregation, steps) }
        used.formUnion(0..<keyCount)
        if used.isEmpty { used.insert(0) }
        let kept = used.sorted()
        let positions = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        let pruned = Aggregation(
            keys: aggregation.keys, calls: kept.filter { $0 >= keyCount }.map { aggregation.calls[$0 - keyCount] },
            output: kept.map { aggregation.output[$0] }, span: aggregation.span)
        var moved: [FinishingStep] = []
        isProjected = false
        for step in steps {
            moved.append(isProjected ? step : step.mappingExpressions { $0.moving(positions) })
            if case .project = step { isProjected = true }
        }
        return (pruned, withoutIdentity(moved, count: kept.count))
    }

    /// A projection can become superfluous when columns before it fall away.
    private static func withoutIdentity(_ steps: [FinishingStep], count: Int) -> [FinishingStep] {
        guard case .project(let expressions, _)? = steps.last, expressions.isIdentity(count: count),
            steps.filter({ if case .project = $0 { true } else { false } }).count == 1
        else { return steps }
        return Array(steps.dropLast())
    }
}

extension FinishingStep {
    /// The expressions of the step.
    package var expressions: [BoundExpression] {
        switch self {
        case .filter(let predicate): [predicate]
        case .project(let expressions, _): expressions
        case .sort(let keys): keys.map(\.expression)
        case .limit, .distinct: []
        case .window(let calls, _): calls.flatMap(\.expressions)
        }
    }

    /// Whether the step depends on columns that it does not name.
    var readsAllColumns: Bool {
        switch self {
        case .window, .distinct: true
        case .filter, .project, .sort, .limit: false
        }
    }

    /// The step with its expressions changed.
    package func mappingExpressions(_ change: (BoundExpression) -> BoundExpression) -> FinishingStep {
        switch self {
        case .filter(let predicate): .filter(change(predicate))
        case .project(let expressions, let output): .project(expressions.map(change), output: output)
        case .sort(let keys):
            .sort(keys.map { $0.mapping(change) })
        case .limit, .distinct: self
        case .window(let calls, let output): .window(calls.map { $0.mapping(change) }, output: output)
        }
    }
}

extension SourceSpan {
    /// The place of what no one wrote.
    package static let nowhere = SourceSpan(line: 1, column: 1, length: 0, offset: 0)
}
