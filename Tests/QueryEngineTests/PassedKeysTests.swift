// SPDX-License-Identifier: Apache-2.0

import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// What an earlier join tells the right side of a later one: only time and memory depend on it.
@Suite struct PassedKeysTests {
    private static let columns: [(name: String, type: LogicalType)] = [("k", .int64), ("n", .int64)]

    /// Keys from 0 up to `keys`, again and again, some NULL.
    private static func facts(_ count: Int, keys: Int) -> MemoryTable {
        let rows = (0..<count).map { row -> MemoryTable.Row in
            .init(values: [row % 13 == 5 ? .null : .int64(Int64(row * 31 % keys)), row % 7 == 3 ? .null : .int64(Int64(row % 10))], entities: [])
        }
        return MemoryTable(columns: columns, entityTypes: [], rows: rows, blockRows: 64)
    }

    /// Facts, a few of whose keys are in a small relation, joined with groups of other facts by key.
    private static func plan(_ kind: Join.Kind, _ tables: [MemoryTable], limit: Int64, isTwice: Bool = false, onSmall: Bool) -> LogicalPlan {
        let facts = Build.scan(0, tables[0])
        let small = LogicalPlan.filter(
            Filter(
                input: Build.scan(1, tables[1], name: "s"),
                predicate: Build.expression(
                    .and([
                        Build.compare(.less, Build.column(0, .int64), Build.literal(.int64(limit))),
                        Build.compare(.greaterOrEqual, Build.column(0, .int64), Build.literal(.int64(0))),
                    ]), .bool), source: .query))
        let left = joined(.inner, facts, small, 0)
        let right = groups(2, tables[2])
        let join = joined(kind, left, right, onSmall ? 2 : 0)
        guard isTwice else { return join }
        // The same grouping once more, where every key is wanted.
        let again = LogicalPlan.project(
            Project(input: groups(3, tables[2]), expressions: Array(repeating: Build.column(1, .int64), count: join.output.count), output: join.output))
        return .union(Union(inputs: [join, again], output: join.output, span: Build.span))
    }

    private static func groups(_ reference: Int, _ table: MemoryTable) -> LogicalPlan {
        .aggregate(
            Aggregate(
                input: Build.scan(reference, table, name: "u"),
                aggregation: Build.aggregation([Build.column(0, .int64)], [Build.aggregate(.countRows, nil)])))
    }

    private static func joined(_ kind: Join.Kind, _ left: LogicalPlan, _ right: LogicalPlan, _ key: Int) -> LogicalPlan {
        var output = kind.yieldsRight ? left.output + right.output : left.output
        if kind == .mark { output.append(OutputColumn(name: "m", type: .bool, isNullable: true, origin: nil)) }
        return .join(
            Join(
                kind: kind, left: left, right: right, keys: [.init(left: Build.column(key, .int64), right: Build.column(0, .int64))], residual: nil,
                output: output, span: Build.span))
    }

    @Test(arguments: Join.Kind.allCases) func allKinds(kind: Join.Kind) throws {
        for (left, small, right) in [(500, 40, 700), (90, 5, 0), (300, 0, 200)] {
            let tables = [Self.facts(left, keys: 60), Self.facts(small, keys: 60), Self.facts(right, keys: 45)]
            for onSmall in [false, true] {
                try JoinFormTests.agree(
                    Self.plan(kind, tables, limit: 9, onSmall: onSmall), tables, "\(kind) \(left) \(small) \(right) \(onSmall)")
            }
        }
    }

    /// A grouping that is read twice is not reduced for one of its readers.
    @Test func sharedGroupings() throws {
        let tables = [Self.facts(300, keys: 60), Self.facts(40, keys: 60), Self.facts(500, keys: 45)]
        let plan = Self.plan(.inner, tables, limit: 9, isTwice: true, onSmall: false)
        try JoinFormTests.agree(plan, tables + [tables[2]], "twice")
    }

    /// Groups without a partner are never made: 400 keys, of which 9 are wanted.
    @Test func onlyWantedGroups() throws {
        let tables = [Self.facts(3_000, keys: 400), Self.facts(400, keys: 400), Self.facts(3_000, keys: 400)]
        let named = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($0, $1) })
        var few = EngineLimits.Ceilings()
        few.innerGroups = 50
        let reduced = Self.plan(.inner, tables, limit: 9, onSmall: true)
        #expect(try !RelationTests.rows(reduced, named, ceilings: few).isEmpty)
        #expect(throws: EngineError(.resourceExhausted)) {
            try RelationTests.rows(Self.plan(.full, tables, limit: 9, onSmall: true), named, ceilings: few)
        }
    }
}
