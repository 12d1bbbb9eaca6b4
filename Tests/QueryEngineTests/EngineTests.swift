// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Limits at their edges, errors, and results that fuzzing does not reach.
@Suite struct EngineTests {
    static let columns: [(name: String, type: LogicalType)] = [("k", .int64), ("t", .text), ("b", .decimal(precision: 38, scale: 0)), ("x", .double)]

    static func table(_ values: [[Literal]], blockRows: Int = 65_536) -> MemoryTable {
        MemoryTable(columns: columns, entityTypes: [], rows: values.map { .init(values: $0, entities: []) }, blockRows: blockRows)
    }

    static func numbered(_ count: Int) -> MemoryTable {
        table((0..<count).map { [.int64(Int64($0)), .text("t\($0 % 7)"), .decimal(units: 1, scale: 0), .double(1)] })
    }

    static func engine(_ ceilings: EngineLimits.Ceilings = .init(), memory: Int = 256 << 20, workers: Int = 2) -> QueryEngine {
        QueryEngine(workers: workers, memoryLimitBytes: memory, ceilings: ceilings)
    }

    static func groups(_ table: MemoryTable, _ keys: [BoundExpression], _ calls: [AggregateCall], _ engine: QueryEngine = engine()) throws -> GroupTable {
        let aggregation = Build.aggregation(keys, calls)
        guard case .groups(let groups) = try engine.run(Build.open(Build.scan(0, table), .aggregate(aggregation)), scans: [0: table]) else {
            throw EngineError(.malformedPlan)
        }
        return groups
    }

    static let exhausted = EngineError(.resourceExhausted)
    static let count = Build.aggregate(.countRows, nil)
    static let key = Build.column(0, .int64)

    @Test func groupsAtTheLimitAndOver() throws {
        var ceilings = EngineLimits.Ceilings()
        ceilings.groups = 100
        #expect(try Self.groups(Self.numbered(100), [Self.key], [Self.count], Self.engine(ceilings)).groupCount == 100)
        #expect(throws: Self.exhausted) { try Self.groups(Self.numbered(101), [Self.key], [Self.count], Self.engine(ceilings)) }
    }

    @Test func openRowsAtTheLimitAndOver() throws {
        var ceilings = EngineLimits.Ceilings()
        ceilings.openRows = 100
        func rows(_ count: Int) throws -> Int {
            let table = Self.numbered(count)
            // The size of the table does not tell how many rows fulfil a condition.
            let condition = Build.compare(.greaterOrEqual, Self.key, Build.literal(.int64(0)))
            let rows = LogicalPlan.filter(Filter(input: Build.scan(0, table), predicate: condition, source: .query))
            guard case .rows(let batches, _) = try Self.engine(ceilings).run(Build.open(rows, .rows), scans: [0: table]) else { return -1 }
            return batches.reduce(0) { $0 + $1[0].count }
        }
        #expect(try rows(100) == 100)
        #expect(throws: Self.exhausted) { try rows(101) }
    }

    @Test func buildRowsAtTheLimitAndOver() throws {
        var ceilings = EngineLimits.Ceilings()
        ceilings.buildRows = 50
        func run(_ count: Int) throws {
            let left = Self.numbered(count), right = Self.numbered(count)
            let one = Build.scan(0, left), other = Build.scan(1, right)
            let join = LogicalPlan.join(
                Join(
                    kind: .inner, left: one, right: other, keys: [.init(left: Self.key, right: Self.key)], residual: nil,
                    output: one.output + other.output, span: Build.span))
            _ = try Self.engine(ceilings).run(Build.open(join, .aggregate(Build.aggregation([], [Self.count]))), scans: [0: left, 1: right])
        }
        try run(50)
        #expect(throws: Self.exhausted) { try run(51) }
    }

    /// Seven texts of two bytes: as group keys, as values to be counted or compared, as rows, and beside a join.
    @Test func textPoolsAtTheLimitAndOver() throws {
        let table = Self.numbered(50), text = Build.column(1, .text)
        let one = Build.scan(0, table), other = Build.scan(1, table)
        let join = LogicalPlan.join(
            Join(
                kind: .inner, left: one, right: other, keys: [.init(left: text, right: text)], residual: nil,
                output: one.output + other.output, span: Build.span))
        let plans = [
            Build.open(one, .aggregate(Build.aggregation([text], [Self.count]))),
            Build.open(one, .aggregate(Build.aggregation([], [Build.aggregate(.countDistinct, text)]))),
            Build.open(one, .aggregate(Build.aggregation([], [Build.aggregate(.maximum, text)]))),
            Build.open(one, .rows), Build.open(join, .aggregate(Build.aggregation([], [Self.count]))),
        ]
        for plan in plans {
            var ceilings = EngineLimits.Ceilings()
            ceilings.textPoolBytes = 14
            #expect(throws: Never.self) { try Self.engine(ceilings).run(plan, scans: [0: table, 1: table]) }
            ceilings.textPoolBytes = 13
            #expect(throws: Self.exhausted) { try Self.engine(ceilings).run(plan, scans: [0: table, 1: table]) }
        }
    }

    /// Offsets of a text pool are 32 bits wide.
    @Test func textPoolsAreNoLargerThanTheirOffsetsReach() {
        #expect(EngineLimits.Ceilings().textPoolBytes == EngineLimits.textPoolBytes)
        #expect(UInt32(exactly: EngineLimits.textPoolBytes) != nil)
    }

    @Test func batchesMeetAtTheirEdges() throws {
        for count in [EngineLimits.batchRows - 1, EngineLimits.batchRows, EngineLimits.batchRows + 1] {
            let table = try Self.groups(Self.numbered(count), [Build.column(1, .text)], [Self.count])
            #expect((0..<table.groupCount).reduce(0) { $0 + table.aggregates[0].value[$1] } == Int128(count))
        }
    }

    @Test func workersBeyondTheLimitAreNotStarted() throws {
        let engine = Self.engine(workers: EngineLimits.workers + 1)
        #expect(try Self.groups(Self.numbered(10), [Self.key], [Self.count], engine).groupCount == 10)
    }

    /// A table that only claims its rows.
    private struct HollowTable: TableScan {
        let rowCount: Int
        var blockRowCounts: [Int] { [] }
        var partitions: [Range<Int>] { [] }
        func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader { throw EngineError(.malformedPlan) }
    }

    @Test func tableRowsAtTheLimitAndOver() throws {
        let plan = Build.open(Build.scan(0, Self.numbered(0)), .aggregate(Build.aggregation([], [Self.count])))
        _ = try Self.engine().run(plan, scans: [0: HollowTable(rowCount: EngineLimits.tableRows)])
        #expect(throws: EngineError(.tableTooLarge)) {
            try Self.engine().run(plan, scans: [0: HollowTable(rowCount: EngineLimits.tableRows + 1)])
        }
    }

    @Test func memoryThatSufficesAndThatDoesNot() throws {
        let table = Self.table((0..<100_000).map { [.int64(Int64($0)), .null, .null, .null] })
        #expect(try Self.groups(table, [Self.key], [Self.count], Self.engine(memory: 256 << 20)).groupCount == 100_000)
        #expect(throws: Self.exhausted) { try Self.groups(table, [Self.key], [Self.count], Self.engine(memory: 1 << 20)) }
    }

    @Test func missingThingsAreNamed() throws {
        let table = Self.numbered(3)
        let predicate = Build.compare(.equal, Self.key, Build.expression(.parameter("since"), .int64))
        let rows = LogicalPlan.filter(Filter(input: Build.scan(0, table, name: "visit"), predicate: predicate, source: .query))
        func run(_ parameters: [String: Literal], _ scans: [Int: any TableScan]) throws -> Int128? {
            let plan = Build.open(rows, .aggregate(Build.aggregation([], [Self.count])), parameters: parameters)
            guard case .groups(let groups) = try Self.engine().run(plan, scans: scans) else { return nil }
            return groups.aggregates[0].value[0]
        }
        #expect(try run(["since": .int64(2)], [0: table]) == 1)
        #expect(throws: EngineError(.parameterMissing)) { try run([:], [0: table]) }
        #expect(throws: EngineError(.parameterType)) { try run(["since": .text("2")], [0: table]) }
        #expect(throws: EngineError(.scanMissing)) { try run(["since": .int64(2)], [:]) }
        #expect(throws: EngineError(.scanFailed)) { try run(["since": .int64(2)], [0: BrokenTable()]) }
    }

    private struct BrokenTable: TableScan {
        let rowCount = 1
        let blockRowCounts = [1]
        let partitions = [0..<1]
        func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader { throw EngineError(.unsupported) }
    }

    @Test func unsupportedCastsAreRefused() throws {
        let table = MemoryTable(columns: [("e", .entity("person"))], entityTypes: [], rows: [])
        let text = Build.expression(.cast(Build.column(0, .entity("person"))), .text)
        #expect(throws: EngineError(.unsupported)) { try Self.groups(table, [text], [Self.count]) }
        let number = Build.expression(.cast(Build.column(0, .int64)), .text)
        #expect(try Self.groups(Self.numbered(4), [number], [Self.count]).groupCount == 4)
    }

    /// 10^38 - 1 fits; one more does not, whatever stands between.
    @Test func sumsAtTheEdgeOfDecimals() throws {
        let top = ExactDecimal.unitsMaximum
        func sum(_ units: [Int128]) throws -> (Int128, Bool) {
            let table = Self.table(units.map { [.null, .null, .decimal(units: $0, scale: 0), .null] }, blockRows: 1)
            let groups = try Self.groups(table, [], [Build.aggregate(.sum, Build.column(2, Self.columns[2].type))])
            return (groups.aggregates[0].value[0], groups.aggregates[0].overflow[0] != 0)
        }
        #expect(try sum([top, top, top, -top, -top]) == (top, false))
        #expect(try sum([top, 1]) == (0, true))
        #expect(try sum([top, top, top]) == (0, true))
    }

    @Test func totalsExistWithoutRows() throws {
        let groups = try Self.groups(Self.numbered(0), [], [Self.count, Build.aggregate(.sum, Build.column(2, Self.columns[2].type))])
        #expect(groups.groupCount == 1)
        #expect(groups.aggregates[0].value[0] == 0)
        #expect(groups.aggregates[1].valueCount[0] == 0)
        #expect(try Self.groups(Self.numbered(0), [Self.key], [Self.count]).groupCount == 0)
    }

    /// Order and partitions must not show in sums of doubles.
    @Test func doubleSumsAreExact() throws {
        func sum(_ numbers: [Double], blockRows: Int) throws -> Double? {
            let table = Self.table(numbers.map { [.null, .null, .null, .double($0)] }, blockRows: blockRows)
            let values = try Self.groups(table, [], [Build.aggregate(.sum, Build.column(3, .double))]).aggregates[0].openValues
            return values.flatMap { $0.isNull(0) ? nil : $0.double[0] }
        }
        let least = Double.leastNonzeroMagnitude
        #expect(try sum([1e308, 1, -1e308], blockRows: 1) == 1)
        #expect(try sum([0.1, 0.2, 0.3], blockRows: 2) == sum([0.3, 0.1, 0.2], blockRows: 1))
        #expect(try sum([1e308, 1e308], blockRows: 1) == nil)
        #expect(try sum([1e308, 1e308, -1e308], blockRows: 3) == 1e308)
        #expect(try sum([least, least, 1], blockRows: 1) == 1)
        #expect(try sum([least, least, 0], blockRows: 3) == least * 2)
        #expect(try sum([1, 0x1p-53], blockRows: 1) == 1)
        #expect(try sum([1, 0x1p-53, 0x1p-105], blockRows: 1) == 1 + 0x1p-52)
        #expect(try sum([-0.0, 0], blockRows: 1) == 0)
    }

    @Test func exactMathAtItsEdges() {
        let top = ExactDecimal.unitsMaximum
        #expect(ExactMath.divide(1, 3, shift: 16) == 3_333_333_333_333_333)
        #expect(ExactMath.divide(2, 3, shift: 0) == 1)
        #expect(ExactMath.divide(-1, 2, shift: 0) == -1)
        #expect(ExactMath.divide(top, top, shift: 38) == 100_000_000_000_000_000_000_000_000_000_000_000_000)
        #expect(ExactMath.divide(1, top, shift: 74) == 1_000_000_000_000_000_000_000_000_000_000_000_000)
        #expect(ExactMath.divide(top, 1, shift: 38) == nil)
        #expect(ExactMath.divide(1, 0, shift: 2) == nil)
        #expect(ExactMath.multiply(top, 10, dividedBy: 100) == ExactDecimal.divideRounded(top, by: 10))
        #expect(ExactMath.multiply(top, top, dividedBy: 1) == nil)
        #expect(ExactMath.round(-25, scale: 1, digits: 0) == -30)
        #expect(ExactMath.round(-25, scale: 1, digits: 5) == -25)
        #expect(ExactMath.round(49, scale: 0, digits: -2) == 0)
    }

    @Test func everyCodeIsNamedOnce() {
        let codes = EngineError.Code.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("engine.") })
    }
}
