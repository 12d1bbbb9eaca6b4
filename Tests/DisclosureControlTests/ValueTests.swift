// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import Testing
import TestSupport

@Suite struct ValueTests {
    @Test(arguments: [(3, 5), (4, 5), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)] as [(Int, Int64)])
    func countsGoToTheNearestMultiple(count: Int, rounded: Int64) throws {
        let rules = Cases.rules([Cases.aggregate(.count, base: 5)])
        #expect(try Cases.cell(Cases.rows(Array(repeating: 1, count: count)), rules) == .value(.int64(rounded)))
    }

    @Test(arguments: [(1250, 1000), (1499, 1000), (1500, 2000), (-1500, -2000), (-1499, -1000), (0, 0)] as [(Int128, Int128)])
    func sumsRoundInWholeUnitsWithTiesAwayFromZero(units: Int128, rounded: Int128) throws {
        let rules = Cases.rules([Cases.aggregate(.sum(scale: 2), base: 10)])
        #expect(try Cases.cell(Cases.rows([units, 0, 0]), rules) == .value(.decimal(units: rounded, scale: 2)))
    }

    @Test(arguments: [(100, 3, 3333), (200, 3, 6667), (-200, 3, -6667), (1, 8, 13), (-1, 8, -13), (0, 3, 0)] as [(Int128, Int, Int128)])
    func averagesRoundHalfAwayFromZero(total: Int128, count: Int, quotient: Int128) throws {
        let rules = Cases.rules([Cases.aggregate(.average(scale: 0, resultScale: 2))])
        let values = [total] + Array(repeating: 0, count: count - 1)
        #expect(try Cases.cell(Cases.rows(values), rules) == .value(.decimal(units: quotient, scale: 2)))
    }

    @Test func aRoundedAverageIsTheRoundedSumOverTheRoundedCount() throws {
        let rules = Cases.rules([Cases.aggregate(.average(scale: 0, resultScale: 1), base: 10)])
        // 64 → 60, 7 → 10.
        #expect(try Cases.cell(Cases.rows([64, 0, 0, 0, 0, 0, 0]), rules) == .value(.decimal(units: 60, scale: 1)))
        // 4 → 0: no denominator.
        #expect(try Cases.cell(Cases.rows([64, 0, 0, 0]), rules) == .value(.null))
    }

    @Test func averagesMayHaveFewerDigitsThanTheirSum() throws {
        let rules = Cases.rules([Cases.aggregate(.average(scale: 4, resultScale: 1))])
        #expect(try Cases.cell(Cases.rows([4500, 0, 0]), rules) == .value(.decimal(units: 2, scale: 1)))
        #expect(try Cases.cell(Cases.rows([4499, 0, 0]), rules) == .value(.decimal(units: 1, scale: 1)))
    }

    @Test func valuesThatDoNotFitAreNull() throws {
        let most = ExactDecimal.unitsMaximum
        let sum = Cases.rules([Cases.aggregate(.sum(scale: 0))])
        #expect(try cell(sum, value: most) == .value(.decimal(units: most, scale: 0)))
        #expect(try cell(sum, value: most + 1) == .value(.null))
        #expect(try cell(sum, value: 1, overflow: 1) == .value(.null))
        let rounded = Cases.rules([Cases.aggregate(.sum(scale: 0), base: 10)])
        #expect(try cell(rounded, value: most) == .value(.null))
        #expect(try cell(Cases.rules([Cases.aggregate(.sum(scale: 38), base: .max)]), value: 1) == .value(.null))
        let average = Cases.rules([Cases.aggregate(.average(scale: 0, resultScale: 2))])
        #expect(try cell(average, value: most) == .value(.null))
        #expect(try cell(average, value: most / 10) == .value(.decimal(units: most / 10 * 10, scale: 2)))
        let coarse = Cases.rules([Cases.aggregate(.average(scale: 38, resultScale: 0))])
        #expect(try cell(coarse, value: most, valueCount: .max) == .value(.decimal(units: 0, scale: 0)))
        #expect(try cell(average, value: .min) == .value(.null))
        let count = Cases.rules([Cases.aggregate(.count, base: 10)])
        #expect(try cell(count, value: Int128(Int64.max)) == .value(.null))
    }

    @Test func clampingIsDeclared() throws {
        let clamp = ReleaseRules.Clamp(lower: 0, upper: 100, dimension: 0)
        let rows = Cases.rows([500, 50, 60]) + [Cases.row(2, 20)]
        let clamped = try Cases.release(rows, Cases.rules([Cases.aggregate(.sum(scale: 0), clamp: clamp)]))
        #expect(clamped.rows == [[.value(.decimal(units: 230, scale: 0))]])
        #expect(clamped.record.columns.map(\.isClamped) == [true])
        let plain = try Cases.release(rows, Cases.rules([Cases.aggregate(.sum(scale: 0))]))
        #expect(plain.rows == [[.value(.decimal(units: 630, scale: 0))]])
        #expect(plain.record.columns.map(\.isClamped) == [false])
    }

    /// One cell of ten contributors with this evidence.
    private func cell(_ rules: ReleaseRules, value: Int128, valueCount: Int64 = 10, overflow: UInt8 = 0) throws -> ReleasedCell {
        let evidence = Evidence(rules)
        let enough = evidence.buffer([Int64(10)])
        let cells = AggregateCells(
            value: evidence.buffer([value]), valueCount: evidence.buffer([valueCount]), overflow: evidence.buffer([overflow]),
            openValues: nil, dimensions: [DimensionEvidence(contributors: enough, magnitudes: nil)], branchContributors: [])
        return try UnreleasedResult(
            rules: rules, groupCount: 1, keys: [], aggregates: [cells], groupContributors: [enough], arena: evidence.arena
        ).release().rows[0][0]
    }
}
