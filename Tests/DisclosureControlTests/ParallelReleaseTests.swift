// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import TestBasics
import Testing
import TestSupport

/// Results of so many groups that threads share them.
@Suite struct ParallelReleaseTests {
    private static let groups = 9_001
    private static let rules = Cases.rules(
        [
            Cases.aggregate(.count, base: 3), Cases.aggregate(.countDistinct),
            Cases.aggregate(.sum(scale: 1), dominance: .init(largest: Cases.share(1, 2), twoLargest: Cases.share(4, 5)), base: 10),
            Cases.aggregate(.average(scale: 1, resultScale: 4), clamp: .init(lower: -20, upper: 40, dimension: 0), branches: 1),
        ], minimum: 2)

    private static func rows() -> [NaiveRow] {
        var random = SplitMix64(seed: 23)
        var rows: [NaiveRow] = []
        for group in 0..<groups {
            let keys: [Literal] = [group % 7 == 0 ? .null : .int64(Int64(group % 7)), .int64(Int64(group))]
            for entity in 0..<UInt64.random(in: 1...4, using: &random) {
                let isNull = Int.random(in: 0..<6, using: &random) == 0
                let value: Literal = isNull ? .null : .decimal(units: .random(in: -5...60, using: &random), scale: 1)
                let branch = Bool.random(using: &random) ? 0 : nil
                rows.append(
                    NaiveRow(
                        keys: keys, entities: [entity],
                        arguments: (0..<4).map { .init(value: value, branch: $0 == 3 ? branch : nil) }))
            }
        }
        return rows
    }

    @Test func anyNumberOfThreadsReleasesWhatTheOracleDoes() throws {
        let rows = Self.rows()
        let expected = NaiveGate(rules: Self.rules).release(rows, hasKeys: true)
        var random = SplitMix64(seed: 5)
        let result = Evidence(Self.rules).result(rows, keyTypes: [.int64, .int64], shuffledBy: &random)
        for threads in [1, 2, 3] {
            let released = try result.release(threads: threads)
            #expect(released.rows == expected.rows, "\(threads) threads")
            #expect(released.reasons == expected.reasons)
            #expect(released.record.withheld == .many)
        }
        #expect(expected.reasons == WithheldReason.allCases.sorted() && expected.rows.count > 4_500 && expected.rows.count < Self.groups)
    }
}
