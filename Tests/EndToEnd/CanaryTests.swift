// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import JobControl
import Testing

/// Values planted in every column must stand nowhere outside the ciphertext.
@Suite("Canaries")
struct CanaryTests {
    private static let person = "CANARY-PERSON-7731"
    private static let hospital = "金丝雀第七附属医院"
    private static let date = "2031-07-19"
    private static let code = "Z99.77315"
    private static let cost = "73315.97"
    private static let name = "金丝雀张三丰"
    private static let planted = [person, hospital, date, code, cost, name]

    @Test("After a whole life with refusals, failures and killed executors")
    func wholeLife() throws {
        var runs: [Yunei.Run] = []
        let yunei = try Yunei.withPolicy()
        yunei.scratch.trail.plant(Self.planted)
        let rows = Hospital.rows().filter { !$0.contains(Self.person) } + [
            "\(Self.person),\(Self.hospital),\(Self.date),\(Self.code),\(Self.cost),\(Self.name)",
        ]
        let header = "person_id,hospital,visit_date,icd_code,cost,name"
        let csv = ([header] + rows).joined(separator: "\n") + "\n"
        let file = try yunei.write("visit.csv", csv)
        runs.append(try yunei.run("table", "load", "visit", file, as: "wjw"))
        // Bad values that look like the planted ones, in every column that can be bad.
        let bad = try yunei.write(
            "bad.csv", "\(csv)\(Self.person),\(Self.hospital),\(Self.name),\(Self.code),\(Self.cost),\(Self.name)\n\(Self.person),\(Self.hospital),\(Self.date),\(Self.code),\(Self.name),\(Self.date),surplus\n")
        runs.append(try yunei.run("table", "load", "visit", bad, as: "wjw"))
        runs.append(try yunei.runForPeople("table", "load", "visit", bad, as: "wjw"))
        runs.append(try yunei.run("table", "load", "visit", bad, "--reject-file", yunei.scratch.path + "/rejects.csv", as: "wjw"))
        runs.append(try yunei.run("table", "load", "visit", file, "--mode", "append", as: "wjw"))
        runs.append(try yunei.run("table", "load", "visit", file, as: "wjw", environment: ["YUNEI_FAULT_ERROR": "30:ENOSPC"]))
        runs.append(try yunei.run("table", "load", "visit", file, as: "wjw", environment: ["YUNEI_FAULT_STEP": "25"]))
        runs.append(try yunei.run("table", "load", "visit", file, as: "wjw"))
        runs += try jobs(yunei)
        runs.append(try yunei.run("table", "show", "visit"))
        runs.append(try yunei.run("audit", "list"))
        runs.append(try yunei.run("audit", "export", "--out", yunei.domain + "/exported"))
        runs.append(try yunei.runForPeople("doctor"))
        #expect(runs.count { $0.status == 0 } >= 8, "\(runs.map(\.status))")
        #expect(runs.contains { $0.status == 1 } && runs.contains { $0.status == 2 } && runs.contains { $0.status == 3 })
        // Everything else is searched when the domain goes; here, that there was something to search.
        #expect(yunei.files.count > 30)
        let loaded = CanarySearch(values: Set(Self.planted)).found(in: Data(csv.utf8))
        #expect(loaded.count { $0.hasSuffix(" as UTF-8") } == Self.planted.count, "\(loaded)")
    }

    /// Released, refused, failing and killed jobs.
    private func jobs(_ yunei: Yunei) throws -> [Yunei.Run] {
        try yunei.approving()
        var runs = [try yunei.run(Yunei.january, as: "op")]
        for sql in ["SELECT name, cost FROM visit", "SELECT hospital, MAX(cost) FROM visit GROUP BY 1", "SELECT COUNT(*) FROM visit"] {
            runs.append(try yunei.run("query", "--sql", sql, as: "op"))
            runs.append(try yunei.runForPeople("query", "--sql", sql, as: "op"))
        }
        runs.append(try yunei.run(["job", "run", Yunei.product, "--param", "since=\(Self.name)"], as: "op"))
        runs.append(try yunei.runForPeople("job", "run", Yunei.product, "--param", "since=\(Self.date)", as: "op"))
        runs.append(try yunei.run(Yunei.january, as: "op", environment: ["YUNEI_FAULT_STEP": "12"]))
        for delay: UInt32 in [500, 2_000, 4_000, 8_000] {
            try yunei.inProcess { domain in
                let actor = try domain.unlock("op", passphrases: Yunei.passphrase)
                _ = try? domain.runProduct(
                    Yunei.product, parameters: ["since": "2024-01-01"], by: actor, launcher: KillingLauncher(afterMicroseconds: delay))
                let unit = try domain.unlock("wjw", passphrases: Yunei.passphrase)
                _ = try? domain.load(
                    table: "visit", file: yunei.scratch.path + "/visit.csv",
                    options: LoadOptions(mode: "replace", period: nil, asOf: nil, rejectFile: nil), by: unit,
                    launcher: KillingLauncher(afterMicroseconds: delay))
            }
        }
        // A column file that is altered: what is told names the column, not what was in it.
        let path = try #require(try yunei.storedFiles(of: "visit").first { $0.name == "hospital" }?.path)
        let good = try Data(contentsOf: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: path)
        try Data(good.map { $0 ^ 1 }).write(to: URL(fileURLWithPath: path))
        runs.append(try yunei.run(Yunei.january, as: "op"))
        runs.append(try yunei.runForPeople("job", "run", Yunei.product, "--param", "since=2024-01-01", as: "op"))
        try FileManager.default.removeItem(atPath: path)
        try good.write(to: URL(fileURLWithPath: path))
        runs.append(try yunei.run(Yunei.january, as: "op"))
        return runs
    }
}

/// The search that every scratch directory goes through must be able to fail.
@Suite("The search for canaries")
struct CanarySearchTests {
    /// Lets go of a domain in which `spoil` has left something.
    private static func leave(_ spoil: (Yunei) throws -> Void) throws {
        let yunei = try Yunei.loaded()
        try spoil(yunei)
    }

    private static func append(_ bytes: [UInt8], to path: String) throws {
        let old = FileManager.default.contents(atPath: path) ?? Data()
        try? FileManager.default.removeItem(atPath: path)
        try (old + Data(bytes)).write(to: URL(fileURLWithPath: path))
    }

    static let places: [(name: String, spoil: @Sendable (Yunei, [UInt8]) throws -> Void)] = [
        ("a new file of the domain", { try append($1, to: $0.domain + "/staging/left") }),
        ("the log", { yunei, bytes in try append(bytes, to: try #require(yunei.files.first { $0.contains("/audit/") })) }),
        ("a stored object", { yunei, bytes in try append(bytes, to: try #require(yunei.files.first { $0.contains("/objects/") })) }),
        ("the database", { try append($1, to: $0.domain + "/metadata.sqlite") }),
        ("a core file", { try append($1, to: $0.scratch.path + "/core") }),
        ("a file that the test wrote and a command changed", { try append($1, to: try $0.write("note.txt", "nothing to see")) }),
        ("standard output", { _ = try Program.run("/bin/cat", [try $0.write("bytes", bytes: $1)], environment: [:], in: $0.scratch) }),
        ("standard error", {
            let script = "cat " + (try $0.write("bytes", bytes: $1)) + " >&2"
            _ = try Program.run("/bin/sh", ["-c", script], environment: ["PATH": "/bin"], in: $0.scratch)
        }),
    ]

    @Test("A value in any place fails the test that left it there", arguments: places.map(\.name))
    func found(place: String) throws {
        let spoil = try #require(Self.places.first { $0.name == place }).spoil
        try withKnownIssue {
            try Self.leave { try spoil($0, Array("noise \(Hospital.canaryPerson) noise".utf8)) }
        } matching: { issue in
            issue.comments.contains { $0.rawValue.hasPrefix("\(Hospital.canaryPerson) as UTF-8 in ") }
        }
    }

    @Test("Any person, any name, the passphrase, any key, in any form", arguments: [
        Hospital.person(42), "病人42", Hospital.canaryName, Hospital.canaryCost, Yunei.commonPassphrase,
    ])
    func everyForm(value: String) throws {
        let yunei = try Yunei.loaded()
        #expect(yunei.scratch.trail.findings() == [])
        for form in Canary.forms(of: value) {
            let path = yunei.scratch.path + "/spoilt"
            try Data([1, 2, 3] + form.bytes + [4]).write(to: URL(fileURLWithPath: path))
            #expect(yunei.scratch.trail.findings().contains { $0.hasPrefix(value) && $0.hasSuffix(path) }, "\(form.name)")
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("Keys are opened and searched for; each may stand in no other file")
    func keys() throws {
        let yunei = try Yunei.loaded()
        let files = try yunei.files.map { (path: $0, content: try Data(contentsOf: URL(fileURLWithPath: $0))) }
        let keys = KeyMaterial.keys(in: files)
        let names = ["custody key", "seed of the log's key", "root key", "seed of wjw", "key of " + Hospital.unit, "key of visit 1", "key of visit.cost 1"]
        for name in names {
            let key = try #require(keys.first { $0.name == name }, "\(name)")
            let path = yunei.scratch.path + "/spoilt"
            try Data(key.bytes).base64EncodedData().write(to: URL(fileURLWithPath: path))
            #expect(yunei.scratch.trail.findings().contains { $0.hasPrefix(name) }, "\(name)")
            try Data([0] + key.bytes).write(to: URL(fileURLWithPath: path))
            #expect(yunei.scratch.trail.findings().contains { $0.hasPrefix(name) }, "\(name)")
            try FileManager.default.removeItem(atPath: path)
        }
        #expect(yunei.scratch.trail.findings() == [])
    }

    @Test("A copy of a domain is searched for what was loaded into the first")
    func copies() throws {
        let copy = try Yunei.withPolicy().loading(Hospital.csv()).copy()
        try Self.append(Array(Hospital.person(7).utf8), to: copy.domain + "/staging/left")
        #expect(copy.scratch.trail.findings().count == 1)
        try FileManager.default.removeItem(atPath: copy.domain + "/staging/left")
        #expect(copy.scratch.trail.findings() == [])
    }

    @Test("A table of which nothing could be searched for is not loaded by a test")
    func nothingRare() throws {
        let yunei = try Yunei.withPolicy()
        let rows = "person_id,hospital,visit_date,icd_code,cost,name\np1,甲医院,2024-01-01,I10,1.00,x\n"
        #expect(throws: Yunei.Unexpected.self) { try yunei.loading(rows) }
    }
}
