// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import Foundation
import PolicyCheck
import Testing
import WireContract

@Suite("Files of Policies and their pages")
struct FilesTests {
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let files: [String] = {
        let policies = root.appendingPathComponent("Policies")
        let paths = FileManager.default.enumerator(atPath: policies.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test("every file is a document", arguments: files)
    func readable(_ path: String) throws {
        let bytes = Array(try Data(contentsOf: Self.root.appendingPathComponent("Policies/" + path)))
        let document = try DocumentReader.read(bytes, fileName: path)
        #expect(!document.name.isEmpty)
        #expect(try JSONValue.parseCanonical(document.json.canonicalBytes) == document.json)
    }

    @Test("the city's documents fit each other")
    func city() throws {
        let folder = Self.root.appendingPathComponent("Policies/Cities/六安")
        let documents = try ["基线.yaml", "六安市卫健委.yaml"].map {
            try DocumentReader.read(Array(Data(contentsOf: folder.appendingPathComponent($0))), fileName: $0).json
        }
        let policies = try PolicySet(documents: documents)
        let visits = try #require(policies.table("门急诊就诊记录信息"))
        #expect(visits.release.minimumEntities == 20)
        #expect(visits.column("疾病编码")?.prefix == 3)
        #expect(visits.column("就诊日期")?.granularity == .month)
        #expect(visits.column("就诊日期")?.physicalName == "JZRQ")
        #expect(visits.column("患者索引")?.identifier == .key)
        #expect(visits.protectedEntities == [.key(type: "person", column: "患者索引")])
        let lines = try #require(policies.table("门急诊处方信息明细"))
        #expect(lines.entities.first == .via(type: "person", table: "门急诊就诊记录信息", keyColumn: "就诊流水号", column: "就诊流水号"))
        #expect(policies.effectiveLines("门急诊就诊记录信息").contains(EffectiveLine(text: "release.minimum_entities: 20", owner: "六安@1")))
    }

    @Test("the schema page has every key in both languages")
    func schemaPage() throws {
        let page = try String(contentsOf: Self.root.appendingPathComponent("Policies/Schema/README.md"), encoding: .utf8)
        for (place, key) in DocumentSchema.allKeys {
            #expect(page.contains("`\(key.english)` | `\(key.chinese)`"), "\(place).\(key.english)")
        }
    }

    @Test("every code has a text")
    func texts() {
        for code in DocumentError.Code.allCases { #expect(Texts.contains(code.rawValue), "\(code.rawValue)") }
    }
}
