// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import Testing
import WireContract

@Suite("The difference between policies")
struct DifferenceTests {
    private func table(_ allow: String = "[group, filter_equal]", minimum: Int = 10) -> String {
        "table: t\nunit: u\ngrade: 一般\nentity: { person: p }\ncolumns:\n  p: { type: text, identifier: key, allow: [count_distinct] }\n"
            + "  h: { type: text, allow: \(allow) }\nrelease: { minimum_entities: \(minimum) }"
    }

    private let statements = [
        Statement(name: "groups", sql: "SELECT h, COUNT(*) FROM t GROUP BY h", parameterDomains: .null),
        Statement(name: "filtered", sql: "SELECT COUNT(*) FROM t WHERE h = 'x'", parameterDomains: .null),
        Statement(name: "elsewhere", sql: "SELECT COUNT(*) FROM o", parameterDomains: .null),
        Statement(name: "broken", sql: "SELECT COUNT(*) FROM nowhere", parameterDomains: .null),
    ]

    private func difference(_ old: String, _ new: String) throws -> PolicyDifference {
        let open = "table: o\nunit: u\ngrade: 一般\nopen: true\ncolumns: { a: { type: text } }"
        return PolicyDifference(statements, old: try policies(old, open), new: try policies(new, open))
    }

    @Test("the same document changes nothing")
    func same() throws {
        let difference = try difference(table(), table())
        #expect(difference.lines.isEmpty && difference.products.isEmpty)
        #expect(difference.unchangedCount == 4)
    }

    @Test("a capability less: the product that needs it is refused, with its reason; others stay")
    func tightened() throws {
        let difference = try difference(table(), table("[filter_equal]"))
        #expect(difference.lines.map { ($0.isNew ? "+" : "-") + $0.line.text } == ["-h.allow: [group, filter_equal]", "+h.allow: [filter_equal]"])
        #expect(difference.lines.allSatisfy { $0.table == "t" && $0.line.owner == "u" })
        let first = try #require(difference.products.first)
        #expect(first.name == "groups")
        #expect(first.old.decision == .allowed && first.new.decision == .refused)
        #expect(first.new.firstReason?.code == PolicyRule.missingCapability.rawValue)
        #expect(!first.isOnlySignedAnew)
        // The other reads the same table: its lines are signed too.
        #expect(difference.products.map(\.name) == ["groups", "filtered"])
        #expect(difference.products[1].isOnlySignedAnew && difference.products[1].new.firstReason == nil)
        #expect(difference.unchangedCount == 2)
    }

    @Test("a threshold: everything stays allowed and has to be signed again")
    func threshold() throws {
        let difference = try difference(table(), table(minimum: 11))
        #expect(difference.products.map(\.name) == ["groups", "filtered"])
        #expect(difference.products.map(\.isOnlySignedAnew) == [true, true])
    }

    @Test("a column that goes: the statement cannot be read any more, in both directions")
    func column() throws {
        let without = table().replacing("  h: ", with: "  g: ")
        let difference = try difference(table(), without)
        #expect(difference.products.map(\.new.decision) == [nil, nil])
        #expect(difference.products.first?.new.firstReason?.code == "plan.unknown-column")
        let back = try self.difference(without, table())
        #expect(back.products.map(\.new.decision) == [.allowed, .allowed])
    }

    @Test("every decision has a word in both languages")
    func texts() {
        for word in ["allowed", "refused", "needs-review", "unreadable"] { #expect(Texts.contains("decision." + word)) }
    }
}
