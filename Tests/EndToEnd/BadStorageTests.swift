// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Foundation
import Glibc
import JobControl
import Testing

@Suite("Bad storage: locked, missing, truncated, altered")
struct BadStorageTests {
    @Test("A domain that another process holds is left alone")
    func locked() throws {
        let yunei = try Yunei.loaded()
        let descriptor = open(yunei.domain + "/lock", O_RDWR | O_CLOEXEC)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let waiting = ContinuousClock().now
        try yunei.run("table", "list").expectRefusal(status: 2, "domain.locked", naming: [yunei.domain])
        #expect(ContinuousClock().now - waiting >= .seconds(JobControl.Limits.lockWaitSeconds))
        #expect(try yunei.run("audit", "verify").status == 0)
        close(descriptor)
        #expect(try yunei.run("table", "list").status == 0)
        try yunei.expectSound()
    }

    @Test("A key file that is gone or damaged is named; with it back, work goes on")
    func keyFiles() throws {
        let yunei = try Yunei.approved()
        let custody = yunei.domain + "/keys/custody.key"
        let unit = yunei.domain + "/keys/" + SHA256.hash(Array(Hospital.unit.utf8)).hex.prefix(32) + ".custody"
        let identity = yunei.domain + "/identities/op.key"
        let log = yunei.domain + "/keys/log.key"
        for path in [custody, unit, identity, log] {
            try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
            try yunei.run(Yunei.january, as: "op").expectRefusal(status: 2, "key.file-missing", naming: [path])
            let good = try Data(contentsOf: URL(fileURLWithPath: path + ".away"))
            try good.dropLast(3).write(to: URL(fileURLWithPath: path))
            let damaged = try yunei.run(Yunei.january, as: "op")
            #expect(damaged.status == 3 || (path == identity && damaged.status == 2), "\(path): \(damaged.output)")
            damaged.expectRefusal(status: damaged.status, damaged.code ?? "")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
            #expect(try yunei.run("audit", "verify").status == 0)
        }
        #expect(try yunei.entryTypes().contains("job.intended") == false)
        let other = try Yunei.withPolicy()
        try Yunei.expectDone(other.run("identity", "add", "op2", "--role", "operator", "--org", "运营公司"))
        try FileManager.default.copyItem(atPath: identity, toPath: identity + ".away")
        try FileManager.default.removeItem(atPath: identity)
        try FileManager.default.copyItem(atPath: other.domain + "/identities/op2.key", toPath: identity)
        #expect(try yunei.run(Yunei.january, as: "op").status >= 2)
        try FileManager.default.removeItem(atPath: identity)
        try FileManager.default.moveItem(atPath: identity + ".away", toPath: identity)
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        try yunei.expectSound()
    }

    @Test("Every stored file of a table: a flipped byte, a cut, a swap, a loss is detected; no result leaves")
    func alteredTable() throws {
        let yunei = try Yunei.approved()
        let stored = try yunei.storedFiles(of: "visit")
        #expect(stored.count >= 7, "\(stored)")
        let other = try Data(contentsOf: URL(fileURLWithPath: stored.first { $0.name == "hospital" }?.path ?? ""))
        var stopped: Set<String> = []
        for file in stored {
            let good = try Data(contentsOf: URL(fileURLWithPath: file.path))
            for (kind, bad) in Self.alterations(good, other: file.name == "hospital" ? nil : other) {
                try Self.replace(file.path, with: bad)
                let doctor = try yunei.run("doctor")
                if file.name != "directory" {
                    #expect(doctor.status == 3, "\(file.name) \(kind): \(doctor.output)")
                    #expect(doctor.output.contains(file.path), "\(file.name) \(kind): \(doctor.output)")
                }
                let run = try yunei.run(Yunei.january, as: "op")
                guard run.status != 0 else { continue }
                stopped.insert(file.name)
                #expect(run.status == 3, "\(file.name) \(kind): \(run.output)")
                run.expectRefusal(status: 3, run.code ?? "")
                #expect(run.code?.hasPrefix("store.") == true || run.code?.hasPrefix("object.") == true, "\(file.name) \(kind): \(run.output)")
            }
            try Self.replace(file.path, with: good)
            try? FileManager.default.removeItem(atPath: yunei.domain + "/results")
            try FileManager.default.createDirectory(atPath: yunei.domain + "/results", withIntermediateDirectories: false)
        }
        #expect(stopped.isSuperset(of: ["hospital", "visit_date", "cost", "manifest"]), "\(stopped)")
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        try yunei.expectSound()
    }

    @Test("The entity directory is authenticated before the next load uses it")
    func alteredDirectory() throws {
        let yunei = try Yunei.loaded()
        let directory = try #require(try yunei.storedFiles(of: "visit").first { $0.name == "directory" })
        let good = try Data(contentsOf: URL(fileURLWithPath: directory.path))
        let file = try yunei.write("again.csv", Hospital.csv())
        for (kind, bad) in Self.alterations(good, other: nil) {
            try Self.replace(directory.path, with: bad)
            let run = try yunei.run("table", "load", "visit", file, as: "wjw")
            #expect(run.status == 3, "\(kind): \(run.output)")
            run.expectRefusal(status: 3, run.code ?? "")
        }
        try Self.replace(directory.path, with: good)
        #expect(try yunei.run("table", "load", "visit", file, as: "wjw").json["version"] == 2)
        try yunei.expectSound()
    }

    @Test("An altered document stops every command that needs it")
    func alteredDocument() throws {
        let yunei = try Yunei.approved()
        let entry = try #require(try yunei.entries(of: "policy.applied").first)
        let path = yunei.object(entry["document"]?.text ?? "")
        let good = try Data(contentsOf: URL(fileURLWithPath: path))
        let weaker = try #require(String(decoding: good, as: UTF8.self).replacing("\"10\"", with: "\"1\"").data(using: .utf8))
        for bad in [weaker == good ? Data(good.dropLast()) : weaker, Data(), Data(good.dropFirst())] {
            try Self.replace(path, with: bad)
            try yunei.run(Yunei.january, as: "op").expectRefusal(status: 3, "object.altered", naming: [path])
            #expect(try yunei.run("doctor").status == 3)
        }
        try FileManager.default.removeItem(atPath: path)
        try yunei.run(Yunei.january, as: "op").expectRefusal(status: 3, "object.missing", naming: [path])
        try good.write(to: URL(fileURLWithPath: path))
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        try yunei.expectSound()
    }

    @Test("A view that SQLite cannot read is made again from the log")
    func damagedView() throws {
        let yunei = try Yunei.approved()
        let path = yunei.domain + "/metadata.sqlite"
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try Data("no database at all, but long enough to be read as one".utf8).write(to: URL(fileURLWithPath: path))
        let run = try yunei.run("table", "list")
        run.expectRefusal(status: 3, "metadata.unusable")
        #expect(run.output.contains("--rebuild"), "\(run.output)")
        #expect(try yunei.run("doctor", "--rebuild").status == 0)
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        try yunei.expectSound()
    }

    @Test("A log that was altered, cut or lost does not verify, and no work goes on over it silently")
    func alteredLog() throws {
        let yunei = try Yunei.approved()
        let files = yunei.files.filter { $0.contains("/audit/") }
        #expect(files.count >= 3)
        for file in files {
            let good = try Data(contentsOf: URL(fileURLWithPath: file))
            var flipped = good
            flipped[flipped.startIndex + flipped.count / 2] ^= 1
            for bad in [flipped, Data(good.dropLast()), Data()] {
                try Self.replace(file, with: bad)
                let run = try yunei.run("audit", "verify")
                #expect(run.status == 3, "\(file): \(run.output)")
                #expect(run.json["failures"]?.elements?.isEmpty == false, "\(run.output)")
                run.expectNoTrace()
            }
            try Self.replace(file, with: good)
        }
        try yunei.expectSound()
    }

    private static func alterations(_ good: Data, other: Data?) -> [(String, Data)] {
        func flipped(_ place: Int) -> Data {
            var bytes = [UInt8](good)
            bytes[place] ^= 0x10
            return Data(bytes)
        }
        return [
            ("first byte", flipped(0)), ("middle byte", flipped(good.count / 2)), ("last byte", flipped(good.count - 1)),
            ("cut", Data(good.prefix(good.count / 2))), ("empty", Data()), ("longer", good + Data([0])),
        ] + (other.map { [("swapped", $0)] } ?? [])
    }

    /// In place of the old file: a stored object may be read-only.
    private static func replace(_ path: String, with bytes: Data) throws {
        try FileManager.default.removeItem(atPath: path)
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}

extension Yunei {
    func object(_ digest: String) -> String { domain + "/objects/" + digest.prefix(2) + "/" + digest.dropFirst(2) }

    /// Bodies of the log's entries of one type.
    func entries(of type: String) throws -> [JSONValue] {
        let entries = try run("audit", "list").json["entries"]?.elements ?? []
        return try entries.filter { $0["type"]?.text == type }.compactMap { entry in
            try run("audit", "show", String(entry["index"]?.number ?? 0)).json["entry"]?["body"]
        }
    }

    /// Sealed files of a table's newest version: columns, entity numbers, `manifest`, `directory`.
    func storedFiles(of table: String) throws -> [(name: String, path: String)] {
        let body = try entries(of: "table.loaded").last { $0["table"]?.text == table } ?? .null
        let files = (body["files"]?.elements ?? []).map { ($0["name"]?.text ?? "", $0["digest"]?.text ?? "") }
        let directories = (body["directories"]?.elements ?? []).map { ("directory", $0["digest"]?.text ?? "") }
        return (files + directories + [("manifest", body["manifest"]?.text ?? "")]).map { (name: $0.0, path: object($0.1)) }
    }
}
