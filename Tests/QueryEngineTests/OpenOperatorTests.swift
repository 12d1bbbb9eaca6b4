// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Limits of the operators that only open tables have, at their edges, and who may use them.
@Suite struct OpenOperatorTests {
    static let exhausted = EngineError(.resourceExhausted)
    static let key = Build.column(0, .int64)

    static func run(_ plan: (LogicalPlan) -> LogicalPlan, rows: Int, memory: Int = 256 << 20, _ ceilings: EngineLimits.Ceilings = .init()) throws -> Int {
        let table = EngineTests.numbered(rows)
        return try RelationTests.rows(plan(Build.scan(0, table)), [0: table], memory: memory, ceilings: ceilings).count
    }

    static func grouped(_ input: LogicalPlan) -> LogicalPlan {
        .aggregate(Aggregate(input: input, aggregation: Build.aggregation([key], [])))
    }

    static func sorted(_ input: LogicalPlan) -> LogicalPlan { .sort(Sort(input: input, keys: [], limit: 5, offset: 0)) }

    static func joined(_ kind: Join.Kind) -> (LogicalPlan) -> LogicalPlan {
        { input in
            var output = kind.yieldsRight ? input.output + input.output : input.output
            if kind == .mark { output.append(OutputColumn(name: "m", type: .bool, isNullable: true, origin: nil)) }
            return .join(
                Join(
                    kind: kind, left: input, right: input, keys: [.init(left: key, right: key)], residual: nil, output: output,
                    span: Build.span))
        }
    }

    static func unioned(_ input: LogicalPlan) -> LogicalPlan { .union(Union(inputs: [input, input], output: input.output, span: Build.span)) }

    static func windowed(_ input: LogicalPlan) -> LogicalPlan {
        let call = WindowCall(
            function: .rowNumber, argument: nil, partitions: [], order: [], frame: .standard, type: .int64, span: Build.span)
        let number = OutputColumn(name: "w", type: .int64, isNullable: false, origin: nil)
        return .window(Window(input: input, calls: [call], output: input.output + [number]))
    }

    @Test func innerGroupsAtTheLimitAndOver() throws {
        var ceilings = EngineLimits.Ceilings()
        ceilings.innerGroups = 100
        #expect(try Self.run(Self.grouped, rows: 100, ceilings) == 100)
        #expect(throws: Self.exhausted) { try Self.run(Self.grouped, rows: 101, ceilings) }
    }

    @Test func keptRowsAtTheLimitAndOver() throws {
        var ceilings = EngineLimits.Ceilings()
        ceilings.keptRows = 100
        for plan in [Self.sorted, Self.windowed, Self.joined(.full)] {
            #expect(try Self.run(plan, rows: 100, ceilings) > 0)
            #expect(throws: Self.exhausted) { try Self.run(plan, rows: 101, ceilings) }
        }
        #expect(try Self.run(Self.unioned, rows: 50, ceilings) == 100)
        #expect(throws: Self.exhausted) { try Self.run(Self.unioned, rows: 51, ceilings) }
    }

    /// Breakers one above the other need the memory of the largest, not of all.
    @Test func memoryOfFinishedStagesGoesBack() throws {
        func stacked(_ depth: Int) -> (LogicalPlan) -> LogicalPlan { { input in (0..<depth).reduce(input) { plan, _ in Self.grouped(plan.firstColumn) } } }
        #expect(try Self.run(stacked(12), rows: 20_000, memory: 12 << 20) == 20_000)
        #expect(throws: Self.exhausted) { try Self.run(stacked(1), rows: 400_000, memory: 12 << 20) }
    }

    /// Whatever PolicyCheck lets through by mistake, a protected plan does not run what has no protection.
    @Test func protectedPlansDoNotHaveThem() throws {
        let table = EngineTests.numbered(10)
        let plans = [Self.grouped, Self.sorted, Self.windowed, Self.unioned]
            + [Join.Kind.full, .semi, .anti, .mark, .single].map { Self.joined($0) }
        for plan in plans {
            let rows = plan(Build.scan(0, table))
            let call = Build.aggregate(.countRows, nil)
            let execution = ExecutionPlan(
                rows: rows, release: .aggregate(Build.aggregation([], [call])),
                rules: ReleaseRules(isOpen: false, dimensions: [], aggregates: [Build.rule(call)]), dimensions: [], scans: [:],
                branchConditions: [[]], parameters: [:])
            #expect(throws: EngineError(.malformedPlan)) { try EngineTests.engine().run(execution, scans: [0: table]) }
            let open = Build.open(rows, .aggregate(Build.aggregation([], [call])))
            #expect(throws: Never.self) { try EngineTests.engine().run(open, scans: [0: table]) }
        }
    }

    /// Groups, joins and sorts large enough that every worker and every part has some.
    @Test(arguments: [1, 2, 3]) func manyGroups(workers: Int) throws {
        let count = 60_000
        let table = EngineTests.table((0..<count).map { [.int64(Int64($0 * 7_919 % 30_011)), .text("t\($0 % 5_003)"), .null, .double(0.1)] }, blockRows: 1_000)
        let scan = Build.scan(0, table)
        let calls = [Build.aggregate(.countRows, nil), Build.aggregate(.sum, Self.key), Build.aggregate(.maximum, Build.column(1, .text))]
        let once = LogicalPlan.aggregate(Aggregate(input: scan, aggregation: Build.aggregation([Self.key, Build.column(1, .text)], calls)))
        let total = Build.aggregation([], [Build.aggregate(.countRows, nil), Build.aggregate(.sum, Build.column(2, .int64)), Build.aggregate(.sum, Build.column(3, calls[1].type))])
        let rows = try RelationTests.rows(.aggregate(Aggregate(input: once, aggregation: total)), [0: table], workers: workers)
        let distinct = Set((0..<count).map { [$0 * 7_919 % 30_011, $0 % 5_003] }).count
        let sum = (0..<count).reduce(0) { $0 + $1 * 7_919 % 30_011 }
        #expect(rows == [[.int64(Int64(distinct)), .decimal(units: Int128(count), scale: 0), .decimal(units: Int128(sum), scale: 0)]])
        let first = LogicalPlan.sort(Sort(input: scan, keys: [SortKey(expression: Self.key, isDescending: true, nullsFirst: false)], limit: 3, offset: 1))
        let top = (0..<count).map { $0 * 7_919 % 30_011 }.sorted(by: >)
        #expect(try RelationTests.rows(first, [0: table], workers: workers).map { $0[0] } == top[1..<4].map { .int64(Int64($0)) })
    }
}

extension LogicalPlan {
    /// The relation without all but its first column.
    var firstColumn: LogicalPlan {
        .project(Project(input: self, expressions: [Build.column(0, output[0].type)], output: [output[0]]))
    }
}
