// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryPlan
import Tabular

extension ExecutionPlan {
    /// The rows of an open plan as they are run: joins in the order that promises least work, counts of partners taken before the join.
    func openRows(_ scans: [Int: any TableScan]) -> LogicalPlan {
        let order = JoinOrder(rowCounts: scans.mapValues(\.rowCount))
        return EarlyCounts(order: order).applied(order.ordered(rows))
    }
}

/// Groupings that an open plan holds more than once, as a view that is read twice does: computed once and kept.
final class CommonParts {
    private let scans: [Int: any TableScan]
    private var counts: [String: Int] = [:]
    private var kept: [String: MaterialisedRelation] = [:]

    init(_ plan: ExecutionPlan, _ scans: [Int: any TableScan]) {
        self.scans = scans
        if plan.rules.isOpen, plan.dimensions.isEmpty { count(plan.openRows(scans)) }
    }

    private func count(_ plan: LogicalPlan) {
        if case .aggregate = plan, let name = name(plan) { counts[name, default: 0] += 1 }
        for input in plan.inputs { count(input) }
    }

    /// Text that equal relations over the same rows have in common. Nil when it is not known what the rows come from.
    private func name(_ plan: LogicalPlan) -> String? {
        var numbers: [Int: Int] = [:], sources = ""
        for scan in plan.scans {
            guard let source = scans[scan.reference]?.source else { return nil }
            numbers[scan.reference] = numbers.count
            sources += "\(ObjectIdentifier(source)) "
        }
        return sources + plan.renumbered(numbers).canonicalText
    }

    /// Whether a grouping is needed more than once.
    func isShared(_ aggregate: Aggregate) -> Bool {
        guard counts.values.contains(where: { $0 > 1 }), let name = name(.aggregate(aggregate)) else { return false }
        return counts[name, default: 0] > 1
    }

    /// The relation of a grouping that is needed more than once, made the first time; nil for others.
    func relation(
        _ aggregate: Aggregate, _ make: () throws(EngineError) -> MaterialisedRelation
    ) throws(EngineError) -> MaterialisedRelation? {
        guard counts.values.contains(where: { $0 > 1 }), let name = name(.aggregate(aggregate)), counts[name, default: 0] > 1 else { return nil }
        if let known = kept[name] { return known }
        let made = try make()
        kept[name] = made
        return made
    }
}
