// SPDX-License-Identifier: Apache-2.0

internal import DisclosureControl
internal import PolicyCheck
internal import QueryPlan
internal import Tabular

/// What released cells tell about fewer entities than the minimum. Documentation/Attacks.md says when that is a failure.
package struct AttackFinding: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// A cell rests on too few.
        case cell
        /// A group is shown that too few are in.
        case key
        /// Arithmetic on cells of one row leaves too few.
        case combination
        /// One of two counts of entities leaves too few when it is taken from the other.
        case distinct
        /// One or two make up more of an amount than the rule allows.
        case dominance
        /// The same of a difference of cells of one row.
        case dominatedDifference = "dominated-difference"
        /// An amount that no bounds limit.
        case unclamped
        /// A row without an entity counts.
        case nobody
        /// A row that the policy leaves out counts.
        case leftOut = "left-out"
        /// Twins are told apart where neither has enough.
        case twins
        /// Twins that differ in what no grant shows are told apart.
        case interference
        /// A job ended otherwise than by an answer.
        case ending
    }

    package let kind: Kind
    package let text: String

    /// Of a class that the gate does not meet yet: counted, and no failure. See Documentation/Attacks.md.
    package var isKnown: Bool { kind == .distinct || kind == .dominatedDifference }

    package var description: String { kind.rawValue + ": " + text }
}

/// Looks at the released cells of one job with the rows that they rest on at hand.
struct Examination {
    let contributing: ContributingRows
    let approved: ApprovedPlan
    let released: [[ReleasedCell]]
    let schema: AttackSchema

    func findings(_ leftOut: (_ table: String, _ row: UInt64) -> Bool) -> [AttackFinding] {
        let groups = Dictionary(grouping: contributing.rows, by: \.keys)
        var findings = outsiders(leftOut)
        for cells in released {
            let keys = cells.prefix(contributing.aggregation.keys.count).map(Self.literal)
            let rows = groups[keys] ?? []
            let open = cells.dropFirst(keys.count).enumerated().filter { $0.element != .withheld }.map(\.offset)
            if !keys.isEmpty, let few = few(contributing.entities(of: rows), orNobody: true) { findings.append(AttackFinding(kind: .key, text: "\(keys): \(few)")) }
            for call in open { findings += judge(call, rows).map { AttackFinding(kind: $0.0, text: "\(keys) o\(keys.count + call): \($0.1)") } }
            findings += LinearExamination(contributing, rows, open, approved, schema).findings().map { AttackFinding(kind: $0.0, text: "\(keys): \($0.1)") }
            findings += distinct(open, rows).map { AttackFinding(kind: .distinct, text: "\(keys): \($0)") }
        }
        return findings
    }

    /// Rows that must not be here at all.
    private func outsiders(_ leftOut: (_ table: String, _ row: UInt64) -> Bool) -> [AttackFinding] {
        for row in contributing.rows {
            for (position, reference) in contributing.references.enumerated() {
                guard let place = row.places[position] else { continue }
                if leftOut(reference.table, place) { return [AttackFinding(kind: .leftOut, text: "row \(place) of \(reference.table)")] }
                for (dimension, entity) in zip(contributing.dimensions, row.entities) where dimension.reference == reference.reference && entity == nil {
                    return [AttackFinding(kind: .nobody, text: "row \(place) of \(reference.table) without \(dimension.entity)")]
                }
            }
        }
        return []
    }

    /// The dimension in which there are entities and not enough of them. `orNobody`: none anywhere counts as too few.
    func few(_ sets: [Set<UInt64>], orNobody: Bool = false) -> String? {
        for (dimension, set) in zip(contributing.dimensions, sets) where !set.isEmpty && set.count < contributing.minimum {
            return "\(set.count) of \(dimension.entity) in table reference \(dimension.reference), \(contributing.minimum) needed"
        }
        return orNobody && sets.allSatisfy(\.isEmpty) ? "nobody at all" : nil
    }

    private func judge(_ call: Int, _ rows: [ContributingRows.Row]) -> [(AttackFinding.Kind, String)] {
        let valued = rows.filter { $0.parts[call] != nil }
        if let few = few(contributing.entities(of: valued), orNobody: true) { return [(.cell, few)] }
        let function = contributing.aggregation.calls[call].function
        guard function == .sum || function == .average else { return [] }
        let clamp = approved.rules.aggregates[call].clamp
        if clamp == nil, valued.contains(where: { $0.parts[call]?.measure != "1" }) { return [(.unclamped, "no bounds")] }
        return Dominance(contributing, schema, approved).violation(of: valued, clamp: clamp) { $0.parts[call]?.value }.map { [(.dominance, $0)] } ?? []
    }

    /// Counts of entities of which one lies within the other.
    private func distinct(_ open: [Int], _ rows: [ContributingRows.Row]) -> [String] {
        let calls = open.filter { call in
            let written = contributing.aggregation.calls[call]
            guard written.function == .countDistinct, case .entity = written.argument?.type else { return false }
            return true
        }
        var found: [String] = []
        for one in calls {
            for other in calls where one != other {
                let isWithin = rows.allSatisfy { $0.parts[other] == nil || $0.parts[one] != nil }
                guard isWithin else { continue }
                let all = Set(rows.compactMap { $0.parts[one]?.value }), part = Set(rows.compactMap { $0.parts[other]?.value })
                let rest = all.subtracting(part).count
                if rest > 0, rest < contributing.minimum { found.append("o\(one) without o\(other): \(rest)") }
            }
        }
        return found
    }

    static func literal(_ cell: ReleasedCell) -> Literal {
        if case .value(let literal) = cell { return literal }
        return .null
    }
}
