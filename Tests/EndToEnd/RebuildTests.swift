// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import JobControl
import MetadataStore
import Testing

@Suite("The view is made again from the log")
struct RebuildTests {
    /// A domain in which a bit of everything has happened.
    private static func eventful() throws -> Yunei {
        let yunei = try Yunei.approved()
        try Yunei.expectDone(yunei.run(Yunei.january, as: "op"))
        try yunei.loading(Hospital.csv(smallGroup: 3))
        try yunei.applying("standing: 监测\nscenario: 监测\nroles: [operator]\ntables: [visit]\nruns: 5\nexpires: 2999-12-31\n", as: "authority")
        try Yunei.expectDone(yunei.run("query", "--sql", "SELECT COUNT(*) FROM visit", as: "op"))
        #expect(try yunei.run("query", "--sql", "SELECT name FROM visit", as: "op").status == 1)
        try Yunei.expectDone(yunei.run("product", "return", Yunei.product, "--opinion", "再议", as: "wjw"))
        let file = try yunei.write("bad.csv", "person_id,hospital,visit_date,icd_code,cost,name\np,h,never,,,\n")
        #expect(try yunei.run("table", "load", "visit", file, as: "wjw").status == 2)
        return yunei
    }

    /// Everything that the view says.
    private static func story(_ yunei: Yunei) throws -> [String] {
        let commands = [
            ["table", "list"], ["table", "show", "visit"], ["product", "list"], ["product", "show", Yunei.product], ["audit", "list"],
            ["policy", "show", "--effective", "visit"],
        ]
        let told = try commands.map { try yunei.run($0).output }
        let kept = try yunei.inProcess { domain in
            [
                "\(try domain.metadata.identities())", "\(try domain.metadata.documents())", "\(try domain.metadata.jobs())",
                "\(try domain.metadata.versions(of: "visit").map { "\($0.name) \($0.version) \($0.entry) \($0.body.canonicalText)" })",
                "\(try domain.metadata.directory(of: "person").map { "\($0.entity) \($0.version) \($0.body.canonicalText)" } ?? "")",
                "\(try domain.metadata.products())", "\(try domain.metadata.decisions(on: Yunei.product))",
            ]
        }
        return told + kept
    }

    @Test("Deleted, it is the same again: tables, products, decisions, jobs")
    func deleted() throws {
        let yunei = try Self.eventful()
        let before = try Self.story(yunei)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: yunei.domain + "/metadata.sqlite" + suffix) }
        let doctor = try yunei.run("doctor", "--rebuild")
        #expect(doctor.status == 0, "\(doctor.output)")
        #expect(doctor.json["rebuilt"] == true)
        #expect(try Self.story(yunei) == before)
        #expect(try yunei.run("doctor", "--rebuild").status == 0)
        #expect(try Self.story(yunei) == before)
        try yunei.expectSound()
    }

    @Test("Without being asked: a view that is gone is rolled forward at the next opening")
    func rolledForwardFromNothing() throws {
        let yunei = try Self.eventful()
        let before = try Self.story(yunei)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: yunei.domain + "/metadata.sqlite" + suffix) }
        #expect(try Self.story(yunei) == before)
    }

    @Test("A view behind the log is rolled forward; one ahead of it is refused")
    func behindAndAhead() throws {
        let yunei = try Yunei.approved()
        let early = try yunei.copy()
        try Yunei.expectDone(yunei.run(Yunei.january, as: "op"))
        let now = try Self.story(yunei)
        func moveView(from source: Yunei, to target: Yunei) throws {
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: target.domain + "/metadata.sqlite" + suffix)
                try? FileManager.default.copyItem(
                    atPath: source.domain + "/metadata.sqlite" + suffix, toPath: target.domain + "/metadata.sqlite" + suffix)
            }
        }
        let ahead = try yunei.copy()
        try moveView(from: early, to: yunei)
        #expect(try Self.story(yunei) == now)
        try moveView(from: ahead, to: early)
        let refused = try early.run("table", "list")
        refused.expectRefusal(status: 3, "domain.damaged", naming: [early.domain + "/metadata.sqlite"])
        #expect(try early.run("audit", "verify").status == 0)
    }

    @Test("A log that was put back to an earlier state is refused, whatever the view says")
    func logPutBack() throws {
        let yunei = try Yunei.approved()
        let early = try yunei.copy()
        try Yunei.expectDone(yunei.run(Yunei.january, as: "op"))
        for name in ["audit", "metadata.sqlite", "metadata.sqlite-wal", "metadata.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: yunei.domain + "/" + name)
            try? FileManager.default.copyItem(atPath: early.domain + "/" + name, toPath: yunei.domain + "/" + name)
        }
        let run = try yunei.run("table", "list")
        run.expectRefusal(status: 3, run.code ?? "")
        #expect(run.code?.hasPrefix("log.") == true || run.output.contains("/audit/"), "\(run.output)")
    }

    @Test("An intent without an outcome becomes aborted, once")
    func abandonedIntent() throws {
        let base = try Yunei.approved()
        for step in 1..<200 {
            let yunei = try base.copy()
            let run = try yunei.run(Yunei.january, as: "op", environment: ["YUNEI_FAULT_STEP": String(step)])
            guard run.status != 0 else { break }
            let types = try yunei.entryTypes()
            guard types.last == "job.aborted" else { continue }
            #expect(types.suffix(2) == ["job.intended", "job.aborted"])
            #expect(try yunei.entryTypes() == types)
            let jobs = try yunei.inProcess { try $0.metadata.jobs() }
            #expect(jobs.last?.status == "aborted")
            let verified = try yunei.run("audit", "verify")
            #expect(verified.status == 0, "\(verified.output)")
            return
        }
        Issue.record("no step left an intent behind")
    }
}
