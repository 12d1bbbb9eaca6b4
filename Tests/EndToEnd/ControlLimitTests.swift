// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import JobControl
import Testing

@Suite("Limits of the control plane, at their edges")
struct ControlLimitTests {
    @Test("Identity names")
    func identityName() throws {
        let yunei = try Yunei.withPolicy()
        let atLimit = String(repeating: "n", count: JobControl.Limits.identityNameBytes)
        #expect(try yunei.run("identity", "add", atLimit, "--role", "reviewer", "--org", "审查中心").status == 0)
        let over = try yunei.run("identity", "add", atLimit + "n", "--role", "reviewer", "--org", "审查中心")
        #expect(over.status == 2)
        #expect(over.json["code"]?.text == "identity.name")
    }

    @Test("Columns of a result")
    func resultColumns() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        func sql(_ count: Int) -> String {
            "SELECT " + (1...count).map { "SUM(cost * \($0))" }.joined(separator: ", ") + " FROM visit WHERE hospital = '甲医院'"
        }
        let atLimit = try yunei.run("query", "--sql", sql(JobControl.Limits.resultColumns))
        #expect(atLimit.status == 0, "\(atLimit.output.prefix(300))")
        let over = try yunei.run("query", "--sql", sql(JobControl.Limits.resultColumns + 1))
        #expect(over.status == 2)
        #expect(over.json["code"]?.text == "query.too-many-columns")
    }

    @Test("Opinions under a decision")
    func opinion() throws {
        let yunei = try Yunei.loaded()
        try Yunei.expectDone(yunei.run("product", "submit", try yunei.write("product.yaml", Hospital.product), as: "op"))
        let atLimit = String(repeating: "o", count: JobControl.Limits.opinionBytes)
        #expect(try yunei.run("product", "return", "医院月度就诊统计", "--opinion", atLimit).status == 0)
        #expect(try yunei.run("product", "return", "医院月度就诊统计", "--opinion", atLimit + "o").status == 2)
    }

    @Test("Documents")
    func document() throws {
        let yunei = try Yunei.withPolicy()
        let comment = "# " + String(repeating: "x", count: JobControl.Limits.documentBytes - Hospital.policy.utf8.count - 4) + "\n"
        let atLimit = comment + Hospital.policy + String(repeating: "\n", count: JobControl.Limits.documentBytes - comment.utf8.count - Hospital.policy.utf8.count)
        #expect(try yunei.run("policy", "apply", try yunei.write("full.yaml", atLimit), as: "wjw").status == 0)
        let over = try yunei.run("policy", "apply", try yunei.write("over.yaml", atLimit + "\n"), as: "wjw")
        #expect(over.status == 2)
        #expect(over.json["code"]?.text == "input.too-large")
    }

    @Test("A parameter given twice is no choice between two values")
    func repeatedParameter() throws {
        let yunei = try Yunei.approved()
        let run = try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=2024-01-01", "--param", "since=2024-02-01", as: "op")
        #expect(run.status == 2)
        #expect(run.json["code"]?.text == "parameter.repeated")
    }

    @Test("Signatures do not come back when a changed policy is changed back")
    func replay() throws {
        let yunei = try Yunei.approved()
        let stricter = Hospital.policy.replacing("minimum_entities: 10", with: "minimum_entities: 11")
        try Yunei.expectDone(yunei.run("policy", "apply", try yunei.write("stricter.yaml", stricter), as: "wjw"))
        try Yunei.expectDone(yunei.run("policy", "apply", try yunei.write("visit.yaml", Hospital.policy), as: "wjw"))
        #expect(try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=2024-01-01", as: "op").rules == ["product.not-signed"])
    }

    @Test("Applying what is in force already voids nothing")
    func reapplied() throws {
        let yunei = try Yunei.approved()
        try Yunei.expectDone(yunei.run("policy", "apply", try yunei.write("visit.yaml", Hospital.policy), as: "wjw"))
        #expect(try yunei.run("job", "run", "医院月度就诊统计", "--param", "since=2024-01-01", as: "op").status == 0)
    }
}
