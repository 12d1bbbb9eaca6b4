// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport
import Testing

/// Groups that keep more than memory holds: values and entities are dealt out instead of keys, and the parts add up.
@Suite struct ApartTests {
    // MARK: Random plans, against the interpreter

    @Test(arguments: [UInt64](0..<8)) func protectedGroupsWithoutKeysAgree(batch: UInt64) throws {
        for seed in (batch * 40)..<(batch * 40 + 40) { try agree(seed, isOpen: false, hasKeys: false) }
    }

    @Test(arguments: [UInt64](0..<8)) func openGroupsWithoutKeysAgree(batch: UInt64) throws {
        for seed in (50_000 + batch * 40)..<(50_000 + batch * 40 + 40) { try agree(seed, isOpen: true, hasKeys: false) }
    }

    /// Keys whose rows are more than a part may have.
    @Test(arguments: [UInt64](0..<8)) func groupsOfOneKeyAgree(batch: UInt64) throws {
        for seed in (90_000 + batch * 40)..<(90_000 + batch * 40 + 40) { try agree(seed, isOpen: batch % 2 == 0, hasKeys: true) }
    }

    /// Nothing may end for want of room here: without joins no row must lie beside others.
    private func agree(_ seed: UInt64, isOpen: Bool, hasKeys: Bool) throws {
        var plans = RandomPlans(seed: seed)
        let testCase = plans.makeCase(isOpen: isOpen, hasKeys: hasKeys, mayJoin: false)
        let tables = testCase.tables(&plans)
        let expected = NaiveInterpreter(testCase.plan, tables: tables).groups(testCase.aggregation)
        for (workers, rows) in [(1, 3), (3, 1), (2, 30)] {
            var ceilings = SpillTests.ceilings(rows: rows)
            // Two keys may stay together for a while.
            ceilings.spillLevels = 40
            let engine = QueryEngine(workers: workers, memoryLimitBytes: 512 << 20, ceilings: ceilings)
            guard case .groups(let table) = try engine.run(testCase.plan, scans: testCase.scans(tables), spill: MemorySpill(seed: seed)) else {
                Issue.record("no groups, seed \(seed)")
                return
            }
            let actual = Dictionary(uniqueKeysWithValues: GroupReading.groups(table).map { ($0.keys, $0) })
            #expect(Set(actual.keys) == Set(expected.keys), "keys, seed \(seed), workers \(workers), rows \(rows)")
            for (keys, group) in expected {
                let wanted = GroupReading.tolerating(GroupReading.bounded(group), actual[keys], testCase.aggregation)
                #expect(actual[keys] == wanted, "seed \(seed), workers \(workers), rows \(rows)")
            }
        }
    }

    /// The same with a join below, which gives rows in no order: every dimension is hashed then. A join key that repeats may end it.
    @Test(arguments: [UInt64](0..<8)) func groupsOverJoinsAgree(batch: UInt64) throws {
        var compared = 0
        for seed in (130_000 + batch * 40)..<(130_000 + batch * 40 + 40) {
            var plans = RandomPlans(seed: seed)
            let testCase = plans.makeCase(isOpen: false, hasKeys: false)
            let tables = testCase.tables(&plans)
            let expected = NaiveInterpreter(testCase.plan, tables: tables).groups(testCase.aggregation)
            let engine = QueryEngine(workers: 2, memoryLimitBytes: 512 << 20, ceilings: SpillTests.ceilings(rows: 12))
            let outcome: QueryEngine.Outcome
            do { outcome = try engine.run(testCase.plan, scans: testCase.scans(tables), spill: MemorySpill(seed: seed)) } catch {
                #expect(error == EngineError(.resourceExhausted), "seed \(seed), \(error)")
                continue
            }
            guard case .groups(let table) = outcome else { continue }
            compared += 1
            let actual = Dictionary(uniqueKeysWithValues: GroupReading.groups(table).map { ($0.keys, $0) })
            for (keys, group) in expected { #expect(actual[keys] == GroupReading.bounded(group), "seed \(seed)") }
        }
        #expect(compared > 20)
    }

    // MARK: Memory

    private static let rowCount = 200_000
    private static let amount = LogicalType.decimal(precision: 12, scale: 2)

    /// Numbers with each value three times, doubles, texts, and two entities: rows stand in order of the first, the second comes anyhow.
    private static let table = MemoryTable(
        columns: [("n", .int64), ("x", .double), ("t", .text), ("a", amount)], entityTypes: ["person", "doctor"], rows: (0..<rowCount).map(row))

    private static func row(_ row: Int) -> MemoryTable.Row {
        let number = Double(row &* 7_919 % 200_003) / 8 - 9_000, units = Int128(row &* 31 % 5_000 - 700)
        let values: [Literal] = [
            .int64(Int64(row / 3)), row % 11 == 0 ? .null : .double(number), .text("name \(row % 90_000)"),
            row % 7 == 0 ? .null : .decimal(units: units, scale: 2),
        ]
        return MemoryTable.Row(values: values, entities: [UInt32(row / 4), UInt32(row &* 48_271 % 150_001)])
    }

    private static func run(_ plan: ExecutionPlan, memory: Int, _ spill: MemorySpill?) throws -> [NaiveGroup] {
        let engine = QueryEngine(workers: 2, memoryLimitBytes: memory)
        guard case .groups(let groups) = try engine.run(plan, scans: [0: table], spill: spill) else { return [] }
        return GroupReading.groups(groups)
    }

    /// The same in little memory as in much, and not without room beside it. Returns what came.
    @discardableResult
    private static func expectSame(_ plan: ExecutionPlan, memory: Int = 6 << 20) throws -> [NaiveGroup] {
        let whole = try run(plan, memory: 512 << 20, nil)
        #expect(throws: EngineError(.resourceExhausted)) { try run(plan, memory: memory, nil) }
        let spill = MemorySpill()
        func sorted(_ groups: [NaiveGroup]) -> [NaiveGroup] { groups.sorted { "\($0.keys)" < "\($1.keys)" } }
        #expect(sorted(try run(plan, memory: memory, spill)) == sorted(whole))
        #expect(spill.byteCount >= rowCount * 9)
        return whole
    }

    private static func open(_ keys: [BoundExpression], _ calls: [AggregateCall]) -> ExecutionPlan {
        Build.open(Build.scan(0, table), .aggregate(Build.aggregation(keys, calls)))
    }

    private static func percentile(_ fraction: Double, _ argument: BoundExpression, isDescending: Bool = false) -> AggregateCall {
        AggregateCall(
            function: .percentile, argument: argument, percentile: Percentile(fraction: fraction, isDescending: isDescending), type: .double,
            span: Build.span)
    }

    /// SUM, AVG and COUNT of distinct values of expressions, beside what needs no room.
    @Test func distinctExpressions() throws {
        let doubled = Build.expression(.arithmetic(.multiply, Build.column(0, .int64), Build.literal(.int64(2))), .int64)
        let upper = Build.call(.upper, [Build.column(2, .text)], .text)
        let groups = try Self.expectSame(
            Self.open(
                [],
                [
                    Build.aggregate(.sumDistinct, doubled), Build.aggregate(.averageDistinct, doubled), Build.aggregate(.countDistinct, doubled),
                    Build.aggregate(.countDistinct, upper), Build.aggregate(.sumDistinct, Build.column(1, .double)), Build.aggregate(.countRows, nil),
                    Build.aggregate(.sum, Build.column(0, .int64)), Build.aggregate(.maximum, Build.column(2, .text)),
                ]))
        let distinct = Int128((Self.rowCount + 2) / 3)
        #expect(groups[0].cells[0].open == .decimal(units: distinct * (distinct - 1), scale: 0))
        #expect(groups[0].cells[2].value == distinct && groups[0].cells[3].value == 90_000 && groups[0].cells[5].value == Int128(Self.rowCount))
    }

    /// Below the release node as well.
    @Test func distinctExpressionsBelow() throws {
        let calls = [
            Build.aggregate(.sumDistinct, Build.column(0, .int64)), Build.aggregate(.countDistinct, Build.column(2, .text)),
            Self.percentile(0.9, Build.column(1, .double)), Build.aggregate(.countRows, nil),
        ]
        let inner = LogicalPlan.aggregate(Aggregate(input: Build.scan(0, Self.table), aggregation: Build.aggregation([], calls)))
        let expected = try RelationTests.rows(inner, [0: Self.table], memory: 512 << 20)
        #expect(try RelationTests.rows(inner, [0: Self.table], memory: 6 << 20, spill: MemorySpill()) == expected)
    }

    @Test func percentilesWithoutKeys() throws {
        let x = Build.column(1, .double), other = Build.expression(.negate(x), .double)
        let calls = [0, 0.001, 0.25, 0.5, 0.9, 1].map { Self.percentile($0, x) } + [Self.percentile(0.3, x, isDescending: true), Self.percentile(0.5, other)]
        let groups = try Self.expectSame(Self.open([], calls), memory: 4 << 20)
        #expect(groups[0].cells[3].open != .null)
        // Of no value.
        let none = Build.expression(.caseWhen([.init(condition: Build.literal(.bool(false)), result: x)], otherwise: nil), .double)
        let empty = try Self.run(Self.open([], [Self.percentile(0.5, none), Self.percentile(0.5, x)]), memory: 4 << 20, MemorySpill())
        #expect(empty[0].cells[0].open == .null && empty[0].cells[0].valueCount == 0 && empty[0].cells[1].open == groups[0].cells[3].open)
    }

    /// Grouped percentiles go part by part; where one group has nearly all rows its values are counted instead.
    @Test func percentilesOfGroups() throws {
        let x = Build.column(1, .double)
        let tenth = Build.expression(.arithmetic(.divide, Build.column(0, .int64), Build.literal(.int64(1_000))), .int64)
        try Self.expectSame(Self.open([tenth], [Self.percentile(0.5, x), Build.aggregate(.countRows, nil)]), memory: 4 << 20)
        let skewed = Build.compare(.less, Build.column(0, .int64), Build.literal(.int64(100)))
        let groups = try Self.expectSame(Self.open([skewed], [Self.percentile(0.5, x), Build.aggregate(.countDistinct, Build.column(2, .text))]), memory: 4 << 20)
        #expect(groups.count == 2)
    }

    /// Evidence in two hashed dimensions and one in order, with clamps in one of each, conditional branches and distinct values.
    @Test(arguments: [true, false]) func evidenceWithoutKeys(hasKey: Bool) throws {
        let amount = Build.column(3, Self.amount)
        let calls = [
            Build.aggregate(.countRows, nil), Build.aggregate(.sum, amount), Build.aggregate(.average, amount), Build.aggregate(.sum, Build.column(0, .int64)),
            Build.aggregate(.countDistinct, Build.column(2, .text)),
        ]
        let condition = Build.compare(.less, Build.column(0, .int64), Build.literal(.int64(20_000)))
        let branches = [[], [condition, Build.expression(.not(condition), .bool)], [], [], []]
        let clamps = [nil, ReleaseRules.Clamp(lower: 0, upper: 3_000, dimension: 1), ReleaseRules.Clamp(lower: -100, upper: 9_000, dimension: 0), nil, nil]
        let rules = zip(calls, zip(branches, clamps)).map { call, rule in Build.rule(call, clamp: rule.1, branches: rule.0.count) }
        // A key that all rows have.
        let keys = hasKey ? [Build.expression(.isNull(Build.column(2, .text), isNegated: false), .bool)] : []
        let plan = ExecutionPlan(
            rows: Build.scan(0, Self.table), release: .aggregate(Build.aggregation(keys, calls)),
            rules: ReleaseRules(
                isOpen: false, dimensions: ["person", "doctor", "row"].map { .init(entity: $0, minimumContributors: 3, mayBeAbsent: false) },
                aggregates: rules),
            dimensions: [
                DimensionSource(reference: 0, kind: .entity(type: "person", isOrderingEntity: true)),
                DimensionSource(reference: 0, kind: .entity(type: "doctor", isOrderingEntity: false)), DimensionSource(reference: 0, kind: .row),
            ], scans: [0: ScanRequirement(table: "t", entities: ["person", "doctor"])], branchConditions: branches, parameters: [:])
        let groups = try Self.expectSame(plan)
        #expect(groups[0].contributors == [50_000, 150_001, 200_000])
        let expected = NaiveInterpreter(plan, tables: [0: Self.table]).groups(Build.aggregation(keys, calls))
        #expect(expected.values.map { GroupReading.bounded($0) } == groups)
    }
}
