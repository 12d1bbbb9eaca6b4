// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import CryptoSuites
import Foundation
import Tabular
import Testing

/// Identifiers become entity numbers, the same ones in every table and version.
@Suite struct EntityTests {
    private static func plan(_ kind: IdentifierKind, version: Int64 = 1, table: String = "t") -> LoadPlan {
        LoadPlan(
            identity: Workbench.identity(version, table: table),
            columns: [
                LoadColumn(name: "p", physicalName: "p", type: .text, isNullable: true, identifier: kind, entityType: "person"),
                LoadColumn(name: "n", physicalName: "n", type: .int64, isNullable: false),
            ],
            entities: [.key(type: "person", column: "p", kind: kind)])
    }

    /// Entity number of each identifier in order of the file.
    private static func numbers(_ kind: IdentifierKind, _ identifiers: [String]) throws -> [String?] {
        let csv = "p,n\n" + identifiers.enumerated().map { RoundTripTests.quoted($0.element) + ",\($0.offset)\n" }.joined()
        let rows = try Workbench().load(plan(kind), csv).rows()
        return rows.sorted { Int($0[1] ?? "") ?? 0 < Int($1[1] ?? "") ?? 0 }.map { $0[0] }
    }

    @Test func residentNumbers() throws {
        let numbers = try Self.numbers(
            .residentID,
            [
                "11010519491231002X", "11010519491231002x", " 11010519491231002X\t", "１１０１０５１９４９１２３１００２Ｘ",
                "110105491231002", "370000840815228", "37000019840815228X", "", "　", "110000850230001", "not a number", "NOT A NUMBER",
            ])
        #expect(numbers[0...4].allSatisfy { $0 == "0" })
        #expect(numbers[5] == "1")
        #expect(numbers[7] == nil && numbers[8] == nil)
        #expect(Set(numbers[9...].compactMap { $0 }).count == 3)
    }

    @Test func keysKeepZerosAndCase() throws {
        let numbers = try Self.numbers(.key, ["007", "7", "a", "A", " a ", "ａ", "é", "e\u{301}", "O", "0"])
        #expect(numbers == ["0", "1", "2", "3", "2", "2", "4", "4", "5", "6"])
    }

    @Test func referenceNumbers() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Vectors/sdc/cn_identifiers.csv")
        let text = try String(contentsOf: path, encoding: .utf8)
        var seen = 0
        for line in text.split(separator: "\n").dropFirst() where line.hasPrefix("resident_id,") {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            let load = try Workbench().load(Self.plan(.residentID), "p,n\n\(fields[1]),1\n")
            #expect(load.report?.suspiciousIdentifiers == (fields[2] == "1" ? CountClass.none : .few), "\(line)")
            seen += 1
        }
        #expect(seen > 20)
    }

    @Test func fifteenDigitsBecomeEighteenWhenTheDateExists() throws {
        #expect(try Workbench().load(Self.plan(.residentID), "p,n\n370000840815228,1\n").report?.suspiciousIdentifiers == CountClass.none)
        #expect(try Workbench().load(Self.plan(.residentID), "p,n\n110000850230001,1\n").report?.suspiciousIdentifiers == .few)
    }

    @Test func identifierLimit() throws {
        let longest = String(repeating: "k", count: Limits.identifierBytes)
        #expect(try Self.numbers(.key, [longest]) == ["0"])
        let load = try Workbench().load(Self.plan(.key), "p,n\n\(longest)k,1\n")
        #expect(load.refusal?.badValues == [BadValue(row: 1, column: "p", reason: .tooLong)])
    }

    @Test func identifierFieldLimit() throws {
        let padded = "k" + String(repeating: " ", count: Limits.identifierFieldBytes - 1)
        #expect(try Workbench().load(Self.plan(.key), "p,n\n\"\(padded)\",1\n").rows() == [["0", "1"]])
        let load = try Workbench().load(Self.plan(.key), "p,n\n\"\(padded) \",1\n")
        #expect(load.refusal?.badValues == [BadValue(row: 1, column: "p", reason: .tooLong)])
    }

    @Test func directoriesGrowOverLoads() throws {
        let bench = try Workbench()
        let first = try bench.load(Self.plan(.key), "p,n\na,1\nb,2\n")
        defer { withExtendedLifetime(first) {} }
        let input = try first.directory("person")
        #expect(input.version == 1)
        let second = try bench.load(Self.plan(.key, table: "other"), Array("p,n\nc,1\nb,2\na,3\n".utf8), directories: ["person": input])
        #expect(try second.rows() == [["0", "3"], ["1", "2"], ["2", "1"]])
        #expect(try second.directory("person").version == 2)
        let wrong = DirectoryInput(version: 2, digest: input.digest, descriptor: input.descriptor)
        #expect(throws: StoreError(.wrongKey)) {
            try bench.load(Self.plan(.key, version: 2), Array("p,n\nc,1\n".utf8), directories: ["person": wrong])
        }
    }

    @Test func manyIdentifiersSurviveTheDirectory() throws {
        let bench = try Workbench()
        let csv = Array(("p,n\n" + (0..<70_000).map { "K\($0),\($0)\n" }.joined()).utf8)
        let first = try bench.load(Self.plan(.key), csv)
        defer { withExtendedLifetime(first) {} }
        let second = try bench.load(Self.plan(.key, version: 2), csv, directories: ["person": first.directory("person")])
        #expect(try first.rows() == second.rows())
    }

    @Test func anotherIdentifierColumnIsAColumnOfNumbers() throws {
        let plan = LoadPlan(
            identity: Workbench.identity(),
            columns: [
                LoadColumn(name: "child", physicalName: "child", type: .text, isNullable: true, identifier: .key, entityType: "person"),
                LoadColumn(name: "mother", physicalName: "mother", type: .text, isNullable: true, identifier: .key, entityType: "person"),
            ],
            entities: [.key(type: "person", column: "child", kind: .key)])
        #expect(plan.files.map(\.kind) == [.column, .entity, .directory, .manifest])
        let load = try Workbench().load(plan, "child,mother\na,m\nb,m\nm,\n")
        #expect(try load.rows() == [["0", "1"], ["1", nil], ["2", "1"]])
    }

    @Test func entitiesViaAnotherTable() throws {
        let bench = try Workbench()
        let visits = try bench.load(Plans.visits(), "id,person,cost\nv1,A,1\nv2,B,2\nv3,,3\nv4,A,4\nv4,B,5\n")
        defer { withExtendedLifetime(visits) {} }
        let plan = LoadPlan(
            identity: Workbench.identity(1, table: "prescription"),
            columns: [
                LoadColumn(name: "visit", physicalName: "visit", type: .text, isNullable: true),
                LoadColumn(name: "drug", physicalName: "drug", type: .text, isNullable: true),
            ],
            entities: [.via(type: "person", table: "visit", keyColumn: "编号", column: "visit")])
        #expect(plan.directoryTypes.isEmpty && plan.viaTables == ["visit"])
        let csv = Array("visit,drug\nv2,d1\nv9,d2\nv1,d3\nv3,d4\n,d5\nv2,d6\nv4,d7\n".utf8)
        let load = try bench.load(plan, csv, via: ["visit": visits.open()])
        let rows = try load.rows([.entity("person"), .column("drug")])
        #expect(rows == [["0", "d3"], ["1", "d1"], ["1", "d6"], [nil, "d2"], [nil, "d4"], [nil, "d5"], [nil, "d7"]])
        #expect(throws: StoreError(.previousMissing)) { try bench.load(plan, csv) }
    }
}
