// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import Tabular
import Testing

/// Append and upsert over the version before.
@Suite struct ModeTests {
    private let bench: Workbench
    private let first: Load

    init() throws {
        bench = try Workbench()
        first = try bench.load(Plans.visits(), "id,person,cost\na,P1,1\nb,P2,2\nc,,3\n")
    }

    private func next(_ plan: LoadPlan, _ csv: String, previous: StoredTable? = nil) throws -> Load {
        try bench.load(
            plan, Array(csv.utf8), directories: ["person": first.directory("person")], previous: previous ?? first.open())
    }

    @Test func append() throws {
        let load = try next(Plans.visits(2, mode: .append), "id,person,cost\nd,P2,4\ne,P3,\na,P1,6\n")
        #expect(load.report?.rows == 6)
        #expect(
            try load.rows() == [
                ["a", "0", "1.00"], ["a", "0", "6.00"], ["b", "1", "2.00"], ["d", "1", "4.00"], ["e", "2", nil], ["c", nil, "3.00"],
            ])
    }

    @Test func upsert() throws {
        let load = try next(Plans.visits(2, mode: .upsert, upsertKey: ["编号"]), "id,person,cost\nb,P3,20\nd,P1,4\n")
        #expect(Set(try load.rows()) == [["a", "0", "1.00"], ["d", "0", "4.00"], ["b", "2", "20.00"], ["c", nil, "3.00"]])
    }

    @Test func upsertByEntityAndOtherColumn() throws {
        let load = try next(Plans.visits(2, mode: .upsert, upsertKey: ["患者", "费用"]), "id,person,cost\nx,P1,1.00\ny,,3\nz,P2,9\n")
        #expect(Set(try load.rows().map { $0[0] }) == ["x", "y", "z", "b"])
    }

    @Test func keyTwiceInTheFileIsABadValue() throws {
        let load = try next(Plans.visits(2, mode: .upsert, upsertKey: ["编号"]), "id,person,cost\nb,P3,20\nb,P3,21\n")
        #expect(load.refusal?.badValues == [BadValue(row: 2, column: "编号", reason: .repeatedKey)])
    }

    @Test func replaceForgets() throws {
        let load = try next(Plans.visits(2), "id,person,cost\nd,P2,4\n")
        #expect(try load.rows() == [["d", "1", "4.00"]])
    }

    @Test func previousVersionIsNeededAndMustFit() throws {
        let plan = Plans.visits(2, mode: .append)
        let csv = Array("id,person,cost\nd,P2,4\n".utf8)
        #expect(throws: StoreError(.previousMissing)) { try bench.load(plan, csv, directories: ["person": first.directory("person")]) }
        let other = try bench.load(Plans.one(.text), "v,w\na,1\n")
        defer { withExtendedLifetime(other) {} }
        #expect(throws: StoreError(.schemaChanged)) { try next(plan, "id,person,cost\n", previous: other.open()) }
        let partial = try first.open(files: Array(first.openedFiles.dropLast()))
        #expect(throws: StoreError(.fileMissing)) { try next(plan, "id,person,cost\n", previous: partial) }
    }

    @Test func appendOfManyTexts() throws {
        let csv = { (from: Int, count: Int) in "v,w\n" + (from..<from + count).map { "t\($0),\($0)\n" }.joined() }
        let one = try bench.load(Plans.one(.text), csv(0, 70_000))
        defer { withExtendedLifetime(one) {} }
        let plan = LoadPlan(identity: Workbench.identity(2), mode: .append, columns: Plans.one(.text).columns)
        let two = try bench.load(plan, Array(csv(70_000, 30_000).utf8), previous: one.open(), spill: NamelessFile(), budget: 1 << 20)
        let rows = try two.rows()
        #expect(rows.indices.allSatisfy { rows[$0] == ["t\($0)", String($0)] } && rows.count == 100_000)
    }
}
