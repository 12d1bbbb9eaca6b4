// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryPlan
import SQLSyntax
import Testing

@Suite("Labels of expressions")
struct LabelTests {
    private static let table = """
        table: t
        unit: u
        grade: 一般
        entity: { person: p }
        columns:
          p: { type: text, identifier: key, allow: [join, count_distinct] }
          h: { type: text, allow: [group, filter_equal, count], functions: [text] }
          g: { type: text, allow: [group, join], functions: [text] }
          k: { type: text, allow: [group, filter_equal], prefix: 2 }
          a: { type: int64, allow: [group, filter_range], band: 5, bounds: [0, 130] }
          c: { type: int64, allow: [sum, count], bounds: [0, 100] }
        """

    /// The label of the first item of a select list, with what it is made by.
    private func labeled(_ expression: String, in table: String = table) throws -> (label: Label, labeler: Labeler) {
        let policies = try policies(table)
        let plan = try Binder.bind(try SQLParser.parse("SELECT \(expression), COUNT(*) FROM t GROUP BY 1"), catalog: policies, parameters: [])
        var flow = PlanFlow(plan.rows, policies: policies)
        guard case .aggregate(let aggregation) = plan.release, let key = aggregation.keys.first, let inlined = flow.inlined(key) else {
            throw NotApproved()
        }
        let labeler = Labeler(grants: Grants(sources: flow.sources, steering: Steering(flow)), domains: [:])
        return (labeler.value(inlined, inKey: true), labeler)
    }

    private func capabilities(_ expression: String, in table: String = table) throws -> Set<Capability> {
        let (label, labeler) = try labeled(expression, in: table)
        return labeler.capabilities(label)
    }

    @Test(
        "a view has what its column grants for it",
        arguments: [
            ("h", [Capability.group, .filterEqual, .count]), ("g", [.group, .join]), ("substring(k, 1, 2)", [.group, .filterEqual]), ("k", []),
            ("a", [.filterRange]), ("a / 5", [.group, .filterRange]), ("floor(a / 10) * 10 + 1", [.group, .filterRange]), ("a / 7", [.filterRange]),
            ("c", [.sum, .count]), ("upper(h)", [.group, .filterEqual, .count]), ("upper(k)", []), ("reverse(h)", []),
        ] as [(String, [Capability])])
    func views(_ expression: String, _ expected: [Capability]) throws {
        #expect(try capabilities(expression) == Set(expected))
    }

    @Test("a constant allows everything, a test that may steer too, one that may not nothing")
    func tests() throws {
        #expect(Labeler(grants: Grants(sources: [], steering: Steering(PlanFlow.none)), domains: [:]).capabilities(.constant) == Capability.all)
        #expect(try capabilities("h = 'x'") == Capability.all)
        #expect(try capabilities("g = 'x'") == [])
        #expect(try capabilities("h = 'x' AND g = 'y'") == [])
    }

    @Test("combining intersects, whatever the operation")
    func intersection() throws {
        for (one, two) in [("h", "g"), ("g", "h"), ("h", "substring(k, 1, 1)"), ("h", "k"), ("upper(h)", "g")] {
            let both = try capabilities(one).intersection(capabilities(two))
            for operation in ["\(one) || \(two)", "coalesce(\(one), \(two))", "CASE WHEN h = 'x' THEN \(one) ELSE \(two) END"] {
                let found = try capabilities(operation)
                if operation.contains("||"), two.contains("k") { #expect(found.isEmpty, "\(operation)") } else { #expect(found == both, "\(operation)") }
            }
        }
    }

    @Test("an empty label names the columns that emptied it, in their order")
    func chain() throws {
        func names(_ expression: String, _ capability: Capability) throws -> [String?] {
            let (label, labeler) = try labeled(expression)
            return labeler.losses(of: label, for: capability).map { $0.column?.name }
        }
        #expect(try names("coalesce(h, g)", .filterEqual) == ["t.g"])
        #expect(try names("coalesce(g, k, h)", .filterEqual) == ["t.g", "t.k"])
        #expect(try names("CASE WHEN g = 'x' THEN k ELSE h END", .group) == ["t.g", "t.k"])
        #expect(try names("h || k", .group) == ["t.k"])
        #expect(try names("coalesce(h, g)", .group) == [])
    }

    @Test("least entities of a column hold for every cell of a statement that uses it, however it does")
    func minimum() throws {
        let table = Self.table.replacing("h: { type: text,", with: "h: { type: text, minimum_entities: 30,")
            .replacing("c: { type: int64,", with: "c: { type: int64, minimum_entities: 50,").replacing("p: { type: text,", with: "p: { type: text, minimum_entities: 5,")
        let policies = try policies(table)
        func minimum(_ sql: String) throws -> Int { try approved(sql, policies).rules.dimensions[0].minimumContributors }
        #expect(try minimum("SELECT COUNT(*) FROM t") == 10)
        #expect(try minimum("SELECT COUNT(DISTINCT p) FROM t") == 10)
        #expect(try minimum("SELECT h, COUNT(*) FROM t GROUP BY h") == 30)
        #expect(try minimum("SELECT COUNT(*) FROM t WHERE h = 'x'") == 30)
        #expect(try minimum("SELECT COUNT(*), SUM(c) FROM t WHERE h = 'x'") == 50)
        #expect(try minimum("SELECT COUNT(*) FROM (SELECT h AS x, c FROM t) s WHERE x = 'y'") == 30)
    }
}

extension PlanFlow {
    /// Of nothing.
    fileprivate static var none: PlanFlow {
        PlanFlow(.scan(Scan(reference: 0, table: "-", output: [], span: .nowhere)), policies: PolicySet.empty)
    }
}

extension PolicySet {
    fileprivate static var empty: PolicySet {
        do { return try PolicySet(documents: []) } catch { preconditionFailure("no document fits no other") }
    }
}
