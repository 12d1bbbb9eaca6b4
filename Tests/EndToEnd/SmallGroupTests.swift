// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Testing

@Suite("Small groups stay hidden behind joins and between aggregates")
struct SmallGroupTests {
    private static let areas = "table: area\nunit: 市卫健委\ngrade: 一般\nopen: true\ncolumns:\n  hospital: { type: text }\n  district: { type: text }\n"

    private func domain(areas rows: [String]) throws -> Yunei {
        let yunei = try Yunei.loaded(rehearsal: true)
        let policy = Hospital.policy.replacing("hospital:   { type: text, allow: [group, filter_equal] }", with: "hospital:   { type: text, allow: [group, filter_equal, join] }")
        try Yunei.expectDone(yunei.run("policy", "apply", try yunei.write("visit2.yaml", policy), as: "wjw"))
        try Yunei.expectDone(yunei.run("policy", "apply", try yunei.write("area.yaml", Self.areas), as: "wjw"))
        let csv = (["hospital,district"] + rows).joined(separator: "\n") + "\n"
        try Yunei.expectDone(yunei.run("table", "load", "area", try yunei.write("area.csv", csv), as: "wjw"))
        return yunei
    }

    @Test("An open table is looked up by a column in which each value stands once")
    func lookup() throws {
        let yunei = try domain(areas: ["甲医院,东", "乙医院,西", "丙医院,西"])
        let run = try yunei.run("query", "--sql", "SELECT a.district, COUNT(*) FROM visit v JOIN area a ON v.hospital = a.hospital GROUP BY 1 ORDER BY 2")
        #expect(run.rows == [["西", 21], ["东", 60]], "\(run.output)")
    }

    @Test("One with repeated values would multiply protected rows, and is refused before anything leaves")
    func multiplication() throws {
        let yunei = try domain(areas: ["甲医院,东", "甲医院,西", "丙医院,西"])
        let run = try yunei.run("query", "--sql", "SELECT COUNT(*) FROM visit v JOIN area a ON v.hospital = a.hospital")
        #expect(run.status == 2)
        #expect(run.json["code"]?.text == "engine.open-key-repeats")
        let reversed = try yunei.run("query", "--sql", "SELECT COUNT(*) FROM area a JOIN visit v ON v.hospital = a.hospital")
        #expect(reversed.rules == ["policy.open-table-first"])
    }

    @Test("A key computed from open columns is a filter in disguise")
    func computedKey() throws {
        let yunei = try domain(areas: ["甲医院,东"])
        for key in ["CASE WHEN a.district = '东' THEN '丙医院' END", "coalesce(nullif(a.district, '东'), '丙医院')"] {
            let run = try yunei.run("query", "--sql", "SELECT COUNT(*) FROM visit v JOIN area a ON v.hospital = \(key)")
            #expect(run.rules == ["policy.join-key-form"], "\(key): \(run.output)")
        }
    }

    @Test("The difference of two conditional aggregates is a group too")
    func tracker() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        // 丙医院 has nine persons: each sum alone is over enough of them, the difference is not.
        let both = "COUNT(CASE WHEN hospital IN ('甲医院', '丙医院') THEN 1 END)", one = "COUNT(CASE WHEN hospital = '甲医院' THEN 1 END)"
        #expect(try yunei.run("query", "--sql", "SELECT \(one) FROM visit").rows == [[60]])
        let run = try yunei.run("query", "--sql", "SELECT \(both), \(one) FROM visit")
        #expect(run.rows == [[.null, .null]], "\(run.output)")
        let fine = try yunei.run("query", "--sql", "SELECT COUNT(CASE WHEN hospital IN ('甲医院', '乙医院') THEN 1 END), \(one) FROM visit")
        #expect(fine.rows == [[72, 60]], "\(fine.output)")
    }

    @Test("Log and receipt tell neither sizes of sealed files nor a plain digest of what was loaded")
    func quietEntries() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let entries = try yunei.run("audit", "list").json["entries"]?.elements ?? []
        let index = try #require(entries.first { $0["type"]?.text == "table.loaded" }?["index"]?.number)
        let entry = try yunei.run("audit", "show", String(index)).json["entry"]?["body"]
        #expect(entry?["files"]?.elements?.allSatisfy { $0["bytes"] == nil } == true)
        #expect(entry?["source"]?.text != SHA256Text.of(Hospital.csv()))
        #expect(entry?["source"]?.text?.count == 64)
    }
}

/// A plain digest, as an outsider would compute it.
enum SHA256Text {
    static func of(_ text: String) -> String { SHA256.hash(Array(text.utf8)).hex }
}
