// SPDX-License-Identifier: Apache-2.0

import QueryEngine
import QueryPlan
import Tabular
import TestSupport
import Testing

/// What bounds prove to fit is computed in 64 bits. Results are the same at the edge, one over, and where no bounds are known.
@Suite struct NarrowTests {
    static let whole = LogicalType.decimal(precision: 18, scale: 0)
    static let cents = LogicalType.decimal(precision: 18, scale: 2)
    static let wide = LogicalType.decimal(precision: 38, scale: 0)
    static let edge: Int128 = 999_999_999_999_999_999

    static func table(_ type: LogicalType, _ rows: [(Int128?, Int128?)], statesBounds: Bool, blockRows: Int = 65_536) -> MemoryTable {
        func literal(_ units: Int128?) -> Literal {
            guard let units else { return .null }
            return type == .int64 ? .int64(Int64(units)) : .decimal(units: units, scale: type.scale)
        }
        return MemoryTable(
            columns: [("a", type), ("b", type)], entityTypes: [],
            rows: rows.map { .init(values: [literal($0.0), literal($0.1)], entities: []) }, blockRows: blockRows, statesBounds: statesBounds)
    }

    static func units(_ literal: Literal) -> Int128? {
        switch literal {
        case .decimal(let units, _): units
        case .int64(let value): Int128(value)
        case .null, .bool, .double, .date, .timestamp, .text: nil
        }
    }

    /// The expression for each row, which must be the same with and without bounds.
    static func evaluate(_ kind: BoundExpression.Kind, _ result: LogicalType, _ type: LogicalType, _ rows: [(Int128?, Int128?)]) throws -> [Int128?] {
        var answers: [[Int128?]] = []
        for statesBounds in [true, false] {
            for blockRows in [1, 65_536] {
                let table = Self.table(type, rows, statesBounds: statesBounds, blockRows: blockRows)
                let output = [OutputColumn(name: "c", type: result, isNullable: true, origin: nil)]
                let plan = LogicalPlan.project(
                    Project(input: Build.scan(0, table), expressions: [Build.expression(kind, result)], output: output))
                answers.append(try RelationTests.rows(plan, [0: table], workers: 1).map { units($0[0]) })
            }
        }
        #expect(answers.allSatisfy { $0 == answers[0] })
        return answers[0]
    }

    static func operation(_ symbol: ArithmeticOperator, _ type: LogicalType) -> BoundExpression.Kind {
        .arithmetic(symbol, Build.column(0, type), Build.column(1, type))
    }

    @Test func productsAtTheEdgeAndOver() throws {
        let product = Self.operation(.multiply, Self.whole)
        let rows: [(Int128?, Int128?)] = [(1_000_000_000, 999_999_999), (-1_000_000_000, 999_999_999), (nil, 7), (Self.edge, 1), (Self.edge, -1)]
        let over: [(Int128?, Int128?)] = [(1_000_000_000, 1_000_000_000), (Self.edge, Self.edge), (-Self.edge, Self.edge), (Self.edge, 2)]
        for rows in [rows, over, rows + over] {
            #expect(try Self.evaluate(product, Self.wide, Self.whole, rows) == rows.map { row in row.0.flatMap { a in row.1.map { a * $0 } } })
        }
    }

    @Test func sumsAndDifferencesAtTheEdgeAndOver() throws {
        let rows: [(Int128?, Int128?)] = [(Self.edge - 1, 1), (1 - Self.edge, -1), (nil, nil)], over: [(Int128?, Int128?)] = [(Self.edge, 1), (-Self.edge, Self.edge)]
        for rows in [rows, over] {
            #expect(try Self.evaluate(Self.operation(.add, Self.whole), Self.wide, Self.whole, rows) == rows.map { row in row.0.flatMap { a in row.1.map { a + $0 } } })
            #expect(try Self.evaluate(Self.operation(.subtract, Self.whole), Self.wide, Self.whole, rows) == rows.map { row in row.0.flatMap { a in row.1.map { a - $0 } } })
        }
        // What does not fit the result type is NULL, also where 64 bits would hold it.
        let four = LogicalType.decimal(precision: 4, scale: 0)
        #expect(try Self.evaluate(Self.operation(.add, Self.whole), four, Self.whole, [(9_998, 1), (9_999, 1), (-9_999, -1)]) == [9_999, nil, nil])
        #expect(try Self.evaluate(Self.operation(.add, Self.whole), four, Self.whole, [(9_998, 1)]) == [9_999])
    }

    @Test func wholeNumbersAtTheEdgeAndOver() throws {
        let most = Int128(Int64.max), least = Int128(Int64.min)
        let rows: [(Int128?, Int128?)] = [(most - 1, 1), (most, 1), (least, -1), (3, 4)]
        #expect(try Self.evaluate(Self.operation(.add, .int64), .int64, .int64, rows) == [most, nil, nil, 7])
        #expect(try Self.evaluate(Self.operation(.multiply, .int64), .int64, .int64, [(3, 4), (-5, 6)]) == [12, -30])
        #expect(try Self.evaluate(Self.operation(.multiply, .int64), .int64, .int64, [(most, 1), (most, 2)]) == [most, nil])
    }

    @Test func quotientsRoundHalvesAwayFromZero() throws {
        let result = LogicalType.decimal(precision: 20, scale: 1)
        let rows: [(Int128?, Int128?)] = [(1, 4), (-1, 4), (1, -4), (1, 0), (nil, 3), (100, 3), (7, nil)]
        #expect(try Self.evaluate(Self.operation(.divide, Self.whole), result, Self.whole, rows) == [3, -3, -3, nil, nil, 333, nil])
        // One digit more than 18 on the way.
        #expect(try Self.evaluate(Self.operation(.divide, Self.whole), result, Self.whole, [(Self.edge, 1), (Self.edge, 3)]) == [Self.edge * 10, 3_333_333_333_333_333_330])
    }

    @Test func castsRoundAndRefuse() throws {
        let cast = BoundExpression.Kind.cast(Build.column(0, Self.cents))
        let rows: [(Int128?, Int128?)] = [(150, nil), (149, nil), (-150, nil), (nil, nil), (Self.edge, nil)]
        #expect(try Self.evaluate(cast, Self.wide, Self.cents, rows) == [2, 1, -2, nil, 10_000_000_000_000_000])
        #expect(try Self.evaluate(cast, .decimal(precision: 2, scale: 0), Self.cents, [(9_949, nil), (9_950, nil), (-9_950, nil)]) == [99, nil, nil])
        #expect(try Self.evaluate(cast, .decimal(precision: 38, scale: 20), Self.cents, [(1, nil)]) == [1_000_000_000_000_000_000])
    }

    @Test func casesMixNarrowAndWide() throws {
        let product = Build.expression(Self.operation(.multiply, Self.whole), Self.wide)
        let isSmall = Build.compare(.less, Build.column(0, Self.whole), Build.literal(.decimal(units: 10, scale: 0), Self.whole))
        for otherwise in [Build.literal(.decimal(units: 0, scale: 0), Self.wide), Build.literal(.null, Self.wide), product] {
            let kind = BoundExpression.Kind.caseWhen([.init(condition: isSmall, result: product)], otherwise: otherwise)
            let rest: (Int128) -> Int128? = otherwise.canonicalText == product.canonicalText ? { $0 } : { _ in
                if case .literal(let literal) = otherwise.kind { Self.units(literal) } else { nil }
            }
            let rows: [(Int128?, Int128?)] = [(3, 5), (10, 5), (-4, Self.edge)]
            #expect(try Self.evaluate(kind, Self.wide, Self.whole, rows) == [15, rest(50), -4 * Self.edge])
            #expect(try Self.evaluate(kind, Self.wide, Self.whole, Array(rows[..<2])) == [15, rest(50)])
        }
    }

    @Test func rangesAtTheirEnds() throws {
        for (low, high) in [(10, 20), (Int128(Int64.min), Int128(Int64.max)), (-5, Int128(Int32.max) + 1), (20, 10)] {
            for (lowSymbol, highSymbol) in [(ComparisonOperator.greaterOrEqual, ComparisonOperator.lessOrEqual), (.greater, .less)] {
                let column = Build.column(0, .int64)
                let kind = BoundExpression.Kind.and([
                    Build.compare(lowSymbol, column, Build.literal(.int64(Int64(low)))), Build.compare(highSymbol, column, Build.literal(.int64(Int64(high)))),
                ])
                let isWithin = { (x: Int128) in lowSymbol == .greater ? x > low && x < high : x >= low && x <= high }
                for values in [[9, 10, 11, 19, 20, 21], [Int128(Int64.min), Int128(Int64.max), 0], [-6, -5, Int128(Int32.max), Int128(Int32.max) + 1, Int128(Int32.max) + 2]] {
                    for statesBounds in [true, false] {
                        let table = Self.table(.int64, values.map { ($0, nil) } + [(nil, nil)], statesBounds: statesBounds)
                        let plan = LogicalPlan.filter(Filter(input: Build.scan(0, table), predicate: Build.expression(kind, .bool), source: .query))
                        #expect(try RelationTests.rows(plan, [0: table], workers: 1).map { Self.units($0[0]) } == values.filter(isWithin))
                    }
                }
            }
        }
    }

    /// Totals that stay within 64 bits, reach their end, and leave them, with one group, few and many.
    @Test(arguments: [1, 3, 50, 70, 5_000]) func totals(groups: Int) throws {
        let most = Int128(Int64.max)
        for value in [1, most / 12_000, most, -most - 1] {
            for statesBounds in [true, false] {
                let rows = (0..<12_000).map { (Int128($0 % groups) as Int128?, ($0 % 11 == 0 ? nil : value) as Int128?) }
                let table = Self.table(.int64, rows, statesBounds: statesBounds, blockRows: 5_000)
                let argument = Build.column(1, .int64)
                let calls = [Build.aggregate(.sum, argument), Build.aggregate(.count, argument), Build.aggregate(.countRows, nil), Build.aggregate(.average, argument)]
                let plan = LogicalPlan.aggregate(
                    Aggregate(input: Build.scan(0, table), aggregation: Build.aggregation([Build.column(0, .int64)], calls)))
                var expected: [Int128: (count: Int128, rows: Int128)] = [:]
                for row in rows {
                    expected[row.0 ?? 0, default: (0, 0)].rows += 1
                    if row.1 != nil { expected[row.0 ?? 0, default: (0, 0)].count += 1 }
                }
                let found = try RelationTests.rows(plan, [0: table])
                #expect(found.count == groups)
                for row in found {
                    let (count, all) = expected[Self.units(row[0]) ?? -1] ?? (0, 0)
                    #expect(Self.units(row[1]) == (count == 0 ? nil : value * count) && Self.units(row[2]) == count && Self.units(row[3]) == all)
                    #expect(Self.units(row[4]) == (count == 0 ? nil : value * 10_000_000_000_000_000))
                }
            }
        }
    }

    /// Keys that ascend are grouped without a table. Whether they do, to the end or not at all, changes nothing.
    @Test(arguments: [1, 2, 3]) func ascendingKeys(workers: Int) throws {
        let count = 60_000
        let ascending = (0..<count).map { Int128($0 / 3 - 7_000) }
        var late = ascending
        late.swapAt(100, count - 5)
        for keys in [ascending, late, Array(ascending.reversed())] {
            for hasNull in [false, true] {
                let rows = keys.enumerated().map { ((hasNull && $0 == 30_000 ? nil : $1) as Int128?, 1 as Int128?) }
                let table = Self.table(.int64, rows, statesBounds: true, blockRows: 1_000)
                let plan = LogicalPlan.aggregate(
                    Aggregate(
                        input: Build.scan(0, table),
                        aggregation: Build.aggregation([Build.column(0, .int64)], [Build.aggregate(.countRows, nil), Build.aggregate(.sum, Build.column(1, .int64))])))
                var expected: [Int128?: Int128] = [:]
                for row in rows { expected[row.0, default: 0] += 1 }
                let found = try RelationTests.rows(plan, [0: table], workers: workers)
                #expect(found.count == expected.count)
                #expect(found.allSatisfy { Self.units($0[1]) == expected[Self.units($0[0])] && Self.units($0[2]) == expected[Self.units($0[0])] })
            }
        }
    }
}
