// SPDX-License-Identifier: Apache-2.0

import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// Joins by several keys at once: looked up by one of them, as one number, or by hash, always with the same rows.
@Suite struct SeveralKeysTests {
    private typealias Spread = @Sendable (Int) -> Int64

    /// Pairs of keys: one unique; neither unique, close together; far apart; too far for one number; as far as can be.
    private static let pairs: [(Spread, Spread)] = [
        ({ Int64($0) }, { Int64($0 % 5) }), ({ Int64($0 % 3) }, { Int64($0) * 40 - 90 }), ({ Int64($0 / 4) }, { Int64($0 % 6) }),
        ({ Int64($0 / 4) * 1_000_003 }, { Int64($0 % 6) * 77_777_777 }), ({ Int64($0 / 4) << 40 }, { Int64($0 % 6) << 41 }),
        ({ $0 % 2 == 0 ? .min : .max }, { $0 % 3 == 0 ? .max : .min }),
    ]

    private static func table(_ count: Int, _ third: LogicalType, from start: Int, nullEvery: Int, _ spreads: (Spread, Spread)) -> MemoryTable {
        let rows = (0..<count).map { row -> MemoryTable.Row in
            let number = row + start
            func value(_ literal: Literal, _ place: Int) -> Literal { (number + place) % nullEvery == 0 ? .null : literal }
            return .init(
                values: [
                    value(.int64(spreads.0(number)), 1), value(.int64(spreads.1(number)), 2), value(JoinFormTests.literal(Int64(number % 2), third), 3),
                    .int64(Int64(row % 4)),
                ], entities: [])
        }
        return MemoryTable(columns: [("a", .int64), ("b", .int64), ("c", third), ("n", .int64)], entityTypes: [], rows: rows, blockRows: 41)
    }

    private static func join(_ kind: Join.Kind, keys: Int, _ third: LogicalType, residual: Bool, isNullAware: Bool, _ tables: [MemoryTable]) -> LogicalPlan {
        let left = Build.scan(0, tables[0]), right = Build.scan(1, tables[1], name: "u")
        var output = kind.yieldsRight ? left.output + right.output : left.output
        if kind == .mark { output.append(OutputColumn(name: "m", type: .bool, isNullable: true, origin: nil)) }
        let types: [LogicalType] = [.int64, .int64, third]
        return .join(
            Join(
                kind: kind, left: left, right: right,
                keys: (0..<keys).map { .init(left: Build.column($0, types[$0]), right: Build.column($0, types[$0])) },
                residual: residual ? Build.compare(.notEqual, Build.column(3, .int64), Build.column(7, .int64)) : nil,
                isNullAware: isNullAware, output: output, span: Build.span))
    }

    @Test(arguments: Join.Kind.allCases) func twoKeys(kind: Join.Kind) throws {
        for (place, spreads) in Self.pairs.enumerated() {
            for (left, right) in [(80, 50), (15, 120), (6, 0), (0, 6)] {
                let tables = [
                    Self.table(left, .int64, from: 9, nullEvery: 8, spreads), Self.table(right, .int64, from: 0, nullEvery: place % 2 == 0 ? 1_000 : 6, spreads),
                ]
                for residual in [false, true] {
                    let plan = Self.join(kind, keys: 2, .int64, residual: residual, isNullAware: false, tables)
                    try JoinFormTests.agree(plan, tables, "pair \(place) of \(left) and \(right)")
                }
                guard kind == .mark else { continue }
                let plan = Self.join(kind, keys: 2, .int64, residual: false, isNullAware: true, tables)
                try JoinFormTests.agree(plan, tables, "null-aware pair \(place)")
            }
        }
    }

    @Test(arguments: JoinFormTests.types + [.bool]) func aThirdKey(type: LogicalType) throws {
        for kind in Join.Kind.allCases {
            for spreads in Self.pairs.prefix(3) {
                let tables = [Self.table(60, type, from: 3, nullEvery: 9, spreads), Self.table(90, type, from: 0, nullEvery: 11, spreads)]
                try JoinFormTests.agree(Self.join(kind, keys: 3, type, residual: false, isNullAware: false, tables), tables, "\(kind) \(type.name)")
            }
        }
    }
}
