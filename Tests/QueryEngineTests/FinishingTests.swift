// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Steps over released cells: withheld is contagious, never true, sorts as NULL.
@Suite struct FinishingTests {
    static let engine = QueryEngine(workers: 1, memoryLimitBytes: 64 << 20)
    static let money = LogicalType.decimal(precision: 12, scale: 2)
    static let sumType = LogicalType.decimal(precision: 38, scale: 2)

    /// Hospitals a (5 persons), b (5), c (5, dominated), d (2: vanishes); columns: hospital, count, sum.
    static func released() throws -> (ReleasedCells, Aggregation, LogicalPlan) {
        var rows: [MemoryTable.Row] = []
        for (hospital, persons) in [("b", 5), ("a", 5), ("c", 5), ("d", 2)] {
            for person in 0..<persons {
                let units: Int128 = hospital == "c" && person == 0 ? 100_000 : (hospital == "a" ? 300 : 250)
                let values: [Literal] = [.text(hospital), .decimal(units: units, scale: 2)]
                rows.append(.init(values: values, entities: [UInt32(rows.count)]))
            }
        }
        let table = MemoryTable(columns: [("hospital", .text), ("cost", money)], entityTypes: ["person"], rows: rows)
        let plan = Build.scan(0, table)
        let calls = [Build.aggregate(.countRows, nil), Build.aggregate(.sum, Build.column(1, money))]
        let aggregation = Build.aggregation([Build.column(0, .text)], calls)
        let half = ReleaseRules.Fraction(numerator: 1, denominator: 2)
        let rules = ReleaseRules(
            isOpen: false, dimensions: [.init(entity: "person", minimumContributors: 5, mayBeAbsent: false)],
            aggregates: [Build.rule(calls[0]), Build.rule(calls[1], dominance: .init(largest: half, twoLargest: nil))])
        let execution = ExecutionPlan(
            rows: plan, release: .aggregate(aggregation), rules: rules,
            dimensions: [DimensionSource(reference: 0, kind: .entity(type: "person", isOrderingEntity: true))],
            scans: [0: ScanRequirement(table: "t", entities: ["person"])], branchConditions: [[], []], parameters: [:])
        guard case .groups(let groups) = try engine.run(execution, scans: [0: table]) else { throw EngineError(.malformedPlan) }
        let result = UnreleasedResult(
            rules: rules, groupCount: groups.groupCount, keys: groups.keys, aggregates: groups.aggregates,
            groupContributors: groups.groupContributors, arena: groups.arena)
        return (try result.release(), aggregation, plan)
    }

    static func finish(_ steps: [FinishingStep], output: [OutputColumn]? = nil, parameters: [String: Literal] = [:]) throws -> ReleasedTable {
        let (cells, aggregation, rows) = try released()
        let plan = BoundPlan(
            rows: rows, release: .aggregate(aggregation), finishing: steps, output: output ?? aggregation.output, parameters: [])
        return try engine.finish(cells, plan: plan, parameters: parameters)
    }

    static let hospital = Build.column(0, .text), count = Build.column(1, .int64), total = Build.column(2, sumType)

    static func names(_ table: ReleasedTable) -> [ReleasedCell] { table.rows.map { $0[0] } }
    static func texts(_ names: String...) -> [ReleasedCell] { names.map { .value(.text($0)) } }

    @Test func nothingToDo() throws {
        let table = try Self.finish([])
        #expect(Self.names(table) == Self.texts("a", "b", "c"))
        #expect(table.rows[2] == [.value(.text("c")), .value(.int64(5)), .withheld])
        #expect(table.reasons == [.dominance])
    }

    @Test func filtersOnWithheldAreNotTrue() throws {
        let above = Build.compare(.greater, Self.total, Build.literal(.decimal(units: 0, scale: 2), Self.sumType))
        #expect(Self.names(try Self.finish([.filter(above)])) == Self.texts("a", "b"))
        #expect(Self.names(try Self.finish([.filter(Build.expression(.not(above), .bool))])) == [])
        #expect(Self.names(try Self.finish([.filter(Build.expression(.isNull(Self.total, isNegated: false), .bool))])) == [])
        #expect(Self.names(try Self.finish([.filter(Build.compare(.equal, Self.count, Build.literal(.int64(5))))])).count == 3)
    }

    @Test func withheldIsContagious() throws {
        let zero = Build.literal(.decimal(units: 0, scale: 2), Self.sumType)
        let expressions = [
            Self.hospital, Build.call(.coalesce, [Self.total, zero], Self.sumType),
            Build.expression(.arithmetic(.add, Self.count, Build.literal(.int64(1))), .int64),
        ]
        let output = expressions.map { OutputColumn(name: "x", type: $0.type, isNullable: true, origin: nil) }
        let table = try Self.finish([.project(expressions, output: output)], output: output)
        #expect(table.rows[0] == [.value(.text("a")), .value(.decimal(units: 1_500, scale: 2)), .value(.int64(6))])
        #expect(table.rows[2] == [.value(.text("c")), .withheld, .value(.int64(6))])
    }

    @Test func sortIsStableAndPutsWithheldWhereNullGoes() throws {
        func sorted(_ key: BoundExpression, descending: Bool, nullsFirst: Bool) throws -> [ReleasedCell] {
            Self.names(try Self.finish([.sort([SortKey(expression: key, isDescending: descending, nullsFirst: nullsFirst)])]))
        }
        #expect(try sorted(Self.total, descending: false, nullsFirst: false) == Self.texts("b", "a", "c"))
        #expect(try sorted(Self.total, descending: true, nullsFirst: true) == Self.texts("c", "a", "b"))
        #expect(try sorted(Self.count, descending: true, nullsFirst: false) == Self.texts("a", "b", "c"))
        #expect(try sorted(Self.hospital, descending: true, nullsFirst: false) == Self.texts("c", "b", "a"))
    }

    @Test func limitAndOffset() throws {
        func limited(_ count: Int64?, _ offset: Int64) throws -> [ReleasedCell] {
            Self.names(try Self.finish([.limit(count: count, offset: offset)]))
        }
        #expect(try limited(2, 0) == Self.texts("a", "b"))
        #expect(try limited(nil, 1) == Self.texts("b", "c"))
        #expect(try limited(.max, 3) == [])
        #expect(try limited(0, .max) == [])
    }

    static func call(
        _ function: WindowFunction, _ argument: BoundExpression? = nil, type: LogicalType = .int64, partition: [BoundExpression] = [],
        order: [BoundExpression] = [], frame: WindowFrame = .standard
    ) -> WindowCall {
        WindowCall(
            function: function, argument: argument, partitions: partition,
            order: order.map { SortKey(expression: $0, isDescending: false, nullsFirst: false) }, frame: frame, type: type, span: Build.span)
    }

    static func window(_ calls: [WindowCall]) throws -> [[ReleasedCell]] {
        let (_, aggregation, _) = try released()
        let output = aggregation.output + calls.map { OutputColumn(name: "w", type: $0.type, isNullable: true, origin: nil) }
        return try finish([.window(calls, output: output)], output: output).rows.map { Array($0.dropFirst(3)) }
    }

    @Test func windowsOverCells() throws {
        let rows = try Self.window([
            Self.call(.rowNumber, order: [Self.hospital]), Self.call(.sum, Self.count, type: .decimal(precision: 38, scale: 0), order: [Self.hospital]),
            Self.call(.countRows),
        ])
        #expect(rows == (1...3).map {
            [.value(.int64(Int64($0))), .value(.decimal(units: Int128($0 * 5), scale: 0)), .value(.int64(3))]
        })
    }

    @Test func windowsThatReadWithheldCellsAreWithheld() throws {
        let one = WindowFrame(unit: .rows, start: .currentRow, end: .currentRow)
        let running = try Self.window([
            Self.call(.sum, Self.total, type: Self.sumType, order: [Self.hospital]),
            Self.call(.sum, Self.total, type: Self.sumType, order: [Self.hospital], frame: one),
            Self.call(.rank, order: [Self.total]), Self.call(.rank, partition: [Self.hospital], order: [Self.total]),
            Self.call(.countRows, partition: [Self.total]),
        ])
        #expect(running.map { $0[0] } == [.value(.decimal(units: 1_500, scale: 2)), .value(.decimal(units: 2_750, scale: 2)), .withheld])
        #expect(running.map { $0[1] } == [.value(.decimal(units: 1_500, scale: 2)), .value(.decimal(units: 1_250, scale: 2)), .withheld])
        #expect(running.map { $0[2] } == [.withheld, .withheld, .withheld])
        #expect(running.map { $0[3] } == [.value(.int64(1)), .value(.int64(1)), .withheld])
        #expect(running.map { $0[4] } == [.value(.int64(1)), .value(.int64(1)), .withheld])
    }

    @Test func distinctCells() throws {
        let columns = [Self.count, Self.total]
        let output = columns.map { OutputColumn(name: "x", type: $0.type, isNullable: true, origin: nil) }
        let steps: [FinishingStep] = [.project(columns, output: output), .distinct]
        #expect(try Self.finish(steps, output: output).rows.count == 3)
        let constant = [Build.literal(.int64(1)), Build.expression(.arithmetic(.multiply, Self.total, Build.literal(.int64(0))), Self.sumType)]
        let same = constant.map { OutputColumn(name: "x", type: $0.type, isNullable: true, origin: nil) }
        let doubled: [FinishingStep] = [.project(constant, output: same), .distinct]
        #expect(try Self.finish(doubled, output: same).rows == [
            [.value(.int64(1)), .value(.decimal(units: 0, scale: 2))], [.value(.int64(1)), .withheld],
        ])
    }

    @Test func parametersReachFinishing() throws {
        let predicate = Build.compare(.greaterOrEqual, Self.count, Build.expression(.parameter("least"), .int64))
        #expect(try Self.finish([.filter(predicate)], parameters: ["least": .int64(6)]).rows.isEmpty)
        #expect(throws: EngineError(.parameterMissing)) { try Self.finish([.filter(predicate)]) }
    }

    @Test func canonicalDocument() throws {
        let table = try Self.finish([.sort([SortKey(expression: Self.total, isDescending: false, nullsFirst: true)])])
        let text = String(decoding: table.canonicalPieces().joined(), as: UTF8.self)
        #expect(
            text == #"{"columns":[{"name":"c0","type":"text"},{"name":"c1","type":"int64"},{"name":"c2","type":"decimal(38,2)"}],"#
                + #""rows":[["c",5,null],["b",5,"12.50"],["a",5,"15.00"]],"#
                + #""withheld":{"cells":"few","cells_at":[[0,2]],"reasons":["dominance"]}}"#)
    }

    @Test func valuesInDocuments() throws {
        let values: [(Literal, LogicalType, JSONValue)] = [
            (.int64(1 << 53), .int64, 9_007_199_254_740_992), (.int64((1 << 53) + 1), .int64, "9007199254740993"),
            (.int64(.min), .int64, "-9223372036854775808"), (.double(0.1), .double, "0.1"), (.bool(true), .bool, true),
            (.date(days: 0), .date, "1970-01-01"), (.timestamp(microseconds: 1), .timestamp, "1970-01-01T00:00:00.000001"),
            (.null, .text, .null), (.text("医院"), .text, "医院"),
        ]
        let expressions = values.map { Build.literal($0.0, $0.1) }
        let output = expressions.map { OutputColumn(name: "x", type: $0.type, isNullable: true, origin: nil) }
        let table = try Self.finish([.limit(count: 1, offset: 0), .project(expressions, output: output)], output: output)
        #expect(try JSONValue.parseCanonical(Array(table.canonicalPieces().joined()))["rows"] == [.array(values.map(\.2))])
    }
}
