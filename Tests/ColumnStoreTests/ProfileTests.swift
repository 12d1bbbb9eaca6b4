// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import ColumnStore
import LocalKnowledge
import Tabular
import Testing

/// What a load measures of how far columns single entities out.
@Suite struct ProfileTests {
    private static func plan(
        _ names: [String] = ["town", "birth", "sex"], measured: [LoadMeasure.Column]? = nil, entities: [EntityRule] = [.key(type: "person", column: "p", kind: .key)],
        minimum: Int = 10
    ) -> LoadPlan {
        let key = entities.isEmpty
            ? LoadColumn(name: "p", physicalName: "p", type: .text, isNullable: true)
            : LoadColumn(name: "p", physicalName: "p", type: .text, isNullable: true, identifier: .key, entityType: "person")
        return LoadPlan(
            identity: Workbench.identity(),
            columns: [key] + names.map { LoadColumn(name: $0, physicalName: $0, type: $0 == "birth" ? .date : .text, isNullable: true) },
            entities: entities,
            measure: LoadMeasure(minimum: minimum, columns: measured ?? names.map { .init(name: $0, granularity: $0 == "birth" ? "month" : nil, prefix: nil) }))
    }

    /// Persons in 10 towns and 12 months of birth, half of each sex; together each combination of town and month has 20 of 2,400.
    private static func csv(_ persons: Int, visits: Int = 1) -> String {
        var text = "p,town,birth,sex\n"
        for person in 0..<persons {
            for _ in 0..<visits {
                text += "P\(person),T\(person % 10),1980-\(person / 10 % 12 < 9 ? "0" : "")\(person / 10 % 12 + 1)-\(10 + person % 19),\(person / 120 % 2 == 0 ? "M" : "F")\n"
            }
        }
        return text
    }

    private static func profile(_ plan: LoadPlan, _ csv: String, ceilings: ColumnStore.Limits.Ceilings = .init()) throws -> TableProfile {
        try #require(try Workbench().load(plan, csv, ceilings: ceilings).report?.profile)
    }

    @Test("Each column alone, each two and all together, in classes", arguments: [1, 3])
    func unions(visits: Int) throws {
        let profile = try Self.profile(Self.plan(), Self.csv(2_400, visits: visits))
        #expect(profile.unions.count == 7 && profile.minimum == 10)
        // 240 persons in each town, 200 in each month, 20 in each of both, 10 with their sex: nobody is below 10.
        let together = try #require(profile.union(of: ["town", "birth", "sex"]))
        #expect(together.below == .none && together.unique == .none && together.room == 0)
        #expect(profile.union(of: ["town"])?.room == 1 && profile.union(of: ["birth", "town"])?.room == 0)
        #expect(profile.column("town") == ColumnProfile(name: "town", values: 1, nulls: .none, range: nil, view: "whole"))
        #expect(profile.column("birth")?.view == "month" && profile.column("birth")?.values == 1)
        #expect(profile.column("p") == nil)
        // Under a minimum of 11 the same combinations are below it.
        let stricter = try Self.profile(Self.plan(minimum: 11), Self.csv(2_400, visits: visits))
        #expect(stricter.union(of: ["town", "birth", "sex"])?.below == .most && stricter.union(of: ["town", "birth"])?.below == ShareClass.none)
        #expect(stricter.union(of: ["town", "birth", "sex"])?.room == -1)
    }

    @Test("People who are the only ones are unique; a coarser form of the column hides them")
    func unique() throws {
        let days = LoadMeasure.Column(name: "birth", granularity: "day", prefix: nil)
        let town = LoadMeasure.Column(name: "town", granularity: nil, prefix: nil)
        var text = "p,town,birth,sex\n"
        for person in 0..<2_000 {
            let day = 1 + person % 28, month = 1 + person / 28 % 12
            text += "P\(person),T\(person / 336),1980-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day),M\n"
        }
        let fine = try Self.profile(Self.plan(measured: [town, days]), text)
        #expect(fine.union(of: ["town", "birth"])?.unique == .most && fine.union(of: ["town", "birth"])?.below == .most)
        let years = LoadMeasure.Column(name: "birth", granularity: "year", prefix: nil)
        let short = LoadMeasure.Column(name: "town", granularity: nil, prefix: 1)
        let coarse = try Self.profile(Self.plan(measured: [short, years]), text)
        #expect(coarse.union(of: ["town", "birth"])?.below == ShareClass.none && coarse.union(of: ["town", "birth"])?.room == 2)
        #expect(coarse.column("town")?.values == 0 && coarse.column("town")?.view == "prefix 1")
    }

    @Test("Tables of too few entities have no unions; rows without an entity are none")
    func entities() throws {
        var ceilings = ColumnStore.Limits.Ceilings()
        #expect(ceilings.profiledEntities == Int64(ColumnStore.Limits.profiledEntities))
        ceilings.profiledEntities = 50
        let nobody = String(repeating: ",T1,1980-01-01,M\n", count: 100)
        #expect(try Self.profile(Self.plan(), Self.csv(50) + nobody, ceilings: ceilings).unions.count == 7)
        #expect(try Self.profile(Self.plan(), Self.csv(49) + nobody, ceilings: ceilings).unions == [])
        #expect(try Self.profile(Self.plan(), Self.csv(49) + nobody, ceilings: ceilings).column("town")?.values == 1)
    }

    @Test("Rows of a table without stored entities count singly")
    func rows() throws {
        let profile = try Self.profile(Self.plan(entities: []), Self.csv(1_200))
        #expect(profile.union(of: ["town", "birth", "sex"])?.below == .most)
        #expect(profile.union(of: ["town", "birth"])?.below == ShareClass.none)
    }

    @Test("With more combinations than are kept, the classes stay the same")
    func sampled() throws {
        var text = "p,town,birth,sex\n"
        // One town with half of the people, and 5,000 with one each.
        for person in 0..<10_000 { text += "P\(person),\(person % 2 == 0 ? "T" : "T\(person)"),1980-01-01,M\n" }
        for kept in [1 << 14, 5_001, 5_000, 200] {
            var ceilings = ColumnStore.Limits.Ceilings()
            ceilings.keptCombinations = kept
            let alone = try #require(try Self.profile(Self.plan(), text, ceilings: ceilings).union(of: ["town"]))
            #expect(alone.unique >= .some && alone.below >= .some && alone.room == -1, "\(kept)")
        }
        #expect(ColumnStore.Limits.Ceilings().keptCombinations == ColumnStore.Limits.keptCombinations)
    }

    @Test("As many columns and combinations as the limits say", arguments: [9, 10, 11])
    func limits(count: Int) throws {
        let names = (0..<count).map { "c\($0)" }
        var text = "p," + names.joined(separator: ",") + "\n"
        for person in 0..<1_000 { text += "P\(person)," + names.map { _ in "x" }.joined(separator: ",") + "\n" }
        let profile = try Self.profile(Self.plan(names), text)
        #expect(profile.unions.count == ColumnStore.Limits.unions)
        #expect(profile.unions.first?.columns.count == min(count, ColumnStore.Limits.unionColumns))
        #expect(profile.columns.count == count && profile.columns.filter { $0.view != nil }.count == min(count, ColumnStore.Limits.unionColumns))
        #expect(Set(profile.unions.map { Set($0.columns) }).count == profile.unions.count)
    }

    @Test("Numbers have bounds in powers of ten, unless they look like somebody's")
    func ranges() throws {
        let plan = LoadPlan(
            identity: Workbench.identity(),
            columns: [
                LoadColumn(name: "cost", physicalName: "cost", type: .decimal(precision: 12, scale: 2), isNullable: true),
                LoadColumn(name: "delta", physicalName: "delta", type: .int64, isNullable: true),
                LoadColumn(name: "phone", physicalName: "phone", type: .int64, isNullable: true),
            ], measure: LoadMeasure(minimum: 10, columns: []))
        var text = "cost,delta,phone\n"
        for row in 0..<20 { text += "\(row * 5).25,\(row - 3),\(13_800_000_000 + row)\n" }
        let profile = try #require(try Workbench().load(plan, text).report?.profile)
        #expect(profile.column("cost")?.range?.text == "[0, 100]" && profile.column("delta")?.range?.text == "[-10, 100]")
        #expect(profile.column("phone")?.range == nil && profile.unions == [])
        #expect(PowerRange(least: 0, greatest: 100, scale: 0).text == "[0, 100]" && PowerRange(least: 0, greatest: 101, scale: 0).text == "[0, 1000]")
        #expect(PowerRange(least: 0, greatest: 5, scale: 2).text == "[0, 1]" && PowerRange(least: -1, greatest: 0, scale: 0).text == "[-1, 0]")
    }

    @Test("The same whatever threads and memory are; another version key moves only the ends of classes", arguments: [1, 3])
    func deterministic(threads: Int) throws {
        let csv = Array(Self.csv(30_000).utf8)
        let expected = try Workbench().load(Self.plan(), csv).report?.profile
        for budget in [1 << 20, 64 << 20] {
            #expect(try Workbench().load(Self.plan(), csv, spill: NamelessFile(), budget: budget, threads: threads).report?.profile == expected)
        }
        #expect(try Workbench(seed: 9).load(Self.plan(), csv).report?.profile?.unions.map(\.room) == expected?.unions.map(\.room))
    }

    @Test("Plans and reports come back from JSON; what is no profile is refused")
    func json() throws {
        #expect(try LoadPlan(json: Self.plan().json) == Self.plan())
        let outcome = try Workbench().load(Self.plan(), Self.csv(1_200)).outcome
        #expect(try LoadOutcome(json: outcome.json) == outcome)
        let profile = try #require(outcome.json["report"]?["profile"])
        let wrong: [(String, JSONValue)] = [("minimum", -1), ("columns", 7), ("unions", [[:]])]
        for (member, value) in wrong {
            var members = try #require(profile.members)
            members[member] = value
            #expect(TableProfile(json: .object(members)) == nil, "\(member)")
        }
    }
}
