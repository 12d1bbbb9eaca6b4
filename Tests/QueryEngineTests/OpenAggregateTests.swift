// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryEngine
import QueryPlan
import Tabular
import TestBasics
import TestSupport
import Testing

/// Aggregates that only open data may have: answers of PostgreSQL, and independence from order, blocks and workers.
@Suite struct OpenAggregateTests {
    private static let money = LogicalType.decimal(precision: 12, scale: 2)

    private static func value(
        _ function: AggregateFunction, _ values: [Literal], _ type: LogicalType, _ percentile: Percentile? = nil, workers: Int = 1, blockRows: Int = 65_536
    ) throws -> Literal {
        let table = MemoryTable(
            columns: [("x", type)], entityTypes: [], rows: values.map { .init(values: [$0], entities: []) }, blockRows: blockRows, partitionRows: 3)
        let made = Build.aggregate(function, Build.column(0, type))
        let call = AggregateCall(function: function, argument: made.argument, percentile: percentile, type: made.type, span: Build.span)
        let plan = Build.open(Build.scan(0, table), .aggregate(Build.aggregation([], [call])))
        guard case .groups(let groups) = try QueryEngine(workers: workers, memoryLimitBytes: 64 << 20).run(plan, scans: [0: table]),
            let cells = groups.aggregates[0].openValues
        else { return .text("no cell") }
        return GroupReading.literal(cells, 0)
    }

    private static func numbers(_ values: [Int64]) -> [Literal] { values.map { .int64($0) } }

    @Test func spreadOfWholeNumbers() throws {
        let values = Self.numbers([2, 4, 4, 4, 5, 5, 7, 9])
        #expect(try Self.value(.deviationPopulation, values, .int64) == .double(2))
        #expect(try Self.value(.variancePopulation, values, .int64) == .double(4))
        #expect(try Self.value(.varianceSample, values, .int64) == .double(32.0 / 7))
        #expect(try Self.value(.deviationSample, Self.numbers([1]), .int64) == .null)
        #expect(try Self.value(.deviationPopulation, Self.numbers([1]), .int64) == .double(0))
        #expect(try Self.value(.variancePopulation, [.null], .int64) == .null)
    }

    /// A small spread around a large mean, which sums of doubles would lose.
    @Test func spreadAroundALargeMean() throws {
        #expect(try Self.value(.varianceSample, Self.numbers([1, 2, 3].map { 4_000_000_000_000_000_000 + $0 }), .int64) == .double(1))
        let far = [1.0, 2, 3].map { Literal.double(1e9 + $0) }
        #expect(try Self.value(.varianceSample, far, .double) == .double(1))
        let cents = [100, 200, 300].map { Literal.decimal(units: 9_999_999_000_00 + $0, scale: 2) }
        #expect(try Self.value(.deviationSample, cents, .decimal(precision: 18, scale: 2)) == .double(1))
        let wide = [1, 2, 3].map { Literal.decimal(units: 99_999_999_999_999_999_999_999_999_999_999_000 + $0, scale: 0) }
        #expect(try Self.value(.varianceSample, wide, .decimal(precision: 38, scale: 0)) == .double(1))
    }

    @Test func doublesBeyondTheirSquares() throws {
        #expect(try Self.value(.varianceSample, [.double(1e200), .double(-1e200)], .double) == .null)
        #expect(try Self.value(.varianceSample, [.double(1e100), .double(1e100)], .double) == .double(0))
    }

    @Test func percentiles() throws {
        let values = [10.0, 1, 4, 2].map { Literal.double($0) } + [.null]
        func at(_ fraction: Double, descending: Bool = false) throws -> Literal {
            try Self.value(.percentile, values, .double, Percentile(fraction: fraction, isDescending: descending))
        }
        #expect(try at(0.5) == .double(3))
        #expect(try at(0) == .double(1))
        #expect(try at(1) == .double(10))
        #expect(try at(0.25) == .double(1.75))
        #expect(try at(0.25, descending: true) == .double(5.5))
        #expect(try Self.value(.percentile, [.null], .double, Percentile(fraction: 0.5, isDescending: false)) == .null)
    }

    @Test func distinctSums() throws {
        #expect(try Self.value(.sumDistinct, Self.numbers([1, 1, 2, 2, 3]), .int64) == .decimal(units: 6, scale: 0))
        #expect(try Self.value(.averageDistinct, Self.numbers([1, 1, 2]), .int64) == .decimal(units: 15_000_000_000_000_000, scale: 16))
        #expect(try Self.value(.sumDistinct, [0.0, -0.0, 1.5, 1.5].map { .double($0) }, .double) == .double(1.5))
        let wide = [5, 5, 7].map { Literal.decimal(units: 10_000_000_000_000_000_000_000_000_000_000_000_000 + $0, scale: 0) }
        #expect(try Self.value(.sumDistinct, wide, .decimal(precision: 38, scale: 0)) == .decimal(units: 20_000_000_000_000_000_000_000_000_000_000_000_012, scale: 0))
    }

    @Test func truthValues() throws {
        #expect(try Self.value(.boolAnd, [.bool(true), .null, .bool(false)], .bool) == .bool(false))
        #expect(try Self.value(.boolAnd, [.bool(true), .null], .bool) == .bool(true))
        #expect(try Self.value(.boolOr, [.bool(false), .bool(true)], .bool) == .bool(true))
        #expect(try Self.value(.boolOr, [.null], .bool) == .null)
    }

    /// Bit by bit the same in any order and with any number of workers.
    @Test func orderDoesNotMatter() throws {
        var random = SplitMix64(seed: 7)
        let values = (0..<500).map { _ in Literal.double(Double(random.below(1_000_000)) * 1.1e-3 + Double(random.below(9)) * 1e12) }
        let functions: [AggregateFunction] = [.deviationSample, .variancePopulation, .sum, .averageDistinct, .percentile]
        for function in functions {
            let place = function == .percentile ? Percentile(fraction: 0.37, isDescending: false) : nil
            let once = try Self.value(function, values, .double, place)
            for workers in [1, 4] {
                #expect(try Self.value(function, values.shuffled(using: &random), .double, place, workers: workers, blockRows: 17) == once, "\(function)")
            }
        }
    }
}
