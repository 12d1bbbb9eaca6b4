// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import JobControl
import PolicyCheck
import Testing
import WireContract

extension CaseFile {
    /// The verdict as `yunei product check --json` prints it.
    func document() throws -> JSONValue {
        try Decision.made(product: "case", sql: sql, parameterDomains: parameters(), documents: documents(), basis: basis()).verdict
    }
}

@Suite("The published schema of verdicts")
struct VerdictSchemaTests {
    private let schema: JSONSchema

    init() throws { schema = try JSONSchema("verdict.schema.json") }

    @Test("fits the verdict of every case, in all three forms")
    func cases() throws {
        var forms: Set<String> = []
        for file in CaseFile.all {
            let document = try file.document()
            #expect(try schema.faults(of: document) == [], "\(file.path)")
            forms.insert(document["status"]?.text ?? "")
        }
        #expect(forms == ["done", "refused", "needs-review"])
    }

    @Test("fits an allowed verdict with its plan's stages, and a refusal of every rule")
    func parts() throws {
        let allowed = try #require(CaseFile.all.first { $0.expected == ["allowed"] })
        var members = try #require(try allowed.document().members)
        members["explain"] = [["step": "plan.step-written", "title": ["zh": "甲", "en": "a"], "plan": "scan"]]
        #expect(try schema.faults(of: .object(members)) == [])
        let names = Set(Capability.allCases.map(\.rawValue))
        #expect(Set((schema.root["$defs"]?["capability"]?["enum"]?.elements ?? []).compactMap(\.text)) == names)
    }

    @Test(
        "refuses what is none",
        arguments: [
            "rule", "clause", "span", "column", "capability", "owner", "message", "passes_if", "change",
        ])
    func missing(_ member: String) throws {
        let file = try #require(CaseFile.all.first { $0.expected.contains { $0.hasPrefix("policy.missing-capability") } })
        let document = try file.document()
        #expect(try schema.faults(of: document) == [])
        func changed(_ change: (inout [String: JSONValue]) -> Void) throws -> JSONValue {
            var members = try #require(document.members)
            var findings = try #require(document["findings"]?.elements)
            var finding = try #require(findings[0].members)
            change(&finding)
            findings[0] = .object(finding)
            members["findings"] = .array(findings)
            return .object(members)
        }
        #expect(try !schema.faults(of: changed { $0[member] = nil }).isEmpty)
        #expect(try !schema.faults(of: changed { $0[member] = 7 }).isEmpty)
        #expect(try !schema.faults(of: changed { $0["value"] = .string(member) }).isEmpty)
    }

    @Test("the validator refuses keywords that it does not know")
    func validator() throws {
        let unknown = try JSONSchema("verdict.schema.json", with: ["maxItems": 3])
        #expect(throws: JSONSchema.UnknownKeyword.self) { try unknown.faults(of: .array([])) }
    }
}

extension JSONSchema {
    fileprivate init(_ name: String, with further: [String: JSONValue]) throws {
        let schema = try JSONSchema(name)
        self.init(root: .object((schema.root.members ?? [:]).merging(further) { $1 }))
    }
}
