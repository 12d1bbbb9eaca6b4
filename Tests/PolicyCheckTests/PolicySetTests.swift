// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import PolicyCheck
import QueryPlan
import Tabular
import Testing

func json(_ yaml: String) throws -> JSONValue { try DocumentReader.read(Array(yaml.utf8), fileName: "test").json }

func policies(_ documents: String...) throws -> PolicySet { try PolicySet(documents: documents.map { try json($0) }) }

/// The code of the error that documents give; nil when they fit.
func policyFault(_ documents: String...) throws -> PolicyError.Code? {
    let values = try documents.map { try json($0) }
    do throws(PolicyError) {
        _ = try PolicySet(documents: values)
        return nil
    } catch { return error.code }
}

@Suite("Effective policies")
struct PolicySetTests {
    private let baseline = """
        baseline: city@1
        floors: { general: { minimum_entities: 5 }, important: { minimum_entities: 20, dominance: { largest: 0.5 }, review: manual }, core: forbidden }
        elements:
          disease: { type: text, codes: ICD-10, hierarchy: [章, 类目], finest: 类目, exclude_rows: [B20-B24], allow: [group, filter_equal] }
          day: { type: date, allow: [group, filter_range], granularity: month }
          money: { type: "decimal(12,2)", bounds: [0, 1000], allow: [sum] }
          age:
            { type: int64, allow: [group, filter_equal, filter_range, compare], filter_codes: [1, 2], range_width: 10, range_alignment: 5, band: 5,
              compare_with: [x, z], join_with: [person, o.c], functions: [number], minimum_entities: 30, order_in_result: no }
          birth: { type: date, allow: [filter_range], range_width: 90 days, range_alignment: 1 month }
          icd: { type: text, codes: ICD-10, finest: chapter, allow: [group] }
          town: { type: text, codes: GB/T 2260, hierarchy: [省, 市, 县], finest: 县, allow: [group] }
        """

    private func table(_ lines: String = "", columns: String = "", release: String = "") -> String {
        "table: t\nunit: u\nentity: { person: p }\n" + (lines.contains("grade") ? "" : "grade: general\n") + lines + "\ncolumns:\n  p: { type: text, identifier: key }\n"
            + columns.split(separator: "\n").map { "  " + $0 + "\n" }.joined() + (release.isEmpty ? "" : "release: " + release)
    }

    @Test("memory of jobs: of all baselines the least, within bounds")
    func jobMemory() throws {
        func bytes(_ lines: String...) throws -> Int64? {
            try PolicySet(documents: lines.enumerated().map { try json("baseline: b@\($0)\nfloors: { core: forbidden }\n" + $1) }).jobMemoryBytes
        }
        #expect(try bytes() == nil)
        #expect(try bytes("", "") == nil)
        #expect(try bytes("job_memory: 2048") == 2 << 30)
        #expect(try bytes("job_memory: 512", "作业内存: 16", "") == 16 << 20)
        #expect(throws: (any Error).self) { try bytes("job_memory: 15") }
        #expect(throws: (any Error).self) { try bytes("job_memory: 2049") }
    }

    @Test("most rows of an entity: of the first one, within bounds, told with its table")
    func fanOut() throws {
        func read(_ entity: String) throws -> PolicySet { try policies(table(columns: entity.contains(": c") ? "c: { type: text, identifier: key }" : "").replacing("{ person: p }", with: entity)) }
        let limit = PolicyCheck.Limits.fanOut
        let set = try read("{ person: p, fan_out: \(limit) }")
        #expect(set.table("t")?.fanOut == FanOut(column: "p", rows: limit))
        #expect(set.effectiveLines("t").contains(EffectiveLine(text: "entity.fan_out: \(limit)", owner: "u")))
        #expect(throws: (any Error).self) { try read("{ person: p, fan_out: \(limit + 1) }") }
        #expect(try read("[{ person: p, fan_out: 2 }, { enterprise: c }]").table("t")?.fanOut == FanOut(column: "p", rows: 2))
        #expect(throws: PolicyError(.badDocument)) { try read("[{ person: p }, { enterprise: c, fan_out: 2 }]") }
        #expect(try read("{ person: p, enterprise: c }").table("t")?.fanOut == nil)
    }

    @Test("a table without baseline stands alone, with defaults")
    func alone() throws {
        let policy = try #require(try policies(table()).table("t"))
        #expect(policy.release.minimumEntities == ReleasePolicy.defaultMinimumEntities)
        #expect(policy.release.largest == ReleasePolicy.defaultLargest)
        #expect(policy.release.twoLargest == ReleasePolicy.defaultTwoLargest)
        #expect(policy.release.rounding == 1)
        let other = try #require(try policies(table(release: "{ minimum_entities: 3, dominance: none, rounding: 5 }")).table("t"))
        #expect(other.release.minimumEntities == 3)
        #expect(other.release.largest == nil && other.release.twoLargest == nil)
        #expect(other.release.rounding == 5)
    }

    @Test("what a table leaves out is the baseline's; what it tightens is its own")
    func layers() throws {
        let plain = try #require(try policies(baseline, table("baseline: city@1\ngrade: important")).table("t"))
        #expect(plain.release.minimumEntities == 20)
        #expect(plain.release.owners["minimum_entities"] == "city@1")
        #expect(plain.release.needsReview)
        let tighter = table("baseline: city@1\ngrade: important", release: "{ minimum_entities: 30, dominance: { largest: 0.4 } }")
        let own = try #require(try policies(baseline, tighter).table("t"))
        #expect(own.release.minimumEntities == 30)
        #expect(own.release.owners["minimum_entities"] == "u")
    }

    @Test(
        "a weaker line is an error naming both",
        arguments: [
            ("", "{ minimum_entities: 19 }", true), ("", "{ minimum_entities: 20 }", false),
            ("", "{ dominance: { largest: 0.6 } }", true), ("", "{ dominance: none }", true), ("", "{ review: none }", true),
            ("disease: { allow: [group] }", "", false), ("disease: { allow: [group, count] }", "", true),
            ("disease: { prefix: 4 }", "", true), ("disease: { prefix: 2 }", "", false),
            ("day: { granularity: day }", "", true), ("day: { granularity: quarter }", "", false),
            ("money: { bounds: [0, 1001] }", "", true), ("money: { bounds: [1, 999] }", "", false),
            ("age: { filter_codes: [2] }", "", false), ("age: { filter_codes: [2, 3] }", "", true), ("age: { range_width: 9 }", "", true),
            ("age: { range_width: 10.0 }", "", false), ("age: { range_alignment: 10 }", "", false), ("age: { range_alignment: 7 }", "", true),
            ("age: { band: 15 }", "", false), ("age: { band: 1 }", "", true), ("age: { functions: [] }", "", false),
            ("age: { functions: [number, text] }", "", true), ("age: { minimum_entities: 29 }", "", true), ("age: { minimum_entities: 31 }", "", false),
            ("age: { order_in_result: yes }", "", true), ("age: { order_in_result: no }", "", false), ("age: { join_with: [person] }", "", false),
            ("age: { join_with: [自然人, o.d] }", "", true), ("age: { compare_with: [] }", "", false), ("age: { compare_with: [p] }", "", true),
            ("birth: { range_width: 2 months }", "", true), ("birth: { range_width: 4 months }", "", false), ("birth: { range_width: 89 days }", "", true),
            ("birth: { range_alignment: 1 year }", "", false), ("birth: { range_alignment: 7 days }", "", true),
            ("icd: { codes: ICD-10, finest: category }", "", true), ("icd: { codes: ICD-10, finest: 章 }", "", false), ("icd: {}", "", false),
            ("town: { codes: GB/T 2260, finest: 乡镇 }", "", true), ("town: { codes: GB/T 2260, finest: 市 }", "", false),
            ("money: { type: int64 }", "", true), ("x: { element: day, granularity: day }", "", true),
        ])
    func loosening(_ columns: String, _ release: String, _ isRefused: Bool) throws {
        let others = columns.hasPrefix("age") ? "\nx: { type: int64 }\nz: { type: int64 }" : ""
        let text = table("baseline: city@1\ngrade: important", columns: columns + others, release: release)
        #expect(try policyFault(baseline, text) == (isRefused ? .loosens : nil))
    }

    @Test("the error names table, line, unit, both values and the baseline")
    func names() throws {
        let documents = [try json(baseline), try json(table("baseline: city@1\ngrade: important", release: "{ minimum_entities: 7 }"))]
        do throws(PolicyError) {
            _ = try PolicySet(documents: documents)
            Issue.record("accepted")
        } catch { #expect(error.arguments == ["t", "minimum_entities", "u", "7", "city@1", "20"]) }
    }

    @Test(
        "lines that do not fit are refused",
        arguments: [
            ("c: { type: text, allow: [sum] }", PolicyError.Code.lineNotForType),
            ("c: { type: text, allow: [filter_range] }", .lineNotForType), ("c: { type: text, granularity: month }", .lineNotForType),
            ("c: { type: date, prefix: 3 }", .lineNotForType), ("c: { type: int64, exclude_rows: [1] }", .lineNotForType),
            ("c: { type: int64, allow: [sum] }", .missingBounds), ("c: { type: int64, allow: [average], bounds: [5, 1] }", .badBounds),
            ("c: { type: int64, allow: [average], bounds: [0, 1.5] }", .badBounds), ("c: { allow: [sum], bounds: [0, 1] }", .missingType),
            ("c: { type: double, allow: [sum], bounds: [0, 1] }", .floatingNumber), ("c: { type: double, allow: [group] }", .floatingNumber),
            ("c: { type: text, allow: [project] }", .projectNotOpen), ("c: { type: text, identifier: key }", .identifierWithoutEntity),
            ("c: { type: text, element: none }", .unknownElement), ("c: { type: text, codes: X, finest: 章 }", .notAvailable),
            ("c: { type: text, codes: ICD-10, finest: 亚目 }", .notAvailable), ("c: { type: text, finest: 章 }", .notAvailable),
            ("c: { type: int64, codes: ICD-10, finest: 章 }", .lineNotForType), ("c: { type: text, column: p }", .duplicateColumn),
            ("c: { type: text, filter_codes: [a], band: 5 }", .lineNotForType), ("c: { type: date, band: 5 }", .lineNotForType),
            ("c: { type: date, range_width: 5 }", .lineNotForType), ("c: { type: int64, range_width: 5 days }", .lineNotForType),
            ("c: { type: int64, range_alignment: 0.5 }", .lineNotForType), ("c: { type: bool, filter_codes: [true] }", .lineNotForType),
            ("c: { type: int64, filter_codes: [a] }", .lineNotForType), ("c: { type: text, range_alignment: 1 month }", .lineNotForType),
            ("c: { type: int64, compare_with: [none] }", .unknownColumn), ("c: { type: int64, band: 5 days }", .lineNotForType),
        ])
    func misfit(_ column: String, _ code: PolicyError.Code) throws { #expect(try policyFault(table(columns: column)) == code) }

    @Test("fitting counterparts are accepted")
    func fit() throws {
        let columns = """
            c: { type: int64, allow: [sum, average, group], bounds: [-5, 10] }
            d: { type: double, allow: [count] }
            e: { type: timestamp, allow: [group], granularity: day }
            f: { type: text, codes: ICD-10, finest: 类目 }
            g: 禁用
            h: { type: "decimal(8,2)", allow: [group, filter_range], band: 0.5, range_width: 2.50, range_alignment: 1 }
            i: { type: int64, filter_codes: [1, 02], compare_with: [c] }
            j: { type: timestamp, range_width: 1 week, range_alignment: 1 quarter }
            k: { codes: GB/T 2260, finest: province, functions: [text], order_in_result: yes, join_with: [person] }
            """
        #expect(try policyFault(table(columns: columns)) == nil)
        let policy = try #require(try policies(table(columns: columns)).table("t"))
        #expect(policy.column("f")?.prefix == 3)
        #expect(policy.column("k")?.prefix == 2)
        #expect(policy.column("g")?.capabilities.isEmpty == true)
        #expect(policy.column("g")?.isNullable == true)
        #expect(policy.column("c")?.bounds == ColumnPolicy.Bounds(lower: -5, upper: 10))
    }

    @Test("lines in Chinese and in English are the same lines")
    func languages() throws {
        let english = table(
            columns: """
                x: { type: int64, allow: [compare], filter_codes: [1], range_width: 10, range_alignment: 5, band: 5, compare_with: [y], join_with: [person], functions: [text, date, number], minimum_entities: 20, order_in_result: no }
                y: { type: date, range_width: 1 quarter }
                """)
        let chinese = english.replacing("compare_with", with: "可比较").replacing("[compare]", with: "[比较]").replacing("filter_codes", with: "可选代码")
            .replacing("range_width", with: "区间宽度").replacing("range_alignment", with: "区间对齐").replacing("band", with: "分档")
            .replacing("join_with: [person]", with: "可关联: [自然人]").replacing("functions: [text, date, number]", with: "函数: [文本, 日期, 数值]")
            .replacing("minimum_entities", with: "最少主体").replacing("order_in_result: no", with: "结果排序: 否").replacing("1 quarter", with: "3 个月")
        #expect(try policies(english) == policies(chinese))
        #expect(try policies(english).effectiveText("t") == policies(chinese).effectiveText("t"))
    }

    @Test("every restraining line is an effective line, with its owner")
    func restrainingLines() throws {
        let set = try policies(baseline, table("baseline: city@1", columns: "age: { band: 10 }\nicd: { type: text }\nx: { type: int64 }\nz: { type: int64 }"))
        let lines = set.effectiveLines("t")
        for (text, owner) in [
            ("filter_codes: [1, 2]", "city@1"), ("range_width: 10", "city@1"), ("range_alignment: 5", "city@1"), ("band: 10", "u"),
            ("compare_with: [x, z]", "city@1"), ("join_with: [person, o.c]", "city@1"), ("functions: [number]", "city@1"),
            ("minimum_entities: 30", "city@1"), ("order_in_result: false", "city@1"),
        ] { #expect(lines.contains(EffectiveLine(text: "age." + text, owner: owner)), "\(text)") }
        #expect(lines.contains(EffectiveLine(text: "icd.finest: chapter", owner: "city@1")))
    }

    @Test("tables that do not fit are refused")
    func tables() throws {
        let columns = "columns: { p: { type: text }, q: { type: text, allow: [group] } }"
        #expect(try policyFault("table: t\nunit: u\n" + columns) == .missingEntity)
        #expect(try policyFault("table: t\nunit: u\nopen: true\n" + columns) == nil)
        #expect(try policyFault("table: t\nunit: u\nentity: { person: x }\n" + columns) == .unknownColumn)
        #expect(try policyFault("table: t\nunit: u\nentity: [{ person: p }, { person: q }]\n" + columns) == .duplicateEntity)
        #expect(try policyFault("table: t\nunit: u\nentity: { 机构: q }\n" + columns) == .missingEntity)
        #expect(try policyFault("table: t\nunit: u\nentity: [{ person: p }, { 机构: q }]\n" + columns) == nil)
        #expect(try policyFault("table: t\nunit: u\nentity: { via: x(q) }\n" + columns) == .unknownVia)
        #expect(try policyFault("table: t\nunit: u\nentity: { person: p }\nbaseline: x@1\n" + columns) == .unknownBaseline)
        #expect(try policyFault("table: t\nunit: u\nentity: { person: p }\nrow_range: q = a\n" + columns) == nil)
        #expect(try policyFault("table: t\nunit: u\nentity: { person: p }\nrow_range: p = a\n" + columns) == .badRowRange)
        #expect(try policyFault("table: t\nunit: u\nentity: { person: p }\nrow_range: z = a\n" + columns) == .unknownColumn)
        #expect(try policyFault(table(), table()) == .duplicateTable)
        #expect(try policyFault(baseline, baseline) == .duplicateBaseline)
        let circle = "unit: u\ntables: { a: { entity: { via: b(k) }, columns: { k: { type: text } } }, b: { entity: { via: a(k) }, columns: { k: { type: text } } } }"
        #expect(try policyFault(circle) == .circularVia)
    }

    @Test("identifiers may be joined and counted, nothing else")
    func identifiers() throws {
        let head = "table: t\nunit: u\nentity: { person: p }\ncolumns: "
        #expect(try policyFault(head + "{ p: { type: text, identifier: key, allow: [join, count_distinct] } }") == nil)
        #expect(try policyFault(head + "{ p: { type: text, identifier: key, allow: [group] } }") == .identifierCapability)
        let schema = try #require(try policies(head + "{ p: { type: text, allow: [join] } }").schema(of: "t"))
        #expect(schema.columns[0].type == .entity("person"))
    }

    @Test("canonical documents are read strictly")
    func strict() throws {
        var members = try #require(try json(table()).members)
        _ = try PolicySet(documents: [.object(members)])
        members["more"] = 1
        #expect(throws: PolicyError.self) { try PolicySet(documents: [.object(members)]) }
        #expect(throws: PolicyError.self) { try PolicySet(documents: [["kind": "x"]]) }
        #expect(throws: PolicyError.self) { try PolicySet(documents: ["text"]) }
        let many = (0...PolicyCheck.Limits.columns).map { JSONValue.object(["name": .string("c\($0)"), "type": "text"]) }
        members["more"] = nil
        let own = members["columns"]?.elements ?? []
        members["columns"] = .array(own + many.prefix(PolicyCheck.Limits.columns - own.count))
        _ = try PolicySet(documents: [.object(members)])
        members["columns"] = .array(own + many.prefix(PolicyCheck.Limits.columns - own.count + 1))
        #expect(throws: PolicyError.self) { try PolicySet(documents: [.object(members)]) }
    }

    @Test("entities may go through so many tables and no more")
    func viaDepth() throws {
        func chain(_ count: Int) -> String {
            var text = "unit: u\ntables:\n  t0: { entity: { person: p }, columns: { p: { type: text }, k: { type: text } } }\n"
            for index in 1...count { text += "  t\(index): { entity: { via: t\(index - 1)(k) }, columns: { k: { type: text } } }\n" }
            return text
        }
        #expect(try policyFault(chain(PolicyCheck.Limits.viaDepth)) == nil)
        #expect(try policyFault(chain(PolicyCheck.Limits.viaDepth + 1)) == .circularVia)
    }

    @Test("effective lines name their owners and change with every line")
    func effective() throws {
        let set = try policies(baseline, table("baseline: city@1", columns: "day: { type: date }"))
        let lines = set.effectiveLines("t")
        #expect(lines.contains(EffectiveLine(text: "day.granularity: month", owner: "city@1")))
        #expect(lines.contains(EffectiveLine(text: "unit: u", owner: "u")))
        #expect(set.effectiveLines("x").isEmpty)
        #expect(set.effectiveText("t") != (try policies(table(columns: "day: { type: date }")).effectiveText("t")))
    }
}
