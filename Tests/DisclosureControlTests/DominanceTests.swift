// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import Testing
import TestSupport

@Suite struct DominanceTests {
    private let half = Cases.rules([
        Cases.aggregate(.sum(scale: 0), dominance: .init(largest: Cases.share(1, 2), twoLargest: Cases.share(4, 5)))
    ])

    private func sum(_ units: Int128) -> ReleasedCell { .value(.decimal(units: units, scale: 0)) }

    @Test func exactlyTheShareIsSafeAndJustAboveIsNot() throws {
        #expect(try Cases.cell(Cases.rows([50, 20, 20, 10]), half) == sum(100))
        let above = try Cases.release(Cases.rows([51, 20, 20, 9]), half)
        #expect(above.rows == [[.withheld]])
        #expect(above.reasons == [.dominance])
    }

    @Test func twoTogetherAreJudgedToo() throws {
        #expect(try Cases.cell(Cases.rows([50, 30, 10, 10]), half) == sum(100))
        #expect(try Cases.cell(Cases.rows([50, 31, 10, 9]), half) == .withheld)
    }

    @Test func averagesAreJudgedLikeSums() throws {
        let rule = ReleaseRules.Dominance(largest: Cases.share(1, 2), twoLargest: nil)
        let rules = Cases.rules([Cases.aggregate(.average(scale: 0, resultScale: 2), dominance: rule)])
        #expect(try Cases.cell(Cases.rows([50, 40, 10]), rules) == .value(.decimal(units: 3333, scale: 2)))
        #expect(try Cases.cell(Cases.rows([51, 40, 9]), rules) == .withheld)
    }

    @Test func rowsOfOneEntityAreMergedBeforeJudging() throws {
        let split = Cases.rows([0, 20, 20, 9]) + (0..<51).map { _ in Cases.row(1, 1) }
        #expect(try Cases.cell(split, half) == .withheld)
        let safe = Cases.rows([0, 20, 20, 10]) + (0..<50).map { _ in Cases.row(1, 1) }
        #expect(try Cases.cell(safe, half) == sum(100))
    }

    @Test func aNegativeValueNeverDisablesAnotherCell() throws {
        let rows =
            Cases.rows([100_000] + Array(repeating: 10, count: 30), key: .text("dominated"))
            + Cases.rows([-1] + Array(repeating: 100, count: 11), key: .text("negative"))
            + Cases.rows([100, 100, 100], key: .text("plain"))
        let released = try Cases.release(rows, half, keyTypes: [.text])
        #expect(
            released.rows == [
                [.value(.text("dominated")), .withheld], [.value(.text("negative")), sum(1099)], [.value(.text("plain")), sum(300)],
            ])
    }

    @Test func aLargeNegativeValueDominatesByItsMagnitude() throws {
        #expect(try Cases.cell(Cases.rows([-60, 20, 20, 10]), half) == .withheld)
        #expect(try Cases.cell(Cases.rows([-50, 20, 20, 10]), half) == sum(0))
    }

    @Test func aZeroTotalIsSafeByTheRule() throws {
        #expect(try Cases.cell(Cases.rows([0, 0, 0]), half) == sum(0))
    }

    @Test func everyDimensionIsJudged() throws {
        let hospital = ReleaseRules.Dimension(entity: "hospital", minimumContributors: 2, mayBeAbsent: false)
        let rules = ReleaseRules(
            isOpen: false, dimensions: half.dimensions + [hospital],
            aggregates: [Cases.aggregate(.sum(scale: 0), dominance: .init(largest: Cases.share(1, 2), twoLargest: nil))])
        func rows(_ hospitals: [UInt64]) -> [NaiveRow] { hospitals.enumerated().map { Cases.row(UInt64($0), 25, second: $1) } }
        #expect(try Cases.cell(rows([1, 1, 2, 2]), rules) == sum(100))
        #expect(try Cases.cell(rows([1, 1, 1, 2]), rules) == .withheld)
    }

    @Test func tooFewIsSaidBeforeDominance() throws {
        #expect(try Cases.release(Cases.rows([100, 1]), half).reasons == [.tooFewContributors])
    }

    @Test(arguments: [
        (60, 40, 101, Cases.share(3, 5), false), (60, 40, 100, Cases.share(3, 5), false), (61, 39, 100, Cases.share(3, 5), true),
        (40, 60, 100, Cases.share(1, 1), true), (60, 60, 100, Cases.share(1, 1), true), (-1, -1, 100, Cases.share(1, 1), true),
        (1, 1, -100, Cases.share(1, 1), true), (60, 30, 100, Cases.share(3, 0), true), (60, 30, 100, Cases.share(-1, 2), true),
        (60, 30, 100, Cases.share(3, 2), true),
    ] as [(Int128, Int128, Int128, ReleaseRules.Fraction, Bool)])
    func contradictoryEvidenceAndSharesAreUnsafe(
        largest: Int128, second: Int128, total: Int128, share: ReleaseRules.Fraction, isUnsafe: Bool
    ) throws {
        let rules = Cases.rules([Cases.aggregate(.sum(scale: 0), dominance: .init(largest: share, twoLargest: nil))])
        #expect((try release(rules, largest, second, total, value: 7) == .withheld) == isUnsafe)
    }

    @Test func sharesAreExactAtTheEndOfTheNumberRange() throws {
        let total = Int128.max
        let share = Cases.share(.max - 1, .max)
        let rules = Cases.rules([Cases.aggregate(.sum(scale: 0), dominance: .init(largest: nil, twoLargest: share))])
        // total · (m-1)/m lies between these two.
        let limit = total - total / Int128(Int64.max)
        #expect(try release(rules, limit - 2, 1, total, value: 7) == sum(7))
        #expect(try release(rules, limit, 1, total, value: 7) == .withheld)
    }

    private func release(
        _ rules: ReleaseRules, _ largest: Int128, _ second: Int128, _ total: Int128, value: Int128
    ) throws -> ReleasedCell {
        let evidence = Evidence(rules)
        let enough = evidence.buffer([Int64(10)])
        let magnitudes = DimensionEvidence.Magnitudes(
            largest: evidence.buffer([largest]), second: evidence.buffer([second]), total: evidence.buffer([total]))
        let cells = AggregateCells(
            value: evidence.buffer([value]), valueCount: evidence.buffer([Int64(10)]), overflow: evidence.buffer([UInt8(0)]),
            openValues: nil, dimensions: [DimensionEvidence(contributors: enough, magnitudes: magnitudes)], branchContributors: [])
        return try UnreleasedResult(
            rules: rules, groupCount: 1, keys: [], aggregates: [cells], groupContributors: [enough], arena: evidence.arena
        ).release().rows[0][0]
    }
}
