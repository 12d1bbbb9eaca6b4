// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// What the sizes of open tables alone show is refused before a row is read; what rows decide is left to the run.
@Suite struct AdmissionTests {
    private static func table(_ count: Int) -> MemoryTable {
        let rows = (0..<count).map { MemoryTable.Row(values: [.int64(Int64($0)), .int64(Int64($0 % 3))], entities: []) }
        return MemoryTable(columns: [("k", .int64), ("n", .int64)], entityTypes: [], rows: rows, blockRows: 40)
    }

    /// Tables with 100 and 7 rows, of whose readers nobody may ask.
    private struct Unread: TableScan {
        let rowCount: Int
        var blockRowCounts: [Int] { [rowCount] }
        var partitions: [Range<Int>] { [0..<1] }

        struct WasRead: Error {}
        func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader { throw WasRead() }
    }

    /// Refused before anything is read (a code), or read.
    private static func code(_ plan: LogicalPlan, limit: Int, memory: Int = 64 << 20, finishing: [FinishingStep] = []) -> EngineError.Code? {
        var ceilings = EngineLimits.Ceilings()
        ceilings.openRows = limit
        do throws(EngineError) {
            let engine = QueryEngine(workers: 1, memoryLimitBytes: memory, ceilings: ceilings)
            _ = try engine.run(Build.open(plan, .rows, finishing: finishing), scans: [0: Unread(rowCount: 100), 1: Unread(rowCount: 7)])
            return nil
        } catch {
            return error.code
        }
    }

    private static let large = Build.scan(0, table(100)), small = Build.scan(1, table(7), name: "u")

    private static func joined(_ kind: Join.Kind) -> LogicalPlan {
        var output = kind.yieldsRight ? large.output + small.output : large.output
        if kind == .mark { output.append(OutputColumn(name: "m", type: .bool, isNullable: true, origin: nil)) }
        return .join(
            Join(
                kind: kind, left: large, right: small, keys: [.init(left: Build.column(0, .int64), right: Build.column(0, .int64))], residual: nil,
                output: output, span: Build.span))
    }

    @Test func rowsAtTheLimitAndOver() {
        #expect(Self.code(Self.large, limit: 99) == .resultTooLarge)
        #expect(Self.code(Self.large, limit: 100) == .scanFailed)
        let both = LogicalPlan.union(Union(inputs: [Self.large, Self.small], output: Self.large.output, span: Build.span))
        #expect(Self.code(both, limit: 106) == .resultTooLarge)
        #expect(Self.code(both, limit: 107) == .scanFailed)
    }

    @Test(arguments: Join.Kind.allCases) func joins(kind: Join.Kind) {
        switch kind {
        case .left, .full, .mark, .single: #expect(Self.code(Self.joined(kind), limit: 99) == .resultTooLarge)
        case .inner, .semi, .anti: #expect(Self.code(Self.joined(kind), limit: 99) == .scanFailed)
        }
        #expect(Self.code(Self.joined(kind), limit: 100) == .scanFailed)
    }

    /// Conditions and limits may leave any number of rows, or none.
    @Test func whatRowsDecideIsLeftToTheRun() {
        let condition = Build.compare(.less, Build.column(1, .int64), Build.literal(.int64(3)))
        #expect(Self.code(.filter(Filter(input: Self.large, predicate: condition, source: .query)), limit: 5) == .scanFailed)
        #expect(Self.code(Self.large, limit: 99, finishing: [.filter(condition)]) == .scanFailed)
        #expect(Self.code(Self.large, limit: 99, finishing: [.limit(count: 10, offset: 0)]) == .scanFailed)
        let key = SortKey(expression: Build.column(0, .int64), isDescending: false, nullsFirst: false)
        #expect(Self.code(.sort(Sort(input: Self.large, keys: [key], limit: 10, offset: 0)), limit: 9) == .scanFailed)
        #expect(Self.code(.sort(Sort(input: Self.large, keys: [key], limit: nil, offset: 0)), limit: 9) == .resultTooLarge)
        let groups = LogicalPlan.aggregate(
            Aggregate(input: Self.large, aggregation: Build.aggregation([Build.column(1, .int64)], [Build.aggregate(.countRows, nil)])))
        #expect(Self.code(groups, limit: 1) == .scanFailed)
    }

    // MARK: Declared fan-out

    /// `fanOuts`: of the tables' column `k`, nil: not declared. 0 has 100 rows, 1 has 7.
    private static func joinCode(
        _ plan: LogicalPlan, limit: Int, fanOuts: [Int?] = [nil, nil], isOpen: Bool = true
    ) -> EngineError? {
        var ceilings = EngineLimits.Ceilings()
        #expect(ceilings.joinedRows == EngineLimits.joinedRows)
        ceilings.joinedRows = limit
        let calls = [Build.aggregate(.countRows, nil)]
        let entities = isOpen ? [] : ["person"]
        let scans = fanOuts.indices.map { number in
            (number, ScanRequirement(table: "t\(number)", entities: entities, fanOut: fanOuts[number].map { FanOut(column: "k", rows: $0) }))
        }
        let execution = ExecutionPlan(
            rows: plan, release: .aggregate(Build.aggregation([], calls)),
            rules: ReleaseRules(
                isOpen: isOpen, dimensions: isOpen ? [] : [.init(entity: "person", minimumContributors: 1, mayBeAbsent: false)],
                aggregates: calls.map { Build.rule($0) }),
            dimensions: isOpen ? [] : [DimensionSource(reference: 0, kind: .row)], scans: Dictionary(uniqueKeysWithValues: scans),
            branchConditions: [[]], parameters: [:])
        do throws(EngineError) {
            let engine = QueryEngine(workers: 1, memoryLimitBytes: 64 << 20, ceilings: ceilings)
            _ = try engine.run(execution, scans: [0: Unread(rowCount: 100), 1: Unread(rowCount: 7)])
            return nil
        } catch {
            return error
        }
    }

    /// What the bound is: the plan is admitted with it as the limit, and refused with one row less.
    private static func expectBound(_ bound: Int, _ plan: LogicalPlan, _ fanOuts: [Int?], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(joinCode(plan, limit: bound, fanOuts: fanOuts)?.code == .scanFailed, sourceLocation: sourceLocation)
        let over = joinCode(plan, limit: bound - 1, fanOuts: fanOuts)
        #expect(over?.code == .joinTooLarge && over?.arguments == [String(bound), String(bound - 1)], sourceLocation: sourceLocation)
    }

    /// No left row meets more right rows than an entity has, no right row more left ones.
    @Test func joinsOfDeclaredEntities() {
        Self.expectBound(500, Self.joined(.left), [nil, 5])
        Self.expectBound(7 * 3 + 100, Self.joined(.left), [3, nil])
        Self.expectBound(100 * 5 + 7, Self.joined(.full), [nil, 5])
        Self.expectBound(7 * 3, Self.joined(.inner), [3, nil])
        // The smaller of both holds.
        Self.expectBound(7 * 30, Self.joined(.inner), [30, 5])
        Self.expectBound(500, Self.joined(.inner), [90, 5])
        // An entity has no more rows than its table.
        Self.expectBound(700, Self.joined(.left), [nil, 8])
        for kind in [Join.Kind.semi, .anti, .mark, .single] { Self.expectBound(100, Self.joined(kind), [3, 5]) }
    }

    /// What nobody declared is left to the run, and so is another key than the entity.
    @Test func joinsOfUndeclaredEntities() {
        for kind in [Join.Kind.inner, .left, .full] { #expect(Self.joinCode(Self.joined(kind), limit: 1)?.code == .scanFailed) }
        let other = LogicalPlan.join(
            Join(
                kind: .inner, left: Self.large, right: Self.small, keys: [.init(left: Build.column(1, .int64), right: Build.column(1, .int64))],
                residual: nil, output: Self.large.output + Self.small.output, span: Build.span))
        #expect(Self.joinCode(other, limit: 1, fanOuts: [3, 5])?.code == .scanFailed)
    }

    /// Conditions, projections and semi joins keep the fan-out, a further join multiplies it, one row for each key is one.
    @Test func joinsOfRelations() {
        let output = Self.small.output
        let filtered = LogicalPlan.filter(
            Filter(input: Self.small, predicate: Build.compare(.less, Build.column(1, .int64), Build.literal(.int64(3))), source: .query))
        let projected = LogicalPlan.project(Project(input: filtered, expressions: [Build.column(1, .int64), Build.column(0, .int64)], output: output.reversed()))
        func join(_ right: LogicalPlan, key: Int) -> LogicalPlan {
            .join(
                Join(
                    kind: .inner, left: Self.large, right: right, keys: [.init(left: Build.column(0, .int64), right: Build.column(key, .int64))], residual: nil,
                    output: Self.large.output + right.output, span: Build.span))
        }
        Self.expectBound(500, join(projected, key: 1), [nil, 5])
        #expect(Self.joinCode(join(projected, key: 0), limit: 1, fanOuts: [nil, 5])?.code == .scanFailed)
        // One row for each key, whatever is declared.
        let grouped = LogicalPlan.aggregate(
            Aggregate(input: Self.small, aggregation: Build.aggregation([Build.column(1, .int64)], [Build.aggregate(.countRows, nil)])))
        Self.expectBound(100, join(grouped, key: 0), [nil, nil])
    }

    /// Of protected tables the refusal names the limit alone, and sizes count in powers of two: 100 rows as 128.
    @Test func protectedSizesAreNotTold() {
        let rows = Self.joined(.left)
        #expect(Self.joinCode(rows, limit: 128 * 5, fanOuts: [nil, 5], isOpen: false)?.code == .scanFailed)
        let over = Self.joinCode(rows, limit: 128 * 5 - 1, fanOuts: [nil, 5], isOpen: false)
        #expect(over?.code == .protectedJoinTooLarge && over?.arguments == [String(128 * 5 - 1)])
        #expect(Self.joinCode(rows, limit: 128 * 8, fanOuts: [nil, 500], isOpen: false)?.code == .scanFailed)
        #expect(Self.joinCode(rows, limit: 128 * 8 - 1, fanOuts: [nil, 500], isOpen: false)?.code == .protectedJoinTooLarge)
    }

    /// 100 rows of two columns with 8 bytes each.
    @Test func memoryAtTheLimitAndOver() {
        #expect(Self.code(Self.large, limit: 100, memory: 1_600) != .memoryTooSmall)
        #expect(Self.code(Self.large, limit: 100, memory: 1_599) == .memoryTooSmall)
    }
}
