// SPDX-License-Identifier: Apache-2.0

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

    /// 100 rows of two columns with 8 bytes each.
    @Test func memoryAtTheLimitAndOver() {
        #expect(Self.code(Self.large, limit: 100, memory: 1_600) != .memoryTooSmall)
        #expect(Self.code(Self.large, limit: 100, memory: 1_599) == .memoryTooSmall)
    }
}
