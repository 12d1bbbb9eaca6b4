// SPDX-License-Identifier: Apache-2.0

import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Joins in every form that their right side may take, against the literal interpreter.
@Suite struct JoinFormTests {
    /// How keys lie: together, apart, too far apart for anything but a hash table, below zero; in and out of order; once and again.
    static let spreads: [@Sendable (Int) -> Int64] = [
        { Int64($0) }, { Int64($0) * 3 + 70_000 }, { Int64($0) * 5_000 - 400_000 }, { Int64($0) * 1_000_000_007_000 - 90_000_000_000_000 },
        { Int64($0 * 37 % 101) }, { Int64($0 * 37 % 101) * 9_001 }, { Int64($0 / 4) * 200 }, { _ in .min }, { $0 % 2 == 0 ? .min : .max },
    ]

    static let types: [LogicalType] = [.int64, .date, .text, .double, .decimal(precision: 30, scale: 2)]

    static func literal(_ value: Int64, _ type: LogicalType) -> Literal {
        switch type {
        case .date: .date(days: value % 1_000_000)
        case .text: .text("t\(value)")
        case .double: .double(Double(value % 1_000_003))
        case .decimal: .decimal(units: Int128(value), scale: 2)
        case .bool: .bool(value % 2 == 1)
        case .int64, .timestamp, .entity, .null: .int64(value)
        }
    }

    /// Columns: the key, a small number, a text.
    static func table(_ count: Int, _ type: LogicalType, from start: Int = 0, nullEvery: Int, _ spread: (Int) -> Int64) -> MemoryTable {
        let rows = (0..<count).map { row -> MemoryTable.Row in
            let key = (row + start) % nullEvery == nullEvery - 1 ? Literal.null : literal(spread(row + start), type)
            return .init(values: [key, row % 9 == 8 ? .null : .int64(Int64(row % 4)), .text("x\(row % 6)")], entities: [])
        }
        return MemoryTable(
            columns: [("k", type), ("n", .int64), ("x", .text)], entityTypes: [], rows: rows, blockRows: 37, sharesDictionaries: count % 2 == 0)
    }

    static func join(_ kind: Join.Kind, _ type: LogicalType, residual: Bool, isNullAware: Bool = false, _ tables: [MemoryTable]) -> LogicalPlan {
        let left = Build.scan(0, tables[0]), right = Build.scan(1, tables[1], name: "u")
        var output = kind.yieldsRight ? left.output + right.output : left.output
        if kind == .mark { output.append(OutputColumn(name: "m", type: .bool, isNullable: true, origin: nil)) }
        return .join(
            Join(
                kind: kind, left: left, right: right, keys: [.init(left: Build.column(0, type), right: Build.column(0, type))],
                residual: residual ? Build.compare(.notEqual, Build.column(1, .int64), Build.column(4, .int64)) : nil,
                isNullAware: isNullAware, output: output, span: Build.span))
    }

    static func agree(_ plan: LogicalPlan, _ tables: [MemoryTable], _ place: String) throws {
        let named = Dictionary(uniqueKeysWithValues: tables.enumerated().map { ($0, $1) })
        let expected = RelationTests.bag(NaiveInterpreter(Build.open(plan, .rows), tables: named).rows().map(\.values))
        for workers in [1, 2] {
            let actual = RelationTests.bag(try RelationTests.rows(plan, named, workers: workers))
            #expect(actual == expected, "\(place) \(workers): \(RelationTests.difference(actual, expected))")
        }
    }

    @Test(arguments: Join.Kind.allCases) func forms(kind: Join.Kind) throws {
        for (place, spread) in Self.spreads.enumerated() {
            for (left, right) in [(90, 60), (20, 150), (5, 0), (0, 7)] {
                let tables = [
                    Self.table(left, .int64, from: 11, nullEvery: 7, spread), Self.table(right, .int64, nullEvery: place % 2 == 0 ? 1_000 : 5, spread),
                ]
                for residual in [false, true] {
                    try Self.agree(Self.join(kind, .int64, residual: residual, tables), tables, "spread \(place) of \(left) and \(right)")
                }
                guard kind == .mark else { continue }
                try Self.agree(Self.join(kind, .int64, residual: false, isNullAware: true, tables), tables, "null-aware \(place)")
            }
        }
    }

    @Test(arguments: types) func keyTypes(type: LogicalType) throws {
        for kind in Join.Kind.allCases {
            let tables = [Self.table(40, type, nullEvery: 6, Self.spreads[4]), Self.table(131, type, from: 3, nullEvery: 9, Self.spreads[4])]
            for residual in [false, true] { try Self.agree(Self.join(kind, type, residual: residual, tables), tables, type.name) }
        }
    }

    /// Partners are counted before the join where there are many, with the same counts.
    @Test(arguments: [0, 30, 400]) func countsOfPartners(right: Int) throws {
        let tables = [Self.table(40, .int64, nullEvery: 8, Self.spreads[0]), Self.table(right, .int64, nullEvery: 11, Self.spreads[6])]
        let join = Self.join(.left, .int64, residual: false, tables)
        let calls = [Build.aggregate(.count, Build.column(4, .int64)), Build.aggregate(.countRows, nil), Build.aggregate(.count, Build.column(5, .text))]
        for keys in [[Build.column(1, .int64)], [Build.column(0, .int64), Build.column(2, .text)], []] {
            try Self.agree(.aggregate(Aggregate(input: join, aggregation: Build.aggregation(keys, calls))), tables, "\(keys.count) keys")
        }
        let others = [Build.aggregate(.count, Build.column(4, .int64)), Build.aggregate(.sum, Build.column(4, .int64))]
        try Self.agree(.aggregate(Aggregate(input: join, aggregation: Build.aggregation([Build.column(1, .int64)], others))), tables, "a sum")
    }

    /// Equal groupings are computed once over the same rows, and apart over others that only have the same name.
    @Test func equalGroupings() throws {
        let one = Self.table(300, .int64, nullEvery: 6, Self.spreads[4]), other = Self.table(200, .int64, nullEvery: 4, Self.spreads[6])
        for tables in [[one, one], [one, other]] {
            let inputs = tables.indices.map { reference -> LogicalPlan in
                let calls = [Build.aggregate(.countRows, nil), Build.aggregate(.sum, Build.column(1, .int64))]
                let keys = [Build.column(0, .int64)]
                return .aggregate(Aggregate(input: Build.scan(reference, tables[reference]), aggregation: Build.aggregation(keys, calls)))
            }
            try Self.agree(.union(Union(inputs: inputs, output: inputs[0].output, span: Build.span)), tables, "union")
        }
    }
}
