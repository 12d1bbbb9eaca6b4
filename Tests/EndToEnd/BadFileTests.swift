// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("Bad input: documents and CSV files")
struct BadFileTests {
    @Test("Malformed YAML: line and column", arguments: [
        ("table: visit\nunit: [市卫健委\ncolumns: {}\n", "document.malformed"),
        ("table: visit\ntable: visit\n", "document.duplicate-key"),
        ("table： visit\n", "document.full-width"),
        ("table: &a visit\n", "document.anchor"),
        ("\ttable: visit\n", "document.tab"),
        ("", "document.empty"),
        ("colour: red\n", "document.unknown-kind"),
        ("table: visit\ncolumns: { a: { type: text } }\n", "document.missing-key"),
    ])
    func malformedDocument(text: String, code: String) throws {
        let yunei = try Yunei.withPolicy()
        let file = try yunei.write("bad.yaml", text)
        let run = try yunei.run("policy", "apply", file, as: "wjw")
        run.expectRefusal(status: 2, code, naming: [file])
        let en = run.json["message"]?["en"]?.text ?? ""
        #expect(en.contains(", line ") && en.contains(", column "), "\(en)")
        try yunei.expectSound()
    }

    @Test("An unknown key or word, with what was meant; a document that is of another kind; a file that is not there")
    func unknownWords() throws {
        let yunei = try Yunei.withPolicy()
        func apply(_ text: String) throws -> Yunei.Run { try yunei.run("policy", "apply", try yunei.write("bad.yaml", text), as: "wjw") }
        try apply(Hospital.policy.replacing("columns:", with: "colums:"))
            .expectRefusal(status: 2, "document.unknown-key", naming: ["colums", "columns"])
        try apply(Hospital.policy.replacing("[join, count_distinct]", with: "[joni, count_distinct]"))
            .expectRefusal(status: 2, "document.bad-value", naming: ["join"])
        try apply(Hospital.product).expectRefusal(status: 2, "document.kind", naming: ["product submit"])
        try yunei.run("product", "submit", try yunei.write("v.yaml", Hospital.policy), as: "op")
            .expectRefusal(status: 2, "document.kind", naming: ["policy apply"])
        let missing = yunei.scratch.path + "/missing.yaml"
        try yunei.run("policy", "apply", missing, as: "wjw").expectRefusal(status: 2, "input.unreadable", naming: [missing])
        try yunei.run("product", "submit", missing, as: "op").expectRefusal(status: 2, "input.unreadable", naming: [missing])
        let absent = yunei.scratch.path + "/missing.csv"
        try yunei.run("table", "load", "visit", absent, as: "wjw").expectRefusal(status: 2, "input.unreadable", naming: [absent])
        try yunei.run("table", "load", "visit", yunei.scratch.path, as: "wjw").expectRefusal(status: 2, "input.unreadable", naming: [yunei.scratch.path])
        #expect(try yunei.run("table", "list").json["tables"]?.elements?.first?["version"] == .null)
        try yunei.expectSound()
    }

    private static let header = "person_id,hospital,visit_date,icd_code,cost,name"
    /// Rows 2, 4 and 5 are bad, row 5 twice.
    private static let badRows = [
        "p1,甲医院,2024-01-01,J06,1.00,a", "p2,甲医院,soonish-77,J06,1.00,b", "p3,甲医院,2024-01-01,J06,2.00,c",
        "p4,甲医院,2024-01-01,J06,12.3456,d", "p5,,2024-01-01,J06,much-99,e", "p6,甲医院,2024-01-03,,,f",
    ]

    @Test("Bad values: row and column of every one, none of them shown, nothing loaded")
    func badValues() throws {
        let yunei = try Yunei.withPolicy()
        let file = try yunei.write("bad.csv", ([Self.header] + Self.badRows).joined(separator: "\n") + "\n")
        let run = try yunei.run("table", "load", "visit", file, as: "wjw")
        run.expectRefusal(status: 2, "table.bad-values", naming: ["visit", "4"])
        let places = (run.json["details"]?.elements ?? []).map { [$0["row"] ?? .null, $0["column"] ?? .null, $0["reason"] ?? .null] }
        #expect(places == [
            [2, "visit_date", "not-a-date"], [4, "cost", "too-many-digits"], [5, "hospital", "missing"], [5, "cost", "not-a-decimal"],
        ], "\(run.output)")
        for value in ["soonish-77", "12.3456", "much-99"] { #expect(!run.output.contains(value)) }
        let people = try yunei.runForPeople("table", "load", "visit", file, as: "wjw")
        people.expectMessage(status: 2, naming: ["row 2", "visit_date", "row 5"])
        for value in ["soonish-77", "12.3456", "much-99"] { #expect(!people.errors.contains(value)) }
        #expect(try yunei.run("table", "list").json["tables"]?.elements?.first?["version"] == .null)
        try yunei.expectSound()
        try yunei.loading(Hospital.csv())
        #expect(try yunei.run("table", "list").json["tables"]?.elements?.first?["version"] == 1)
    }

    @Test("With --reject-file the good rows load, and the file says where and why, never what")
    func rejectFile() throws {
        let yunei = try Yunei.withPolicy(rehearsal: true)
        let good = Hospital.rows()
        let text = ([Self.header] + Self.badRows + good).joined(separator: "\n") + "\n"
        let rejects = yunei.scratch.path + "/rejects.csv"
        let run = try yunei.run("table", "load", "visit", try yunei.write("bad.csv", text), "--reject-file", rejects, as: "wjw")
        #expect(run.status == 0, "\(run.output)")
        #expect(run.json["rejected"] == 3, "\(run.output)")
        #expect(run.json["rows"] == .integer(Int64(good.count + 3)))
        let written = try String(contentsOfFile: rejects, encoding: .utf8)
        #expect(written.split(whereSeparator: \.isNewline).map(String.init) == [
            "row,column,reason", "2,visit_date,not-a-date", "4,cost,too-many-digits", "5,hospital,missing", "5,cost,not-a-decimal",
        ], "\(written)")
        let query = try yunei.run("query", "--sql", "SELECT hospital, COUNT(*) AS n FROM visit GROUP BY hospital ORDER BY n DESC LIMIT 1")
        #expect(query.rows == [["甲医院", 63]], "\(query.output)")
        try yunei.expectSound()
    }

    @Test("A CSV file of the wrong shape", arguments: [
        ("person_id,hospital,visit_date,icd_code,name\np1,甲,2024-01-01,J06,x\n", "store.column-missing", "cost"),
        ("person_id,hospital,visit_date,icd_code,cost,cost,name\np1,甲,2024-01-01,J06,1,1,x\n", "store.column-repeated", "cost"),
        ("person_id,hospital,visit_date,icd_code,cost,name\np1,\"甲\"x,2024-01-01,J06,1,x\n", "store.csv-malformed", "1"),
        ("person_id,hospital,visit_date,icd_code,cost,name\np1,甲,2024-01-01,J06,1,\"x\n", "store.csv-malformed", "1"),
        ("", "store.header-missing", ""),
        ("person_id,hospital,visit_date,icd_code,cost,name\np1,甲\u{0},2024-01-01,J06,1,x\n", "store.byte-zero", ""),
    ])
    func wrongShape(text: String, code: String, name: String) throws {
        let yunei = try Yunei.withPolicy()
        let run = try yunei.run("table", "load", "visit", try yunei.write("bad.csv", text), as: "wjw")
        run.expectRefusal(status: 2, code, naming: name.isEmpty ? [] : [name])
        #expect(try yunei.run("table", "list").json["tables"]?.elements?.first?["version"] == .null)
        try yunei.expectSound()
    }

    @Test("Options of a load that are not right")
    func options() throws {
        let yunei = try Yunei.withPolicy()
        let file = try yunei.write("visit.csv", Hospital.csv())
        try yunei.run("table", "load", "visit", file, "--mode", "mix", as: "wjw").expectRefusal(status: 2, "table.load-mode", naming: ["mix", "upsert"])
        try yunei.run("table", "load", "visit", file, "--as-of", "yesterday", as: "wjw").expectRefusal(status: 2, "table.as-of", naming: ["--as-of"])
        let nowhere = yunei.scratch.path + "/nowhere/rejects.csv"
        try yunei.run("table", "load", "visit", file, "--reject-file", nowhere, as: "wjw").expectRefusal(status: 2, "output.unwritable", naming: [nowhere])
        #expect(try yunei.entryTypes().contains("load.intended") == false)
        try yunei.expectSound()
        try yunei.loading(Hospital.csv()).approving()
        let out = yunei.scratch.path + "/nowhere/result.json"
        try yunei.run(Yunei.january + ["--out", out], as: "op").expectRefusal(status: 2, "output.unwritable", naming: [out])
        #expect(try yunei.entryTypes().contains("job.intended") == false)
    }
}
