// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Confinement
import Foundation
import Glibc
import JobControl
import SQLSyntax
import Testing

/// Limits that take long or much to reach: at a lowered value, or at the real one where a file with holes reaches it.
@Suite("Large and slow limits of the control plane, at their edges")
struct LoweredLimitTests {
    /// Stops each executor, for good or for a while.
    private struct StoppingLauncher: ExecutorLauncher {
        let milliseconds: UInt32?

        func launch() throws -> ExecutorProcess {
            let process = try Yunei.launcher.launch()
            let number = process.processNumber
            kill(number, SIGSTOP)
            if let milliseconds {
                Thread.detachNewThread {
                    usleep(milliseconds * 1000)
                    kill(number, SIGCONT)
                }
            }
            return process
        }
    }

    private static func code(_ work: () throws -> Void) -> String? {
        do { try work() } catch { return FaultCode.of(error).code }
        return nil
    }

    private static let replace = LoadOptions(mode: "replace", period: nil, asOf: nil, rejectFile: nil)

    // MARK: Time

    @Test("A job that takes longer than its time is ended and recorded; one that takes a while is not")
    func jobTime() throws {
        let yunei = try Yunei.approved()
        let before = try yunei.entryTypes()
        func run(within milliseconds: Int, stoppedFor pause: UInt32?) throws -> String? {
            var ceilings = JobControl.Limits.Ceilings()
            ceilings.jobMilliseconds = milliseconds
            return try yunei.inProcess(ceilings) { domain in
                let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
                return Self.code {
                    _ = try domain.runProduct(
                        Yunei.product, parameters: ["since": "2024-01-01"], by: actor, launcher: StoppingLauncher(milliseconds: pause))
                }
            }
        }
        #expect(try run(within: 20_000, stoppedFor: 300) == nil)
        #expect(try run(within: 300, stoppedFor: nil) == "executor.timeout")
        #expect(try yunei.entryTypes() == before + ["job.intended", "job.released", "job.intended", "job.failed"])
        try yunei.expectSound()
    }

    @Test("A load that takes longer than its time is ended and recorded; one that takes a while is not")
    func loadTime() throws {
        let yunei = try Yunei.withPolicy()
        let before = try yunei.entryTypes()
        let file = try yunei.write("visit.csv", Hospital.csv())
        func load(within milliseconds: Int, stoppedFor pause: UInt32?) throws -> String? {
            var ceilings = JobControl.Limits.Ceilings()
            ceilings.loadMilliseconds = milliseconds
            return try yunei.inProcess(ceilings) { domain in
                let actor = try domain.unlock("wjw", passphrases: Yunei.passphrase)
                return Self.code {
                    _ = try domain.load(table: "visit", file: file, options: Self.replace, by: actor, launcher: StoppingLauncher(milliseconds: pause))
                }
            }
        }
        #expect(try load(within: 20_000, stoppedFor: 300) == nil)
        #expect(try load(within: 300, stoppedFor: nil) == "executor.timeout")
        #expect(try yunei.entryTypes() == before + ["load.intended", "table.loaded", "load.intended", "load.failed"])
        try yunei.expectSound()
    }

    @Test("The trial of an executor by yunei doctor")
    func examinationTime() throws {
        let yunei = try Yunei.withPolicy()
        func examine(within milliseconds: Int, stoppedFor pause: UInt32?) throws -> [String] {
            var ceilings = JobControl.Limits.Ceilings()
            ceilings.examinationMilliseconds = milliseconds
            let findings = try yunei.inProcess(ceilings) { try $0.examine(launcher: StoppingLauncher(milliseconds: pause)) }
            return findings.filter { $0.code.contains("executor") }.map { ([$0.code] + $0.arguments).joined(separator: " ") }
        }
        #expect(try examine(within: 20_000, stoppedFor: 300) == ["doctor.executor-confined"])
        #expect(try examine(within: 300, stoppedFor: nil) == ["doctor.executor-fails executor.timeout"])
        #expect(JobControl.Limits.Ceilings().examinationMilliseconds == JobControl.Limits.examinationSeconds * 1000)
    }

    @Test("The lock of a domain is waited for so long and no longer")
    func lockTime() throws {
        let yunei = try Yunei.withPolicy()
        func open(within milliseconds: Int, freeAfter pause: UInt32?) throws -> String? {
            let descriptor = Glibc.open(yunei.domain + "/lock", O_RDWR | O_CLOEXEC)
            #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            if let pause {
                Thread.detachNewThread {
                    usleep(pause * 1000)
                    close(descriptor)
                }
            }
            defer { if pause == nil { close(descriptor) } }
            var ceilings = JobControl.Limits.Ceilings()
            ceilings.lockWaitMilliseconds = milliseconds
            return Self.code { try yunei.inProcess(ceilings) { _ in } }
        }
        #expect(try open(within: 10_000, freeAfter: 250) == nil)
        #expect(try open(within: 300, freeAfter: nil) == "domain.locked")
        #expect(JobControl.Limits.Ceilings().lockWaitMilliseconds == JobControl.Limits.lockWaitSeconds * 1000)
    }

    // MARK: Memory

    @Test("Memory of a job: enough at one limit, exhausted one byte below it, without a number, recorded")
    func memory() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        func run(_ bytes: Int64) throws -> String? {
            var ceilings = JobControl.Limits.Ceilings()
            ceilings.jobMemoryBytes = bytes
            return try yunei.inProcess(ceilings) { domain in
                let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
                return Self.code {
                    _ = try domain.runQuery(sql: "SELECT hospital, COUNT(*) FROM visit GROUP BY 1", by: actor, launcher: Yunei.launcher)
                }
            }
        }
        var (enough, few): (Int64, Int64) = (64 << 20, 0)
        #expect(try run(enough) == nil)
        while enough - few > 1 {
            let middle = (enough + few) / 2
            switch try run(middle) {
            case nil: enough = middle
            case "engine.resource-exhausted": few = middle
            case .some(let other):
                Issue.record("\(other) at \(middle) bytes")
                return
            }
        }
        #expect(few > 0 && enough < 64 << 20)
        #expect(try run(enough) == nil)
        #expect(try run(few) == "engine.resource-exhausted")
        #expect(try yunei.entryTypes().last == "job.failed")
        #expect(JobControl.Limits.Ceilings().jobMemoryBytes == JobControl.Limits.jobMemoryBytes)
    }

    // MARK: Sizes

    @Test("Statements: the limit is that of the parser")
    func statement() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let sql = "SELECT COUNT(*) FROM visit"
        let atLimit = sql + String(repeating: " ", count: SQLSyntax.Limits.textBytes - sql.utf8.count)
        func run(_ sql: String) throws -> String? {
            try yunei.inProcess { domain in
                let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
                return Self.code { _ = try domain.runQuery(sql: sql, by: actor, launcher: Yunei.launcher) }
            }
        }
        #expect(try run(atLimit) == nil)
        let before = try yunei.entryTypes()
        #expect(try run(atLimit + " ") == SQLError.Code.textTooLong.rawValue)
        #expect(try yunei.entryTypes() == before)
    }

    @Test("Key files, and the description of a domain")
    func keyFiles() throws {
        let yunei = try Yunei.approved()
        let limit = JobControl.Limits.keyFileBytes
        func run(with path: String, padding: UInt8, to count: Int) throws -> Yunei.Run {
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            defer { try? good.write(to: URL(fileURLWithPath: path)) }
            try (good + Data(repeating: padding, count: count - good.count)).write(to: URL(fileURLWithPath: path))
            return try yunei.run(Yunei.january, as: "op")
        }
        let description = yunei.domain + "/domain.json"
        #expect(try run(with: description, padding: 0x20, to: limit).status == 0)
        try run(with: description, padding: 0x20, to: limit + 1).expectRefusal(status: 2, "domain.format", naming: [description])
        // Read at the limit and then found to be no key; not even read beyond it.
        for (path, code) in [("/keys/custody.key", "key.file-damaged"), ("/keys/log.key", "key.file-damaged"), ("/identities/op.key", "crypto.malformed")] {
            #expect(try run(with: yunei.domain + path, padding: 0, to: limit).code == code)
            try run(with: yunei.domain + path, padding: 0, to: limit + 1)
                .expectRefusal(status: 2, "input.too-large", naming: [yunei.domain + path, String(limit)])
        }
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
    }

    @Test("Lists of rejected rows")
    func rejects() throws {
        let yunei = try Yunei.withPolicy()
        let text = Hospital.csv() + "\(Hospital.person(99)),甲医院,never-77,J06,1.00,某某某某\n"
        let file = try yunei.write("visit.csv", text)
        let rejects = yunei.scratch.path + "/rejects.csv"
        func load(_ bytes: Int?) throws -> String? {
            var ceilings = JobControl.Limits.Ceilings()
            if let bytes { ceilings.rejectFileBytes = bytes }
            let options = LoadOptions(mode: "replace", period: nil, asOf: nil, rejectFile: rejects)
            return try yunei.inProcess(ceilings) { domain in
                let actor = try domain.unlock("wjw", passphrases: Yunei.passphrase)
                return Self.code { _ = try domain.load(table: "visit", file: file, options: options, by: actor, launcher: Yunei.launcher) }
            }
        }
        #expect(try load(nil) == nil)
        let size = try Data(contentsOf: URL(fileURLWithPath: rejects)).count
        #expect(try load(size) == nil)
        #expect(try load(size - 1) == "input.too-large")
        #expect(try yunei.entryTypes().last == "load.failed")
        #expect(try yunei.run("table", "list").json["tables"]?.elements?.first?["version"] == 2)
        #expect(JobControl.Limits.Ceilings().rejectFileBytes == JobControl.Limits.rejectFileBytes)
    }

    @Test("Receipts: read up to the limit, not read beyond it")
    func receipts() throws {
        let yunei = try Yunei.withPolicy()
        let path = yunei.scratch.path + "/long.receipt.json"
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        // A file with holes: zeros all over.
        #expect(truncate(path, off_t(JobControl.Limits.receiptBytes)) == 0)
        try yunei.runPlain(["receipt", "verify", path, "--json"]).expectRefusal(status: 2, "receipt.malformed")
        #expect(truncate(path, off_t(JobControl.Limits.receiptBytes + 1)) == 0)
        try yunei.runPlain(["receipt", "verify", path, "--json"])
            .expectRefusal(status: 2, "input.too-large", naming: [path, String(JobControl.Limits.receiptBytes)])
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("A receipt that is copied for a person")
    func copiedReceipt() throws {
        let yunei = try Yunei.approved()
        let out = yunei.scratch.path + "/result.json"
        func copy(_ bytes: Int?) throws -> String? {
            var ceilings = JobControl.Limits.Ceilings()
            if let bytes { ceilings.receiptBytes = bytes }
            return try yunei.inProcess(ceilings) { domain in
                let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
                guard case .released(let job) = try domain.runProduct(
                    Yunei.product, parameters: ["since": "2024-01-01"], by: actor, launcher: Yunei.launcher)
                else { return "stopped" }
                let size = try Data(contentsOf: URL(fileURLWithPath: job.receiptPath)).count
                if bytes == nil { return Self.code { _ = try domain.copy(job, to: out) } ?? String(size) }
                return Self.code { _ = try domain.copy(job, to: out) }
            }
        }
        let size = try #require(try copy(nil).flatMap { Int($0) })
        // Later receipts of the same domain are longer, never shorter.
        #expect(try copy(size * 2) == nil)
        #expect(try copy(size - 1) == "input.too-large")
    }
}
