// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import Testing
import TestSupport

@Suite struct ThresholdTests {
    private let count = Cases.rules([Cases.aggregate(.count)])

    @Test func groupAtTheMinimumIsSeenAndOneUnderVanishesWithItsKey() throws {
        let rows = Cases.rows([1, 1, 1], key: .text("够")) + Cases.rows([1, 1], key: .text("少"))
        let released = try Cases.release(rows, count, keyTypes: [.text])
        #expect(released.rows == [[.value(.text("够")), .value(.int64(3))]])
        #expect(released.reasons.isEmpty)
        #expect(released.record.withheld == .none)
    }

    @Test func withoutKeysThereIsAlwaysOneRow() throws {
        #expect(try Cases.cell(Cases.rows([1, 1, 1]), count) == .value(.int64(3)))
        for few in [[], [1], [1, 1]] as [[Int128]] {
            let released = try Cases.release(Cases.rows(few), count)
            #expect(released.rows == [[.withheld]])
            #expect(released.reasons == [.tooFewContributors])
            #expect(released.record.withheld == .few)
        }
    }

    @Test func anEngineWithoutAGroupStillYieldsOneRow() throws {
        let evidence = Evidence(count)
        let cells = AggregateCells(
            value: evidence.buffer([]), valueCount: evidence.buffer([]), overflow: evidence.buffer([]), openValues: nil,
            dimensions: [DimensionEvidence(contributors: evidence.buffer([]), magnitudes: nil)], branchContributors: [])
        let result = UnreleasedResult(
            rules: count, groupCount: 0, keys: [], aggregates: [cells], groupContributors: [evidence.buffer([])], arena: evidence.arena)
        #expect(try result.release().rows == [[.withheld]])
    }

    @Test func rowsOfOneEntityCountOnce() throws {
        let many = (0..<50).flatMap { _ in Cases.rows([1, 1], key: .bool(true)) }
        #expect(try Cases.release(many, count, keyTypes: [.bool]).rows.isEmpty)
    }

    @Test func rowsWithoutAnEntityDoNotCount() throws {
        let rows = Cases.rows([1, 1]) + [Cases.row(nil, 1)]
        #expect(try Cases.cell(rows, count) == .withheld)
        #expect(try Cases.cell(rows + [Cases.row(3, 1)], count) == .value(.int64(3)))
    }

    @Test func onlyValuesMakeContributorsOfAnAggregate() throws {
        let two = Cases.rules([Cases.aggregate(.count), Cases.aggregate(.sum(scale: 0))])
        let rows: [NaiveRow] = ([5, 6, nil] as [Int128?]).enumerated().map { position, value in
            NaiveRow(
                keys: [.int64(1)], entities: [UInt64(position)],
                arguments: [.init(value: .int64(1)), .init(value: value.map { .decimal(units: $0, scale: 0) } ?? .null)])
        }
        let released = try Cases.release(rows, two, keyTypes: [.int64])
        #expect(released.rows == [[.value(.int64(1)), .value(.int64(3)), .withheld]])
        #expect(released.reasons == [.tooFewContributors])
    }

    @Test func aCountOfNobodyIsWithheld() throws {
        #expect(try Cases.cell(Cases.rows([nil, nil, nil]), count) == .withheld)
        let none = Cases.rules([Cases.aggregate(.count)], minimum: 0)
        #expect(try Cases.cell(Cases.rows([nil]), none) == .withheld)
        #expect(try Cases.cell(Cases.rows([1]), none) == .value(.int64(1)))
    }

    @Test func everyDimensionNeedsEnough() throws {
        let hospital = ReleaseRules.Dimension(entity: "hospital", minimumContributors: 2, mayBeAbsent: false)
        let rules = Cases.rules([Cases.aggregate(.count)], second: hospital)
        func rows(_ hospitals: [UInt64]) -> [NaiveRow] {
            hospitals.enumerated().map { Cases.row(UInt64($0), 1, second: $1) }
        }
        #expect(try Cases.cell(rows([1, 1, 2]), rules) == .value(.int64(3)))
        #expect(try Cases.cell(rows([1, 1, 1]), rules) == .withheld)
    }

    @Test func anAbsentEntityIsFineWithNoneOrEnough() throws {
        let prescription = ReleaseRules.Dimension(entity: "doctor", minimumContributors: 2, mayBeAbsent: true)
        let rules = Cases.rules([Cases.aggregate(.count)], second: prescription)
        func rows(_ doctors: [UInt64?]) -> [NaiveRow] {
            doctors.enumerated().map { Cases.row(UInt64($0), 1, second: .some($1)) }
        }
        #expect(try Cases.cell(rows([nil, nil, nil]), rules) == .value(.int64(3)))
        #expect(try Cases.cell(rows([nil, nil, 9]), rules) == .withheld)
        #expect(try Cases.cell(rows([nil, 8, 9]), rules) == .value(.int64(3)))
    }

    @Test func aTotalThatMayNotBeSeenWithholdsEvenCellsThatLookFine() throws {
        let doctor = ReleaseRules.Dimension(entity: "doctor", minimumContributors: 2, mayBeAbsent: true)
        let rules = Cases.rules([Cases.aggregate(.sum(scale: 0))], second: doctor)
        let seen = (1...3).map { Cases.row($0, 5, second: .some(nil)) }
        #expect(try Cases.cell(seen, rules) == .value(.decimal(units: 15, scale: 0)))
        // The one doctor's row has no value: the sum lacks the doctor, the group does not.
        #expect(try Cases.cell(seen + [Cases.row(4, nil, second: 9)], rules) == .withheld)
    }

    @Test func someDimensionMustBePresent() throws {
        let absent = ReleaseRules.Dimension(entity: "person", minimumContributors: 1, mayBeAbsent: true)
        let rules = ReleaseRules(isOpen: false, dimensions: [absent, absent], aggregates: [Cases.aggregate(.count)])
        #expect(try Cases.cell([Cases.row(nil, 1, second: .some(nil))], rules) == .withheld)
        #expect(try Cases.cell([Cases.row(nil, 1, second: 1)], rules) == .value(.int64(1)))
        let nobody = ReleaseRules(isOpen: false, dimensions: [], aggregates: [Cases.aggregate(.count)])
        #expect(try Cases.cell(Cases.rows([1, 1, 1]), nobody) == .withheld)
    }

    @Test(arguments: [(0, true), (1, false), (2, false), (3, true), (4, true)])
    func aBranchIsEmptyOrHasEnough(entities: Int, isSafe: Bool) throws {
        let rules = Cases.rules([Cases.aggregate(.sum(scale: 0), branches: 2)])
        let rows = (0..<6).map { Cases.row(UInt64($0), 10, branch: 0) } + (0..<entities).map { Cases.row(UInt64($0), 1, branch: 1) }
        let released = try Cases.release(rows, rules)
        #expect(released.rows == [[isSafe ? .value(.decimal(units: Int128(60 + entities), scale: 0)) : .withheld]])
        #expect(released.reasons == (isSafe ? [] : [.branchTooSmall]))
    }

    @Test func aBranchMayLackAnAbsentEntity() throws {
        let doctor = ReleaseRules.Dimension(entity: "doctor", minimumContributors: 2, mayBeAbsent: true)
        let rules = Cases.rules([Cases.aggregate(.count, branches: 1)], second: doctor)
        let outside = (0..<4).map { Cases.row(UInt64($0), 1, second: UInt64($0)) }
        let without = (0..<3).map { Cases.row(UInt64($0), 1, second: .some(nil), branch: 0) }
        #expect(try Cases.cell(outside + without, rules) == .value(.int64(7)))
        #expect(try Cases.cell(outside + without + [Cases.row(1, 1, second: 1, branch: 0)], rules) == .withheld)
    }
}
