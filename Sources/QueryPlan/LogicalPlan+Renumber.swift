// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension QueryBinder {
    /// A copy of a relation whose table references have numbers of their own. It counts as if it were written out.
    func renumbered(_ plan: LogicalPlan, at span: SourceSpan) throws(BindError) -> LogicalPlan {
        var numbers: [Int: Int] = [:]
        for scan in plan.scans { numbers[scan.reference] = try nextReference(at: span) }
        try count(plan.expressionNodes, at: span)
        return plan.renumbered(numbers)
    }
}

extension LogicalPlan {
    /// Nodes of all expressions in the relation.
    fileprivate var expressionNodes: Int {
        expressions.reduce(0) { $0 + $1.extent.nodes } + inputs.reduce(0) { $0 + $1.expressionNodes }
    }

    /// The relation with other numbers for its table references.
    package func renumbered(_ numbers: [Int: Int]) -> LogicalPlan {
        func columns(_ output: [OutputColumn]) -> [OutputColumn] { output.map { $0.renumbered(numbers) } }
        switch mappingInputs({ $0.renumbered(numbers) }) {
        case .scan(let scan):
            return .scan(
                Scan(
                    reference: numbers[scan.reference] ?? scan.reference, table: scan.table, output: columns(scan.output),
                    span: scan.span))
        case .project(let project):
            return .project(Project(input: project.input, expressions: project.expressions, output: columns(project.output)))
        case .join(let join):
            return .join(
                Join(
                    kind: join.kind, left: join.left, right: join.right, keys: join.keys, residual: join.residual,
                    isNullAware: join.isNullAware, output: columns(join.output), span: join.span))
        case .aggregate(let aggregate):
            let old = aggregate.aggregation
            let aggregation = Aggregation(keys: old.keys, calls: old.calls, output: columns(old.output), span: old.span)
            return .aggregate(Aggregate(input: aggregate.input, aggregation: aggregation))
        case .window(let window):
            return .window(Window(input: window.input, calls: window.calls, output: columns(window.output)))
        case .union(let union):
            return .union(Union(inputs: union.inputs, output: columns(union.output), span: union.span))
        case .filter(let filter): return .filter(filter)
        case .sort(let sort): return .sort(sort)
        }
    }
}

extension OutputColumn {
    fileprivate func renumbered(_ numbers: [Int: Int]) -> OutputColumn {
        guard let origin, let number = numbers[origin.reference] else { return self }
        let moved = ColumnOrigin(reference: number, table: origin.table, column: origin.column)
        return OutputColumn(name: name, type: type, isNullable: isNullable, origin: moved)
    }
}
