// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport
import Testing

/// Filters that a scan applies itself: ranges of columns whatever the scale of the constant, and several conditions one after the other.
@Suite struct ScanFilterTests {
    private static let money = LogicalType.decimal(precision: 18, scale: 2)
    private static let units: [Int64] = [.min, -1_000, -101, -100, -99, 0, 99, 100, 101, 1_000, .max]

    private static func count(_ table: MemoryTable, _ predicates: [BoundExpression], workers: Int = 2) throws -> Int {
        let rows = predicates.reduce(Build.scan(0, table)) { .filter(Filter(input: $0, predicate: $1, source: .query)) }
        let plan = Build.open(rows, .aggregate(Build.aggregation([], [EngineTests.count])))
        guard case .groups(let groups) = try EngineTests.engine(workers: workers).run(plan, scans: [0: table]) else { return -1 }
        return groups.groupCount == 0 ? 0 : Int(groups.aggregates[0].value[0])
    }

    /// Constants of other scales lie on, between and beyond the column's values.
    @Test(arguments: [ComparisonOperator.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual])
    func constantsOfAllScales(symbol: ComparisonOperator) throws {
        let values = Self.units.map { Literal.decimal(units: Int128($0), scale: 2) } + [.null]
        let table = MemoryTable(
            columns: [("m", Self.money)], entityTypes: [], rows: values.map { .init(values: [$0], entities: []) })
        let constants: [(units: Int128, scale: Int)] = [
            (100, 2), (1, 0), (-1, 0), (1_005, 3), (-1_005, 3), (1_000, 3), (0, 20), (1, 20), (-1, 20), (Self.power(17), 0), (-Self.power(17), 0),
            (Int128(Int64.max), 2), (Int128(Int64.max) + 1, 2), (Int128(Int64.min), 2), (Int128(Int64.min) - 1, 2),
        ]
        for (units, scale) in constants {
            let constant = Build.literal(.decimal(units: units, scale: scale), .decimal(precision: 38, scale: scale))
            let wanted = Self.units.count { Self.holds(symbol, Self.order(Int128($0), 2, units, scale)) }
            let column = Build.column(0, Self.money)
            #expect(try Self.count(table, [Build.compare(symbol, column, constant)]) == wanted, "\(symbol) \(units) \(scale)")
            let mirrored = Self.units.count { Self.holds(symbol, -Self.order(Int128($0), 2, units, scale)) }
            #expect(try Self.count(table, [Build.compare(symbol, constant, column)]) == mirrored, "\(symbol) \(units) \(scale)")
        }
    }

    /// -1, 0, 1: by digits, so that nothing overflows.
    private static func order(_ one: Int128, _ scale: Int, _ other: Int128, _ otherScale: Int) -> Int {
        let (whole, rest) = one.quotientAndRemainder(dividingBy: power(scale)), (otherWhole, otherRest) = other.quotientAndRemainder(dividingBy: power(otherScale))
        if whole != otherWhole { return whole < otherWhole ? -1 : 1 }
        let places = max(scale, otherScale)
        let left = Double(rest) * Double(power(places - scale)), right = Double(otherRest) * Double(power(places - otherScale))
        return left == right ? 0 : left < right ? -1 : 1
    }

    private static func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { power, _ in power * 10 } }

    private static func holds(_ symbol: ComparisonOperator, _ order: Int) -> Bool {
        switch symbol {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// Conditions narrow one after the other, over blocks of all sizes around eight and the batch.
    @Test(arguments: [1, 7, 8, 9, 63, 500, 8_191, 8_192, 8_193, 20_000])
    func conditionsOneAfterTheOther(rowCount: Int) throws {
        var random = SplitMix64(seed: UInt64(rowCount))
        let rows = (0..<rowCount).map { _ in
            MemoryTable.Row(
                values: [
                    random.chance(10) ? .null : .int64(Int64(random.below(100))), .text("t\(random.below(5))"),
                    .decimal(units: Int128(random.below(3)), scale: 0), .double(Double(random.below(4))),
                ], entities: [])
        }
        func matches(_ row: MemoryTable.Row, _ low: Int64, _ high: Int64) -> Bool {
            guard case .int64(let number) = row.values[0], case .double(let other) = row.values[3] else { return false }
            return number >= low && number < high && row.values[1] != .text("t3") && other > 0
        }
        let key = Build.column(0, .int64)
        for (low, high) in [(Int64(0), Int64(100)), (20, 60), (50, 51), (99, 100), (60, 20), (-5, 0)] {
            let terms = [
                Build.compare(.greater, Build.column(3, .double), Build.literal(.double(0), .double)),
                Build.compare(.greaterOrEqual, key, Build.literal(.int64(low))),
                Build.compare(.notEqual, Build.column(1, .text), Build.literal(.text("t3"))),
                Build.compare(.less, key, Build.literal(.int64(high))),
            ]
            let filled = MemoryTable(columns: EngineTests.columns, entityTypes: [], rows: rows, blockRows: 9_000)
            let wanted = rows.count { matches($0, low, high) }
            #expect(try Self.count(filled, [Build.expression(.and(terms), .bool)]) == wanted)
            #expect(try Self.count(filled, terms, workers: 1) == wanted)
        }
    }
}
