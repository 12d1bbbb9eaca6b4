// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import PolicyCheck
import Testing
import WireContract

@Suite("The smallest grant for a statement")
struct GrantTests {
    private static let table = """
        table: t
        unit: u
        grade: 一般
        entity: { person: p }
        columns:
          p: { type: text, identifier: key }
          h: { type: text, allow: [count] }
          d: { type: date, allow: [group], granularity: year }
          k: { type: text, allow: [group], prefix: 2 }
          c: { type: int64, nullable: true, allow: [count], bounds: [0, 100] }
          a: { type: int64, nullable: true, allow: [count] }
          n: { type: text }
          x: 禁用
          w: { type: text, allow: [group, filter_equal], filter_codes: [a, b] }
          y: { type: int64, allow: [group, filter_range], band: 20, bounds: [0, 130] }
          z: { type: int64, allow: [filter_range], range_width: 12, range_alignment: 12 }
          j: { type: text, allow: [join], join_with: [person] }
          o: { type: text, allow: [group], order_in_result: no }
        """
    private static let open = "table: o\nunit: v\ngrade: 一般\nopen: true\ncolumns: { code: { type: text }, title: { type: text, allow: [group] } }"

    private func search(_ sql: String, _ documents: [String] = [table, open], parameters: JSONValue = .null) throws -> GrantOutcome {
        try GrantSearch.run(
            Statement(name: "s", sql: sql, parameterDomains: parameters), documents: documents.map { try json($0) })
    }

    /// `owner subject key: value (previous)`, or the rules in the way.
    private func lines(_ sql: String, _ documents: [String] = [table, open], parameters: JSONValue = .null) throws -> [String] {
        switch try search(sql, documents, parameters: parameters) {
        case .notNeeded: ["-"]
        case .found(_, let lines, _): lines.map { "\($0.owner) \($0.subject) \($0.key): \($0.value ?? "-") (\($0.previous ?? "-"))" }
        case .impossible(let verdict): verdict.findings.map(\.rule)
        }
    }

    @Test("what passes needs none")
    func notNeeded() throws { #expect(try lines("SELECT COUNT(h) FROM t") == ["-"]) }

    @Test(
        "one line, or as many as are needed",
        arguments: [
            ("SELECT h, COUNT(*) FROM t GROUP BY h", ["u t.h allow: [count, group] ([count])"]),
            ("SELECT n, COUNT(*) FROM t GROUP BY n", ["u t.n allow: [group] (-)"]),
            ("SELECT COUNT(DISTINCT p) FROM t", ["u t.p allow: [count_distinct] (-)"]),
            ("SELECT h, SUM(c) FROM t WHERE h = 'x' GROUP BY h", ["u t.c allow: [count, sum] ([count])", "u t.h allow: [count, filter_equal, group] ([count])"]),
            ("SELECT date_trunc('quarter', d), COUNT(*) FROM t GROUP BY 1", ["u t.d granularity: quarter (year)"]),
            ("SELECT date_trunc('month', d), COUNT(*) FROM t GROUP BY 1", ["u t.d granularity: month (year)"]),
            ("SELECT d, COUNT(*) FROM t GROUP BY d", ["u t.d granularity: day (year)"]),
            ("SELECT COUNT(*) FROM t WHERE d >= DATE '2024-04-01'", ["u t.d allow: [group, filter_range] ([group])", "u t.d granularity: quarter (year)"]),
            ("SELECT substring(k, 1, 5), COUNT(*) FROM t GROUP BY 1", ["u t.k prefix: 5 (2)"]),
            ("SELECT k, COUNT(*) FROM t GROUP BY k", ["u t.k prefix: - (2)"]),
            ("SELECT o.title, COUNT(*) FROM t JOIN o ON t.h = o.code GROUP BY o.title", ["u t.h allow: [count, join, group] ([count])"]),
            ("SELECT COUNT(*) FROM t WHERE w IN ('b', 'c')", ["u t.w filter_codes: [a, b, c] ([a, b])"]),
            ("SELECT COUNT(*) FROM t WHERE w = 'd' AND z > 11", ["u t.w filter_codes: [a, b, d] ([a, b])"]),
            ("SELECT COUNT(*) FROM t WHERE w IS NULL", ["u t.w filter_codes: - ([a, b])"]),
            ("SELECT floor(y / 5), COUNT(*) FROM t GROUP BY 1", ["u t.y band: 5 (20)"]),
            ("SELECT y, COUNT(*) FROM t GROUP BY y", ["u t.y band: - (20)"]),
            ("SELECT COUNT(*) FROM t WHERE y >= 30", ["u t.y band: 10 (20)"]),
            ("SELECT COUNT(*) FROM t WHERE z >= 6", ["u t.z range_alignment: 6 (12)"]),
            ("SELECT COUNT(*) FROM t WHERE z >= 6 AND z < 12", ["u t.z range_alignment: 6 (12)", "u t.z range_width: 6 (12)"]),
            ("SELECT COUNT(*) FROM t JOIN o ON t.j = o.code", ["u t.j join_with: - ([person])"]),
            ("SELECT o, COUNT(*) FROM t GROUP BY o ORDER BY o", ["u t.o order_in_result: - (false)"]),
            ("SELECT title FROM o", ["v o.title allow: [group, project] ([group])"]),
        ])
    func found(_ sql: String, _ expected: [String]) throws { #expect(try lines(sql) == expected) }

    @Test(
        "what no grant mends is told, and nothing is proposed",
        arguments: [
            ("SELECT h FROM t", [PolicyRule.rowsNotReleased.rawValue]),
            ("SELECT MAX(c) FROM t", [PolicyRule.aggregateNotAvailable.rawValue]),
            ("SELECT x, COUNT(*) FROM t GROUP BY x", [PolicyRule.columnForbidden.rawValue]),
            ("SELECT p, COUNT(*) FROM t GROUP BY p", [PolicyRule.columnForbidden.rawValue]),
            ("SELECT SUM(a) FROM t", [PolicyError.Code.missingBounds.rawValue]),
            ("SELECT AVG(h) FROM t", []),
            ("SELECT h, MAX(c) FROM t GROUP BY h", [PolicyRule.aggregateNotAvailable.rawValue]),
            ("SELECT COUNT(*) FROM t WHERE h || 'x' = 'yx'", [PolicyRule.expressionInFilter.rawValue]),
        ])
    func impossible(_ sql: String, _ expected: [String]) throws {
        guard !expected.isEmpty else {
            #expect(throws: (any Error).self) { try lines(sql) }
            return
        }
        guard case .impossible(let verdict) = try search(sql) else { throw NotApproved() }
        #expect(verdict.findings.map(\.rule) == expected)
        #expect(verdict.decision == .refused)
    }

    @Test("a review is no matter of a grant")
    func review() throws {
        let documents = [Self.table + "\nrelease: { review: manual }"]
        for (sql, decision) in [("SELECT h, COUNT(*) FROM t GROUP BY h", Verdict.Decision.refused), ("SELECT COUNT(h) FROM t", .needsReview)] {
            guard case .impossible(let verdict) = try search(sql, documents) else { throw NotApproved() }
            #expect(verdict.decision == decision)
            #expect(verdict.findings.map(\.rule) == [PolicyRule.reviewRequired.rawValue])
        }
    }

    private let baseline = """
        baseline: city@1
        elements:
          d: { allow: [group], granularity: year }
          code: { codes: ICD-10, hierarchy: [章, 类目], finest: 类目, allow: [group] }
        """
    private let unit = """
        unit: u
        defaults: { baseline: city@1, grade: 一般 }
        tables:
          t: { entity: { person: p }, columns: { p: { identifier: key }, d: { allow: [group] }, k: { element: code } } }
          s: { entity: { person: p }, columns: { p: { identifier: key }, k: { element: code } } }
        """

    @Test("where a baseline's data element holds a column back, its line is asked for too, and whom else it widens is told")
    func elements() throws {
        let documents = [baseline, unit]
        #expect(try lines("SELECT COUNT(*) FROM t WHERE d >= DATE '2024-01-01'", documents) == [
            "city@1 d allow: [group, filter_range] ([group])", "u t.d allow: [group, filter_range] ([group])",
        ])
        #expect(try lines("SELECT date_trunc('month', d), COUNT(*) FROM t GROUP BY 1", documents) == ["city@1 d granularity: month (year)"])
        let sql = "SELECT substring(k, 1, 4), COUNT(*) FROM t GROUP BY 1"
        #expect(try lines(sql, documents) == ["city@1 code finest: - (类目)", "city@1 code prefix: 4 (-)"])
        guard case .found(_, _, let uses) = try search(sql, documents) else { throw NotApproved() }
        #expect(uses.map(\.column) == ["s.k", "t.k"])
        #expect(uses.allSatisfy { $0.change == .prefix(4) && $0.owner == "u" })
    }

    @Test("what becomes answerable is exactly what was granted where no element stands above")
    func newUses() throws {
        guard case .found(let grants, _, let uses) = try search("SELECT h, SUM(c) FROM t WHERE h = 'x' GROUP BY h") else { throw NotApproved() }
        #expect(Set(uses.map { $0.column + "\($0.change)" }) == Set(grants.map { $0.name + "\($0.change)" }))
    }

    @Test("a date that only its granularity told to be one stays a date")
    func typeStays() throws {
        let table = "table: t\nunit: u\ngrade: 一般\nentity: { person: p }\ncolumns: { p: { identifier: key }, d: { allow: [group], granularity: year } }"
        #expect(try lines("SELECT COUNT(DISTINCT d), d FROM t GROUP BY d", [table]) == ["u t.d allow: [group, count_distinct] ([group])", "u t.d granularity: day (year)"])
        let moment = table.replacing("d: { ", with: "d: { type: timestamp, ")
        #expect(try lines("SELECT d, COUNT(*) FROM t GROUP BY d", [moment]) == ["u t.d granularity: - (year)"])
    }

    @Test("prefixes up to the limit are stated; what is longer needs the whole text")
    func prefixLimit() throws {
        func sql(_ length: Int) -> String { "SELECT substring(k, 1, \(length)), COUNT(*) FROM t GROUP BY 1" }
        let limit = PolicyCheck.Limits.grantedPrefix
        #expect(try lines(sql(limit)) == ["u t.k prefix: \(limit) (2)"])
        #expect(try lines(sql(limit + 1)) == ["u t.k prefix: - (2)"])
    }

    @Test("steps of so many units are made smaller, of more the line goes; so many codes are added, of more the list goes")
    func stepsAndCodes() throws {
        let limit = PolicyCheck.Limits.grantedSteps
        func table(_ band: Int) -> String {
            "table: t\nunit: u\ngrade: 一般\nentity: { person: p }\ncolumns: { p: { identifier: key }, y: { type: int64, allow: [filter_range], band: \(band) } }"
        }
        let half = "SELECT COUNT(*) FROM t WHERE y >= \(limit / 2)"
        #expect(try lines(half, [table(limit)]) == ["u t.y band: \(limit / 2) (\(limit))"])
        #expect(try lines(half, [table(limit * 2)]) == ["u t.y band: - (\(limit * 2))"])
        let codes = PolicyCheck.Limits.grantedCodes
        func picked(_ count: Int) -> String { "SELECT COUNT(*) FROM t WHERE w IN (" + (0..<count).map { "'c\($0)'" }.joined(separator: ", ") + ")" }
        #expect(try lines(picked(codes))[0].hasPrefix("u t.w filter_codes: [a, b, c0, "))
        #expect(try lines(picked(codes + 1)) == ["u t.w filter_codes: - ([a, b])"])
    }

    @Test("parameters: a domain that cuts periods asks for a finer one; a missing domain is the product's to mend")
    func parameters() throws {
        let sql = "SELECT COUNT(*) FROM t WHERE d >= :since"
        let monthly: JSONValue = ["since": ["type": "date", "min": "2024-01-01", "max": "2024-12-01", "step": "1 month"]]
        #expect(try lines(sql, parameters: monthly) == ["u t.d allow: [group, filter_range] ([group])", "u t.d granularity: month (year)"])
        #expect(try lines(sql, parameters: ["since": ["type": "date"]]) == [PolicyRule.parameterWithoutDomain.rawValue])
    }

    /// Every refused case of Policies/Cases: what is proposed passes when it is written into the documents, and not when a line is left out.
    @Test("whatever is proposed passes, and nothing of it is superfluous", arguments: CaseFile.all.filter { $0.expected.first == "refused" })
    func verified(_ file: CaseFile) throws {
        let documents = try file.documents()
        guard case .found(let grants, _, _) = try GrantSearch.run(
            Statement(name: file.path, sql: file.sql, parameterDomains: try file.parameters()), documents: documents)
        else { return }
        func isApproved(_ grants: [Grant]) throws -> Bool {
            let policies = try PolicySet(documents: GrantSearch.documents(documents, with: grants))
            guard case .approved = try QueryCheck.run(sql: file.sql, policies: policies, parameterDomains: try file.parameters()) else { return false }
            return true
        }
        #expect(try isApproved(grants))
        for grant in grants { #expect(try !isApproved(grants.filter { $0 != grant }), "\(grant)") }
    }

    @Test("every use has a text in both languages")
    func texts() {
        let uses = Capability.allCases.map { $0.rawValue.replacing("_", with: "-") } + ["granularity", "granularity-none", "prefix", "prefix-none", "line", "line-none"]
        for use in uses { #expect(Texts.contains("grant.use." + use), "\(use)") }
    }
}
