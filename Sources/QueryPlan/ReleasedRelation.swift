// SPDX-License-Identifier: Apache-2.0

/// A plan cut at its release node, before it is brought into its normal form.
struct ReleasedRelation {
    var rows: LogicalPlan
    let release: ReleaseNode
    let steps: [FinishingStep]
    let output: [OutputColumn]

    /// Cuts a plan. The topmost aggregation that only steps over cells stand above is the release node. DISTINCT above another
    /// aggregation is such a step; a join, UNION ALL or a further aggregation is none, so what lies below them stays below the
    /// release. A plan without such an aggregation releases its rows, in the order and number that its topmost ORDER BY and LIMIT
    /// give.
    init(cutting plan: LogicalPlan) {
        output = plan.output
        if let (aggregate, steps) = plan.spine {
            rows = aggregate.input
            release = .aggregate(aggregate.aggregation)
            self.steps = steps.reversed()
        } else {
            release = .rows
            (rows, steps) = plan.sorted
        }
    }
}

extension LogicalPlan {
    /// The aggregation with only finishing steps above, and those from the top.
    fileprivate var spine: (aggregate: Aggregate, steps: [FinishingStep])? {
        switch self {
        case .aggregate(let aggregate):
            let aggregation = aggregate.aggregation
            guard aggregation.calls.isEmpty, let below = aggregate.input.spine else { return (aggregate, []) }
            return (below.aggregate, [.distinct, .project(aggregation.keys, output: aggregation.output)] + below.steps)
        case .filter(let filter): return filter.input.spine.map { ($0.aggregate, [.filter(filter.predicate)] + $0.steps) }
        case .project(let project):
            return project.input.spine.map { ($0.aggregate, [.project(project.expressions, output: project.output)] + $0.steps) }
        case .window(let window):
            return window.input.spine.map { ($0.aggregate, [.window(window.calls, output: window.output)] + $0.steps) }
        case .sort(let sort): return sort.input.spine.map { ($0.aggregate, sort.steps.reversed() + $0.steps) }
        case .scan, .join, .union: return nil
        }
    }

    /// The rows below the topmost ORDER BY or LIMIT, when only projections stand above it, and the steps.
    fileprivate var sorted: (rows: LogicalPlan, steps: [FinishingStep]) {
        var projections: [FinishingStep] = []
        var plan = self
        while case .project(let project) = plan {
            projections.append(.project(project.expressions, output: project.output))
            plan = project.input
        }
        guard case .sort(let sort) = plan else { return (self, []) }
        return (sort.input, sort.steps + projections.reversed())
    }
}

extension Sort {
    /// As steps over cells, in order.
    fileprivate var steps: [FinishingStep] {
        (keys.isEmpty ? [] : [.sort(keys)]) + (limit == nil && offset == 0 ? [] : [.limit(count: limit, offset: offset)])
    }
}
