// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import LocalKnowledge
import Tabular
import Testing

/// What a load says of the values of its columns.
@Suite struct RecognitionTests {
    private static let plan = LoadPlan(
        identity: Workbench.identity(),
        columns: [
            LoadColumn(name: "人", physicalName: "p", type: .text, isNullable: true, identifier: .residentID, entityType: "person"),
            LoadColumn(name: "phone", physicalName: "phone", type: .int64, isNullable: true),
            LoadColumn(name: "word", physicalName: "word", type: .text, isNullable: true),
            LoadColumn(name: "amount", physicalName: "amount", type: .decimal(precision: 18, scale: 0), isNullable: true),
        ],
        entities: [.key(type: "person", column: "人", kind: .residentID)])

    private static func csv(_ rows: Int, resident: Bool = true) throws -> [UInt8] {
        var text = "p,phone,word,amount\n"
        for row in 0..<rows {
            let number = try #require(ResidentNumber.invented(index: row, year: 1970, month: 3, day: 1))
            text += "\(resident ? number : "K\(row)"),\(13_800_000_000 + row),w\(row),\(13_800_000_000 + row)\n"
        }
        return Array(text.utf8)
    }

    @Test func textsAndWholeNumbersAreRecognised() throws {
        let load = try Workbench().load(Self.plan, Self.csv(200))
        #expect(load.report?.recognised == [
            RecognisedColumn(column: "人", kind: .residentID, share: .most), RecognisedColumn(column: "phone", kind: .mobilePhone, share: .most),
        ])
    }

    @Test func declaredAndNotSo() throws {
        #expect(try Workbench().load(Self.plan, Self.csv(200, resident: false)).report?.recognised == [
            RecognisedColumn(column: "人", kind: .residentID, share: .none), RecognisedColumn(column: "phone", kind: .mobilePhone, share: .most),
        ])
        // Too few to say anything.
        #expect(try Workbench().load(Self.plan, Self.csv(LocalKnowledge.Limits.fewestValues - 1, resident: false)).report?.recognised == [])
    }

    @Test("The same whatever the threads, the memory and the chunks are", arguments: [1, 3])
    func deterministic(threads: Int) throws {
        let csv = try Self.csv(30_000) + Self.csv(9_000, resident: false).dropFirst("p,phone,word,amount\n".utf8.count)
        let expected = [
            RecognisedColumn(column: "人", kind: .residentID, share: .some), RecognisedColumn(column: "phone", kind: .mobilePhone, share: .most),
        ]
        for budget in [1 << 20, 64 << 20] {
            let load = try Workbench().load(Self.plan, csv, spill: NamelessFile(), budget: budget, threads: threads)
            #expect(load.report?.recognised == expected)
        }
    }

    @Test func reportsComeBackFromJSON() throws {
        let outcome = try Workbench().load(Self.plan, Self.csv(200)).outcome
        #expect(try LoadOutcome(json: outcome.json) == outcome)
        var members = try #require(outcome.json["report"]?.members)
        members["recognised"] = [["column": "a", "kind": "resident_id", "share": "7"]]
        #expect(LoadReport(json: .object(members)) == nil)
        members["recognised"] = nil
        #expect(LoadReport(json: .object(members)) == nil)
    }
}
