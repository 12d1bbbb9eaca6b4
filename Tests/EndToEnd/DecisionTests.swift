// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Foundation
import Testing

@Suite("product check --record and --replay")
struct DecisionTests {
    private func bytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test("A record is the same away from the domain; an altered one is not; another file is none")
    func replay() throws {
        let yunei = try Yunei.withPolicy()
        let file = try yunei.write("product.yaml", Hospital.product)
        let record = yunei.scratch.path + "/decision.json"
        let checked = try yunei.run("product", "check", file, "--record", record, as: "op")
        #expect(checked.status == 0 && checked.json["inputs"]?["sql"]?.text?.count == 64, "\(checked.output)")
        let text = String(decoding: try bytes(record), as: UTF8.self)
        #expect(try JSONValue.parseCanonical(bytes(record))["verdict"] == checked.json)

        let same = try yunei.runPlain(["product", "check", "--replay", record, "--json"])
        #expect(same.status == 0 && same.json["verdict"] == "allowed" && same.json["product"]?.text == Yunei.product, "\(same.output)")
        #expect(same.json["record"]?.text == SHA256.hash(try bytes(record)).hex)

        let altered = try yunei.write("altered.json", text.replacingOccurrences(of: "AS visits", with: "AS total_visits"))
        let different = try yunei.runPlain(["product", "check", "--replay", altered, "--json"])
        #expect(different.status == 1 && different.json["status"] == "different", "\(different.output)")
        #expect(different.json["differences"]?.elements?.contains("/verdict/inputs/sql") == true, "\(different.output)")
        let people = try yunei.runPlain(["product", "check", "--replay", altered, "--lang", "en"])
        #expect(people.status == 1 && people.output.contains("/verdict/inputs/sql"), "\(people.output)")

        try yunei.runPlain(["product", "check", "--replay", file, "--json"]).expectRefusal(status: 2, "decision.malformed", naming: ["/"])
        try yunei.runPlain(["product", "check", "--replay", yunei.scratch.path + "/absent", "--json"])
            .expectRefusal(status: 2, "input.unreadable", naming: ["absent"])
    }

    @Test("A refusal has a record too, with changes that were tried")
    func refused() throws {
        let yunei = try Yunei.withPolicy()
        let daily = Hospital.product.replacingOccurrences(of: "date_trunc('month', visit_date)", with: "visit_date")
        let file = try yunei.write("daily.yaml", daily)
        let record = yunei.scratch.path + "/decision.json"
        let checked = try yunei.run("product", "check", file, "--record", record, as: "op")
        #expect(checked.status == 1 && checked.json["repair"]?["sql"]?.text?.contains("date_trunc('month', visit_date) AS month") == true, "\(checked.output)")
        #expect(checked.findings.first?["change"]?["verified"] == true, "\(checked.output)")
        #expect(try JSONValue.parseCanonical(bytes(record))["verdict"] == checked.json)
        #expect(try yunei.runPlain(["product", "check", "--replay", record, "--json"]).status == 0)
        let people = try yunei.runForPeople("product", "check", file, as: "op")
        #expect(people.status == 1 && people.output.contains("Passes if (checked again with the change)"), "\(people.output)")
        let chinese = try yunei.runForPeople("product", "check", file, as: "op", language: "zh")
        #expect(chinese.output.contains("全部改动一起可以通过"), "\(chinese.output)")
    }

    @Test("A submission stores its record among the objects, and the log names it")
    func submission() throws {
        let yunei = try Yunei.withPolicy()
        let submitted = try yunei.run("product", "submit", try yunei.write("product.yaml", Hospital.product), as: "op")
        #expect(submitted.status == 0, "\(submitted.output)")
        let refused = Hospital.product.replacingOccurrences(of: "COUNT(*)", with: "MAX(cost)")
        #expect(try yunei.run("product", "submit", try yunei.write("refused.yaml", refused), as: "op").status == 1)
        let listed = try yunei.run("audit", "list").json["entries"]?.elements ?? []
        for (type, verdict) in [("product.submitted", "allowed"), ("job.refused", "refused")] {
            let index = try #require(listed.last { $0["type"]?.text == type }?["index"]?.number, "\(listed)")
            let entry = try yunei.run("audit", "show", "\(index)").json
            let body = entry["entry"]?["body"] ?? entry["body"] ?? .null
            let digest = try #require(body["decision"]?.text, "\(entry)")
            let path = yunei.domain + "/objects/" + digest.prefix(2) + "/" + digest.dropFirst(2)
            #expect(SHA256.hash(try bytes(path)).hex == digest)
            let replay = try yunei.runPlain(["product", "check", "--replay", path, "--json"])
            #expect(replay.status == 0 && replay.json["verdict"]?.text == verdict, "\(replay.output)")
        }
    }

    @Test("FILE and --replay exclude each other, and --record needs a place")
    func use() throws {
        let yunei = try Yunei.withPolicy()
        let file = try yunei.write("product.yaml", Hospital.product)
        #expect(try yunei.run("product", "check").code == "command.usage")
        #expect(try yunei.run("product", "check", file, "--replay", file).code == "command.usage")
        #expect(try yunei.run("product", "check", "--replay", file, "--record", file).code == "command.usage")
        try yunei.run("product", "check", file, "--record", yunei.scratch.path, as: "op").expectRefusal(status: 2, "output.unwritable", naming: [yunei.scratch.path])
    }
}
