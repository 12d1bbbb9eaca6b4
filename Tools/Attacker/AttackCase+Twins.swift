// SPDX-License-Identifier: Apache-2.0

internal import DisclosureControl
internal import PolicyCheck
internal import QueryPlan
internal import SQLLogic
internal import Tabular

extension AttackCase {
    /// Changes that are tried for each statement.
    package static let twinCount = 3

    /// Runs a statement over databases that differ in one person, or in what no grant shows, and compares all that comes out. What may
    /// differ is a group that the person is in and that enough others are in, in one of the two. `crossings`: how often a mark for a
    /// withheld cell shows or vanishes with one person there, which the rules do not hide. `mayNothingShow`: as if no change were allowed
    /// to show, to see that the comparison sees.
    package func tellApart(_ sql: String, mayNothingShow: Bool = false) throws -> (outcome: Outcome, findings: [AttackFinding], crossings: Int) {
        guard case .approved(let approved)? = try check(sql) else { return (try run(sql, over: rows), [], 0) }
        var random = RandomSource(seed: sql.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        let outcome = run(approved, over: rows)
        var findings: [AttackFinding] = [], crossings = 0
        for _ in 0..<Self.twinCount {
            let change = random.pick(TwinChange.allCases)
            let (other, person) = change.applied(to: rows, schema, &random)
            let twins = TwinComparison(self, approved, (rows, outcome), (other, run(approved, over: other)), person: person)
            let difference = twins.difference(mayShow: !change.isHidden && !mayNothingShow)
            crossings += difference.crossings
            if let text = difference.text { findings.append(AttackFinding(kind: change.isHidden ? .interference : .twins, text: "\(change): \(text)")) }
        }
        return (outcome, findings, crossings)
    }
}

/// The same plan over two databases.
struct TwinComparison {
    private let attackCase: AttackCase
    private let approved: ApprovedPlan
    private let one: (rows: AttackRows, outcome: AttackCase.Outcome)
    private let other: (rows: AttackRows, outcome: AttackCase.Outcome)
    private let person: UInt32

    init(
        _ attackCase: AttackCase, _ approved: ApprovedPlan, _ one: (rows: AttackRows, outcome: AttackCase.Outcome),
        _ other: (rows: AttackRows, outcome: AttackCase.Outcome), person: UInt32
    ) {
        self.attackCase = attackCase
        self.approved = approved
        self.one = one
        self.other = other
        self.person = person
    }

    func difference(mayShow: Bool) -> (text: String?, crossings: Int) {
        switch (one.outcome, other.outcome) {
        case (.answered(let first), .answered(let second)):
            if first == second { return (nil, 0) }
            guard mayShow else { return ("\(first.cells) and \(second.cells)", 0) }
            return compare(first, second)
        case (.failed(let first), .failed(let second)): return (first == second ? nil : "\(first) and \(second)", 0)
        default: return ("\(one.outcome) and \(other.outcome)", 0)
        }
    }

    private func compare(_ first: AttackCase.Answer, _ second: AttackCase.Answer) -> (text: String?, crossings: Int) {
        guard let here = Side(attackCase, approved, one.rows, person), let there = Side(attackCase, approved, other.rows, person) else { return ("an open result", 0) }
        let keyCount = here.contributing.aggregation.keys.count
        if first.cells == second.cells {
            // Only the classes of reasons can differ, or what is made of equal cells.
            if first.reasons == second.reasons { return ("the same cells, but other bytes", 0) }
            let mayDiffer = here.touched.union(there.touched).contains { here.isEnough($0) || there.isEnough($0) }
            return mayDiffer ? (nil, 1) : ("reasons \(first.reasons) and \(second.reasons)", 0)
        }
        func byKey(_ rows: [[ReleasedCell]]) -> [[Literal]: [ReleasedCell]] {
            Dictionary(rows.map { ($0.prefix(keyCount).map(Examination.literal), $0) }) { first, _ in first }
        }
        let left = byKey(first.cells), right = byKey(second.cells)
        var crossings = 0
        for key in Set(left.keys).union(right.keys) where left[key] != right[key] {
            guard here.touched.contains(key) || there.touched.contains(key) else { return ("\(key), where the person is not", 0) }
            guard here.isEnough(key) || there.isEnough(key) else { return ("\(key), where too few are in both", 0) }
            let marks = zip(left[key] ?? [], right[key] ?? []).contains { ($0 == .withheld) != ($1 == .withheld) }
            if marks { crossings += 1 }
        }
        return (nil, crossings)
    }

    /// Who is in which group of one database.
    private struct Side {
        let contributing: ContributingRows
        let touched: Set<[Literal]>
        private let groups: [[Literal]: [ContributingRows.Row]]

        init?(_ attackCase: AttackCase, _ approved: ApprovedPlan, _ rows: AttackRows, _ person: UInt32) {
            guard let found = ContributingRows(approved, attackCase.schema, rows.tables(attackCase.schema), parameters: attackCase.used(approved)) else { return nil }
            contributing = found
            groups = Dictionary(grouping: found.rows, by: \.keys)
            let persons = found.dimensions.indices.filter { found.dimensions[$0].entity == "person" }
            touched = Set(found.rows.filter { row in persons.contains { row.entities[$0] == UInt64(person) } }.map(\.keys))
        }

        func isEnough(_ key: [Literal]) -> Bool {
            let sets = contributing.entities(of: groups[key] ?? [])
            return sets.contains { !$0.isEmpty } && sets.allSatisfy { $0.isEmpty || $0.count >= contributing.minimum }
        }
    }
}
