// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import Foundation
import LocalKnowledge
import PolicyCheck
import Testing
import WireContract

@Suite("Drafts of policies, and labels under the lint")
struct SuggestionTests {
    private static let policy = """
        table: 就诊
        unit: 市卫健委
        baseline: b@1
        grade: 一般
        entity: { 自然人: 人 }
        row_range: ["状态 = 已公开"]
        use_for: { purposes: [监测], until: 2027-12-31 }
        columns:
          人:   { type: text, identifier: key, allow: [join] }
          电话: { type: text }
          区划: { type: text, allow: [group] }
          日期: { type: date, allow: [group], granularity: day }
          状态: { type: text, nullable: true, allow: [group], exclude_rows: [Z21] }
          备注: { type: text }
          费用: { type: "decimal(12,2)" }
          比率: { type: double }
          性别: { type: int64 }
          "名 称": { type: text, column: "a: b" }
        """
    private static let recognised = [
        RecognisedColumn(column: "人", kind: .residentID, share: .most), RecognisedColumn(column: "电话", kind: .mobilePhone, share: .some),
        RecognisedColumn(column: "区划", kind: .division, share: .most),
    ]
    private static func column(_ name: String, _ values: Int, _ range: PowerRange? = nil) -> ColumnProfile {
        ColumnProfile(name: name, values: values, nulls: .none, range: range, view: nil)
    }
    private static let profile = TableProfile(
        minimum: 10,
        columns: [
            column("电话", 6), column("区划", 3), column("日期", 2), column("状态", 0), column("备注", 6), column("费用", 6, PowerRange(lower: nil, upper: 4)),
            column("比率", 6), column("性别", 0, PowerRange(lower: nil, upper: 1)), column("名 称", 1),
        ], unions: [])

    private func json(_ yaml: String) throws -> JSONValue { try DocumentReader.read(Array(yaml.utf8), fileName: "d.yaml").json }

    private func baseline() throws -> JSONValue { try json("baseline: b@1\nelements: { 日期: { granularity: month } }") }

    private func suggestion(_ policy: String = policy, _ profile: TableProfile? = profile) throws -> PolicySuggestion {
        let table = try #require(try PolicySet(documents: [try baseline(), try json(policy)]).table("就诊"))
        return PolicySuggestion(table, recognised: Self.recognised, profile: profile)
    }

    private func text(_ suggestion: PolicySuggestion) -> String {
        (suggestion.head + suggestion.columns.map(\.line) + suggestion.tail).joined(separator: "\n")
    }

    @Test("A draft can be applied: the lint finds no error, and what was stricter stays")
    func lints() throws {
        let policy = Self.policy.replacingOccurrences(of: ", granularity: day", with: "")
        for profile in [Self.profile, nil] {
            let draft = text(try suggestion(policy, profile))
            let findings = PolicyLint.findings(try json(draft), beside: [try baseline()])
            #expect(findings.filter { $0.severity == .error } == [], "\(draft)\n\(findings)")
            let table = try #require(try PolicySet(documents: [try baseline(), try json(draft)]).table("就诊"))
            #expect(table.rowRange.count == 1 && table.column("状态")?.excludedRows.count == 1 && table.column("日期")?.granularity == .month)
            #expect(table.useLimits.until == "2027-12-31" && table.column("名 称")?.physicalName == "a: b")
        }
    }

    @Test("Labels are cautious, each with its reason")
    func labels() throws {
        let policy = Self.policy.replacingOccurrences(of: ", granularity: day", with: "")
        let suggestion = try suggestion(policy)
        func line(_ name: String) -> String { suggestion.columns.first { $0.line.contains(name + ":") || $0.line.contains("\"\(name)\":") }?.line ?? "" }
        #expect(line("人").contains("identifier: resident_id, allow: [join, count_distinct]"))
        #expect(line("电话").contains("allow: []") && line("备注").contains("allow: []") && line("比率").contains("allow: []"))
        #expect(line("区划").contains("prefix: 6") && line("日期").contains("granularity: month") && line("性别").contains("allow: [group, filter_equal]"))
        #expect(line("费用").contains("bounds: [0, 10000]") && line("名 称").contains("allow: [group, filter_equal]"))
        #expect(suggestion.columns.allSatisfy { !$0.reasons.isEmpty })
        for reason in SuggestionReason.allCases { #expect(Texts.contains(reason.rawValue), "\(reason.rawValue)") }
        // Without measurements nothing is known of amounts and words.
        let blind = try self.suggestion(policy, nil)
        #expect(blind.columns.allSatisfy { !$0.line.contains("bounds") && !$0.line.contains("sum") })
    }

    @Test("The lint holds labels against what was recognised, where it is known")
    func recognisedLabels() throws {
        let loose = Self.policy.replacingOccurrences(of: "电话: { type: text }", with: "电话: { type: text, allow: [group] }")
            .replacingOccurrences(of: ", granularity: day", with: "")
        let found = [RecognisedColumn(column: "电话", kind: .mobilePhone, share: .most)]
        let findings = PolicyLint.findings(try json(loose), beside: [try baseline()], recognised: ["就诊": found])
        let finding = try #require(findings.first { $0.rule == LabelAdvice.Code.usableIdentifier.rawValue })
        #expect(finding.severity == .warning && finding.path == ["columns", "电话"] && finding.arguments[2] == "kind.mobile-phone")
        #expect(!PolicyLint.findings(try json(loose), beside: [try baseline()]).contains { $0.rule.hasPrefix("label.") })
        #expect(!PolicyLint.findings(try json(loose), beside: [try baseline()], recognised: ["别的": found]).contains { $0.rule.hasPrefix("label.") })
    }
}
