// SPDX-License-Identifier: Apache-2.0

extension LogicalPlan {
    /// The relations that this one reads, from the left.
    public var inputs: [LogicalPlan] {
        switch self {
        case .scan: []
        case .filter(let filter): [filter.input]
        case .project(let project): [project.input]
        case .join(let join): [join.left, join.right]
        case .aggregate(let aggregate): [aggregate.input]
        case .window(let window): [window.input]
        case .sort(let sort): [sort.input]
        case .union(let union): union.inputs
        }
    }

    /// The scans of the relation, from the left.
    public var scans: [Scan] {
        if case .scan(let scan) = self { return [scan] }
        return inputs.flatMap(\.scans)
    }

    /// The same node over other inputs. They must have the columns of the old ones.
    package func mappingInputs(_ change: (LogicalPlan) -> LogicalPlan) -> LogicalPlan {
        switch self {
        case .scan: self
        case .filter(let filter):
            .filter(Filter(input: change(filter.input), predicate: filter.predicate, source: filter.source))
        case .project(let project):
            .project(Project(input: change(project.input), expressions: project.expressions, output: project.output))
        case .join(let join):
            .join(
                Join(
                    kind: join.kind, left: change(join.left), right: change(join.right), keys: join.keys, residual: join.residual,
                    isNullAware: join.isNullAware, output: join.output, span: join.span))
        case .aggregate(let aggregate):
            .aggregate(Aggregate(input: change(aggregate.input), aggregation: aggregate.aggregation))
        case .window(let window): .window(Window(input: change(window.input), calls: window.calls, output: window.output))
        case .sort(let sort): .sort(Sort(input: change(sort.input), keys: sort.keys, limit: sort.limit, offset: sort.offset))
        case .union(let union): .union(Union(inputs: union.inputs.map(change), output: union.output, span: union.span))
        }
    }
}
