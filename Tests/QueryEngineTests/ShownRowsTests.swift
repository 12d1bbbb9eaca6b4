// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Results of open plans of which only part is shown: the same whether the engine knows what finishing will show or not.
@Suite struct ShownRowsTests {
    static let columns: [(name: String, type: LogicalType)] = [("k", .int64), ("name", .text), ("v", .int64)]

    /// Keys 0 to 999 in no order, some rows without; names are the keys' own unless `shares` says otherwise.
    static func facts(_ count: Int) -> MemoryTable {
        let rows = (0..<count).map { row -> MemoryTable.Row in
            let key = row * 7_919 % 1_000
            return .init(values: [key % 97 == 3 ? .null : .int64(Int64(key)), .text("f\(row % 13)"), .int64(Int64(row % 11))], entities: [])
        }
        return MemoryTable(columns: columns, entityTypes: [], rows: rows, blockRows: 512)
    }

    static func dimension(repeats: Int, scale: Int64 = 1) -> MemoryTable {
        var rows: [MemoryTable.Row] = []
        for key in (0..<1_000).reversed() {
            for copy in 0...(key < repeats ? 1 : 0) {
                let name: Literal = key % 50 == 7 ? .null : .text("name \(key / 2) \(key % 2 == 0 ? 0 : copy)")
                rows.append(.init(values: [.int64(Int64(key) * scale), name, .int64(Int64(key % 5))], entities: []))
            }
        }
        return MemoryTable(columns: columns, entityTypes: [], rows: rows, blockRows: 300, sharesDictionaries: false)
    }

    static func sort(_ column: Int, _ type: LogicalType, isDescending: Bool = false, nullsFirst: Bool = false) -> FinishingStep {
        .sort([SortKey(expression: Build.column(column, type), isDescending: isDescending, nullsFirst: nullsFirst)])
    }

    /// The shown rows, with the engine knowing the steps or not.
    static func shown(
        _ rows: LogicalPlan, _ release: ReleaseNode, _ steps: [FinishingStep], _ tables: [Int: MemoryTable], isKnown: Bool, workers: Int = 2,
        ceilings: EngineLimits.Ceilings = .init()
    ) throws -> [[ReleasedCell]] {
        let engine = QueryEngine(workers: workers, memoryLimitBytes: 256 << 20, ceilings: ceilings)
        let execution = Build.open(rows, release, finishing: isKnown ? steps : [])
        let result: UnreleasedResult
        switch try engine.run(execution, scans: tables.mapValues { $0 as any TableScan }) {
        case .groups(let table):
            result = UnreleasedResult(
                rules: execution.rules, groupCount: table.groupCount, keys: table.keys, aggregates: table.aggregates,
                groupContributors: table.groupContributors, arena: table.arena)
        case .rows(let batches, let arena): result = UnreleasedResult(rules: execution.rules, openRows: batches, arena: arena)
        }
        var output = rows.output
        if case .aggregate(let aggregation) = release { output = aggregation.output }
        let plan = BoundPlan(rows: rows, release: release, finishing: steps, output: output, parameters: [])
        return try engine.finish(try result.release(), plan: plan, parameters: [:]).rows
    }

    static func agree(_ rows: LogicalPlan, _ release: ReleaseNode, _ steps: [FinishingStep], _ tables: [Int: MemoryTable]) throws {
        let expected = try shown(rows, release, steps, tables, isKnown: false)
        for workers in [1, 3] { #expect(try shown(rows, release, steps, tables, isKnown: true, workers: workers) == expected) }
    }

    @Test(arguments: [Int64?.some(0), 1, 7, 300, 5_000, nil]) func groups(limit: Int64?) throws {
        let table = Self.facts(6_000), scan = Build.scan(0, table)
        let calls = [Build.aggregate(.countRows, nil), Build.aggregate(.sum, Build.column(2, .int64)), Build.aggregate(.maximum, Build.column(1, .text))]
        let release = ReleaseNode.aggregate(Build.aggregation([Build.column(0, .int64), Build.column(2, .int64)], calls))
        let isFew = Build.compare(.less, Build.column(2, .int64), Build.literal(.int64(2)))
        let orders = [
            Self.sort(0, .int64, nullsFirst: true), Self.sort(0, .int64, isDescending: true), Self.sort(3, calls[1].type, isDescending: true),
            Self.sort(4, .text), Self.sort(2, .int64),
        ]
        for order in orders {
            try Self.agree(scan, release, [order, .limit(count: limit, offset: 0)], [0: table])
            try Self.agree(scan, release, [.filter(isFew), order, .limit(count: limit, offset: 3)], [0: table])
        }
        try Self.agree(scan, release, [.filter(isFew)], [0: table])
        try Self.agree(scan, release, [.limit(count: limit, offset: 2)], [0: table])
        try Self.agree(scan, release, [orders[2]], [0: table])
    }

    /// Names are looked up after grouping when each key comes once, and grouped by when one comes twice.
    @Test(arguments: [0, 1, 1_000]) func determinedKeys(repeats: Int) throws {
        let facts = Self.facts(5_000)
        for scale: Int64 in [1, 3] {
            let dimension = Self.dimension(repeats: repeats, scale: scale)
            let left = Build.scan(0, facts), right = Build.scan(1, dimension, name: "d")
            let join = LogicalPlan.join(
                Join(
                    kind: .inner, left: left, right: right, keys: [.init(left: Build.column(0, .int64), right: Build.column(0, .int64))],
                    residual: nil, output: left.output + right.output, span: Build.span))
            let keys = [Build.column(4, .text), Build.column(3, .int64), Build.column(5, .int64)]
            let calls = [Build.aggregate(.sum, Build.column(2, .int64))]
            let release = ReleaseNode.aggregate(Build.aggregation(keys, calls))
            for limit: Int64 in [0, 1, 20, 2_000] {
                let steps = [Self.sort(3, calls[0].type, isDescending: true), .limit(count: limit, offset: 1)]
                try Self.agree(join, release, steps, [0: facts, 1: dimension])
                try Self.agree(join, release, [Self.sort(0, .text), .limit(count: limit, offset: 0)], [0: facts, 1: dimension])
            }
        }
    }

    @Test func rowsOfOpenResults() throws {
        let table = Self.facts(3_000), scan = Build.scan(0, table)
        for limit: Int64? in [0, 1, 9, 2_999, 4_000, nil] {
            for order in [Self.sort(0, .int64, nullsFirst: true), Self.sort(2, .int64, isDescending: true), Self.sort(1, .text)] {
                try Self.agree(scan, .rows, [order, .limit(count: limit, offset: 2)], [0: table])
            }
            try Self.agree(scan, .rows, [.limit(count: limit, offset: 5)], [0: table])
        }
    }

    /// Only rows that may be shown count towards the limit of open rows; those equal to the last one do.
    @Test func openRowsAtTheLimitAndOver() throws {
        var ceilings = EngineLimits.Ceilings()
        ceilings.openRows = 100
        let table = EngineTests.numbered(1_000), scan = Build.scan(0, table), order = Self.sort(0, .int64)
        func count(_ steps: [FinishingStep]) throws -> Int {
            try Self.shown(scan, .rows, steps, [0: table], isKnown: true, ceilings: ceilings).count
        }
        #expect(try count([order, .limit(count: 100, offset: 0)]) == 100)
        #expect(throws: EngineError(.resourceExhausted)) { try count([order, .limit(count: 100, offset: 1)]) }
        let constant = FinishingStep.sort([SortKey(expression: Build.literal(.int64(1)), isDescending: false, nullsFirst: false)])
        #expect(throws: EngineError(.resourceExhausted)) { try count([constant, .limit(count: 1, offset: 0)]) }
    }
}
