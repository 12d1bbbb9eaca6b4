// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// Whose contributions are counted: one dimension for each protected entity of each table reference; references that an inner join
/// ties by the very same entity share one.
struct DimensionPlan {
    private(set) var sources: [DimensionSource] = []
    private(set) var dimensions: [ReleaseRules.Dimension] = []
    /// By dimension, the column that says for how many persons a row stands.
    private(set) var weights: [Int: (reference: Int, column: String)] = [:]
    /// Dimension of each member.
    private var positions: [Member: Int] = [:]

    private struct Member: Hashable {
        let reference: Int
        /// Nil: rows stand for entities.
        let type: String?
    }

    init(_ flow: PlanFlow, minimum: Int) {
        var members: [Member] = []
        for reference in flow.references.keys.sorted() {
            guard let fact = flow.references[reference], !fact.policy.isOpen else { continue }
            for entity in fact.policy.protectedEntities { members.append(Member(reference: reference, type: entity.type)) }
        }
        for group in Self.groups(members, flow) { add(group, flow, minimum) }
    }

    /// The dimension by which contributions of a reference's columns are merged: that of its first protected entity.
    func position(of reference: Int, _ flow: PlanFlow) -> Int? {
        guard let entity = flow.references[reference]?.policy.protectedEntities.first else { return nil }
        return positions[Member(reference: reference, type: entity.type)]
    }

    private mutating func add(_ group: [Member], _ flow: PlanFlow, _ minimum: Int) {
        let facts = group.compactMap { member in flow.references[member.reference].map { (member: member, fact: $0) } }
        func isOrdering(_ item: (member: Member, fact: ReferenceFact)) -> Bool { item.fact.policy.entities.first?.type == item.member.type }
        // Rows that are always there first, then rows in order of the entity.
        let chosen = facts.first { !$0.fact.isOptional && isOrdering($0) } ?? facts.first { !$0.fact.isOptional } ?? facts.first { isOrdering($0) } ?? facts.first
        guard let chosen else { return }
        let kind: DimensionSource.Kind
        var contributors = minimum
        if let type = chosen.member.type {
            kind = .entity(type: type, isOrderingEntity: isOrdering(chosen))
        } else {
            kind = .row
            for case .none(let rows) in chosen.fact.policy.entities {
                let (product, overflow) = minimum.multipliedReportingOverflow(by: rows)
                contributors = overflow ? .max : product
            }
            for case .weight(let column) in chosen.fact.policy.entities { weights[dimensions.count] = (chosen.member.reference, column) }
        }
        for member in group { positions[member] = dimensions.count }
        sources.append(DimensionSource(reference: chosen.member.reference, kind: kind))
        dimensions.append(
            ReleaseRules.Dimension(
                entity: chosen.member.type ?? "row", minimumContributors: contributors, mayBeAbsent: facts.allSatisfy { $0.fact.isOptional }))
    }

    /// Members that inner joins tie together, each group and the groups in order of reference.
    private static func groups(_ members: [Member], _ flow: PlanFlow) -> [[Member]] {
        var group: [Member: Int] = [:]
        for (index, member) in members.enumerated() { group[member] = index }
        for join in flow.joins where join.kind == .inner {
            for key in join.keys {
                guard let left = member(key.left, flow), let right = member(key.right, flow), let one = group[left], let two = group[right]
                else { continue }
                for (member, index) in group where index == max(one, two) { group[member] = min(one, two) }
            }
        }
        return Set(group.values).sorted().map { index in members.filter { group[$0] == index } }
    }

    private static func member(_ key: BoundExpression, _ flow: PlanFlow) -> Member? {
        guard case .column(let position) = key.kind, let type = flow.sources[position].column.entityType else { return nil }
        return Member(reference: flow.sources[position].reference, type: type)
    }
}
