// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

extension ApprovedPlan {
    static func made(
        _ plan: BoundPlan, _ rules: ReleaseRules, _ dimensions: [DimensionSource], _ scans: [Int: ScanRequirement],
        _ branches: [[BoundExpression]], _ weights: [Int: BoundExpression] = [:], quasiIdentifiers: [String: [String]] = [:]
    ) -> ApprovedPlan {
        ApprovedPlan(
            plan: plan, rules: rules, dimensions: dimensions, scans: scans, branchConditions: branches, weights: weights,
            quasiIdentifiers: quasiIdentifiers,
            canonicalText: plan.canonicalText + rules.canonicalText(dimensions, scans, branches, weights))
    }
}

extension PlanFlow {
    /// What each scan must do besides yielding columns. Open tables have nobody to leave out.
    var scanRequirements: [Int: ScanRequirement] {
        references.mapValues { fact in
            ScanRequirement(
                table: fact.policy.name, entities: fact.policy.isOpen ? [] : fact.policy.protectedEntities.compactMap(\.type),
                fanOut: fact.policy.fanOut)
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

extension LogicalPlan {
    /// The relation with one more column of a scan at its end, and that column's place; where it is there already, as it is. Nil where
    /// something stands between that does not hand rows on one by one.
    func carrying(_ column: ColumnPolicy, of reference: Int) -> (plan: LogicalPlan, position: Int)? {
        if let position = output.firstIndex(where: { $0.origin?.reference == reference && $0.origin?.column == column.name }) {
            return (self, position)
        }
        switch self {
        case .scan(let scan):
            guard scan.reference == reference else { return nil }
            let origin = ColumnOrigin(reference: reference, table: scan.table, column: column.name)
            let added = OutputColumn(name: column.name, type: column.boundType, isNullable: column.isNullable, origin: origin)
            let widened = Scan(reference: reference, table: scan.table, output: scan.output + [added], span: scan.span)
            return (.scan(widened), scan.output.count)
        case .filter(let filter):
            return filter.input.carrying(column, of: reference).map { input in
                (.filter(Filter(input: input.plan, predicate: filter.predicate, source: filter.source)), input.position)
            }
        case .project(let project):
            return project.input.carrying(column, of: reference).map { input in
                let added = input.plan.output[input.position]
                let kept = BoundExpression.made(.column(input.position), added.type, isNullable: added.isNullable)
                return (
                    .project(Project(input: input.plan, expressions: project.expressions + [kept], output: project.output + [added])),
                    project.output.count
                )
            }
        case .join, .aggregate, .window, .sort, .union: return nil
        }
    }
}

extension ReleaseRules {
    /// The rules as lines of text, the same for the same rules.
    func canonicalText(
        _ sources: [DimensionSource], _ scans: [Int: ScanRequirement], _ branches: [[BoundExpression]], _ weights: [Int: BoundExpression]
    ) -> String {
        var lines = ["rules 1 " + (isOpen ? "open" : "protected")]
        for (position, (dimension, source)) in zip(dimensions, sources).enumerated() {
            let kind =
                switch source.kind {
                case .entity(let type, let isOrdering): "entity \"\(type)\"" + (isOrdering ? " ordering" : "")
                case .row: "row"
                }
            lines.append(
                "dimension \(source.reference) \(kind) minimum \(dimension.minimumContributors)" + (dimension.mayBeAbsent ? " or none" : "")
                    + (weights[position].map { " weight " + $0.canonicalText } ?? ""))
        }
        // Aggregates that are judged alike share one list, which is written out once.
        var written: [(list: UnsafeRawPointer?, text: String)] = []
        for (rule, conditions) in zip(aggregates, branches) {
            lines.append("aggregate " + rule.canonicalText)
            guard !conditions.isEmpty else { continue }
            let list = conditions.withUnsafeBytes { $0.baseAddress }
            let text = written.first { $0.list == list }?.text ?? conditions.map { "  branch " + $0.canonicalText }.joined(separator: "\n")
            written.append((list, text))
            lines.append(text)
        }
        for reference in scans.keys.sorted() {
            guard let scan = scans[reference] else { continue }
            lines.append(
                "scan \(reference) \"\(scan.table)\" entities [" + scan.entities.joined(separator: ", ") + "]"
                    + (scan.fanOut.map { " fan_out \"\($0.column)\" \($0.rows)" } ?? ""))
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
