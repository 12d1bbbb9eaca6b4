// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// The check of a plan that reads open tables only: its cells and rows leave as they are.
struct OpenCheck {
    let plan: BoundPlan
    let flow: PlanFlow

    func outcome(_ policies: PolicySet, _ context: CheckContext) -> CheckOutcome {
        var findings = FindingList()
        TableRules.judge(flow, context, &findings)
        for source in flow.sources {
            let span = flow.references[source.reference]?.scan.span
            guard let span, source.column.capabilities.isEmpty else { continue }
            findings.add(
                .columnForbidden, .table, span, [source.name], column: source, owner: source.column.owner(ofMissing: .project), .removeColumn)
        }
        if case .rows = plan.release {
            for expression in flow.columns {
                for position in expression.columns.sorted() where !flow.sources[position].column.capabilities.isEmpty {
                    let source = flow.sources[position]
                    guard !source.column.capabilities.contains(.project) else { continue }
                    findings.add(
                        .rowsNotReleased, .select, expression.span, [source.name], column: source, capability: .project, .aggregate, [source.name])
                }
            }
        }
        let reviews = TableRules.reviews(flow)
        guard findings.isEmpty else { return .stopped(Verdict(decision: .refused, findings: findings.sorted + reviews.sorted)) }
        guard reviews.isEmpty else { return .stopped(Verdict(decision: .needsReview, findings: reviews.sorted)) }
        return .approved(approved(policies))
    }

    private func approved(_ policies: PolicySet) -> ApprovedPlan {
        var calls: [AggregateCall] = []
        if case .aggregate(let aggregation) = plan.release { calls = aggregation.calls }
        let rules = calls.map {
            ReleaseRules.AggregateRule(kind: Self.kind($0), clamp: nil, dominance: nil, roundingBase: 1, branchCount: 0)
        }
        let final = BoundPlan(
            rows: plan.rows.withPolicyFilters(policies), release: plan.release, finishing: plan.finishing, output: plan.output,
            parameters: plan.parameters)
        return ApprovedPlan.made(
            final, ReleaseRules(isOpen: true, dimensions: [], aggregates: rules), [], flow.scanRequirements, calls.map { _ in [] })
    }

    private static func kind(_ call: AggregateCall) -> ReleaseRules.Kind {
        let type = call.argument?.type
        switch call.function {
        case .countRows, .count: return .count
        case .countDistinct: return .countDistinct
        case .sum: return type?.isExactNumeric == true ? .sum(scale: type?.scale ?? 0) : .openValue
        case .average: return type?.isExactNumeric == true ? .average(scale: type?.scale ?? 0, resultScale: call.type.scale) : .openValue
        case .minimum, .maximum, .sumDistinct, .averageDistinct, .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation,
            .percentile, .boolAnd, .boolOr:
            return .openValue
        }
    }
}
