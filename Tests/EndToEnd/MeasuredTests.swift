// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("What loads measure: linkage risk, drafts, records")
struct MeasuredTests {
    private static let policy = """
        table: visit
        unit: 市卫健委
        entity: { person: person_id }
        grade: 一般
        columns:
          person_id:  { type: text, identifier: key, allow: [join, count_distinct] }
          hospital:   { type: text, allow: [group, filter_equal] }
          visit_date: { type: date, format: yyyy-MM-dd, allow: [group, filter_range], granularity: month }
          town:       { type: text, allow: [group, filter_equal] }
          phone:      { type: text }
          cost:       { type: "decimal(12,2)", allow: [sum, average, count], bounds: [0, 200000] }
        """

    /// 1,200 persons, one visit each: 4 hospitals, 12 months and 60 towns; 25 persons in each hospital and month, 5 in each hospital and town.
    private static let csv: String = {
        var text = "person_id,hospital,visit_date,town,phone,cost\n"
        for person in 0..<1_200 {
            let month = person / 4 % 12 + 1
            text += "\(Hospital.person(person)),医院\(person % 4),2024-\(month < 10 ? "0" : "")\(month)-03,镇\(person / 20),\(13_800_000_000 + person),\(person).50\n"
        }
        return text
    }()

    private static let product = """
        product: 镇
        scenario: 疾控
        sql: SELECT hospital, town, COUNT(*) FROM visit GROUP BY 1, 2
        """

    private static func domain() throws -> Yunei { try Yunei.founded(rehearsal: false).applying(policy).loading(csv) }

    @Test("A product whose cells would mostly be below the minimum needs review; an ordinary one, and the same before the load, does not")
    func linkage() throws {
        let yunei = try Yunei.founded(rehearsal: false).applying(Self.policy)
        let file = try yunei.write("town.yaml", Self.product)
        #expect(try yunei.run("product", "check", file, as: "op").status == 0)
        try yunei.loading(Self.csv)
        let record = yunei.scratch.path + "/decision.json"
        let flagged = try yunei.run("product", "check", file, "--record", record, as: "op")
        #expect(flagged.json["status"] == "needs-review" && flagged.rules == ["policy.linkage-risk"], "\(flagged.output)")
        let finding = flagged.findings.first
        #expect(finding?["owner"]?.text == Hospital.unit && finding?["message"]?["zh"]?.text?.contains("visit.hospital, visit.town") == true)
        #expect(finding?["passes_if"]?["en"]?.text?.contains("visit.town") == true)
        let monthly = Self.product.replacing("town, COUNT", with: "date_trunc('month', visit_date), COUNT")
        #expect(try yunei.run("product", "check", try yunei.write("month.yaml", monthly), as: "op").status == 0)
        // The verdict rests on what was measured: the record has it, and gives the same away from the domain.
        #expect(try yunei.runPlain(["product", "check", "--replay", record, "--json"]).status == 0)
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: record)), as: UTF8.self)
        let altered = try yunei.write("altered.json", text.replacing("\"below\":\"most\"", with: "\"below\":\"none\""))
        let different = try yunei.runPlain(["product", "check", "--replay", altered, "--json"])
        #expect(different.status == 1 && different.json["differences"]?.elements?.contains("/verdict/inputs/profiles") == true, "\(different.output)")
    }

    @Test("Neither a count nor a value of the rows is in what was measured")
    func coarse() throws {
        let yunei = try Self.domain()
        let listed = try yunei.run("audit", "list").json["entries"]?.elements ?? []
        let index = try #require(listed.last { $0["type"]?.text == "table.loaded" }?["index"]?.number)
        let shown = try yunei.run("audit", "show", "\(index)").json
        let digest = try #require((shown["entry"]?["body"] ?? shown["body"])?["profile"]?.text)
        let path = yunei.domain + "/objects/" + digest.prefix(2) + "/" + digest.dropFirst(2)
        let profile = try JSONValue.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
        var numbers: Set<Int64> = []
        func collect(_ value: JSONValue) {
            if let number = value.number { numbers.insert(number) }
            for element in value.elements ?? [] { collect(element) }
            for member in (value.members ?? [:]).values { collect(member) }
        }
        collect(profile)
        #expect(numbers.allSatisfy { (-1...10).contains($0) }, "\(numbers)")
        #expect((profile["unions"]?.elements ?? []).count == 7 && !profile.canonicalText.contains("镇"))
    }

    @Test("suggest drafts a policy that lints without errors, in both languages, with coarse bounds only")
    func suggestion() throws {
        let yunei = try Self.domain()
        for language in ["zh", "en"] {
            let draft = try yunei.runForPeople("policy", "suggest", "visit", as: "wjw", language: language)
            #expect(draft.status == 0 && draft.output.contains("bounds: [0, 10000]") && draft.output.contains("phone: { type: \"text\", allow: [] }"), "\(draft.output)")
            #expect(!draft.output.contains("1199") && !draft.output.contains("138"), "\(draft.output)")
            let lint = try yunei.run("policy", "lint", try yunei.write("draft.yaml", draft.output), as: "wjw")
            #expect(lint.json["errors"] == 0, "\(lint.output)")
        }
        let loose = Self.policy.replacing("phone:      { type: text }", with: "phone:      { type: text, allow: [group] }")
        let lint = try yunei.run("policy", "lint", try yunei.write("loose.yaml", loose), as: "wjw")
        #expect(lint.rules.contains("label.usable-identifier") && lint.output.contains("mobile"), "\(lint.output)")
        let empty = try Yunei.founded(rehearsal: false).applying(Self.policy)
        try empty.run("policy", "suggest", "visit").expectRefusal(status: 2, "table.not-loaded", naming: ["visit"])
        try empty.run("policy", "suggest", "nowhere").expectRefusal(status: 2, "table.unknown", naming: ["nowhere"])
    }

    @Test("doctor misses a decision record and what a load measured", arguments: ["product.submitted", "table.loaded"])
    func doctor(type: String) throws {
        let yunei = try Self.domain()
        let monthly = Self.product.replacing("town, COUNT", with: "date_trunc('month', visit_date), COUNT")
        try Yunei.expectDone(yunei.run("product", "submit", try yunei.write("month.yaml", monthly), as: "op"))
        #expect(try yunei.run("doctor").status == 0)
        let listed = try yunei.run("audit", "list").json["entries"]?.elements ?? []
        let index = try #require(listed.last { $0["type"]?.text == type }?["index"]?.number)
        let shown = try yunei.run("audit", "show", "\(index)").json
        let body = shown["entry"]?["body"] ?? shown["body"]
        let digest = try #require((body?["decision"] ?? body?["profile"])?.text)
        let path = yunei.domain + "/objects/" + digest.prefix(2) + "/" + digest.dropFirst(2)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: path)
        let missing = try yunei.run("doctor")
        #expect(missing.status == 3 && missing.output.contains("doctor.object-bad"), "\(missing.output)")
        try (bytes + Data([10])).write(to: URL(fileURLWithPath: path))
        #expect(try yunei.run("doctor").status == 3)
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(try yunei.run("doctor").status == 0)
    }
}
