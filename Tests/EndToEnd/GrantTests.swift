// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import DocumentReader
import Foundation
import JobControl
import MetadataStore
import PolicyCheck
import Testing

/// A clock that tests turn.
private final class TurnedClock: @unchecked Sendable {
    private var seconds: Int64 = 0

    init(_ text: String) { turn(to: text) }

    func turn(to text: String) { seconds = Int64(ISO8601DateFormatter().date(from: text)?.timeIntervalSince1970 ?? 0) }

    var clock: JobControl.Clock { JobControl.Clock { self.seconds * 1_000_000 } }
}

/// Does something between the start of a job and its release.
private final class InterruptingLauncher: ExecutorLauncher, @unchecked Sendable {
    private let deed: () throws -> Void

    init(_ deed: @escaping () throws -> Void) { self.deed = deed }

    func launch() throws -> ExecutorProcess {
        try deed()
        return try Yunei.launcher.launch()
    }
}

extension Yunei {
    fileprivate func inProcess<Value>(at clock: TurnedClock, _ work: (Domain) throws -> Value) throws -> Value {
        try inProcess(clock: clock.clock, work)
    }
}

@Suite("Grants: days, runs and data epoch at submission, start and release")
struct GrantTests {
    private static func product(_ lines: String) -> String {
        Hospital.product.replacing("recipients: [某研究院]", with: "recipients: [某研究院]\n" + lines)
    }

    /// A domain in which the product with these lines is signed.
    private static func domain(_ lines: String) throws -> Yunei {
        let yunei = try Yunei.loaded()
        try yunei.submitting(product(lines)).signing()
        return yunei
    }

    private static func code(_ work: () throws -> Void) -> String? {
        do { try work() } catch { return FaultCode.of(error).code }
        return nil
    }

    private static func run(_ domain: Domain, _ launcher: any ExecutorLauncher = Yunei.launcher) -> String? {
        code {
            let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
            _ = try domain.runProduct(Yunei.product, parameters: ["since": "2024-01-01"], by: actor, launcher: launcher)
        }
    }

    private static func entry(_ yunei: Yunei, _ type: String) throws -> JSONValue {
        let listed = try yunei.run("audit", "list").json["entries"]?.elements ?? []
        let index = try #require(listed.last { $0["type"]?.text == type }?["index"]?.number)
        let shown = try yunei.run("audit", "show", "\(index)").json
        return shown["entry"]?["body"] ?? shown["body"] ?? .null
    }

    // MARK: Days

    @Test(
        "The first and the last day in China are days of use; the day before and the day after are not",
        arguments: [
            ("2999-11-30T15:59:59Z", "grant.not-yet-valid"), ("2999-11-30T16:00:00Z", nil), ("2999-12-31T15:59:59Z", nil),
            ("2999-12-31T16:00:00Z", "grant.expired"),
        ])
    func days(time: String, expected: String?) throws {
        let yunei = try Self.domain("valid_from: 2999-12-01\nvalid_until: 2999-12-31")
        #expect(try yunei.inProcess(at: TurnedClock(time)) { Self.run($0) } == expected)
        if let expected {
            #expect(try Self.entry(yunei, "job.refused")["rules"]?.elements == [.string(expected)])
        }
        try yunei.expectSound()
    }

    @Test("A product whose days are over is not registered and not signed; on its last day it is")
    func submission() throws {
        let yunei = try Yunei.loaded()
        let text = Self.product("有效期至: 2999-12-31")
        let document = try DocumentReader.read(Array(text.utf8), fileName: "p.yaml")
        func submit(at time: String) throws -> String? {
            try yunei.inProcess(at: TurnedClock(time)) { domain in
                Self.code { _ = try domain.submit(document, by: try domain.unlock("op", passphrases: Yunei.passphrase)) }
            }
        }
        #expect(try submit(at: "2999-12-31T16:00:00Z") == "grant.expired")
        #expect(try yunei.run("product", "show", Yunei.product).code == "product.unknown")
        #expect(try submit(at: "2999-12-31T15:59:59Z") == nil)
        func approve(at time: String) throws -> String? {
            try yunei.inProcess(at: TurnedClock(time)) { domain in
                Self.code {
                    let actor = try domain.unlock("wjw", passphrases: Yunei.passphrase)
                    _ = try domain.decide(Yunei.product, decision: "approve", opinion: "", by: actor)
                }
            }
        }
        #expect(try approve(at: "2999-12-31T16:00:00Z") == "grant.expired")
        #expect(try approve(at: "2999-12-31T15:59:59Z") == nil)
        let backwards = try yunei.write("b.yaml", Self.product("valid_from: 2027-01-02\nvalid_until: 2027-01-01"))
        try yunei.run("product", "submit", backwards, as: "op").expectRefusal(status: 2, "policy.validity-order", naming: ["2027-01-01", "2027-01-02"])
    }

    // MARK: Runs

    @Test("As many runs as were granted, failed ones among them, and not one more; a new submission starts anew")
    func runs() throws {
        let yunei = try Self.domain("运行次数: 2")
        #expect(try yunei.inProcess { Self.run($0, KillingLauncher(afterMicroseconds: nil)) } == "executor.ended")
        #expect(try yunei.inProcess { Self.run($0) } == nil)
        let over = try yunei.run(Yunei.january, as: "op")
        over.expectRefusal(status: 1, "grant.used-up", naming: [Yunei.product, "2"])
        let shown = try yunei.run("product", "show", Yunei.product)
        #expect(shown.json["runs_used"] == 2, "\(shown.output)")
        try yunei.submitting(Self.product("运行次数: 1")).signing()
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        #expect(try yunei.run(Yunei.january, as: "op").rules == ["grant.used-up"])
        #expect(try Self.entry(yunei, "job.intended")["authorisation"]?["run"] == 1)
        try yunei.expectSound()
    }

    // MARK: Between start and release

    @Test("What ends while a job runs lets no result leave, and the log says so", arguments: ["returned", "rejected", "policy", "expired", "resubmitted"])
    func interrupted(how: String) throws {
        let yunei = try Self.domain("valid_until: 2999-12-31")
        let clock = TurnedClock("2999-12-31T15:59:59Z")
        let stricter = Hospital.policy.replacing("minimum_entities: 10", with: "minimum_entities: 11")
        let result = try yunei.inProcess(at: clock) { domain in
            Self.run(
                domain,
                InterruptingLauncher {
                    let unit = try domain.unlock("wjw", passphrases: Yunei.passphrase)
                    switch how {
                    case "returned": _ = try domain.decide(Yunei.product, decision: "return", opinion: "", by: unit)
                    case "rejected":
                        let authority = try domain.unlock("authority", passphrases: Yunei.passphrase)
                        _ = try domain.decide(Yunei.product, decision: "reject", opinion: "", by: authority)
                    case "policy":
                        let document = try DocumentReader.read(Array(stricter.utf8), fileName: "p.yaml")
                        _ = try domain.applyPolicy(document, by: unit, passphrases: Yunei.passphrase)
                    case "expired": clock.turn(to: "2999-12-31T16:00:00Z")
                    default:
                        let document = try DocumentReader.read(Array(Self.product("valid_until: 2999-12-31").utf8), fileName: "p.yaml")
                        _ = try domain.submit(document, by: try domain.unlock("op", passphrases: Yunei.passphrase))
                    }
                })
        }
        let expected = how == "expired" ? "grant.expired" : "grant.withdrawn"
        #expect(result == expected)
        let types = try yunei.entryTypes()
        #expect(types.last == "job.failed" && types.contains("job.intended") && !types.contains("job.released"), "\(types)")
        #expect(try Self.entry(yunei, "job.failed")["code"]?.text == expected)
        #expect(!yunei.files.contains { $0.contains("/results/") })
        try yunei.expectSound()
    }

    @Test("A job during which nothing ends is released")
    func uninterrupted() throws {
        let yunei = try Self.domain("valid_until: 2999-12-31")
        #expect(try yunei.inProcess(at: TurnedClock("2999-12-31T15:59:59Z")) { Self.run($0, InterruptingLauncher {}) } == nil)
        #expect(try yunei.entryTypes().last == "job.released")
    }

    @Test("A standing approval that is replaced while a query runs lets no result leave; one that stays does", arguments: [true, false])
    func standing(isReplaced: Bool) throws {
        let yunei = try Yunei.loaded()
        let standing = "standing: 监测\nscenario: 监测\nroles: [operator]\ntables: [visit]\nruns: 5\nexpires: 2999-12-31\n"
        try yunei.applying(standing, as: "authority")
        let result = try yunei.inProcess { domain in
            Self.code {
                let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
                let launcher = InterruptingLauncher {
                    guard isReplaced else { return }
                    let shorter = try DocumentReader.read(Array(standing.replacing("runs: 5", with: "runs: 4").utf8), fileName: "s.yaml")
                    _ = try domain.applyPolicy(
                        shorter, by: try domain.unlock("authority", passphrases: Yunei.passphrase), passphrases: Yunei.passphrase)
                }
                _ = try domain.runQuery(sql: "SELECT hospital, COUNT(*) FROM visit GROUP BY hospital", by: actor, launcher: launcher)
            }
        }
        #expect(result == (isReplaced ? "grant.withdrawn" : nil))
        #expect(try yunei.entryTypes().last == (isReplaced ? "job.failed" : "job.released"))
    }

    @Test("A standing approval ends with its last day in China", arguments: [("2999-12-31T15:59:59Z", nil), ("2999-12-31T16:00:00Z", "standing.missing")])
    func standingDays(time: String, expected: String?) throws {
        let yunei = try Yunei.loaded()
        try yunei.applying("standing: 监测\nscenario: 监测\nroles: [operator]\ntables: [visit]\nruns: 5\nexpires: 2999-12-31\n", as: "authority")
        let result = try yunei.inProcess(at: TurnedClock(time)) { domain in
            Self.code {
                _ = try domain.runQuery(
                    sql: "SELECT hospital, COUNT(*) FROM visit GROUP BY hospital", by: try domain.unlock("op", passphrases: Yunei.passphrase),
                    launcher: Yunei.launcher)
            }
        }
        #expect(result == expected)
    }

    // MARK: Data epoch

    private static let more =
        "person_id,hospital,visit_date,icd_code,cost,name\n"
        + (200...229).map { "\(Hospital.person($0)),戊医院,2024-04-01,I10,1.00,新\($0)" }.joined(separator: "\n") + "\n"

    private static func versions(_ run: Yunei.Run) -> [Int64?] { (run.json["sources"]?.elements ?? []).map { $0["version"]?.number } }

    @Test("批准时: the versions that signatures are under, whatever is loaded later; 最新: the newest")
    func asApproved() throws {
        let yunei = try Self.domain("数据期次: 批准时")
        try yunei.loading(Self.more)
        let run = try yunei.run(Yunei.january, as: "op")
        #expect(run.status == 0 && Self.versions(run) == [1], "\(run.output)")
        let receipt = try #require(run.json["receipt"]?.text)
        #expect(try yunei.runPlain(["receipt", "verify", receipt, "--json"]).status == 0)
        try yunei.submitting(Self.product("数据期次: 最新")).signing()
        #expect(Self.versions(try yunei.run(Yunei.january, as: "op")) == [2])
        try yunei.submitting(Self.product("data_epoch: as_approved")).signing()
        #expect(Self.versions(try yunei.run(Yunei.january, as: "op")) == [2])
        let empty = try Yunei.withPolicy()
        try empty.run("product", "submit", try empty.write("p.yaml", Self.product("数据期次: 批准时")), as: "op")
            .expectRefusal(status: 2, "table.not-loaded", naming: ["visit"])
    }

    @Test("Periods: the newest version that rests on them alone")
    func periods() throws {
        let yunei = try Yunei.withPolicy()
        func load(_ csv: String, _ period: String, _ mode: String) throws {
            let file = try yunei.write("data.csv", csv)
            try Yunei.expectDone(yunei.run("table", "load", "visit", file, "--period", period, "--mode", mode, as: "wjw"))
        }
        func versions(_ periods: String) throws -> [Int64?]? {
            try yunei.submitting(Self.product("数据期次: " + periods)).signing()
            let run = try yunei.run(Yunei.january, as: "op")
            guard run.status == 0 else {
                run.expectRefusal(status: 1, "grant.epoch-missing", naming: ["visit"])
                return nil
            }
            return Self.versions(run)
        }
        try load(Hospital.csv(), "2024-03", "replace")
        #expect(try versions("[2024-03]") == [1])
        #expect(try versions("[2024-04]") == nil)
        // The appended version holds rows of both periods.
        try load(Self.more, "2024-04", "append")
        #expect(try versions("[2024-03]") == [1])
        #expect(try versions("[2024-04]") == nil)
        #expect(try versions("[2024-03, 2024-04]") == [2])
        try load(Self.more, "2024-04", "replace")
        #expect(try versions("[2024-04]") == [3])
    }
}

@Suite("Grants: what tables may be used for")
struct UseForTests {
    private static let limited = Hospital.policy + "\nuse_for: { purposes: [地区人群流行病学分析], recipients: [某研究院, 疾控中心], forms: [数据集], until: 2999-06-30 }\n"

    @Test("A product within the table's use_for is allowed; any line outside is refused with owner, line and change")
    func products() throws {
        let yunei = try Yunei.loaded().applying(Self.limited)
        func check(_ change: (String) -> String) throws -> Yunei.Run {
            let text = change(Hospital.product.replacing("form: 数据集", with: "form: 数据集\nvalid_until: 2999-06-30"))
            return try yunei.run("product", "check", try yunei.write("p.yaml", text), as: "op")
        }
        let allowed = try check { $0 }
        #expect(allowed.status == 0, "\(allowed.output)")
        let refused: [(line: String, change: (String) -> String)] = [
            ("purpose", { $0.replacing("地区人群流行病学分析", with: "商业选址") }), ("purpose", { $0.replacing("purpose: 地区人群流行病学分析\n", with: "") }),
            ("recipients", { $0.replacing("[某研究院]", with: "[某研究院, 某公司]") }), ("form", { $0.replacing("form: 数据集", with: "form: API") }),
        ]
        for (line, change) in refused {
            let run = try check(change)
            run.expectRefusal(status: 1, "policy.use-not-granted", naming: ["visit", line])
            #expect(run.findings.count == 1 && run.findings.first?["owner"]?.text == Hospital.unit, "\(run.output)")
            #expect(run.findings.first?["passes_if"]?["en"]?.text?.contains(line) == true, "\(run.output)")
        }
        for day in ["valid_until: 2999-07-01", "category: x"] {
            let run = try check { $0.replacing("valid_until: 2999-06-30", with: day).replacing("category: 公共治理、公益事业\n", with: "") }
            run.expectRefusal(status: 1, "policy.use-too-long", naming: ["visit", "2999-06-30"])
        }
    }

    @Test("Free SQL is held to the terms of its standing approval, in both planes")
    func standing() throws {
        let yunei = try Yunei.loaded().applying(Hospital.policy + "\nuse_for: { purposes: [监测], until: 2999-06-30 }\n")
        let sql = "SELECT hospital, COUNT(*) FROM visit GROUP BY hospital"
        let standing = "standing: 监测\nscenario: 监测\nroles: [operator]\ntables: [visit]\nruns: 5\nexpires: 2999-06-30\n"
        try yunei.applying(standing, as: "authority")
        let refused = try yunei.run("query", "--sql", sql, as: "op")
        refused.expectRefusal(status: 1, "policy.use-not-granted", naming: ["visit"])
        #expect(refused.json["inputs"]?["terms"]?.text?.count == 64, "\(refused.output)")
        try yunei.applying(standing + "purpose: 监测\n", as: "authority")
        #expect(try yunei.run("query", "--sql", sql, as: "op").status == 0)
        try yunei.applying(standing.replacing("06-30", with: "07-01") + "purpose: 监测\n", as: "authority")
        #expect(try yunei.run("query", "--sql", sql, as: "op").rules == ["policy.use-too-long"])
    }

    @Test("A policy that narrows the use stops a signed product at its next run, with what the refusal rests on")
    func narrowed() throws {
        let yunei = try Yunei.approved().applying(Hospital.policy + "\nuse_for: { purposes: [监测] }\n")
        let run = try yunei.run(Yunei.january, as: "op")
        run.expectRefusal(status: 1, "policy.use-not-granted", naming: ["visit"])
        #expect(run.json["inputs"]?["policies"]?.text?.count == 64 && run.json["inputs"]?["checker"]?.number == PolicyChecker.version, "\(run.output)")
    }
}

extension Yunei {
    @discardableResult
    fileprivate func submitting(_ product: String) throws -> Yunei {
        try Self.expectDone(run("product", "submit", try write("product.yaml", product), as: "op"))
        return self
    }

    fileprivate func signing() throws {
        try Self.expectDone(run("product", "approve", Self.product))
        try Self.expectDone(run("product", "approve", Self.product, as: "wjw"))
    }
}
