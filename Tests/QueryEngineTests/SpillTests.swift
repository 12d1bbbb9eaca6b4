// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport
import Testing

/// Aggregations and joins that put rows aside give what they give in memory: against the interpreter, on random tables and plans.
@Suite struct SpillTests {
    /// `rows`: of a part that is tried in memory.
    static func ceilings(rows: Int, parts: Int = 3) -> EngineLimits.Ceilings {
        var ceilings = EngineLimits.Ceilings()
        ceilings.spillRows = rows
        ceilings.spillParts = parts
        ceilings.spillLevels = 6
        return ceilings
    }

    // MARK: Random plans

    @Test(arguments: [UInt64](0..<8)) func protectedGroupsAgree(batch: UInt64) throws {
        for seed in (batch * 25)..<(batch * 25 + 25) { try groupsAgree(seed, isOpen: false) }
    }

    @Test(arguments: [UInt64](0..<4)) func openGroupsAgree(batch: UInt64) throws {
        for seed in (10_000 + batch * 25)..<(10_000 + batch * 25 + 25) { try groupsAgree(seed, isOpen: true) }
    }

    private func groupsAgree(_ seed: UInt64, isOpen: Bool) throws {
        var plans = RandomPlans(seed: seed)
        let testCase = plans.makeCase(isOpen: isOpen)
        let tables = testCase.tables(&plans)
        let expected = NaiveInterpreter(testCase.plan, tables: tables).groups(testCase.aggregation)
        for (workers, rows) in [(1, 1_000), (3, 1_000), (1, 12), (3, 4)] {
            let engine = QueryEngine(workers: workers, memoryLimitBytes: 512 << 20, ceilings: Self.ceilings(rows: rows))
            let outcome: QueryEngine.Outcome
            do { outcome = try engine.run(testCase.plan, scans: testCase.scans(tables), spill: MemorySpill(seed: seed)) } catch {
                // Rows of one key cannot be parted.
                #expect(rows < 1_000 && error == EngineError(.resourceExhausted), "seed \(seed), workers \(workers), rows \(rows), \(error)")
                continue
            }
            guard case .groups(let table) = outcome else {
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

    @Test(arguments: [UInt64](0..<8)) func relationsAgree(batch: UInt64) throws {
        for seed in (batch * 25)..<(batch * 25 + 25) { try relationAgrees(seed, isInner: false) }
    }

    @Test(arguments: [UInt64](0..<4)) func innerJoinsAgree(batch: UInt64) throws {
        for seed in (batch * 25)..<(batch * 25 + 25) { try relationAgrees(seed, isInner: true) }
    }

    /// What NOT IN makes of NULLs on both sides, with one and two keys, with and without a further condition.
    @Test(arguments: [UInt64](0..<4)) func nullAwareMarksAgree(batch: UInt64) throws {
        for seed in (batch * 20)..<(batch * 20 + 20) {
            var plans = RandomPlans(seed: seed)
            var rows: [Int: [MemoryTable.Row]] = [:]
            for reference in 0..<2 {
                rows[reference] = (0..<plans.random.pick([0, 1, 40, 90])).map { _ in
                    MemoryTable.Row(values: RandomPlans.plain.map { plans.value($0.type) }, entities: [])
                }
            }
            let scans = (0..<2).map { Build.scan($0, RandomPlans.table(RandomPlans.plain, [], [], plans.layout()), name: "t\($0)") }
            let positions = plans.random.pick([[0], [1], [0, 1], [2, 0]]), both = scans[0].output + scans[1].output
            let keys = positions.map { position in
                Join.KeyPair(left: Build.column(position, both[position].type), right: Build.column(position, both[position].type))
            }
            let mark = OutputColumn(name: "mark", type: .bool, isNullable: true, origin: nil)
            let plan = LogicalPlan.join(
                Join(
                    kind: .mark, left: scans[0], right: scans[1], keys: keys, residual: plans.random.chance(40) ? plans.condition(both, depth: 1) : nil,
                    isNullAware: true, output: scans[0].output + [mark], span: Build.span))
            let tables = rows.mapValues { RandomPlans.table(RandomPlans.plain, [], $0, plans.layout()) }
            let expected = RelationTests.bag(NaiveInterpreter(Build.open(plan, .rows), tables: tables).rows().map(\.values))
            for workers in [1, 3] {
                let actual = RelationTests.bag(
                    try RelationTests.rows(plan, tables, workers: workers, ceilings: Self.ceilings(rows: 39), spill: MemorySpill(seed: seed)))
                #expect(actual == expected, "seed \(seed), workers \(workers): \(RelationTests.shape(plan))")
            }
        }
    }

    private func relationAgrees(_ seed: UInt64, isInner: Bool) throws {
        var plans = RandomPlans(seed: seed &* 7_919 &+ 5)
        let testCase = isInner ? plans.innerJoinCase() : plans.relationCase()
        let expected = RelationTests.bag(NaiveInterpreter(Build.open(testCase.plan, .rows), tables: testCase.tables(&plans)).rows().map(\.values))
        for (workers, rows) in [(1, 1_000), (3, 0), (2, 4), (3, 12)] {
            // No part of more rows than this is joined in memory; 0: not even one, but what is empty.
            let actual: [[Literal]: Int]
            do {
                actual = RelationTests.bag(
                    try RelationTests.rows(
                        testCase.plan, testCase.tables(&plans), workers: workers, ceilings: Self.ceilings(rows: rows), spill: MemorySpill(seed: seed)))
            } catch let error as EngineError {
                #expect(rows < 1_000 && error == EngineError(.resourceExhausted), "seed \(seed), workers \(workers), rows \(rows), \(error)")
                continue
            }
            if actual != expected {
                Issue.record("seed \(seed), workers \(workers), rows \(rows): \(RelationTests.shape(testCase.plan)) \(RelationTests.difference(actual, expected))")
                return
            }
        }
    }

    // MARK: Memory

    private static let count = Build.aggregate(.countRows, nil)
    private static let key = Build.column(0, .int64)
    private static let value = Build.column(1, .int64)

    /// Rows of two numbers.
    private static func table(_ count: Int, _ row: (Int) -> (Int, Int)) -> MemoryTable {
        MemoryTable(
            columns: [("k", .int64), ("v", .int64)], entityTypes: [],
            rows: (0..<count).map { number in
                let (key, value) = row(number)
                return MemoryTable.Row(values: [.int64(Int64(key)), .int64(Int64(value))], entities: [])
            })
    }

    private static func groups(
        _ table: MemoryTable, _ keys: [BoundExpression], _ calls: [AggregateCall], memory: Int, _ spill: MemorySpill?, _ ceilings: EngineLimits.Ceilings = .init()
    ) throws -> [[Literal]: [Int128]] {
        let aggregation = Build.aggregation(keys, calls)
        let engine = QueryEngine(workers: 2, memoryLimitBytes: memory, ceilings: ceilings)
        guard case .groups(let groups) = try engine.run(
            Build.open(Build.scan(0, table), .aggregate(aggregation)), scans: [0: table], spill: spill)
        else { return [:] }
        return Dictionary(uniqueKeysWithValues: GroupReading.groups(groups).map { ($0.keys, $0.cells.map(\.value)) })
    }

    /// More groups than memory holds: the same with room beside memory, and without a trace of it where memory does.
    @Test func groupsBeyondMemory() throws {
        let table = Self.table(200_000) { ($0 &* 7_919 % 200_000, $0 % 1_000) }
        let spill = MemorySpill(), unused = MemorySpill()
        let whole = try Self.groups(table, [Self.key], [Self.count], memory: 256 << 20, unused)
        #expect(whole.count == 200_000 && unused.chunkCount == 0)
        #expect(throws: EngineError(.resourceExhausted)) { try Self.groups(table, [Self.key], [Self.count], memory: 12 << 20, nil) }
        #expect(try Self.groups(table, [Self.key], [Self.count], memory: 12 << 20, spill) == whole)
        #expect(spill.chunkCount > EngineLimits.spillParts && spill.byteCount > 200_000 * 9)
    }

    /// A right side beyond memory, for each kind of join; every third left row has no partner, every tenth key is NULL.
    @Test(arguments: Join.Kind.allCases) func joinsBeyondMemory(kind: Join.Kind) throws {
        func side(_ count: Int, _ step: Int) -> MemoryTable {
            MemoryTable(
                columns: [("k", .int64), ("v", .int64)], entityTypes: [],
                rows: (0..<count).map { MemoryTable.Row(values: [$0 % 10 == 0 ? .null : .int64(Int64($0 * step)), .int64(Int64($0))], entities: []) })
        }
        let tables = [0: side(300_000, 2), 1: side(300_000, 3)]
        let left = Build.scan(0, tables[0]!, name: "l"), right = Build.scan(1, tables[1]!, name: "r")
        let both = left.output + right.output
        var output = kind.yieldsRight ? both : left.output
        if kind == .mark { output.append(OutputColumn(name: "mark", type: .bool, isNullable: true, origin: nil)) }
        let join = LogicalPlan.join(
            Join(
                kind: kind, left: left, right: right, keys: [Join.KeyPair(left: Self.key, right: Self.key)],
                residual: Build.compare(.less, Build.column(1, .int64), Build.literal(.int64(250_000))), output: output, span: Build.span))
        // Counts and sums of all columns tell whether the same rows came.
        let calls = [Self.count] + output.indices.filter { output[$0].type == .int64 }.map { Build.aggregate(.sum, Build.column($0, .int64)) }
        let keys = kind == .mark ? [Build.column(2, .bool)] : []
        func run(_ memory: Int, _ spill: MemorySpill?) throws -> [[Literal]: [Int128]] {
            let engine = QueryEngine(workers: 2, memoryLimitBytes: memory)
            guard case .groups(let groups) = try engine.run(
                Build.open(join, .aggregate(Build.aggregation(keys, calls))), scans: tables.mapValues { $0 as any TableScan }, spill: spill)
            else { return [:] }
            return Dictionary(uniqueKeysWithValues: GroupReading.groups(groups).map { ($0.keys, $0.cells.map(\.value)) })
        }
        let whole = try run(256 << 20, nil), spill = MemorySpill()
        #expect(throws: EngineError(.resourceExhausted)) { try run(4 << 20, nil) }
        #expect(try run(4 << 20, spill) == whole)
        #expect(spill.byteCount > 300_000 * 9)
    }

    /// A table whose buffers find no room ends as all do that find none; what fails for its own reasons keeps them.
    @Test func readersWithoutRoom() throws {
        let table = Self.table(100) { ($0, $0) }
        func code(_ bytes: Int, memory: Int) -> EngineError.Code? {
            let engine = QueryEngine(workers: 2, memoryLimitBytes: memory)
            let plan = Build.open(Build.scan(0, table), .aggregate(Build.aggregation([Self.key], [Self.count])))
            for spill in [nil, MemorySpill()] {
                do throws(EngineError) {
                    _ = try engine.run(plan, scans: [0: ThirstyScan(table: table, bytes: bytes)], spill: spill)
                } catch {
                    return error.code
                }
            }
            return nil
        }
        #expect(code(1 << 20, memory: 64 << 20) == nil)
        #expect(code(100 << 20, memory: 64 << 20) == .resourceExhausted)
        #expect(code(-1, memory: 64 << 20) == .scanFailed)
    }

    /// One key in all rows cannot be parted, but its values can.
    @Test func oneKeyInAllRows() throws {
        let table = Self.table(200_000) { (7, $0) }
        let spill = MemorySpill()
        let call = Build.aggregate(.countDistinct, Self.value)
        #expect(throws: EngineError(.resourceExhausted)) { try Self.groups(table, [Self.key], [call], memory: 4 << 20, nil) }
        #expect(try Self.groups(table, [Self.key], [call], memory: 4 << 20, spill) == [[.int64(7)]: [200_000]])
        // Dealt once, and twice more to see that nothing parts it, then by values.
        #expect(spill.byteCount <= 4 * 200_000 * 18)
    }

    /// One key on the right side of a join: no hash parts it, and its rows must all be there.
    @Test func oneJoinKeyInAllRows() throws {
        let tables = [0: Self.table(10) { (7, $0) }, 1: Self.table(400_000) { (7, $0) }]
        let left = Build.scan(0, tables[0]!, name: "l"), right = Build.scan(1, tables[1]!, name: "r")
        let join = LogicalPlan.join(
            Join(
                kind: .left, left: left, right: right, keys: [.init(left: Self.key, right: Self.key)],
                residual: Build.compare(.less, Self.value, Build.column(3, .int64)), output: left.output + right.output, span: Build.span))
        let plan = Build.open(join, .aggregate(Build.aggregation([], [Self.count])))
        let engine = QueryEngine(workers: 2, memoryLimitBytes: 4 << 20)
        #expect(throws: EngineError(.resourceExhausted)) { try engine.run(plan, scans: tables.mapValues { $0 as any TableScan }, spill: MemorySpill()) }
    }

    /// Distinct values without keys: counts of the parts add up, of several columns and beside other calls one after the other.
    @Test func distinctValuesWithoutKeys() throws {
        let table = Self.table(200_000) { ($0 / 2, $0) }
        let calls = [Build.aggregate(.countDistinct, Self.value), Self.count, Build.aggregate(.count, Self.key)]
        func run(_ calls: [AggregateCall], _ spill: MemorySpill?) throws -> [[Literal]: [Int128]] {
            try Self.groups(table, [], calls, memory: 4 << 20, spill)
        }
        #expect(throws: EngineError(.resourceExhausted)) { try run(calls, nil) }
        #expect(try run(calls, MemorySpill()) == [[]: [200_000, 200_000, 200_000]])
        let others = [Build.aggregate(.sum, Self.value), Build.aggregate(.countDistinct, Self.key), Build.aggregate(.maximum, Self.value)]
        #expect(throws: EngineError(.resourceExhausted)) { try run(calls + others, nil) }
        let whole = try Self.groups(table, [], calls + others, memory: 256 << 20, nil)
        #expect(try run(calls + others, MemorySpill()) == whole)
        // Below the release node.
        for calls in [calls, calls + others] {
            let inner = LogicalPlan.aggregate(Aggregate(input: Build.scan(0, table), aggregation: Build.aggregation([], calls)))
            let expected = try RelationTests.rows(inner, [0: table], memory: 256 << 20)
            #expect(expected.count == 1 && expected[0][0] == .int64(200_000))
            #expect(try RelationTests.rows(inner, [0: table], memory: 4 << 20, spill: MemorySpill()) == expected)
        }
    }

    @Test func asManyLevelsAsTheLimit() throws {
        let table = Self.table(3_000) { ($0, $0) }
        func run(levels: Int) throws -> Int {
            var ceilings = Self.ceilings(rows: 500, parts: 2)
            #expect(EngineLimits.Ceilings().spillLevels == EngineLimits.spillLevels)
            ceilings.spillLevels = levels
            return try Self.groups(table, [Self.key], [Self.count], memory: 64 << 20, MemorySpill(), ceilings).count
        }
        // 3,000 rows in two parts at a time: about 375 after three times.
        #expect(try run(levels: 3) == 3_000)
        #expect(throws: EngineError(.resourceExhausted)) { try run(levels: 2) }
    }

    @Test func groupsOfAllPartsTogetherKeepTheLimit() throws {
        let table = Self.table(100) { ($0, $0) }
        func run(_ groups: Int) throws -> Int {
            var ceilings = Self.ceilings(rows: 60)
            ceilings.groups = groups
            return try Self.groups(table, [Self.key], [Self.count], memory: 64 << 20, MemorySpill(), ceilings).count
        }
        #expect(try run(100) == 100)
        #expect(throws: EngineError(.resourceExhausted)) { try run(99) }
    }

    @Test func roomThatEndsAndRoomThatFails() throws {
        let table = Self.table(1_000) { ($0, $0) }
        func run(_ spill: MemorySpill) throws -> Int {
            try Self.groups(table, [Self.key], [Self.count], memory: 64 << 20, spill, Self.ceilings(rows: 500)).count
        }
        let enough = MemorySpill()
        #expect(try run(enough) == 1_000)
        #expect(try run(MemorySpill(limitBytes: enough.byteCount)) == 1_000)
        #expect(throws: EngineError(.resourceExhausted)) { try run(MemorySpill(limitBytes: enough.byteCount - 1)) }
        #expect(throws: EngineError(.spillFailed)) { try run(MemorySpill(failsWriting: true)) }
        #expect(throws: EngineError(.scanFailed)) { try run(MemorySpill(failsReading: true)) }
    }

    /// Texts longer than a buffer, empty ones and NULL, as keys and as values.
    @Test func longTexts() throws {
        let texts: [Literal] = [.null, .text(""), .text(String(repeating: "长", count: 30_000)), .text("b"), .text(String(repeating: "x", count: 300_000))]
        let table = MemoryTable(
            columns: [("t", .text), ("n", .int64)], entityTypes: [],
            rows: (0..<60).map { MemoryTable.Row(values: [texts[$0 % 5], .int64(Int64($0))], entities: []) }, sharesDictionaries: false)
        let aggregation = Build.aggregation([Build.column(0, .text)], [Build.aggregate(.maximum, Build.column(0, .text)), Build.aggregate(.sum, Build.column(1, .int64))])
        let plan = Build.open(Build.scan(0, table), .aggregate(aggregation))
        let expected = NaiveInterpreter(plan, tables: [0: table]).groups(aggregation)
        let engine = QueryEngine(workers: 2, memoryLimitBytes: 64 << 20, ceilings: Self.ceilings(rows: 12, parts: 8))
        guard case .groups(let groups) = try engine.run(plan, scans: [0: table], spill: MemorySpill()) else { return }
        #expect(Dictionary(uniqueKeysWithValues: GroupReading.groups(groups).map { ($0.keys, $0) }) == expected)
    }
}

/// A table whose readers want memory of their own.
private struct ThirstyScan: TableScan {
    let table: MemoryTable
    /// Negative: fails for another reason.
    let bytes: Int
    var rowCount: Int { table.rowCount }
    var blockRowCounts: [Int] { table.blockRowCounts }
    var partitions: [Range<Int>] { table.partitions }

    struct Failure: Error {}

    func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader {
        guard bytes >= 0, arena.allocate(bytes: bytes) != nil else { throw Failure() }
        return try table.makeReader(columns: columns, arena: arena)
    }
}
