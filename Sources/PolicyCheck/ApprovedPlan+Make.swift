// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

extension ApprovedPlan {
    static func made(
        _ plan: BoundPlan, _ rules: ReleaseRules, _ dimensions: [DimensionSource], _ scans: [Int: ScanRequirement],
        _ branches: [[BoundExpression]]
    ) -> ApprovedPlan {
        ApprovedPlan(
            plan: plan, rules: rules, dimensions: dimensions, scans: scans, branchConditions: branches,
            canonicalText: plan.canonicalText + rules.canonicalText(dimensions, scans, branches))
    }
}

extension PlanFlow {
    /// What each scan must do besides yielding columns. Open tables have nobody to leave out.
    var scanRequirements: [Int: ScanRequirement] {
        references.mapValues { fact in
            ScanRequirement(table: fact.policy.name, entities: fact.policy.isOpen ? [] : fact.policy.protectedEntities.compactMap(\.type))
        }
    }
}

extension LogicalPlan {
    /// The relation with the policy filter of every table directly above its scan; columns stay where they are.
    func withPolicyFilters(_ policies: PolicySet) -> LogicalPlan {
        switch self {
        case .scan(let scan):
            guard let policy = policies.table(scan.table) else { return self }
            let filtered = PolicyFilter.applied(policy, to: scan)
            guard filtered.output.count > scan.output.count else { return filtered }
            let kept = scan.output.enumerated().map { position, column in
                BoundExpression(kind: .column(position), type: column.type, isNullable: column.isNullable, span: scan.span)
            }
            return .project(Project(input: filtered, expressions: kept, output: scan.output))
        case .filter, .project, .join, .aggregate, .window, .sort, .union:
            return mappingInputs { $0.withPolicyFilters(policies) }
        }
    }
}

extension ReleaseRules {
    /// The rules as lines of text, the same for the same rules.
    func canonicalText(_ sources: [DimensionSource], _ scans: [Int: ScanRequirement], _ branches: [[BoundExpression]]) -> String {
        var lines = ["rules 1 " + (isOpen ? "open" : "protected")]
        for (dimension, source) in zip(dimensions, sources) {
            let kind =
                switch source.kind {
                case .entity(let type, let isOrdering): "entity \"\(type)\"" + (isOrdering ? " ordering" : "")
                case .row: "row"
                }
            lines.append(
                "dimension \(source.reference) \(kind) minimum \(dimension.minimumContributors)" + (dimension.mayBeAbsent ? " or none" : ""))
        }
        for (rule, conditions) in zip(aggregates, branches) {
            lines.append("aggregate " + rule.canonicalText)
            for condition in conditions { lines.append("  branch " + condition.canonicalText) }
        }
        for reference in scans.keys.sorted() {
            guard let scan = scans[reference] else { continue }
            lines.append("scan \(reference) \"\(scan.table)\" entities [" + scan.entities.joined(separator: ", ") + "]")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension ReleaseRules.AggregateRule {
    var canonicalText: String {
        var text =
            switch kind {
            case .count: "count"
            case .countDistinct: "count_distinct"
            case .sum(let scale): "sum \(scale)"
            case .average(let scale, let resultScale): "average \(scale) \(resultScale)"
            case .openValue: "open_value"
            }
        if let clamp { text += " clamp [\(clamp.lower), \(clamp.upper)] by \(clamp.dimension)" }
        if let dominance {
            text += " largest " + (dominance.largest?.text ?? "none") + " two_largest " + (dominance.twoLargest?.text ?? "none")
        }
        return text + " rounding \(roundingBase) branches \(branchCount)"
    }
}
