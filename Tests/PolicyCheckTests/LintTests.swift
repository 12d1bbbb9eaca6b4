// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import Foundation
import PolicyCheck
import Testing
import WireContract

@Suite("The lint of policy documents")
struct LintTests {
    /// Rules with their places, in order of place.
    private func lint(_ yaml: String, beside others: [String] = []) throws -> [String] {
        let bytes = Array(yaml.utf8)
        let places = try DocumentReader.places(of: bytes, fileName: "test")
        return try PolicyLint.findings(json(yaml), beside: others.map { try json($0) }).map { finding in
            let place = places.place(of: finding.path)
            return (place, finding.rule)
        }.sorted { ($0.0.line, $0.0.column, $0.1) < ($1.0.line, $1.0.column, $1.1) }.map { "\($0.1) \($0.0.line):\($0.0.column)" }
    }

    /// A table of one person per row whose last lines are given: columns from line 6 on, then the release.
    private func table(_ columns: String, head: String = "grade: 一般", release: String = "{ minimum_entities: 10 }") -> String {
        """
        table: t
        unit: u
        entity: { person: p }
        \(head)
        columns:
          p: { type: text, identifier: key, allow: [join, count_distinct] }
        \(columns.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
        release: \(release)
        """
    }

    @Test("a document in which nothing is open has no findings")
    func clean() throws {
        #expect(try lint(table("h: { type: text, allow: [group] }\nd: { type: date, allow: [group], granularity: month }\nx: 禁用")) == [])
    }

    @Test(
        "a column's lines, in pairs: what is found and what is not",
        arguments: [
            ("c: { type: text }", "lint.unlabelled-column 7:3"), ("c: 禁用", ""), ("c: { type: text, allow: [] }", ""),
            ("c: { type: date, allow: [group] }", "lint.date-without-granularity 7:20"),
            ("c: { type: date, allow: [filter_range] }", "lint.date-without-granularity 7:20"),
            ("c: { type: date, allow: [filter_range], granularity: day }", ""), ("c: { type: date, allow: [count] }", ""),
            ("c: { type: int64, allow: [sum], bounds: [0, 5] }", ""),
            ("c: { type: int64, allow: [sum], bounds: [5, 5] }", "lint.bounds-equal 7:35"),
            ("c: { type: int64, allow: [group], bounds: [0, 5] }", "lint.line-unused 7:37"),
            ("c: { type: text, allow: [count], prefix: 3 }", "lint.line-unused 7:36"), ("c: { type: text, allow: [group], prefix: 3 }", ""),
            ("c: { type: date, allow: [count], granularity: day }", "lint.line-unused 7:36"),
            ("c: { type: \"decimal(3,1)\", allow: [sum], bounds: [0, 100] }", "lint.bounds-beyond-type 7:44"),
            ("c: { type: \"decimal(4,1)\", allow: [sum], bounds: [0, 100] }", ""),
            ("c: { type: text, allow: [group], exclude_rows: [B20-B24, B21] }", "lint.repeated-exclusion 7:60"),
            ("c: { type: text, allow: [group], exclude_rows: [B20-B24, B25] }", ""),
            ("c: { type: text, allow: [group], codes: ICD-10, exclude_rows: [A-Z] }", "lint.excludes-everything 7:51"),
            ("c: { type: text, allow: [group], codes: ICD-10, exclude_rows: [A-Y] }", ""),
            ("c: { type: text, allow: [filter_equal], filter_codes: [A01, B21], exclude_rows: [B20-B24] }", "lint.code-excluded 7:63"),
            ("c: { type: text, allow: [filter_equal], filter_codes: [A01], exclude_rows: [B20-B24] }", ""),
            ("c: { type: text, allow: [filter_equal], prefix: 3, filter_codes: [A01, A01.1] }", "lint.code-not-pickable 7:74"),
            ("c: { type: text, allow: [group], filter_codes: [A01] }", "lint.line-unused 7:36"),
            ("c: { type: int64, allow: [filter_range], band: 5, range_alignment: 12 }", "lint.steps-clash 7:53"),
            ("c: { type: int64, allow: [filter_range], band: 5, range_alignment: 10 }", ""),
            ("c: { type: int64, allow: [filter_range], range_alignment: 5, range_width: 12 }", "lint.steps-clash 7:64"),
            ("c: { type: int64, allow: [filter_range], range_alignment: 5, range_width: 15 }", ""),
            ("c: { type: int64, allow: [filter_range], range_alignment: 5, range_width: 5 }", "lint.line-unused 7:64"),
            ("c: { type: date, allow: [filter_range], granularity: month, range_alignment: 7 days }", "lint.steps-clash 7:63"),
            ("c: { type: int64, allow: [group], band: 5, range_width: 10 }", "lint.line-unused 7:46"),
            ("c: { type: int64, allow: [count], band: 5 }", "lint.line-unused 7:37"),
            ("c: { type: int64, allow: [compare], compare_with: [c] }", ""),
            ("c: { type: text, allow: [group], join_with: [person] }", "lint.line-unused 7:36"),
            ("c: { type: text, allow: [count], functions: [text] }", "lint.line-unused 7:36"),
            ("c: { type: text, allow: [group], minimum_entities: 10 }", "lint.line-unused 7:36"),
            ("c: { type: text, allow: [group], minimum_entities: 11 }", ""),
            ("c: { type: text, allow: [join], order_in_result: no }", "lint.line-unused 7:35"),
        ])
    func columns(_ column: String, _ expected: String) throws {
        #expect(try lint(table(column)) == (expected.isEmpty ? [] : [expected]))
    }

    @Test("columns that are compared name each other")
    func compared() throws {
        let one = "c: { type: int64, allow: [compare], compare_with: [d] }\n"
        #expect(try lint(table(one + "d: { type: int64, allow: [compare], compare_with: [c] }")) == [])
        #expect(try lint(table(one + "d: { type: int64, allow: [compare], compare_with: [] }")) == ["lint.compare-one-sided 7:54"])
        #expect(try lint(table(one + "d: { type: int64, allow: [count], compare_with: [c] }")) == ["lint.compare-one-sided 7:54", "lint.line-unused 8:37"])
    }

    @Test("amounts whose bounds have as many digits as totals may, and one more")
    func amounts() throws {
        func column(_ digits: Int) -> String {
            "c: { type: \"decimal(38,0)\", allow: [sum], bounds: [0, \(String(repeating: "9", count: digits))] }"
        }
        #expect(try lint(table(column(PolicyCheck.Limits.amountDigits))) == [])
        #expect(try lint(table(column(PolicyCheck.Limits.amountDigits + 1))) == ["lint.amount-too-large 7:45"])
    }

    @Test(
        "faults that stop an apply have their places, every column's at once",
        arguments: [
            ("c: { type: int64, allow: [sum] }", "policy.missing-bounds 7:21"), ("c: { type: int64, allow: [sum], bounds: [0, 9] }", ""),
            ("c: { type: text, allow: [project] }", "policy.project-not-open 7:28"),
            ("c: { type: text, granularity: month }", "policy.line-not-for-type 7:20"),
            ("c: { type: text, element: none }", "policy.unknown-element 7:20"),
            ("c: { type: int64, allow: [sum], bounds: [9, 0] }", "policy.bad-bounds 7:35"),
        ])
    func faults(_ column: String, _ expected: String) throws {
        #expect(try lint(table(column)).filter { $0.hasPrefix("policy.") } == (expected.isEmpty ? [] : [expected]))
        guard !expected.isEmpty else { return }
        let both = try lint(table(column + "\nx: { type: double, allow: [group] }")).filter { $0.hasPrefix("policy.") }
        #expect(both == [expected, "policy.floating-number 8:8"])
        #expect(try policyFault(table(column))?.rawValue == expected.split(separator: " ").first.map(String.init))
    }

    @Test("grade, review, thresholds and dominance of a table")
    func tables() throws {
        let sum = "c: { type: int64, allow: [sum], bounds: [0, 5] }"
        let group = "c: { type: text, allow: [group] }"
        #expect(try lint(table(group, head: "personal: 敏感")) == ["lint.ungraded 1:1"])
        #expect(try lint(table(group, head: "grade: 核心")) == ["lint.grade-forbidden 4:1"])
        #expect(try lint(table(group, head: "grade: 一般\npersonal: 非个人")) == ["lint.personal-contradiction 5:1"])
        #expect(try lint(table(group, release: "{ minimum_entities: 9 }")) == ["lint.below-default 8:12"])
        #expect(try lint(table(group, release: "{ review: manual }")) == ["lint.review-stops 8:12"])
        #expect(try lint(table(group, release: "{ dominance: none }")) == [])
        #expect(try lint(table(sum, release: "{ dominance: none }")) == ["lint.without-dominance 8:12"])
        let rows = "table: t\nunit: u\ngrade: 一般\nentity: { none: 4 }\ncolumns: { c: { type: text, allow: [group, join] } }"
        #expect(try lint(rows) == ["lint.join-unusable 5:44"])
    }

    @Test("row ranges and exclusions that leave no row, and such that leave one")
    func rows() throws {
        func range(_ conditions: String) -> String { "grade: 一般\nrow_range: [\(conditions)]" }
        let code = "c: { type: text, allow: [group], exclude_rows: [B20-B24] }"
        #expect(try lint(table(code, head: range("c = B21"))) == ["lint.excludes-everything 5:1"])
        #expect(try lint(table(code, head: range("\"c in (B21, B25)\""))) == [])
        #expect(try lint(table(code, head: range("c = A00, c = A01"))) == ["lint.excludes-everything 5:1"])
        #expect(try lint(table(code, head: range("c = A00, \"c in (A01, A00)\""))) == [])
        // Too short a value is none of the codes.
        #expect(try lint(table(code, head: range("c = B"))) == [])
        #expect(try lint(table("c: { type: bool }", head: range("c = 是, c = true"))) == [])
        #expect(try lint(table("c: { type: bool }", head: range("c = 是, c = no"))) == ["lint.excludes-everything 5:1"])
    }

    @Test("identifiers that are shown: here, in an open table, under another table's name, of another kind")
    func identifiers() throws {
        let two = """
            table: t
            unit: u
            grade: 一般
            entity: [{ person: p }, { 机构: h }]
            columns: { p: { type: text, allow: ALLOW }, h: { type: text, identifier: key } }
            """
        #expect(try lint(two.replacing("ALLOW", with: "[group]")) == ["lint.identifier-shown 5:29"])
        #expect(try lint(two.replacing("ALLOW", with: "[join]")) == [])
        let open = "table: t\nunit: u\ngrade: 一般\nopen: true\nentity: { person: p }\ncolumns: { p: { type: text, identifier: key } }"
        #expect(try lint(open) == ["lint.identifier-open 6:29"])
        #expect(try lint(open.replacing("entity: { person: p }\n", with: "").replacing(", identifier: key", with: "")) == [])
        let other = table("h: { type: text, allow: [group] }").replacing("table: t", with: "table: o")
        let named = "table: t\nunit: u\ngrade: 一般\nentity: { person: q }\ncolumns: { q: { type: text, identifier: KIND }, p: { type: text, allow: [USE] } }"
        func found(_ use: String, _ kind: String) throws -> [String] {
            try lint(named.replacing("USE", with: use).replacing("KIND", with: kind), beside: [other])
        }
        #expect(try found("count", "key") == [])
        #expect(try found("group", "key") == ["lint.identifier-elsewhere 5:65"])
        #expect(try found("count", "resident_id") == ["lint.identifier-kind-differs 5:29"])
    }

    private let baseline = """
        baseline: city@1
        floors:
          general: { minimum_entities: 15, dominance: { largest: 0.4 } }
          important: { minimum_entities: 20 }
        elements:
          day: { type: date, allow: [group], granularity: month }
        """

    @Test("against a baseline: weaker lines with their places, or none named and below it")
    func baselines() throws {
        let weak = table("day: { granularity: day, allow: [group] }", head: "grade: 一般\nbaseline: city@1", release: "{ minimum_entities: 14 }")
        #expect(try lint(weak, beside: [baseline]) == ["policy.loosens 8:10"])
        let fewer = table("day: { nullable: true }", head: "grade: 一般\nbaseline: city@1", release: "{ minimum_entities: 14 }")
        #expect(try lint(fewer, beside: [baseline]) == ["policy.loosens 9:12"])
        #expect(try lint(fewer.replacing("14", with: "15"), beside: [baseline]) == [])
        #expect(try lint(fewer) == ["policy.unknown-baseline 5:1"])
        let free = table("c: { type: text, allow: [group] }", release: "{ minimum_entities: 14 }")
        #expect(try lint(free, beside: [baseline]) == ["lint.without-baseline 1:1", "lint.below-baseline 8:12"])
        #expect(try lint(free.replacing("14", with: "15"), beside: [baseline]) == ["lint.without-baseline 1:1"])
    }

    @Test("a baseline itself: inverted floors, lines for core data, elements that fit nothing, tables that it would break")
    func baselineItself() throws {
        #expect(try lint(baseline) == ["lint.floors-inverted 4:3"])
        #expect(try lint(baseline.replacing("important: { minimum", with: "important: { dominance: { largest: 0.3 }, minimum")) == [])
        #expect(try lint("baseline: b\nfloors:\n  general: { minimum_entities: 5 }\n  important: { minimum_entities: 4 }") == ["lint.floors-inverted 4:16"])
        #expect(try lint("baseline: b\nfloors:\n  core: { minimum_entities: 50 }") == ["lint.line-unused 3:3"])
        #expect(try lint("baseline: b\nfloors:\n  core: 禁用") == [])
        #expect(try lint("baseline: b\nelements:\n  a: { type: text, granularity: month }") == ["policy.line-not-for-type 3:3"])
        let user = table("day: { granularity: month, allow: [group] }", head: "grade: 一般\nbaseline: city@1", release: "{ minimum_entities: 15 }")
        let stricter = baseline.replacing("granularity: month", with: "granularity: year").replacing("important", with: "core")
        #expect(try lint(stricter, beside: [user]).first { $0.hasPrefix("policy") } == "policy.loosens 6:38")
        let higher = baseline.replacing("entities: 15", with: "entities: 16").replacing("important", with: "core")
        #expect(try lint(higher, beside: [user]).first { $0.hasPrefix("policy") } == "policy.loosens 3:14")
    }

    @Test("a unit's document: tables and defaults have their own places, a table of two documents is told")
    func units() throws {
        let unit = """
            单位: u
            默认: { 分级: 核心 }
            表:
              t: { 主体: { 自然人: p }, 数据项: { p: { 标识: 键 }, c: { 可用于: 分组 } } }
              s:
                分级: 一般
                主体: { 自然人: p }
                数据项:
                  p: { 标识: 键 }
                  c: { 类型: text }
            """
        #expect(try lint(unit) == ["lint.grade-forbidden 2:7", "lint.unlabelled-column 10:7"])
        #expect(try lint(unit, beside: [table("c: 禁用")]).contains("policy.duplicate-table 4:3"))
    }

    @Test("open tables are not held to what they say about forms; a standing approval names tables that are there")
    func openAndStanding() throws {
        let open = "table: t\nunit: u\ngrade: GRADE\npersonal: 非个人\nopen: true\ncolumns: { c: { type: text, prefix: 3 } }\nrelease: { rounding: 5 }"
        #expect(try lint(open.replacing("GRADE", with: "一般")) == ["lint.line-unused 6:29", "lint.line-unused 7:1"])
        #expect(try lint(open.replacing("GRADE", with: "重要")).first == "lint.open-graded 3:1")
        #expect(try lint(open.replacing("GRADE", with: "一般").replacing("非个人", with: "敏感")).first == "lint.open-personal 4:1")
        let standing = "standing: s\nscenario: a\nroles: [operator]\ntables: [t, x]\nruns: 1\nexpires: 2027-01-01"
        #expect(try lint(standing, beside: [table("c: 禁用")]) == ["lint.standing-unknown-table 4:13"])
        #expect(try lint(standing.replacing(", x", with: ""), beside: [table("c: 禁用")]) == [])
    }

    @Test("every rule has a text in both languages, and severities are told")
    func texts() {
        for rule in LintRule.allCases { #expect(Texts.contains(rule.rawValue), "\(rule.rawValue)") }
        for severity in LintFinding.Severity.allCases { #expect(Texts.contains("lint." + severity.rawValue)) }
        #expect(Set(LintRule.allCases.map(\.severity)) == Set(LintFinding.Severity.allCases))
    }

    @Test("the documents that come with the project have no error", arguments: ["Examples/visit", "Examples/resident", "Examples/weather", "Cities/六安/基线"])
    func shipped(_ name: String) throws {
        let yaml = try String(contentsOf: CaseFile.policies.appendingPathComponent(name + ".yaml"), encoding: .utf8)
        #expect(try PolicyLint.findings(json(yaml), beside: []).filter { $0.severity == .error } == [])
    }
}
