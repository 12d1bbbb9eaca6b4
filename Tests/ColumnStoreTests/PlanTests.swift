// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import Tabular
import Testing

/// Plans travel over a socket, so they are read as strictly as any input.
@Suite struct PlanTests {
    @Test func roundTrip() throws {
        let plans = [
            Plans.visits(3, mode: .upsert, upsertKey: ["编号"]), Plans.visits(fanOut: 365), Plans.one(.decimal(precision: 38, scale: 0)),
            LoadPlan(
                identity: Workbench.identity(), columns: [LoadColumn(name: "k", physicalName: "K", type: .date, isNullable: true, dateFormats: ["yyyyMMdd"])],
                entities: [.via(type: "e", table: "t", keyColumn: "x", column: "k")]),
        ]
        for plan in plans { #expect(try LoadPlan(json: JSONValue.parseCanonical(plan.json.canonicalBytes)) == plan) }
    }

    @Test func everyMemberIsNeeded() throws {
        let members = try #require(Plans.visits().json.members)
        for name in members.keys {
            var fewer = members
            fewer[name] = nil
            #expect(throws: StoreError(.planInvalid), "\(name)") { try LoadPlan(json: .object(fewer)) }
        }
    }

    @Test func unsoundPlansAreRefused() throws {
        let column = LoadColumn(name: "a", physicalName: "a", type: .text, isNullable: true)
        let identifier = LoadColumn(name: "p", physicalName: "p", type: .text, isNullable: true, identifier: .key, entityType: "person")
        let plans = [
            LoadPlan(identity: Workbench.identity(), columns: []),
            LoadPlan(identity: Workbench.identity(), columns: [column, column]), Plans.visits(fanOut: 0),
            LoadPlan(identity: Workbench.identity(), columns: [column], fanOut: 1),
            LoadPlan(identity: Workbench.identity(), mode: .upsert, columns: [column]),
            LoadPlan(identity: Workbench.identity(), mode: .upsert, columns: [column], upsertKey: ["b"]),
            LoadPlan(identity: Workbench.identity(), columns: [column], entities: [.key(type: "person", column: "a", kind: .key)]),
            LoadPlan(identity: Workbench.identity(), columns: [identifier], entities: [.key(type: "person", column: "p", kind: .residentID)]),
            LoadPlan(identity: Workbench.identity(), columns: [column], entities: [.via(type: "e", table: "t", keyColumn: "k", column: "none")]),
            LoadPlan(identity: Workbench.identity(), columns: [LoadColumn(name: "d", physicalName: "d", type: .date, isNullable: true, dateFormats: ["yyyy-QQ"])]),
            LoadPlan(identity: Workbench.identity(), columns: [LoadColumn(name: "d", physicalName: "d", type: .date, isNullable: true, dateFormats: ["yyyy-MM"])]),
            LoadPlan(identity: Workbench.identity(), columns: [LoadColumn(name: "i", physicalName: "i", type: .text, isNullable: true, identifier: .key)]),
        ]
        for plan in plans { #expect(throws: StoreError(.planInvalid)) { try Workbench().load(plan, "a\n1\n") } }
    }

    @Test func columnLimit() throws {
        let plan = { (count: Int) in
            LoadPlan(
                identity: Workbench.identity(),
                columns: (0..<count).map { LoadColumn(name: "c\($0)", physicalName: "c\($0)", type: .bool, isNullable: true) })
        }
        let csv = { (count: Int) in (0..<count).map { "c\($0)" }.joined(separator: ",") + "\n" }
        #expect(try LoadPlan(json: plan(Limits.columns).json).columns.count == Limits.columns)
        #expect(throws: StoreError(.limitExceeded)) { try LoadPlan(json: plan(Limits.columns + 1).json) }
        #expect(throws: StoreError(.limitExceeded)) { try Workbench().load(Plans.one(.text), "v,w," + csv(Limits.columns)) }
    }

    @Test func dateFormatLimit() throws {
        let formats = { (count: Int) in (0..<count).map { "yyyy-MM-dd" + String(repeating: "_", count: $0) } }
        #expect(throws: Never.self) { try LoadPlan(json: Plans.one(.date, formats: formats(Limits.dateFormats)).json) }
        #expect(throws: StoreError(.planInvalid)) { try LoadPlan(json: Plans.one(.date, formats: formats(Limits.dateFormats + 1)).json) }
    }

    @Test func outputsMustBeAsMany() throws {
        let bench = try Workbench()
        let plan = Plans.visits()
        let resources = LoadResources(source: NamelessFile().descriptor, outputs: [], decoder: bench.decoder)
        #expect(throws: StoreError(.planInvalid)) {
            try TableLoader(
                plan: plan, keys: LoadKeys(version: bench.versionKey(plan.identity), directories: ["person": bench.directoryKey]), resources: resources
            ).load()
        }
        #expect(plan.outputFileCount == 5)
        #expect(plan.files.map(\.kind) == [.column, .column, .entity, .directory, .manifest])
    }
}
