// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Glibc
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
        try search(yunei, runs)
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

    private func search(_ yunei: Yunei, _ runs: [Yunei.Run]) throws {
        let needles = Self.planted.flatMap { value in Canary.forms(of: value).map { (value: value, form: $0.0, bytes: $0.1) } }
        var places = yunei.files + [yunei.scratch.path + "/rejects.csv"]
        let own = try FileManager.default.contentsOfDirectory(atPath: yunei.scratch.path)
        places += own.filter { $0.hasPrefix("core") }.map { yunei.scratch.path + "/" + $0 }
        #expect(places.count > 30)
        for path in places {
            guard let content = FileManager.default.contents(atPath: path) else {
                Issue.record("\(path) cannot be read")
                continue
            }
            for needle in needles where content.range(of: needle.bytes) != nil { Issue.record("\(needle.value) as \(needle.form) in \(path)") }
        }
        for run in runs {
            let content = Data((run.output + run.errors).utf8)
            for needle in needles where content.range(of: needle.bytes) != nil {
                Issue.record("\(needle.value) as \(needle.form) in the output of a command: \(run.output)\(run.errors)")
            }
        }
        for needle in needles where needle.form == "UTF-8" {
            let planted = try Data(contentsOf: URL(fileURLWithPath: yunei.scratch.path + "/visit.csv"))
            #expect(planted.range(of: needle.bytes) != nil, "the search finds nothing")
        }
    }
}

/// The bytes under which a value could hide.
enum Canary {
    static func forms(of value: String) -> [(String, Data)] {
        let utf8 = Array(value.utf8)
        let little = value.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = value.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let hex = utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        var forms: [(String, [UInt8])] = [
            ("UTF-8", utf8), ("reversed", utf8.reversed()), ("UTF-16LE", little), ("UTF-16BE", big), ("hex", Array(hex.utf8)),
            ("HEX", Array(hex.uppercased().utf8)), ("GB18030", gb18030(utf8)),
        ]
        for shift in 0..<3 {
            // What base64 makes of it wherever it starts, without the characters at both ends that depend on its neighbours.
            let padded = Data([UInt8](repeating: 0, count: shift) + utf8)
            let text = padded.base64EncodedString().replacing("=", with: "")
            let usable = text.dropFirst(shift == 0 ? 0 : shift + 1).dropLast(1)
            forms.append(("base64", Array(usable.utf8)))
        }
        if let number = Int64(value.replacing(".", with: "")), value.contains(".") {
            forms.append(("scaled integer", withUnsafeBytes(of: number.littleEndian) { Array($0) }))
        }
        return forms.map { ($0.0, Data($0.1)) }
    }

    private static func gb18030(_ utf8: [UInt8]) -> [UInt8] { Encoding.gb18030(utf8) ?? utf8 }
}

/// Text in the encoding of city files.
enum Encoding {
    static func gb18030(_ utf8: [UInt8]) -> [UInt8]? {
        let converter = iconv_open("GB18030", "UTF-8")
        defer { iconv_close(converter) }
        var source = utf8.map { CChar(bitPattern: $0) }
        var target = [CChar](repeating: 0, count: utf8.count * 4)
        var (left, free) = (source.count, target.count)
        let failed = source.withUnsafeMutableBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                var (input, output) = (source.baseAddress, target.baseAddress)
                return iconv(converter, &input, &left, &output, &free) == -1
            }
        }
        return failed ? nil : target.prefix(target.count - free).map { UInt8(truncatingIfNeeded: $0) }
    }
}
