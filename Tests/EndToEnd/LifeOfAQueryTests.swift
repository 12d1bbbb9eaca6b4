// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("The life of a query, with the real binaries")
struct LifeOfAQueryTests {
    @Test("From a CSV file to a result whose receipt verifies offline")
    func wholeLife() throws {
        let yunei = try Yunei.approved()
        let result = try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=2024-01-01", as: "op")
        #expect(result.status == 0, "\(result.output)")
        #expect(result.json["status"]?.text == "released")
        #expect(
            result.rows == [
                ["丁医院", "2024-03-01", 20, .null], ["乙医院", "2024-02-01", 12, "606.00"], ["甲医院", "2024-01-01", 60, "6000.00"],
            ].sorted { ($0[0].text ?? "").utf8.lexicographicallyPrecedes(($1[0].text ?? "").utf8) })
        #expect(result.json["withheld"]?["reasons"]?.elements == ["dominance"])
        #expect(result.json["withheld"]?["cells_at"]?.elements?.count == 1)
        #expect(result.json["sources"]?.elements?.first?["version"]?.number == 1)
        let receipt = try #require(result.json["receipt"]?.text)
        let verified = try yunei.runPlain(["receipt", "verify", receipt, "--json"])
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.json["result_checked"]?.flag == true)
        #expect(try yunei.run("audit", "verify").status == 0)
    }

    @Test("The same job twice gives the same cells; the parameter steers")
    func repeatability() throws {
        let yunei = try Yunei.approved()
        func cells(_ since: String) throws -> JSONValue? {
            try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=\(since)", as: "op").json["rows"]
        }
        #expect(try cells("2024-01-01") == cells("2024-01-01"))
        #expect(try cells("2024-02-01")?.elements?.count == 2)
        #expect(try cells("2025-12-01")?.elements?.count == 0)
    }

    @Test("Excluded rows and rows without a person are in no result, totals included")
    func excludedRows() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let total = try yunei.run("query", "--sql", "SELECT COUNT(*), COUNT(DISTINCT person_id), SUM(cost) FROM visit WHERE hospital = '甲医院'")
        #expect(total.rows == [[60, 30, "6000.00"]], "\(total.output)")
        #expect(total.json["rehearsal"]?.flag == true)
    }

    @Test("The product in question refuses what the policy does not give, and says what would pass")
    func refusal() throws {
        let yunei = try Yunei.loaded()
        let product = Hospital.product.replacing("date_trunc('month', visit_date)", with: "visit_date").replacing("hospital, visit", with: "hospital, visit")
        let refused = try yunei.run("product", "submit", try yunei.write("daily.yaml", product), as: "op")
        #expect(refused.status == 1)
        #expect(refused.json["status"]?.text == "refused")
        #expect(refused.findings.first?["column"]?.text == "visit.visit_date")
        #expect(refused.findings.first?["passes_if"]?["en"]?.text?.contains("date_trunc") == true)
        #expect(try yunei.run("product", "list").json["products"]?.elements?.isEmpty == true)
    }

    @Test("product check --explain shows the plan after each rewrite, and for an allowed one what would run")
    func explanation() throws {
        let yunei = try Yunei.loaded()
        let file = try yunei.write("monthly.yaml", Hospital.product)
        let allowed = try yunei.run("product", "check", file, "--explain", as: "op")
        #expect(allowed.status == 0, "\(allowed.output)")
        let steps = allowed.json["explain"]?.elements ?? []
        #expect(steps.first?["step"]?.text == "plan.step-written" && steps.last?["step"]?.text == "plan.step-approved")
        #expect(steps.last?["plan"]?.text?.contains("policy filter") == true)
        #expect(try yunei.run("product", "check", file, as: "op").json["explain"] == nil)
        let daily = Hospital.product.replacing("date_trunc('month', visit_date)", with: "visit_date")
        let refused = try yunei.run("product", "check", try yunei.write("daily.yaml", daily), "--explain", as: "op")
        #expect(refused.status == 1)
        #expect(refused.json["explain"]?.elements?.contains { $0["step"]?.text == "plan.step-approved" } == false)
    }

    @Test("A signature under one text does not count for another")
    func signaturesAreVoidedByEdits() throws {
        let yunei = try Yunei.approved()
        let edited = Hospital.product.replacing("某研究院", with: "另一研究院")
        try Yunei.expectDone(yunei.run("product", "submit", try yunei.write("edited.yaml", edited), as: "op"))
        let run = try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=2024-01-01", as: "op")
        #expect(run.status == 1)
        #expect(run.rules == ["product.not-signed"])
    }

    @Test("A changed policy voids signatures too")
    func signaturesAreVoidedByPolicies() throws {
        let yunei = try Yunei.approved()
        let stricter = Hospital.policy.replacing("minimum_entities: 10", with: "minimum_entities: 11")
        try Yunei.expectDone(yunei.run("policy", "apply", try yunei.write("stricter.yaml", stricter), as: "wjw"))
        let run = try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=2024-01-01", as: "op")
        #expect(run.rules == ["product.not-signed"])
    }

    @Test("Each signature alone is not enough; both are")
    func bothSignatures() throws {
        let yunei = try Yunei.loaded()
        try Yunei.expectDone(yunei.run("product", "submit", try yunei.write("product.yaml", Hospital.product), as: "op"))
        func run() throws -> Yunei.Run { try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=2024-01-01", as: "op") }
        #expect(try run().status == 1)
        try Yunei.expectDone(yunei.run("product", "approve", "医院月度就诊统计", as: "wjw"))
        #expect(try run().status == 1)
        try Yunei.expectDone(yunei.run("product", "approve", "医院月度就诊统计"))
        #expect(try run().status == 0)
        try Yunei.expectDone(yunei.run("product", "return", "医院月度就诊统计", "--opinion", "需要补充", as: "wjw"))
        #expect(try run().status == 1)
    }

    @Test("Free SQL needs a standing approval, which covers tables, roles, runs and time")
    func standingApproval() throws {
        let yunei = try Yunei.loaded()
        let sql = "SELECT hospital, COUNT(*) FROM visit GROUP BY hospital"
        #expect(try yunei.run("query", "--sql", sql, as: "op").rules == ["standing.missing"])
        let standing = "standing: 疫情监测\nscenario: 监测\nroles: [operator]\ntables: [visit]\nruns: 1\nexpires: 2999-12-31\n"
        try Yunei.expectDone(yunei.run("policy", "apply", try yunei.write("standing.yaml", standing)))
        #expect(try yunei.run("query", "--sql", sql, as: "op").status == 0)
        #expect(try yunei.run("query", "--sql", sql, as: "op").rules == ["standing.missing"])
    }

    @Test("A newer version is read at once and the result names it")
    func versions() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let more = "person_id,hospital,visit_date,icd_code,cost,name\n" + (200...229).map { "\(Hospital.person($0)),甲医院,2024-04-01,I10,1.00,新\($0)" }.joined(separator: "\n") + "\n"
        let load = try yunei.run("table", "load", "visit", try yunei.write("more.csv", more), "--mode", "append", "--as-of", "2024-05-01", "--period", "2024-04", as: "wjw")
        #expect(load.status == 0, "\(load.output)")
        let query = try yunei.run("query", "--sql", "SELECT COUNT(*) FROM visit WHERE hospital = '甲医院'")
        #expect(query.rows == [[90]], "\(query.output)")
        #expect(query.json["sources"]?.elements?.first?["version"]?.number == 2)
        #expect(query.json["sources"]?.elements?.first?["as_of"]?.text == "2024-05-01")
    }
}
