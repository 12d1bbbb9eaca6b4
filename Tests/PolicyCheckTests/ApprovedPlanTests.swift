// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import DocumentReader
import Foundation
import PolicyCheck
import QueryPlan
import SQLSyntax
import Tabular
import Testing
import WireContract

func example(_ names: String...) throws -> PolicySet {
    try PolicySet(
        documents: names.map { name in
            let url = CaseFile.policies.appendingPathComponent("Examples/\(name).yaml")
            return try DocumentReader.read(Array(Data(contentsOf: url)), fileName: name).json
        })
}

func check(_ sql: String, _ policies: PolicySet, parameters: JSONValue = .null) throws -> CheckOutcome {
    try QueryCheck.run(sql: sql, policies: policies, parameterDomains: parameters)
}

func approved(_ sql: String, _ policies: PolicySet) throws -> ApprovedPlan {
    guard case .approved(let plan) = try check(sql, policies) else { throw NotApproved() }
    return plan
}

struct NotApproved: Error {}

@Suite("Approved plans")
struct ApprovedPlanTests {
    @Test("carry the policy's filter directly above the scan, and hold every invariant")
    func policyFilter() throws {
        let plan = try approved("SELECT hospital, COUNT(*) FROM visit WHERE age > 3 GROUP BY hospital", try example("visit"))
        #expect(plan.plan.brokenInvariant == nil)
        #expect(plan.canonicalText.contains("policy filter"))
        #expect(plan.canonicalText.contains("'B20'") && plan.canonicalText.contains("'B24'") && plan.canonicalText.contains("'Z21'"))
        #expect(plan.scans[0] == ScanRequirement(table: "visit", entities: ["person"]))
    }

    @Test("carry the declared fan-out, which the plan's text names")
    func fanOut() throws {
        func plan(_ line: String) throws -> ApprovedPlan {
            try approved(
                "SELECT COUNT(*) FROM t",
                try policies("table: t\nunit: u\nentity: { person: p\(line) }\ngrade: general\ncolumns:\n  p: { type: text, identifier: key }\n"))
        }
        let plain = try plan(""), declared = try plan(", fan_out: 9")
        #expect(plain.scans[0]?.fanOut == nil && declared.scans[0]?.fanOut == FanOut(column: "p", rows: 9))
        #expect(!plain.canonicalText.contains("fan_out"))
        #expect(declared.canonicalText.contains("scan 0 \"t\" entities [person] fan_out \"p\" 9\n"))
    }

    @Test("one table: one dimension in order of rows, clamps and dominance on amounts only")
    func oneTable() throws {
        let plan = try approved("SELECT COUNT(*), SUM(cost), AVG(age), COUNT(DISTINCT person_id) FROM visit", try example("visit"))
        #expect(plan.rules.dimensions == [.init(entity: "person", minimumContributors: 10, mayBeAbsent: false)])
        #expect(plan.dimensions == [.init(reference: 0, kind: .entity(type: "person", isOrderingEntity: true))])
        let rules = plan.rules.aggregates
        #expect(rules.map(\.kind) == [.count, .sum(scale: 2), .average(scale: 0, resultScale: 16), .countDistinct])
        #expect(rules[1].clamp == .init(lower: 0, upper: 20_000_000, dimension: 0))
        #expect(rules[2].clamp == .init(lower: 0, upper: 130, dimension: 0))
        #expect(rules[1].dominance == .init(largest: .init(numerator: 1, denominator: 2), twoLargest: .init(numerator: 4, denominator: 5)))
        #expect(rules[0].dominance == nil && rules[0].clamp == nil)
    }

    @Test("a spread is made of three cells, each with clamp and dominance of its own, and of squares")
    func spread() throws {
        let table = """
            table: t
            unit: u
            grade: 一般
            entity: { person: p }
            columns: { p: { identifier: key }, a: { type: int64, allow: [variance, average], bounds: [-3, 10] }, h: { type: text, allow: [filter_equal] } }
            """
        let plan = try approved("SELECT COUNT(*), STDDEV(a), AVG(a) FROM t HAVING STDDEV(a) > 1", policies(table))
        #expect(plan.plan.brokenInvariant == nil)
        #expect(plan.plan.output.map(\.type) == [.int64, .double, .decimal(precision: 38, scale: 16)])
        let rules = plan.rules.aggregates
        let mean = ReleaseRules.Kind.average(scale: 0, resultScale: 16)
        #expect(rules.map(\.kind) == [.count, mean, mean, .count, mean])
        #expect(rules.map { $0.clamp?.lower } == [nil, -3, -30, nil, -3] && rules.map { $0.clamp?.upper } == [nil, 10, 100, nil, 10])
        #expect(rules.map { $0.dominance != nil } == [false, true, true, false, true])
        let branched = try approved("SELECT VAR_POP(a) FILTER (WHERE h = 'x') FROM t", policies(table))
        #expect(branched.branchConditions.map(\.count) == [2, 2, 2] && branched.plan.brokenInvariant == nil)
    }

    @Test("several tables: the stricter of every rule; an inner join on the entity shares its dimension, a left join does not")
    func severalTables() throws {
        let both = try example("visit", "resident")
        let inner = try approved("SELECT SUM(v.cost) FROM visit v JOIN resident r ON v.person_id = r.person_id", both)
        #expect(inner.rules.dimensions == [.init(entity: "person", minimumContributors: 20, mayBeAbsent: false)])
        #expect(inner.rules.aggregates[0].roundingBase == 5)
        #expect(inner.rules.aggregates[0].dominance?.largest == .init(numerator: 2, denominator: 5))
        #expect(inner.rules.aggregates[0].dominance?.twoLargest == .init(numerator: 4, denominator: 5))
        let left = try approved("SELECT SUM(r.income) FROM visit v LEFT JOIN resident r ON v.person_id = r.person_id", both)
        #expect(left.rules.dimensions.map(\.mayBeAbsent) == [false, true])
        #expect(left.rules.aggregates[0].clamp?.dimension == 1)
    }

    @Test("rows that stand for persons multiply the minimum")
    func rows() throws {
        let plan = try approved("SELECT district, SUM(score) FROM survey GROUP BY district", try example("survey"))
        #expect(plan.rules.dimensions == [.init(entity: "row", minimumContributors: 40, mayBeAbsent: false)])
        #expect(plan.dimensions.first?.kind == .row)
    }

    @Test("via tables count the entity they go through")
    func via() throws {
        let plan = try approved("SELECT drug, SUM(amount) FROM prescription GROUP BY drug", try example("visit", "prescription"))
        #expect(plan.dimensions == [.init(reference: 0, kind: .entity(type: "person", isOrderingEntity: true))])
        #expect(plan.scans[0]?.entities == ["person"])
    }

    @Test("every branch of a conditional argument has its condition, the complement too; zeros of sums become NULL")
    func branches() throws {
        let policies = try example("visit")
        let plan = try approved(
            "SELECT SUM(CASE WHEN urgent THEN cost ELSE 0 END), COUNT(CASE WHEN age > 60 THEN 1 WHEN age > 30 THEN 2 END), SUM(coalesce(cost, 0)), "
                + "AVG(coalesce(cost, 0)), COUNT(cost) FROM visit", policies)
        // Costs are added up under two branches, with and without a value, and under those of coalesce; rows under three branches, with and
        // without a cost, and under those of coalesce. An average is both. All conditions together have twelve combinations more.
        #expect(plan.branchConditions.map(\.count) == [20, 24, 8, 32, 12])
        #expect(plan.rules.aggregates.map(\.branchCount) == [20, 24, 8, 32, 12])
        let alone = try approved("SELECT SUM(CASE WHEN urgent THEN cost ELSE 0 END), COUNT(CASE WHEN urgent THEN 1 END) FROM visit", policies)
        #expect(alone.branchConditions.map(\.count) == [2, 2])
        for condition in plan.branchConditions.joined() { #expect(condition.type == .bool && !condition.isNullable) }
        guard case .aggregate(let aggregation) = plan.plan.release else { throw NotApproved() }
        #expect(aggregation.calls[0].argument?.canonicalText.contains("else(null:decimal(12,2))") == true)
        #expect(aggregation.calls[2].argument?.canonicalText.hasPrefix("$") == true)
        #expect(plan.rules.aggregates[3].clamp?.lower == 0)
        #expect(plan.plan.brokenInvariant == nil)
    }

    @Test(
        "aggregates of one measure are judged together, rows with and without a value too; of others only those with conditions",
        arguments: [
            ("COUNT(*), COUNT(cost)", [0, 2]), ("COUNT(*), AVG(cost)", [0, 2]), ("COUNT(*), COUNT(age)", [0, 0]), ("COUNT(cost), COUNT(insured)", [4, 4]),
            ("COUNT(*), SUM(cost), SUM(insured)", [0, 0, 0]), ("AVG(cost), SUM(cost)", [0, 0]), ("SUM(cost), SUM(cost) FILTER (WHERE urgent)", [4, 4]),
            ("SUM(cost * 2), SUM(cost)", [0, 0]), ("SUM(days * 2), SUM(days)", [0, 0]), ("SUM(cost) FILTER (WHERE age > 60), SUM(insured) FILTER (WHERE urgent)", [6, 6]),
            ("SUM(CASE WHEN urgent THEN 1 WHEN age > 60 THEN 2 ELSE 1000 END), COUNT(cost)", [6, 6]),
            ("COUNT(DISTINCT person_id), COUNT(*) FILTER (WHERE urgent)", [0, 2]),
        ])
    func measures(calls: String, branches: [Int]) throws {
        #expect(try approved("SELECT \(calls) FROM visit", example("visit")).branchConditions.map(\.count) == branches)
    }

    @Test("as many branches as the limit, not one more")
    func branchLimit() throws {
        func sql(_ count: Int) -> String {
            "SELECT COUNT(CASE " + (1..<count).map { "WHEN age > \($0) THEN 1 " }.joined() + "END) FROM visit"
        }
        let policies = try example("visit")
        _ = try approved(sql(PolicyCheck.Limits.branches), policies)
        guard case .stopped(let verdict) = try check(sql(PolicyCheck.Limits.branches + 1), policies) else { throw NotApproved() }
        #expect(verdict.findings.map(\.rule) == [PolicyRule.tooManyBranches.rawValue])
    }

    @Test("open tables pass the open rule")
    func open() throws {
        let plan = try approved("SELECT city, AVG(pm25), MAX(wind), SUM(wind) FROM weather GROUP BY city", try example("weather"))
        #expect(plan.rules.isOpen && plan.rules.dimensions.isEmpty)
        #expect(plan.rules.aggregates.map(\.kind) == [.average(scale: 0, resultScale: 16), .openValue, .openValue])
    }

    @Test("the plan does not depend on aliases, derived tables or the way of writing")
    func spelling() throws {
        let policies = try example("visit")
        let plain = try approved("SELECT hospital, SUM(cost) AS total FROM visit WHERE age > 60 GROUP BY hospital", policies)
        let others = [
            "SELECT v.hospital, SUM(v.cost) AS total FROM visit AS v WHERE 60 < v.age GROUP BY v.hospital",
            "WITH x AS (SELECT * FROM visit WHERE age > 60) SELECT hospital, SUM(cost) AS total FROM x GROUP BY 1",
            "SELECT h AS hospital, SUM(c) AS total FROM (SELECT hospital AS h, cost AS c, age AS a FROM visit) t WHERE a > 60 GROUP BY h",
        ]
        for other in others { #expect(try approved(other, policies).canonicalText == plain.canonicalText) }
    }

    @Test("the text of a plan changes with every rule")
    func text() throws {
        let sql = "SELECT c, COUNT(*) FROM t GROUP BY c"
        func text(_ release: String) throws -> String {
            try approved(
                sql, try policies("table: t\nunit: u\ngrade: 一般\nentity: { person: p }\ncolumns: { p: { type: text }, c: { type: text, allow: [group] } }\nrelease: \(release)"))
            .canonicalText
        }
        let texts = try ["{ minimum_entities: 10 }", "{ minimum_entities: 11 }", "{ rounding: 5 }"].map(text)
        #expect(Set(texts).count == 3)
    }

    @Test("statements that grow without end are refused, not expanded")
    func growth() throws {
        func sql(_ levels: Int) -> String {
            var inner = "SELECT CASE WHEN age > 1 THEN 1 ELSE 0 END AS x FROM visit"
            for level in 0..<levels { inner = "SELECT CASE WHEN x > 1 THEN x ELSE x END AS x FROM (\(inner)) t\(level)" }
            return "SELECT x, COUNT(*) FROM (\(inner)) t GROUP BY x"
        }
        let policies = try example("visit")
        _ = try approved(sql(4), policies)
        guard case .stopped(let verdict) = try check(sql(24), policies) else { throw NotApproved() }
        #expect(verdict.findings.map(\.rule) == [PolicyRule.tooLarge.rawValue])
    }
}

@Suite("Texts and pages of the checker")
struct CheckerTextTests {
    @Test("every rule, change and code has a text")
    func texts() {
        for rule in PolicyRule.allCases { #expect(Texts.contains(rule.rawValue), "\(rule.rawValue)") }
        for change in PolicyChange.allCases { #expect(Texts.contains(change.rawValue), "\(change.rawValue)") }
        for stage in PlanStep.Stage.allCases { #expect(Texts.contains(stage.rawValue), "\(stage.rawValue)") }
        for code in PolicyError.Code.allCases { #expect(Texts.contains(code.rawValue), "\(code.rawValue)") }
    }

    @Test("arguments of findings fill their texts, and every rule is reached by a case")
    func arguments() throws {
        var reached: Set<String> = []
        for file in CaseFile.all {
            guard case .stopped(let verdict) = try file.outcome() else { continue }
            for finding in verdict.findings {
                reached.insert(finding.rule)
                let raw = Texts.text(finding.rule, (0..<9).map { "{\($0)}" })
                #expect(Texts.placeholders(raw.en).count <= finding.arguments.count, "\(file.path) \(finding.rule)")
                guard let change = finding.passesIf else { continue }
                let changed = Texts.text(change.code, (0..<9).map { "{\($0)}" })
                #expect(Texts.placeholders(changed.en).count <= change.arguments.count, "\(file.path) \(change.code)")
            }
        }
        let byTest: Set<PolicyRule> = [.tooManyBranches, .tooLarge]
        for rule in PolicyRule.allCases where !byTest.contains(rule) { #expect(reached.contains(rule.rawValue), "\(rule.rawValue)") }
    }
}

@Suite("Rows that stand for several persons")
struct WeightTests {
    private func policies(_ entity: String, type: String = "int64") throws -> PolicySet {
        let yaml = """
            table: population
            unit: u
            entity: \(entity)
            grade: 一般
            columns:
              district: { type: text, allow: [group, filter_equal] }
              persons: { type: \(type) }
              income: { type: "decimal(14,2)", allow: [sum, average], bounds: [0, 1000] }
            """
        return try PolicySet(documents: [try DocumentReader.read(Array(yaml.utf8), fileName: "population").json])
    }

    @Test("carry their number up to the release, though nobody may mention it, and judge no dominance")
    func carried() throws {
        let sql = "SELECT d, SUM(i) FROM (SELECT district AS d, income AS i FROM population WHERE district <> 'x') t GROUP BY d"
        let plan = try approved(sql, try policies("{ weight: persons }"))
        #expect(plan.rules.dimensions == [.init(entity: "row", minimumContributors: 10, mayBeAbsent: false)])
        #expect(plan.dimensions.map(\.kind) == [.row])
        guard case .column(let position)? = plan.weights[0]?.kind else { throw NotApproved() }
        #expect(plan.plan.rows.output[position].origin?.column == "persons")
        #expect(plan.plan.brokenInvariant == nil)
        #expect(plan.rules.aggregates[0].dominance == nil && plan.canonicalText.contains(" weight $"))
        let single = try approved(sql, try policies("{ none: 1 }"))
        #expect(single.weights.isEmpty && single.rules.aggregates[0].dominance != nil)
    }

    @Test("need a whole number that is there, and no second entity")
    func malformed() throws {
        #expect(throws: PolicyError.self) { try policies("{ weight: absent }") }
        #expect(throws: PolicyError.self) { try policies("{ weight: persons }", type: "text") }
        #expect(throws: PolicyError.self) { try policies("[{ weight: persons }, { person: district }]") }
        _ = try policies("{ weight: persons }")
    }
}
