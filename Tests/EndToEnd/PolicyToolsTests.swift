// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Testing

@Suite("Policy tools: lint, diff, grant-for, show --effective")
struct PolicyToolsTests {
    // MARK: lint

    @Test("lint: nothing, warnings, errors; status 0, 1, 2, with line and column in both languages")
    func lint() throws {
        let yunei = try Yunei()
        func lint(_ policy: String) throws -> Yunei.Run { try yunei.runPlain(["policy", "lint", try yunei.write("p.yaml", policy), "--json"]) }
        let clean = try lint(Hospital.policy.replacing("name:       { type: text }", with: "name: 禁用"))
        #expect(clean.status == 0, "\(clean.output)")
        #expect(clean.json["findings"] == [] && clean.json["status"] == "done")
        let noted = try lint(Hospital.policy)
        #expect(noted.status == 0)
        #expect(noted.json["findings"]?.elements?.map { $0["rule"]?.text } == ["lint.unlabelled-column"])
        let warned = try lint(Hospital.policy.replacing(", granularity: month", with: ""))
        #expect(warned.status == 1 && warned.json["status"] == "warnings", "\(warned.output)")
        let finding = try #require(warned.json["findings"]?.elements?.first)
        #expect(finding["rule"] == "lint.date-without-granularity" && finding["severity"] == "warning")
        #expect(finding["line"] == 9 && finding["column"] == 49, "\(finding)")
        #expect(finding["path"] == ["columns", "visit_date", "allow"])
        let wrong = try lint(Hospital.policy.replacing(", bounds: [0, 200000]", with: ""))
        #expect(wrong.status == 2 && wrong.json["status"] == "errors", "\(wrong.output)")
        #expect(wrong.json["findings"]?.elements?.map { $0["rule"]?.text }.contains("policy.missing-bounds") == true)
        let file = try yunei.write("p.yaml", Hospital.policy.replacing(", granularity: month", with: ""))
        func people(_ language: String) throws -> [String] {
            try yunei.runPlain(["policy", "lint", file, "--lang", language]).output.split(separator: "\n").map { String($0.replacing(file, with: "F")) }
        }
        #expect(try people("en") == [
            "F:9:49: warning: visit.visit_date allows 分组 group, 区间 filter_range without a granularity, so that single days can be picked. State a granularity such as month; day if single days are meant.",
            "F:12:3: note: visit.name says nothing about its use, so it may not be mentioned at all. If that is meant, write forbidden; otherwise list it under allow.",
            "F: errors 0, warnings 1, notes 1.",
        ])
        #expect(try people("zh") == [
            "F:9:49: 警告: visit.visit_date 允许 分组 group, 区间 filter_range，但没有粒度，可以逐日取用。请写明粒度，如“月”；确需逐日时写“日”。",
            "F:12:3: 说明: visit.name 没有写明用途，因此不得在语句中出现。若本意如此，请写“禁用”；否则列出“可用于”。",
            "F：错误 0 条，警告 1 条，说明 1 条。",
        ])
    }

    @Test("lint: beside the documents of a domain or named ones; a file that is none, or is a product, is refused")
    func lintBeside() throws {
        let yunei = try Yunei.withPolicy()
        let baseline = try yunei.write("baseline.yaml", "baseline: city@1\nfloors: { general: { minimum_entities: 20 } }")
        let file = try yunei.write("p.yaml", Hospital.policy)
        func rules(_ run: Yunei.Run) -> [String] { run.json["findings"]?.elements?.compactMap { $0["rule"]?.text } ?? [] }
        #expect(rules(try yunei.run("policy", "lint", file)) == ["lint.unlabelled-column"])
        let named = try yunei.run("policy", "lint", file, "--beside", baseline)
        #expect(rules(named).contains("lint.below-baseline") && named.status == 1, "\(named.output)")
        try Yunei.expectDone(yunei.run("policy", "apply", baseline))
        #expect(rules(try yunei.run("policy", "lint", file)).contains("lint.below-baseline"))
        let before = try yunei.entryTypes().count
        try yunei.run("policy", "lint", try yunei.write("bad.yaml", "table: [")).expectRefusal(status: 2, "document.malformed")
        try yunei.run("policy", "lint", try yunei.write("product.yaml", Hospital.product)).expectRefusal(status: 2, "document.kind", naming: ["product check"])
        let absent = yunei.scratch.path + "/absent.yaml"
        try yunei.run("policy", "lint", absent).expectRefusal(status: 2, "input.unreadable", naming: [absent])
        #expect(try yunei.entryTypes().count == before)
        try yunei.expectSound()
    }

    // MARK: diff

    @Test("diff: every registered product is checked under both; nothing is recorded")
    func difference() throws {
        let yunei = try Yunei.approved()
        let before = try yunei.entryTypes().count
        let old = try yunei.write("old.yaml", Hospital.policy)
        func run(_ new: String) throws -> Yunei.Run { try yunei.run("policy", "diff", old, try yunei.write("new.yaml", new)) }
        let same = try run(Hospital.policy)
        #expect(same.status == 0, "\(same.output)")
        #expect(same.json["products"] == [] && same.json["lines"] == [] && same.json["unchanged"] == 1)
        let tighter = try run(Hospital.policy.replacing("granularity: month", with: "granularity: year"))
        let product = try #require(tighter.json["products"]?.elements?.first, "\(tighter.output)")
        #expect(product["product"]?.text == Yunei.product)
        #expect(product["old"] == "allowed" && product["new"] == "refused" && product["signatures_void"] == false)
        #expect(product["rule"] == "policy.granularity")
        #expect(tighter.json["lines"]?.elements?.compactMap { $0["line"]?.text } == ["visit_date.granularity: month", "visit_date.granularity: year"])
        let signed = try run(Hospital.policy.replacing("minimum_entities: 10", with: "minimum_entities: 12"))
        #expect(signed.json["products"]?.elements?.first?["signatures_void"] == true, "\(signed.output)")
        #expect(try yunei.entryTypes().count == before)
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        try yunei.expectSound()
    }

    @Test("diff: as people read it, in both languages")
    func differenceText() throws {
        let yunei = try Yunei.approved()
        let old = try yunei.write("old.yaml", Hospital.policy)
        let new = try yunei.write("new.yaml", Hospital.policy.replacing("allow: [group, filter_equal] }", with: "allow: [filter_equal] }"))
        let english = try yunei.runForPeople("policy", "diff", old, new).output
        for part in [
            "- visit  hospital.allow: [group, filter_equal]  # 市卫健委", "+ visit  hospital.allow: [filter_equal]  # 市卫健委", "allowed", "refused",
            "visit.hospital does not allow what is needed here: 分组 group.", "Products judged as before: 0",
        ] { #expect(english.contains(part), "\(english)") }
        let chinese = try yunei.runForPeople("policy", "diff", old, new, language: "zh").output
        for part in ["生效策略中变动的行：", "原判定", "允许", "拒绝", "visit.hospital 不允许此处所需的能力：分组 group。", "判定不变的产品：0"] {
            #expect(chinese.contains(part), "\(chinese)")
        }
    }

    @Test("diff: documents that are none, do not fit, or are products; without a domain")
    func differenceRefused() throws {
        let yunei = try Yunei.withPolicy()
        let old = try yunei.write("old.yaml", Hospital.policy)
        func run(_ new: String) throws -> Yunei.Run { try yunei.run("policy", "diff", old, try yunei.write("new.yaml", new)) }
        try run("table: [").expectRefusal(status: 2, "document.malformed")
        try run(Hospital.product).expectRefusal(status: 2, "document.kind", naming: ["product check"])
        try run(Hospital.policy.replacing(", bounds: [0, 200000]", with: "")).expectRefusal(status: 2, "policy.missing-bounds", naming: ["visit.cost"])
        try yunei.runPlain(["policy", "diff", old, old, "--json"]).expectRefusal(status: 2, "domain.not-named")
    }

    // MARK: grant-for

    @Test("grant-for: the lines that are printed make the statement pass when they are applied")
    func grant() throws {
        let yunei = try Yunei.withPolicy(rehearsal: true)
        let sql = "SELECT substring(icd_code, 1, 4), COUNT(*) FROM visit WHERE cost > 100 GROUP BY 1"
        let run = try yunei.run("policy", "grant-for", try yunei.write("q.sql", sql + "\n"))
        #expect(run.status == 0, "\(run.output)")
        #expect(run.json["needed"] == true)
        func line(_ subject: String, _ key: String, _ value: String, _ previous: String) -> JSONValue {
            [
                "owner": .string(Hospital.unit), "document": "unit", "subject": .string(subject), "key": .string(key), "value": .string(value),
                "previous": .string(previous),
            ]
        }
        #expect(run.json["lines"] == [
            line("visit.cost", "allow", "[sum, average, count, filter_range]", "[sum, average, count]"), line("visit.icd_code", "prefix", "4", "3"),
        ], "\(run.output)")
        // In the order of the table's columns.
        #expect(run.json["becomes_answerable"]?.elements?.compactMap { $0["column"]?.text } == ["visit.icd_code", "visit.cost"], "\(run.output)")
        #expect(try yunei.run("query", "--sql", sql).status == 1)
        let policy = Hospital.policy.replacing("[sum, average, count]", with: "[sum, average, count, filter_range]").replacing("prefix: 3", with: "prefix: 4")
        try yunei.applying(policy).loading(Hospital.csv())
        #expect(try yunei.run("query", "--sql", sql).status == 0)
        let now = try yunei.run("policy", "grant-for", try yunei.write("q.sql", sql))
        #expect(now.status == 0 && now.json["needed"] == false && now.json["lines"] == [], "\(now.output)")
        try yunei.expectSound()
    }

    @Test("grant-for: as people read it, in both languages")
    func grantText() throws {
        let yunei = try Yunei.withPolicy()
        let product = Hospital.product.replacing("date_trunc('month', visit_date)", with: "visit_date").replacing("SUM(cost)", with: "SUM(cost) + COUNT(DISTINCT hospital)")
        let file = try yunei.write("daily.yaml", product)
        let english = try yunei.runForPeople("policy", "grant-for", file)
        #expect(english.status == 0, "\(english.errors)")
        #expect(english.output == """
            With these lines the checker approved the statement; without any one of them, or with a tighter one, it does not pass. Their owners decide.

            Document of 市卫健委:
              visit.hospital  allow: [group, filter_equal, count_distinct]  # now [group, filter_equal]
              visit.visit_date  granularity: day  # now month

            From then on any approved statement may also:
              - count different values of visit.hospital (owner: 市卫健委)
              - go down to 日 day in every use that visit.visit_date has (owner: 市卫健委)

            """, "\(english.output)")
        let chinese = try yunei.runForPeople("policy", "grant-for", file, language: "zh")
        #expect(chinese.output == """
            写入下列各行后，检查器放行该语句；少写任何一行，或写得更窄，都不通过。是否写入由所有者决定。

            市卫健委 的策略文档：
              visit.hospital  allow: [group, filter_equal, count_distinct]  # 现为 [group, filter_equal]
              visit.visit_date  granularity: day  # 现为 month

            此后，任何获批的语句还可以：
              - 统计 visit.hospital 不同取值的个数（所有者：市卫健委）
              - 在 visit.visit_date 已有的用途中细到 日 day（所有者：市卫健委）

            """, "\(chinese.output)")
        let fine = try yunei.runForPeople("policy", "grant-for", try yunei.write("fine.yaml", Hospital.product))
        #expect(fine.status == 0 && fine.output.contains("nothing has to be granted"))
    }

    @Test("grant-for: what no grant mends is refused with its reasons; what is no statement is told with its place")
    func grantRefused() throws {
        let yunei = try Yunei.withPolicy()
        func run(_ sql: String) throws -> Yunei.Run { try yunei.run("policy", "grant-for", try yunei.write("q.sql", sql)) }
        try run("SELECT hospital, MAX(cost) FROM visit GROUP BY hospital").expectRefusal(status: 1, "policy.aggregate-not-available", naming: ["MAX"])
        try run("SELECT icd_code, cost FROM visit").expectRefusal(status: 1, "policy.rows-not-released", naming: ["visit.cost"])
        try run("SELECT SUM(name) FROM visits").expectRefusal(status: 2, "plan.unknown-table", naming: ["visits"])
        #expect(try run("SELEC 1").code?.hasPrefix("sql.") == true)
        let path = try yunei.write("bytes.sql", bytes: [0xFF, 0xFE])
        try yunei.run("policy", "grant-for", path).expectRefusal(status: 2, "input.unreadable", naming: [path, "UTF-8"])
        try yunei.run("policy", "grant-for", try yunei.write("p.yaml", Hospital.policy)).expectRefusal(status: 2, "document.kind", naming: ["policy apply"])
        let people = try yunei.runForPeople("policy", "grant-for", try yunei.write("q.sql", "SELECT MAX(cost) FROM visit"))
        #expect(people.status == 1 && people.output.contains("MAX") && people.output.contains("^"), "\(people.output)")
    }

    // MARK: show --effective

    @Test("show --effective: every line with its owner, and whether the table is supplied")
    func effective() throws {
        let yunei = try Yunei.withPolicy()
        let listed = try yunei.run("policy", "show", "--effective", "visit")
        #expect(listed.status == 0 && listed.json["supplied"] == false && listed.json["version"] == .null, "\(listed.output)")
        #expect(listed.json["lines"]?.elements?.allSatisfy { $0["owner"]?.text == Hospital.unit } == true)
        #expect(try yunei.runForPeople("policy", "show", "--effective", "visit").output.hasPrefix("visit · 市卫健委 · listed, not supplied\n"))
        #expect(try yunei.runForPeople("policy", "show", "--effective", "visit", language: "zh").output.hasPrefix("visit · 市卫健委 · 已列入，未供给\n"))
        try yunei.loading(Hospital.csv())
        let supplied = try yunei.run("policy", "show", "--effective", "visit")
        #expect(supplied.json["supplied"] == true && supplied.json["version"] == 1, "\(supplied.output)")
        #expect(try yunei.runForPeople("policy", "show", "--effective", "visit").output.hasPrefix("visit · 市卫健委 · v1\n"))
    }
}
