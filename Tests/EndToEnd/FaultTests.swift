// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import JobControl
import Testing

/// A command that changes a domain, and what must hold before and after it.
struct Deed: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () throws -> Yunei
    let arguments: @Sendable (Yunei) throws -> [String]
    let identity: String
    /// Log entries by which it is done.
    let outcome: String

    var testDescription: String { name }

    static let all = [
        Deed(
            name: "identity add", make: { try Yunei.withPolicy() },
            arguments: { _ in ["identity", "add", "gaj", "--role", "unit", "--org", "市公安局"] }, identity: "authority",
            outcome: "identity.added"),
        Deed(
            name: "policy apply", make: { try Yunei.withPolicy() },
            arguments: { ["policy", "apply", try $0.write("p.yaml", Hospital.policy.replacing("minimum_entities: 10", with: "minimum_entities: 11"))] },
            identity: "wjw", outcome: "policy.applied"),
        Deed(
            name: "table load", make: { try Yunei.withPolicy() },
            arguments: { ["table", "load", "visit", try $0.write("v.csv", Hospital.csv())] }, identity: "wjw", outcome: "table.loaded"),
        Deed(
            name: "product submit", make: { try Yunei.loaded() },
            arguments: { ["product", "submit", try $0.write("p.yaml", Hospital.product)] }, identity: "op", outcome: "product.submitted"),
        Deed(name: "job run", make: { try Yunei.approved() }, arguments: { _ in Yunei.january }, identity: "op", outcome: "job.released"),
    ]
}

@Suite("Faults at every durable step of the real binaries")
struct FaultTests {
    /// More than any command takes.
    private static let most = 200

    @Test("The process dies before the step: the domain opens again, nothing acknowledged is lost, the deed is done or not", arguments: Deed.all)
    func killed(deed: Deed) throws {
        let base = try deed.make()
        let before = try base.entryTypes()
        for step in 1...Self.most {
            let yunei = try base.copy()
            let arguments = try deed.arguments(yunei)
            let run = try yunei.run(arguments, as: deed.identity, environment: ["YUNEI_FAULT_STEP": String(step)])
            if run.status == 0 { return #expect(step > 5, "step \(step)") }
            #expect(run.status == 128 + 9, "step \(step): \(run.output)")
            #expect(run.output.isEmpty && run.errors.isEmpty)
            try Self.expectWhole(yunei, deed, before, "killed at step \(step)")
        }
        Issue.record("more than \(Self.most) steps")
    }

    @Test("The disk is full at the step: said so, nothing half-done, and with space again it works", arguments: Deed.all)
    func diskFull(deed: Deed) throws {
        let base = try deed.make()
        let before = try base.entryTypes()
        for step in stride(from: 1, through: Self.most, by: 3) {
            let yunei = try base.copy()
            let arguments = try deed.arguments(yunei)
            let run = try yunei.run(arguments, as: deed.identity, environment: ["YUNEI_FAULT_ERROR": "\(step):ENOSPC"])
            if run.status == 0 { return #expect(step > 5, "step \(step)") }
            run.expectRefusal(status: 3, "file.disk-full")
            try Self.expectWhole(yunei, deed, before, "disk full at step \(step)")
        }
        Issue.record("more than \(Self.most) steps")
    }

    @Test("Half a write and then nothing", arguments: Deed.all)
    func torn(deed: Deed) throws {
        let base = try deed.make()
        let before = try base.entryTypes()
        for step in stride(from: 2, through: Self.most, by: 4) {
            let yunei = try base.copy()
            let arguments = try deed.arguments(yunei)
            let run = try yunei.run(arguments, as: deed.identity, environment: ["YUNEI_FAULT_ERROR": "\(step):TEAR"])
            if run.status == 0 { return }
            #expect(run.status == 3, "step \(step): \(run.output)")
            try Self.expectWhole(yunei, deed, before, "torn at step \(step)")
        }
    }

    @Test("A domain that was half made is made anew by the same command; a whole one is not touched")
    func interruptedBirth() throws {
        for step in 1...Self.most {
            let yunei = try Yunei()
            let arguments = ["domain", "init", yunei.domain, "--json"]
            let run = try yunei.runPlain(arguments, environment: ["YUNEI_FAULT_STEP": String(step)])
            if run.status == 0 { return #expect(step > 20, "step \(step)") }
            #expect(run.status == 128 + 9, "step \(step): \(run.output)")
            let again = try yunei.runPlain(arguments)
            #expect(again.status == 0 || again.code == "domain.exists", "step \(step): \(again.output)")
            let added = try yunei.run("identity", "add", "wjw", "--role", "unit", "--org", Hospital.unit)
            #expect(added.status == 0, "step \(step): \(added.output)")
            #expect(try yunei.run("doctor").status == 0)
            #expect(yunei.leftovers.isEmpty, "step \(step): \(yunei.leftovers)")
        }
        Issue.record("more than \(Self.most) steps")
    }

    /// The log verifies and begins with what was acknowledged; what the deed was to do is done entirely or not at all, and can be done now.
    private static func expectWhole(_ yunei: Yunei, _ deed: Deed, _ before: [String], _ place: String) throws {
        // Tiles are written before the checkpoint that covers them; until the next opening they are more than it says. Nothing else may be.
        let early = try Domain.verifyLog(at: yunei.domain).failures
        #expect(early.allSatisfy { $0.hasSuffix("log.file-unexpected") }, "\(deed.name) \(place): \(early)")
        let (after, version) = try yunei.inProcess { domain in
            (try domain.auditEntries().map(\.entry.type.rawValue), try domain.tables().first?.version)
        }
        let late = try Domain.verifyLog(at: yunei.domain).failures
        #expect(late.isEmpty, "\(deed.name) \(place), opened again: \(late)")
        #expect(Array(after.prefix(before.count)) == before, "\(deed.name) \(place): \(after)")
        let outcomes = after.dropFirst(before.count).filter { $0 == deed.outcome }.count
        let ends = after.dropFirst(before.count).filter { ["job.failed", "job.aborted", "load.failed"].contains($0) }.count
        #expect(outcomes + ends <= 1, "\(deed.name) \(place): \(after)")
        switch deed.name {
        case "table load":
            #expect(version == (outcomes == 1 ? 1 : nil), "\(place)")
        case "job run":
            let results = yunei.files.filter { $0.hasSuffix("/receipt.json") }
            #expect(results.count == outcomes, "\(place): \(results) \(after)")
            for receipt in results {
                let result = FileManager.default.contents(atPath: receipt.replacing("receipt.json", with: "result.json")).map { [UInt8]($0) }
                let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: receipt)))
                #expect(result != nil, "\(place)")
                _ = try ReceiptVerifier.verify(bytes, result: result, expectedLogKey: nil)
            }
        default: break
        }
        let again = try yunei.run(deed.arguments(yunei), as: deed.identity)
        if deed.name == "identity add", outcomes == 1 {
            #expect(again.code == "identity.exists", "\(place): \(again.output)")
        } else {
            #expect(again.status == 0, "\(deed.name) \(place): \(again.output)")
        }
        let doctor = try yunei.run("doctor")
        #expect(doctor.status == 0, "\(deed.name) \(place): \(doctor.output)")
        let leftovers = yunei.leftovers
        #expect(leftovers.isEmpty, "\(deed.name) \(place): \(leftovers)")
    }
}
