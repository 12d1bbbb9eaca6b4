// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import PolicyCheck
import Testing

func read(_ yaml: String) throws(DocumentError) -> Document { try DocumentReader.read(Array(yaml.utf8), fileName: "file.yaml") }

/// The code and place of the error that a text gives, `-` when there is none.
func fault(_ yaml: String) -> String {
    do throws(DocumentError) {
        _ = try read(yaml)
        return "-"
    } catch {
        return error.code.rawValue + " " + error.arguments[1] + ":" + error.arguments[2]
    }
}

@Suite("Documents")
struct DocumentTests {
    static let english = """
        table: visit
        unit: 市卫健委                                 # equals the organisation of the identity that applies it
        entity: { person: person_id }
        grade: 重要
        columns:
          person_id:  { type: text, identifier: resident_id, allow: [join, count_distinct] }
          hospital:   { type: text, allow: [group, filter_equal] }
          visit_date: { type: date, format: yyyy-MM-dd, allow: [group, filter_range], granularity: month }
          icd_code:   { type: text, allow: [group, filter_equal], prefix: 3, exclude_rows: [B20-B24, Z21] }
          cost:       { type: "decimal(12,2)", nullable: true, allow: [sum, average, count], bounds: [0, 200000] }
          name:       { type: text }
        release: { minimum_entities: 10, dominance: { largest: 0.5, two_largest: 0.8 }, rounding: 1, noise: none, review: none }
        """

    @Test("the single table of the design is read as it stands")
    func singleTable() throws {
        let document = try read(Self.english)
        #expect(document.kind == .table)
        #expect(document.name == "visit")
        #expect(document.unit == "市卫健委")
        #expect(document.json["columns"]?.elements?.compactMap { $0["name"]?.text }.first == "person_id")
        _ = try PolicySet(documents: [document.json])
    }

    @Test("Chinese and English keys, flow and block, in any order, give the same canonical bytes")
    func twins() throws {
        let chinese = """
            发布:
              占优: { 前二: 0.80, 最大: 0.5 }
              人工复核: 否
              噪声: 无
              取整: 1
              最少主体: 10
            数据项:
              person_id: { 标识: 身份证号, 类型: text, 可用于: [关联, 去重计数] }
              hospital: { 类型: text, 可用于: [分组, 等值] }
              visit_date:
                粒度: 月
                类型: date
                格式: [yyyy-MM-dd]
                可用于:
                  - 分组
                  - 区间
              icd_code: { 类型: text, 可用于: [分组, 等值], 前缀: 3, 剔除行: [B20-B24, Z21] }
              cost: { 类型: 'decimal(12, 2)', 可空: 是, 可用于: [求和, 平均, 计数], 范围: [0, 200000.00] }
              name: { 类型: text }
            分级: 重要
            主体: [{ 自然人: person_id, 缺失: 剔除 }]
            单位: 市卫健委
            数据表: visit
            """
        #expect(try read(chinese).json.canonicalText == read(Self.english).json.canonicalText)
    }

    @Test("scalars stay text until the schema types them")
    func scalars() throws {
        let yaml = "product: 01\nsql: NO\nrecipients: [1E50, NO, on, ~]\nparameters: { p: { type: text, values: [007, yes, 1.50] } }"
        let json = try read(yaml).json
        #expect(json["product"]?.text == "01")
        #expect(json["sql"]?.text == "NO")
        #expect(json["recipients"] == ["1E50", "NO", "on", "~"])
        #expect(json["parameters"]?["p"]?["values"] == ["007", "yes", "1.50"])
    }

    @Test("all kinds are told by their keys")
    func kinds() throws {
        #expect(try read("基线: 六安@1\n下限: { 核心: 禁用 }").kind == .baseline)
        #expect(try read("常设授权: a\n场景: b\n角色: 运营机构\n表: [t]\n次数: 3\n有效期至: 2027-01-01").kind == .standing)
        #expect(try read("产品: a\n语句: SELECT 1").kind == .product)
        #expect(try read("单位: u\n表: { t: { 主体: { 自然人: p }, 数据项: { p: { 类型: text } } } }").kind == .unit)
        #expect(fault("hello: 1") == "document.unknown-kind 1:1")
        #expect(fault("- a") == "document.unknown-kind 1:1")
    }

    @Test("standing approvals have the members that job control reads")
    func standing() throws {
        let json = try read("standing: a\nscenario: b\nroles: [operator, 产品开发商]\ntables: [t]\nruns: 3\nexpires: 2027-01-01").json
        #expect(json["roles"] == ["operator", "developer"])
        #expect(json["runs"]?.number == 3)
        #expect(json["expires"]?.text == "2027-01-01")
    }
}

@Suite("What is no document")
struct DocumentFaultTests {
    private let head = "product: a\nsql: b\n"

    @Test(
        "is refused at its place",
        arguments: [
            ("purpose: &x c\n", "document.anchor 3:10"),
            ("purpose: !!str c\n", "document.tag 3:10"),
            ("purpose: !x c\n", "document.tag 3:10"),
            ("recipients: !!seq [a]\n", "document.tag 3:13"),
            ("parameters: !!map { p: { type: text } }\n", "document.tag 3:13"),
            ("? [a, b]\n: c\n", "document.wrong-shape 3:3"),
            ("<<: { form: report }\n", "document.merge-key 3:1"),
            ("purpose: *x\n", "document.alias 3:10"),
            ("sql: c\n", "document.duplicate-key 2:1"),
            ("语句: c\n", "document.duplicate-key 3:1"),
            ("porpose: c\n", "document.unknown-key 3:1"),
            ("form：报告\n", "document.full-width 3:5"),
            ("form: [报告，数据集]\n", "document.wrong-shape 3:7"),
            ("form: 报告，数据集\n", "document.full-width 3:7"),
            ("recipients: [甲，乙]\n", "document.full-width 3:14"),
            ("form: 报告书\n", "document.bad-value 3:7"),
            ("form: 域内中间表\n", "document.not-available 3:7"),
            ("form: { a: b }\n", "document.wrong-shape 3:7"),
            ("parameters: { p: { min: 3 } }\n", "document.missing-key 3:18"),
            ("parameters: { p: { type: money } }\n", "document.bad-value 3:26"),
            ("parameters: { p: { type: date, step: 1 moon } }\n", "document.bad-value 3:38"),
            ("\tform: report\n", "document.tab 3:1"),
            ("---\nproduct: c\n", "document.several-documents 4:1"),
            ("form: [\n", "document.malformed 4:1"),
        ])
    func refused(_ line: String, _ expected: String) { #expect(fault(head + line) == expected) }

    @Test("is accepted when it only looks like that")
    func accepted() throws {
        #expect(fault(head + "purpose: 公共治理，公益：甲\n") == "-")
        #expect(fault(head + "recipients: ['甲，乙']\n") == "-")
        #expect(fault("\u{FEFF}" + head) == "-")
        #expect(fault(head + "# 注释\tx\n") == "-")
    }

    @Test("misspelt keys and words come with the nearest one")
    func suggestions() {
        #expect(throws: DocumentError.self) { try read(head + "porpose: c\n") }
        do throws(DocumentError) { _ = try read(head + "porpose: c\n") } catch { #expect(error.arguments.last == "purpose") }
        do throws(DocumentError) { _ = try read(head + "接受方: c\n") } catch { #expect(error.arguments.last == "接收方") }
        do throws(DocumentError) { _ = try read(head + "form: 数据级\n") } catch { #expect(error.arguments.last == "数据集") }
    }

    @Test(
        "what this version does not have is refused, not ignored",
        arguments: [
            "entity: { person: p }\nrelease: { noise: laplace }", "entity: { person: p }\nrelease: { 噪声: 高斯 }",
        ])
    func notAvailable(_ lines: String) {
        #expect(fault("table: t\nunit: u\n" + lines + "\ncolumns: { p: { type: text } }").hasPrefix("document.not-available"))
    }

    @Test("capabilities that this version does not have", arguments: ["median", "分位数", "minimum", "最大"])
    func capability(_ word: String) {
        let yaml = "table: t\nunit: u\nentity: { person: p }\ncolumns: { p: { type: text, allow: [\(word)] } }"
        #expect(fault(yaml).hasPrefix("document.not-available 4:"))
    }

    @Test("empty, not UTF-8, too large, too deep")
    func bytes() {
        #expect(fault("") == "document.empty 1:1")
        #expect(fault("# only\n") == "document.empty 1:1")
        #expect(throws: DocumentError.self) { try DocumentReader.read([0xFF, 0xFE], fileName: "f") }
        #expect(fault(head + "form: " + String(repeating: "[", count: Limits.openBrackets + 1)).hasPrefix("document.too-deep"))
        #expect(fault(head + "form: " + String(repeating: "[", count: 60)).hasPrefix("document.malformed"))
        #expect(fault(head + "form: " + String(repeating: "- ", count: Limits.openBrackets + 1)).hasPrefix("document.too-deep"))
        let filler = head + "# " + String(repeating: "x", count: Limits.documentBytes - head.utf8.count - 2)
        #expect(fault(filler) == "-")
        #expect(fault(filler + "x").hasPrefix("document.too-large"))
    }

    @Test("an alias bomb ends at its first anchor")
    func bomb() {
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
        #expect(fault(head + bomb) == "document.anchor 3:4")
    }

    @Test("entities in every form")
    func entities() throws {
        func entity(_ text: String) throws -> JSONValue? {
            try read("table: t\nunit: u\nentity: \(text)\ncolumns: { p: { type: text } }").json["entity"]
        }
        #expect(try entity("{ person: p }") == [["type": "person", "column": "p"]])
        #expect(try entity("[{ 自然人: p, 缺失: 剔除 }, { 法人: c }]") == [["type": "person", "column": "p"], ["type": "enterprise", "column": "c"]])
        #expect(try entity("{ 经: 门急诊(就诊流水号) }") == [["via": ["table": "门急诊", "column": "就诊流水号"]]])
        #expect(try entity("{ none: 20 }") == [["max_rows_per_person": 20]])
        #expect(try entity("{ 无: 20 }") == [["max_rows_per_person": 20]])
        #expect(try entity("{ person: p, fan_out: 365 }") == [["type": "person", "column": "p", "fan_out": 365]])
        #expect(try entity("[{ 每主体最多行数: 1, 自然人: p }, { 法人: c }]") == [["type": "person", "column": "p", "fan_out": 1], ["type": "enterprise", "column": "c"]])
        for text in ["{ fan_out: 3 }", "{ via: visit(k), fan_out: 3 }", "{ none: 20, fan_out: 3 }", "{ person: p, fan_out: 0 }", "{ person: p, fan_out: many }"] {
            #expect(throws: DocumentError.self, "\(text)") { try entity(text) }
        }
        #expect(throws: DocumentError.self) { try entity("{ via: visit }") }
        #expect(throws: DocumentError.self) { try entity("{ none: 0 }") }
        #expect(throws: DocumentError.self) { try entity("person") }
    }
}
