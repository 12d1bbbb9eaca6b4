// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import PolicyCheck
import Testing

@Suite("What products and tables say of use")
struct UseTermsTests {
    private func json(_ yaml: String) throws -> JSONValue { try DocumentReader.read(Array(yaml.utf8), fileName: "d.yaml").json }

    private func terms(_ lines: String) throws -> UseTerms { try UseTerms(product: try json("product: p\nsql: x\n" + lines)) }

    @Test("Chinese and English lines are the same terms, and come back from JSON")
    func languages() throws {
        let english = try terms(
            "form: report\ncategory: c\npurpose: a\nscenario: b\nrecipients: [x, y]\nvalid_from: 2026-01-01\nvalid_until: 2026-12-31\nruns: 3\ndata_epoch: as_approved")
        let chinese = try terms(
            "形式: 报告\n类别: c\n用途: a\n场景: b\n接收方: [x, y]\n有效期自: 2026-01-01\n有效期至: 2026-12-31\n运行次数: 3\n数据期次: 批准时")
        #expect(english == chinese && english.runs == 3 && english.dataEpoch == .asApproved && english.form == .report)
        #expect(try UseTerms(json: english.json) == english && UseTerms(json: .object([:])) == UseTerms.empty)
        #expect(try terms("数据期次: 最新") == UseTerms.empty)
        #expect(try terms("data_epoch: [2026-09, 2026-10]").dataEpoch == .periods(["2026-09", "2026-10"]))
    }

    @Test("Days in order, epochs that say one thing; else refused")
    func faults() throws {
        #expect(try terms("valid_from: 2026-01-01\nvalid_until: 2026-01-01").validUntil == "2026-01-01")
        #expect(throws: PolicyError(.validityOrder)) { try terms("valid_from: 2026-01-02\nvalid_until: 2026-01-01") }
        #expect(throws: PolicyError(.badDocument)) { try terms("data_epoch: [latest, 2026-10]") }
        #expect(throws: PolicyError(.badDocument)) { try UseTerms(json: ["valid_until": "2026-02-30"]) }
        #expect(throws: PolicyError(.badDocument)) { try UseTerms(json: ["more": 1]) }
        #expect(throws: DocumentError.self) { try terms("runs: 0") }
        #expect(throws: DocumentError.self) { try terms("runs: 1000001") }
        #expect(try terms("runs: 1000000").runs == 1_000_000)
    }

    private func policies(_ use: String, _ baseline: String) throws -> PolicySet {
        try PolicySet(documents: [
            try json("baseline: b@1\nelements: { e: { type: text } }\n" + baseline),
            try json("table: t\nunit: u\nbaseline: b@1\ngrade: 一般\nentity: { person: p }\ncolumns: { p: { type: text, identifier: key } }\n" + use),
        ])
    }

    @Test("A table's use is within its baseline's: the same and less pass, more is refused; what it leaves out is the baseline's")
    func layers() throws {
        let baseline = "use_for: { purposes: [a, b], forms: [报告, 数据集], until: 2027-12-31 }"
        let inherited = try policies("", baseline).effectiveLines("t").filter { $0.text.hasPrefix("use_for") }
        #expect(inherited == [
            EffectiveLine(text: "use_for.purposes: [a, b]", owner: "b@1"), EffectiveLine(text: "use_for.forms: [report, dataset]", owner: "b@1"),
            EffectiveLine(text: "use_for.until: 2027-12-31", owner: "b@1"),
        ])
        let tighter = try policies("use_for: { purposes: [b], recipients: [x], until: 2027-12-31 }", baseline).effectiveLines("t")
        #expect(tighter.contains(EffectiveLine(text: "use_for.purposes: [b]", owner: "u")))
        #expect(tighter.contains(EffectiveLine(text: "use_for.until: 2027-12-31", owner: "u")))
        for use in ["purposes: [a, c]", "forms: [API]", "until: 2028-01-01"] {
            #expect(throws: PolicyError(.loosens), "\(use)") { try policies("use_for: { \(use) }", baseline) }
        }
        #expect(try policies("", "").effectiveLines("t").allSatisfy { !$0.text.hasPrefix("use_for") })
        #expect(throws: PolicyError(.badDocument)) { try policies("use_for: { purposes: [] }", "") }
    }

    @Test("Fewer uses never make more products pass")
    func monotone() throws {
        let products = ["purpose: a", "purpose: b", "category: c", "purpose: a\nvalid_until: 2026-06-01", "purpose: b\nrecipients: [x]"].map { "form: 报告\n" + $0 }
        let uses = ["", "use_for: { purposes: [a, b] }", "use_for: { purposes: [a, b], until: 2026-06-01 }", "use_for: { purposes: [a], until: 2026-06-01 }",
            "use_for: { purposes: [a], until: 2026-05-31 }", "use_for: { purposes: [a], recipients: [x], until: 2026-05-31 }"]
        var before = Set(products)
        for use in uses {
            let set = try policies(use, "")
            let passing = try products.filter { product in
                let outcome = try QueryCheck.run(
                    sql: "SELECT COUNT(*) FROM t", policies: set, parameterDomains: .null, basis: CheckBasis(terms: try terms(product)))
                if case .approved = outcome { return true }
                return false
            }
            #expect(before.isSuperset(of: passing), "\(use)")
            before = Set(passing)
        }
        #expect(before.isEmpty)
    }
}
