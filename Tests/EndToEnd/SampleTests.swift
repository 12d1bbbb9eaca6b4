// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("Invented rows, and labels that loads doubt")
struct SampleTests {
    /// A sample in a file, which from then on counts as written by the test.
    private func sample(_ yunei: Yunei, _ table: String, _ rows: Int, seed: Int = 1) throws -> String {
        let path = yunei.scratch.path + "/\(table)-sample.csv"
        let run = try yunei.run("table", "sample", table, "--synthetic", String(rows), "--seed", String(seed), "--out", path)
        try Yunei.expectDone(run)
        #expect(run.json["rows"] == .integer(Int64(rows)) && run.json["file"] == .string(path) && run.json["synthetic"] == true)
        return try yunei.write("\(table)-sample.csv", bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    @Test("From policies alone to joins that give rows")
    func wholeWay() throws {
        let yunei = try Yunei.founded(rehearsal: true)
        try Yunei.expectDone(yunei.run("identity", "add", "gaj", "--role", "unit", "--org", City.otherUnit))
        try yunei.applying(City.care).applying(City.prescription).applying(City.survey).applying(City.openWeather).applying(City.resident, as: "gaj")
        for (table, rows, identity) in [
            ("care", 600, "wjw"), ("prescription", 900, "wjw"), ("survey", 200, "wjw"), ("weather", 50, "wjw"), ("resident", 400, "gaj"),
        ] {
            let loaded = try yunei.run("table", "load", table, try sample(yunei, table, rows), as: identity)
            try Yunei.expectDone(loaded)
            #expect(loaded.json["rows"] == .integer(Int64(rows)) && loaded.json["rejected"] == 0, "\(loaded.output)")
            #expect(loaded.json["labels"] == [], "\(loaded.output)")
        }
        for sql in [
            "SELECT district, COUNT(*), SUM(cost) FROM care GROUP BY district",
            "SELECT date_trunc('month', visit_date), COUNT(DISTINCT person_id) FROM care GROUP BY 1",
            "SELECT r.home, COUNT(*), SUM(c.cost) FROM care c JOIN resident r ON c.person_id = r.id_number GROUP BY r.home",
            "SELECT p.drug, COUNT(*), SUM(p.amount) FROM prescription p JOIN care c ON p.visit_id = c.visit_id GROUP BY p.drug",
            "SELECT drug, COUNT(*) FROM prescription GROUP BY drug", "SELECT district, AVG(score) FROM survey GROUP BY district",
            "SELECT city, MAX(pm25) FROM weather GROUP BY city",
        ] {
            let run = try yunei.run("query", "--sql", sql)
            #expect(run.status == 0 && run.rows.count >= 4, "\(sql): \(run.output)")
        }
        // Keys of rows differ, so that the sample is taken as an upsert, too.
        try Yunei.expectDone(yunei.run("table", "load", "care", yunei.scratch.path + "/care-sample.csv", "--mode", "upsert", as: "wjw"))
        try yunei.expectSound()
    }

    @Test("Printed, before any load, the same for the same seed")
    func printed() throws {
        let yunei = try Yunei.withPolicy()
        let first = try yunei.runForPeople("table", "sample", "visit", "--synthetic", "7")
        #expect(first.status == 0 && first.output.split(separator: "\n").count == 8, "\(first.output) \(first.errors)")
        #expect(first.output.hasPrefix("person_id,hospital,visit_date,icd_code,cost,name\n"))
        #expect(try yunei.runForPeople("table", "sample", "visit", "--synthetic", "7", language: "zh").output == first.output)
        let json = try yunei.run("table", "sample", "visit", "--synthetic", "7", "--seed", "2").json
        #expect(json["csv"]?.text != nil && json["csv"]?.text != first.output && json["synthetic"] == true)
        try yunei.run("table", "sample", "nowhere", "--synthetic", "7").expectRefusal(status: 2, "table.unknown", naming: ["nowhere"])
        try yunei.run("table", "sample", "visit", "--synthetic", "0").expectRefusal(status: 2, "table.sample-rows", naming: ["100000"])
        try yunei.run("table", "sample", "visit", "--synthetic", "1", "--out", yunei.scratch.path)
            .expectRefusal(status: 2, "output.unwritable", naming: [yunei.scratch.path])
        #expect(try yunei.entryTypes().contains("table.loaded") == false)
    }

    private static let policy = """
        table: visit
        unit: 市卫健委
        entity: { person: person_id }
        grade: 一般
        personal: 敏感
        columns:
          person_id:  { type: text, identifier: resident_id, allow: [join, count_distinct] }
          contact:    { type: text, allow: [group, filter_equal] }
          district:   { type: text, allow: [group, filter_equal] }
        """

    /// Rows whose first column holds resident numbers, or not.
    private static func csv(resident: Bool) -> String {
        "person_id,contact,district\n" + (0..<60).map { number in
            "\(resident ? IdentityNumber.full(number) : "病历-2024-\(1000 + number)"),\(13_800_000_000 + number),东区\n"
        }.joined()
    }

    @Test("A load that doubts labels says so, and the table goes on saying so until the policy is mended")
    func wrongLabels() throws {
        let yunei = try Yunei.founded(rehearsal: true).applying(Self.policy)
        let file = try yunei.write("visit.csv", Self.csv(resident: false))
        let loaded = try yunei.run("table", "load", "visit", file, as: "wjw")
        try Yunei.expectDone(loaded)
        let labels = loaded.json["labels"]?.elements ?? []
        #expect(labels.map { $0["code"]?.text } == ["label.no-resident-id", "label.usable-identifier"], "\(loaded.output)")
        #expect(labels.map { $0["kind"]?.text } == ["resident_id", "mobile_phone"])
        #expect(labels.map { $0["share"]?.text } == ["none", "most"] && labels.allSatisfy { $0["wrong"] == true })
        #expect(labels[0]["message"]?["zh"]?.text?.contains("公民身份号码") == true)
        #expect(labels[1]["message"]?["en"]?.text?.contains("mobile phone numbers") == true)
        let shown = try yunei.run("table", "show", "visit")
        #expect(shown.json["labels"] == loaded.json["labels"], "\(shown.output)")
        #expect(try yunei.runForPeople("table", "show", "visit", language: "zh").output.contains("标签有误：表 visit 的列 contact 看起来是手机号"))
        #expect(try yunei.runForPeople("table", "show", "visit").output.contains("Wrong label: column contact of visit looks like mobile phone numbers"))
        // The policy is mended; data stay as they are.
        try yunei.applying(Self.policy.replacing("identifier: resident_id", with: "identifier: key").replacing("contact:    { type: text, allow: [group, filter_equal] }", with: "contact:    { type: text }"))
        #expect(try yunei.run("table", "show", "visit").json["labels"] == [])
        try yunei.expectSound()
    }

    @Test("Labels that fit raise no doubt; identity numbers as an ordinary column do")
    func rightLabels() throws {
        let yunei = try Yunei.founded(rehearsal: true).applying(Self.policy.replacing("contact:    { type: text, allow: [group, filter_equal] }", with: "contact:    { type: text }"))
        let file = try yunei.write("visit.csv", Self.csv(resident: true))
        let right = try yunei.run("table", "load", "visit", file, as: "wjw")
        #expect(right.status == 0 && right.json["labels"] == [], "\(right.output)")
        try yunei.applying(Self.policy.replacing("identifier: resident_id", with: "identifier: key"))
        let wrong = try yunei.run("table", "load", "visit", file, as: "wjw")
        #expect(wrong.json["labels"]?.elements?.first?["code"] == "label.undeclared-resident-id", "\(wrong.output)")
        // What is recognised stands in the log, in classes.
        let entry = try #require(try yunei.entries(of: "table.loaded").last)
        #expect(entry["recognised"] == [
            ["column": "person_id", "kind": "resident_id", "share": "most"], ["column": "contact", "kind": "mobile_phone", "share": "most"],
        ], "\(entry)")
        try yunei.expectSound()
    }
}
