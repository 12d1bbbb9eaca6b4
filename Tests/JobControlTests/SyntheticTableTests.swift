// SPDX-License-Identifier: Apache-2.0

import DocumentReader
import Foundation
import JobControl
import LocalKnowledge
import PolicyCheck
import Testing

@Suite("Invented rows")
struct SyntheticTableTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Policies")

    private static func policies(_ names: String...) throws -> PolicySet {
        try PolicySet(
            documents: names.map { name in
                try DocumentReader.read(Array(Data(contentsOf: folder.appendingPathComponent(name))), fileName: name).json
            })
    }

    private static func policies(yaml: String) throws -> PolicySet {
        try PolicySet(documents: [try DocumentReader.read(Array(yaml.utf8), fileName: "t.yaml").json])
    }

    /// Columns by name, of one sample.
    private static func columns(_ policies: PolicySet, _ table: String, rows: Int = 200, seed: UInt64 = 1) throws -> [String: [String]] {
        let lines = try SyntheticTable(policies, table: table, rows: rows, seed: seed).csv.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(lines.count == rows + 1 && lines.allSatisfy { $0.count == lines[0].count })
        return Dictionary(uniqueKeysWithValues: lines[0].enumerated().map { place, name in (name, lines.dropFirst().map { $0[place] }) })
    }

    @Test("The same seed gives the same bytes, another one others")
    func seeds() throws {
        let policies = try Self.policies("Examples/visit.yaml")
        func csv(_ seed: UInt64) throws -> String { try SyntheticTable(policies, table: "visit", rows: 50, seed: seed).csv }
        #expect(try csv(1) == csv(1))
        #expect(try csv(1) != csv(2))
        let (one, two) = (try Self.columns(policies, "visit", seed: 1), try Self.columns(policies, "visit", seed: 2))
        #expect(one["person_id"] != two["person_id"])
    }

    @Test("Values keep type, bounds, granularity, formats")
    func values() throws {
        let columns = try Self.columns(try Self.policies("Examples/visit.yaml"), "visit", rows: 2_000)
        let costs = try #require(columns["cost"])
        #expect(costs.contains("") && costs.allSatisfy { $0.isEmpty || (Double($0).map { (0...200_000).contains($0) } ?? false) })
        #expect(costs.allSatisfy { $0.isEmpty || $0.split(separator: ".").last?.count == 2 })
        #expect(try #require(columns["age"]).allSatisfy { Int($0).map { (0...130).contains($0) } ?? false })
        #expect(try #require(columns["visit_date"]).allSatisfy { $0.wholeMatch(of: /2025-0[1-6]-\d\d/) != nil })
        #expect(Set(try #require(columns["urgent"])) == ["true", "false"])
        #expect(Set(try #require(columns["hospital"])).count == 6)
        // Codes differ in the part that may be seen, and some are of those whose rows are left out.
        let codes = Set(try #require(columns["icd_code"]).map { $0.prefix(3) })
        #expect(codes.contains("B20") && codes.count > 5)
    }

    @Test("Resident numbers are valid and nobody's; half as many persons as rows, each met")
    func persons() throws {
        let columns = try Self.columns(try Self.policies("Examples/visit.yaml"), "visit", rows: 301)
        let persons = try #require(columns["person_id"])
        #expect(Set(persons).count == 151)
        for person in persons {
            #expect(person.hasPrefix("99") && Array(person.utf8).withUnsafeBytes { ResidentNumber.isValid($0) }, "\(person)")
        }
    }

    @Test("No more rows of an entity than its table allows", arguments: [1, 2, 5])
    func fanOut(rows: Int) throws {
        let policies = try Self.policies(
            yaml: "table: t\nunit: u\nentity: { person: p, fan_out: \(rows) }\ngrade: general\ncolumns:\n  p: { type: text, identifier: key }\n  c: { type: text }\n")
        let persons = try #require(try Self.columns(policies, "t", rows: 301)["p"])
        #expect(Dictionary(grouping: persons) { $0 }.values.allSatisfy { $0.count <= rows })
    }

    @Test("Identifiers meet across tables, keys of children are in the parent")
    func joins() throws {
        let policies = try Self.policies("Examples/visit.yaml", "Examples/resident.yaml", "Examples/prescription.yaml")
        let visits = try Self.columns(policies, "visit", rows: 300)
        let residents = try Self.columns(policies, "resident", rows: 100)
        #expect(Set(try #require(residents["person_id"])).isSubset(of: try #require(visits["person_id"])))
        let keys = try #require(visits["visit_id"])
        #expect(Set(keys).count == keys.count)
        let prescriptions = try Self.columns(policies, "prescription", rows: 1_000)
        let named = Set(try #require(prescriptions["visit_id"]))
        #expect(named.isSubset(of: keys) && named.count > 50)
        // As many parents as the limit are enough, whatever the child's size is.
        let fewest = try Self.columns(policies, "visit", rows: JobControl.Limits.sampleParents)
        #expect(named.isSubset(of: try #require(fewest["visit_id"])))
        #expect(named.count == JobControl.Limits.sampleParents)
        let small = Set(try #require(try Self.columns(policies, "prescription", rows: 10)["visit_id"]))
        #expect(small.isSubset(of: try #require(try Self.columns(policies, "visit", rows: 10)["visit_id"])))
    }

    @Test("A unit's document in Chinese: row range, element, format, forbidden column")
    func unitDocument() throws {
        let policies = try Self.policies("Cities/六安/基线.yaml", "Cities/六安/六安市卫健委.yaml")
        let visits = try Self.columns(policies, "门急诊就诊记录信息", rows: 500)
        let shown = try #require(visits["已公开"])
        #expect(shown.filter { $0 == "是" || $0 == "true" }.count > 400)
        #expect(try #require(visits["JZRQ"]).allSatisfy { $0.wholeMatch(of: /20250[1-6]\d\d/) != nil })
        #expect(Set(try #require(visits["JBBM"])).contains("I10.0"))
        #expect(Set(try #require(visits["医疗机构"])).contains("医疗机构-1"))
        #expect(visits["姓名"] != nil)
        let lines = try Self.columns(policies, "门急诊处方信息明细", rows: 100)
        #expect(Set(try #require(lines["就诊流水号"])).isSubset(of: try #require(visits["就诊流水号"])))
    }

    @Test("Keys of rows differ; names that need quotes have them")
    func keys() throws {
        let policies = try Self.policies(
            yaml: """
                table: t
                unit: u
                grade: general
                entity: { 学校: school }
                row_key: [day, id]
                columns:
                  school: { type: text, identifier: key, allow: [join] }
                  day:    { type: date, format: yyyy/M/d, allow: [group], granularity: day }
                  id:     { type: int64, column: 'a,"b', allow: [join] }
                  at:     { type: timestamp }
                  rate:   { type: double }
                  amount: { type: "decimal(38,2)", allow: [sum], bounds: [-99999999999999999999, 99999999999999999999] }
                """)
        let csv = try SyntheticTable(policies, table: "t", rows: 100, seed: 9).csv
        #expect(csv.hasPrefix("school,day,\"a,\"\"b\",at,rate,amount\n"))
        let rows = csv.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
        #expect(Set(rows.map { $0[2] }).count == 100)
        #expect(rows.allSatisfy { $0[1].wholeMatch(of: /2025\/[1-6]\/\d\d?/) != nil })
        #expect(rows.allSatisfy { $0[3].wholeMatch(of: /2025-0[1-6]-\d\d \d\d:\d\d:\d\d/) != nil })
        #expect(rows.contains { $0[5].hasPrefix("-") } && rows.contains { !$0[5].hasPrefix("-") })
        #expect(Set(rows.map { $0[0] }).count == 50)
    }

    @Test("Rows of a sample, at and over the limit")
    func limit() throws {
        let policies = try Self.policies("Examples/survey.yaml")
        let most = try SyntheticTable(policies, table: "survey", rows: JobControl.Limits.sampleRows, seed: 1)
        #expect(most.csv.utf8.count { $0 == 0x0A } == JobControl.Limits.sampleRows + 1)
        for rows in [JobControl.Limits.sampleRows + 1, 0, -1] {
            #expect(throws: ControlError(.tableSampleRows)) { try SyntheticTable(policies, table: "survey", rows: rows, seed: 1) }
        }
        #expect(throws: ControlError(.tableUnknown)) { try SyntheticTable(policies, table: "nowhere", rows: 1, seed: 1) }
    }
}
