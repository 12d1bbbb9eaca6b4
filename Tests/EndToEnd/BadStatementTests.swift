// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Testing

@Suite("Bad input: statements, products, parameters")
struct BadStatementTests {
    @Test("A table, column or product that nobody knows")
    func unknownThings() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let query = try yunei.run("query", "--sql", "SELECT COUNT(*) FROM visits")
        query.expectRefusal(status: 2, "plan.unknown-table", naming: ["visits", "visit"])
        #expect(query.json["span"]?["column"]?.number == 22)
        try yunei.run("query", "--sql", "SELECT SUM(price) FROM visit").expectRefusal(status: 2, "plan.unknown-column", naming: ["price"])
        try yunei.run("policy", "show", "--effective", "nowhere").expectRefusal(status: 2, "table.unknown", naming: ["nowhere"])
        try yunei.run("table", "show", "nowhere").expectRefusal(status: 2, "table.unknown", naming: ["nowhere"])
        try yunei.run("table", "load", "nowhere", try yunei.write("a.csv", "a\n1\n"), as: "wjw")
            .expectRefusal(status: 2, "table.unknown", naming: ["nowhere"])
        for verb in ["show", "approve", "return", "reject"] {
            try yunei.run("product", verb, "没有的产品").expectRefusal(status: 2, "product.unknown", naming: ["没有的产品"])
        }
        try yunei.run("job", "run", "没有的产品").expectRefusal(status: 2, "product.unknown", naming: ["没有的产品"])
        try yunei.run("audit", "show", "4711").expectRefusal(status: 2, "audit.no-such-entry", naming: ["4711"])
        let product = Hospital.product.replacing("FROM visit", with: "FROM visits")
        for verb in ["submit", "check"] {
            try yunei.run("product", verb, try yunei.write("unknown.yaml", product)).expectRefusal(status: 2, "plan.unknown-table", naming: ["visits"])
        }
        try yunei.expectSound()
    }

    @Test("A wrong type is told with its place")
    func wrongType() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let sql = "SELECT COUNT(*)\nFROM visit WHERE hospital = 5"
        let query = try yunei.run("query", "--sql", sql)
        query.expectRefusal(status: 2, "plan.type-mismatch", naming: ["text"])
        #expect(query.json["span"]?["line"]?.number == 2)
        try yunei.runForPeople("query", "--sql", sql).expectMessage(status: 2, naming: ["^", "WHERE hospital = 5"])
        let bad = try yunei.run("query", "--sql", "SELECT COUNT(*) FROM visit WHERE visit_date >= '2024-13-45'")
        bad.expectRefusal(status: 2, "plan.invalid-literal", naming: ["date"])
        try yunei.expectSound()
    }

    @Test("A syntax error gets a caret under its place, and a span")
    func syntaxError() throws {
        let yunei = try Yunei.loaded(rehearsal: true)
        let sql = "SELECT hospital, COUNT(*) FORM visit GROUP BY hospital"
        let query = try yunei.run("query", "--sql", sql)
        #expect(query.status == 2)
        #expect(query.code?.hasPrefix("sql.") == true, "\(query.output)")
        query.expectRefusal(status: 2, query.code ?? "")
        #expect(query.json["span"]?["line"]?.number == 1)
        let column = try #require(query.json["span"]?["column"]?.number)
        let people = try yunei.runForPeople("query", "--sql", sql)
        people.expectMessage(status: 2, naming: [sql])
        let lines = people.errors.split(separator: "\n").map(String.init)
        let place = try #require(lines.firstIndex { $0.contains(sql) })
        let indentation = Array(lines[place]).firstIndex { $0 != " " } ?? 0
        #expect(Array(lines[place + 1]).firstIndex { $0 == "^" } == indentation + Int(column) - 1, "\(people.errors)")
        let chinese = try yunei.runForPeople("query", "--sql", sql, language: "zh")
        #expect(chinese.errors.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        let submitted = try yunei.run("product", "submit", try yunei.write("p.yaml", Hospital.product.replacing("FROM", with: "FORM")))
        #expect(submitted.status == 2)
        #expect(submitted.json["span"]?["line"]?.number == 2, "\(submitted.output)")
        try yunei.expectSound()
    }

    @Test("Parameters: missing, unknown, outside their domain, no value")
    func parameters() throws {
        let yunei = try Yunei.approved()
        let before = try yunei.entryTypes().count
        func run(_ parameters: String...) throws -> Yunei.Run {
            try yunei.run(["job", "run", Yunei.product] + parameters.flatMap { ["--param", $0] }, as: "op")
        }
        try run().expectRefusal(status: 2, "parameter.missing", naming: ["since", "date"])
        try run("since=2024-01-01", "until=2024-02-01").expectRefusal(status: 2, "parameter.unknown", naming: ["until", "since"])
        for value in ["2023-12-01", "2026-01-01", "2024-01-02", "soon", "", "2024-1-1"] {
            let refused = try run("since=\(value)")
            refused.expectRefusal(status: 2, "parameter.value", naming: ["since"])
            if value.count > 4 { #expect(!refused.output.contains(value)) }
        }
        try run("since").expectRefusal(status: 2, "command.option-value", naming: ["--param"])
        #expect(try yunei.entryTypes().count == before)
        #expect(try run("since=2024-01-01").status == 0)
        try yunei.expectSound()
    }

    @Test("What this version does not have is said so")
    func notInThisVersion() throws {
        let yunei = try Yunei.withPolicy()
        let file = try yunei.write("visit.yaml", Hospital.policy)
        try yunei.run("table", "seal", file).expectRefusal(status: 2, "command.not-in-this-version", naming: ["table seal"])
        let noise = Hospital.policy.replacing("noise: none", with: "noise: laplace")
        try yunei.run("policy", "apply", try yunei.write("noise.yaml", noise), as: "wjw")
            .expectRefusal(status: 2, "document.not-available", naming: ["laplace"])
    }

    @Test("Wrong use of the command line", arguments: [
        ["table"], ["table", "fly"], ["job", "run"], ["query"], ["audit", "show", "many"], ["product", "submit"], ["--domain"], ["--as"],
        ["table", "list", "--nonsense"], ["table", "list", "surplus"], ["--lang", "fr", "table", "list"],
    ])
    func wrongUse(arguments: [String]) throws {
        let run = try Yunei().runPlain(arguments + (arguments.last?.hasPrefix("--") == true && arguments.count == 1 ? [] : ["--json"]))
        if arguments == ["table"] { return #expect(run.status == 0 || run.status == 2) }
        #expect(run.status == 2, "\(arguments): \(run.output) \(run.errors)")
        run.expectNoTrace()
    }

    @Test("A table without data; a product without every signature")
    func notYet() throws {
        let yunei = try Yunei.withPolicy()
        try yunei.approving()
        try yunei.run(Yunei.january, as: "op").expectRefusal(status: 2, "table.not-loaded", naming: ["visit"])
        try yunei.loading(Hospital.csv())
        let run = try yunei.run(Yunei.january, as: "op")
        #expect(run.status == 0, "\(run.output)")
        let second = Hospital.product.replacing(Yunei.product, with: "另一产品")
        try Yunei.expectDone(yunei.run("product", "submit", try yunei.write("second.yaml", second), as: "op"))
        func runSecond() throws -> Yunei.Run { try yunei.run("job", "run", "另一产品", "--param", "since=2024-01-01", as: "op") }
        try runSecond().expectRefusal(status: 1, "product.not-signed", naming: ["另一产品", "authority", Hospital.unit])
        try Yunei.expectDone(yunei.run("product", "approve", "另一产品"))
        try runSecond().expectRefusal(status: 1, "product.not-signed", naming: ["另一产品", Hospital.unit])
        try yunei.expectSound()
    }
}
