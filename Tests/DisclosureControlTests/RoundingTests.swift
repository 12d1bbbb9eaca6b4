// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import TestBasics
import Testing

@Suite struct RoundingTests {
    @Test func referenceRowsAgree() throws {
        let rows = try ReferenceFiles.rows("rounding_vectors.csv")
        #expect(rows.count == 21)
        for row in rows {
            let count = try #require(UInt64(row[0]))
            #expect(Rounding.nearest(Int128(count), base: 5) == Int128(row[1]))
            #expect(Rounding.midpoint(count, base: 6) == Int128(row[2]))
            #expect(Rounding.ceiling(count, base: 10) == Int128(row[3]))
            let redacted = Rounding.redactedThenNearest(count, redactingUpTo: 7, base: 5)
            #expect(redacted == (Int64(row[4]).map { .value(.int64($0)) } ?? .withheld))
            #expect(Rounding.nearestHalfEven(Int128(count), base: 5) == Int128(row[5]))
        }
    }

    @Test func tiesGoAwayFromZeroOrToTheEvenMultiple() {
        for (units, away, even) in [(5, 10, 0), (15, 20, 20), (25, 30, 20), (-5, -10, 0), (-15, -20, -20), (4, 0, 0), (6, 10, 10)] as [(Int128, Int128, Int128)] {
            #expect(Rounding.nearest(units, base: 10) == away)
            #expect(Rounding.nearestHalfEven(units, base: 10) == even)
        }
    }

    @Test func unusableBasesAndOverflowHaveNoResult() {
        #expect(Rounding.nearest(1, base: 0) == nil)
        #expect(Rounding.nearest(.max, base: 10) == nil)
        #expect(Rounding.midpoint(1, base: 5) == nil)
        #expect(Rounding.ceiling(1, base: 0) == nil)
        #expect(Rounding.ceiling(.max, base: .max) == Int128(Int64.max) * 3)
    }

    @Test func randomRoundingProbabilitiesAgree() throws {
        let rows = try ReferenceFiles.rows("random_rounding_probabilities.csv")
        #expect(rows.count == 9)
        for row in rows {
            let base = try #require(Int64(row[0])), residual = try #require(Int64(row[1]))
            let probabilities = try #require(RandomRounding.probabilities(residual: residual, base: base))
            #expect([probabilities.down.text, probabilities.up.text] == [row[2], row[3]])
        }
        #expect(RandomRounding.probabilities(residual: 5, base: 5) == nil)
        #expect(RandomRounding.probabilities(residual: -1, base: 5) == nil)
        #expect(RandomRounding.probabilities(residual: 0, base: 0) == nil)
    }

    @Test func theKeyDecidesAsOftenAsTheProbabilitySays() {
        var random = SplitMix64(seed: 11)
        var up = 0
        for _ in 0..<20_000 where RandomRounding.isRoundedUp(residual: 3, base: 10, cellKey: random.next()) { up += 1 }
        // Six standard deviations of a binomial law around 6,000.
        #expect((5_611...6_389).contains(up))
        #expect(!RandomRounding.isRoundedUp(residual: 0, base: 10, cellKey: 0))
        #expect(RandomRounding.isRoundedUp(residual: 1, base: 2, cellKey: .max / 2))
        #expect(!RandomRounding.isRoundedUp(residual: 1, base: 2, cellKey: .max / 2 + 1))
        #expect(!RandomRounding.isRoundedUp(residual: 10, base: 10, cellKey: 0))
    }
}
