// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import Foundation
import Glibc
import JobControl
import Testing
import WireContract

@Suite("The boundary, tried from inside the real executor")
struct BoundaryTests {
    @Test("Every forbidden act ends the executor", arguments: ForbiddenAct.allCases)
    func forbidden(act: ForbiddenAct) throws {
        let process = try Yunei.launcher.launch()
        let channel = Channel(adopting: process.takeSocket())
        try channel.send(json: ["kind": "attempt", "act": .string(act.rawValue)])
        #expect(process.wait(milliseconds: 20_000) == .signal(SIGSYS), "\(act)")
        #expect(throws: WireError.self) { try channel.receive() }
    }

    @Test("A request that it does not know is answered with a fault, and it ends by itself")
    func unknownRequests() throws {
        let requests: [JSONValue] = [["kind": "nonsense"], [:], ["kind": "attempt", "act": "nonsense"], ["kind": "load"], ["kind": "job"], "text"]
        for request in requests {
            let process = try Yunei.launcher.launch()
            let channel = Channel(adopting: process.takeSocket())
            try channel.send(json: request)
            guard case .fault(let code, _) = try ExecutorReply(json: try channel.receive().json) else {
                Issue.record("\(request.canonicalText) was answered")
                continue
            }
            #expect(!code.isEmpty && code != "internal.unexpected", "\(request.canonicalText): \(code)")
            #expect(process.wait(milliseconds: 20_000) == .code(0))
        }
    }

    @Test("A normal request works behind the same boundary, and its report says what confined it")
    func normalRequest() throws {
        let yunei = try Yunei.approved()
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        let released = try #require(try yunei.entries(of: "job.released").first)
        let lines = released["confinement"]?.elements?.compactMap(\.text) ?? []
        #expect(lines.contains { $0.hasPrefix("system-call-filter: applied") }, "\(lines)")
    }

    @Test("A control plane that goes away ends it")
    func abandoned() throws {
        let process = try Yunei.launcher.launch()
        close(process.takeSocket())
        #expect(process.wait(milliseconds: 20_000) != nil)
    }

    @Test("It holds nothing but standard descriptors and its socket, has an empty environment and no privileges to gain")
    func holdings() throws {
        let process = try Yunei.launcher.launch()
        let path = "/proc/\(process.processNumber)"
        // Confined once it waits for its request: a seccomp filter is in force.
        var status = ""
        for _ in 0..<2_000 where !status.contains("Seccomp:\t2") {
            usleep(1_000)
            status = (try? String(contentsOfFile: path + "/status", encoding: .utf8)) ?? ""
        }
        #expect(status.contains("Seccomp:\t2"))
        #expect(status.contains("NoNewPrivs:\t1"))
        // Root may look closer. To anybody else, the user who started it included, the kernel refuses what is not dumpable.
        guard geteuid() == 0 else {
            #expect(throws: (any Error).self) { try String(contentsOfFile: path + "/environ", encoding: .utf8) }
            #expect(throws: (any Error).self) { try FileManager.default.contentsOfDirectory(atPath: path + "/fd") }
            return
        }
        let environment = try String(contentsOfFile: path + "/environ", encoding: .utf8)
        #expect(!environment.contains("YUNEI") && !environment.contains("PATH"), "\(environment)")
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: path + "/fd").sorted()
        let targets = descriptors.map { (try? FileManager.default.destinationOfSymbolicLink(atPath: path + "/fd/" + $0)) ?? "" }
        #expect(targets.allSatisfy { $0 == "/dev/null" || $0.hasPrefix("socket:") }, "\(targets)")
    }
}

@Suite("An executor that is killed in the middle")
struct KilledExecutorTests {
    @Test("A job: recorded as failed, nothing released, the next one works", arguments: [nil, 0, 2_000, 5_000, 10_000, 20_000] as [UInt32?])
    func job(delay: UInt32?) throws {
        let yunei = try Yunei.approved()
        let before = try yunei.entryTypes()
        let released = try yunei.inProcess { domain in
            let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
            do {
                _ = try domain.runProduct(
                    Yunei.product, parameters: ["since": "2024-01-01"], by: actor, launcher: KillingLauncher(afterMicroseconds: delay))
                return true
            } catch let error as ControlError {
                #expect(error.code == .executorEnded, "\(error)")
                #expect(error.arguments == ["SIGKILL"], "\(error)")
                #expect(ExitStatus.of(FaultCode.of(error)) == .internalFault)
                return false
            }
        }
        if delay == nil { #expect(!released) }
        #expect(try yunei.entryTypes() == before + ["job.intended", released ? "job.released" : "job.failed"])
        #expect(yunei.files.contains { $0.hasSuffix("/receipt.json") } == released)
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        try yunei.expectSound()
    }

    @Test("A load: recorded as failed, no version, the next one works", arguments: [nil, 0, 5_000, 10_000] as [UInt32?])
    func load(delay: UInt32?) throws {
        let yunei = try Yunei.withPolicy()
        let before = try yunei.entryTypes()
        let file = try yunei.write("visit.csv", Hospital.csv())
        let loaded = try yunei.inProcess { domain in
            let actor = try domain.unlock("wjw", passphrases: Yunei.passphrase)
            let options = LoadOptions(mode: "replace", period: nil, asOf: nil, rejectFile: nil)
            do {
                _ = try domain.load(
                    table: "visit", file: file, options: options, by: actor, launcher: KillingLauncher(afterMicroseconds: delay))
                return true
            } catch let error as ControlError {
                #expect(error.code == .executorEnded, "\(error)")
                return false
            }
        }
        if delay == nil { #expect(!loaded) }
        #expect(try yunei.entryTypes() == before + ["load.intended", loaded ? "table.loaded" : "load.failed"])
        #expect(try yunei.run("table", "load", "visit", file, as: "wjw").json["version"] == (loaded ? 2 : 1))
        try yunei.expectSound()
    }

    @Test("An executor that is not there is named")
    func missing() throws {
        let yunei = try Yunei.approved()
        let alone = yunei.scratch.path + "/yunei"
        // Copied by another process: a file that this one has open for writing cannot be run while it starts others.
        #expect(try Program.run("/bin/cp", [Yunei.binaries + "/yunei", alone], environment: [:], in: yunei.scratch).status == 0)
        let environment = ["YUNEI_PASSPHRASE": Yunei.commonPassphrase]
        let run = try Program.run(
            alone, ["--domain", yunei.domain, "--json", "--as", "op"] + Yunei.january, environment: environment, in: yunei.scratch)
        run.expectRefusal(status: 3, "executor.missing", naming: [yunei.scratch.path + "/yunei-executor"])
        #expect(try yunei.entryTypes().contains("job.intended") == false)
    }
}
