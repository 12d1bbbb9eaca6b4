// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular
import Testing

@Suite struct CellRulesTests {
    private struct Reference: Decodable {
        let cells: [Cell]
        struct Cell: Decodable {
            let cell: String
            let textbook: Textbook
        }
        struct Textbook: Decodable {
            let n: Int
            let sum: String
            let threshold_10_unsafe: Bool
            let negatives: Bool
            let nk_2_90_unsafe: Bool?
            let nk_2_90_unsafe_inclusive: Bool?
            let p10_unsafe: Bool?
            let pq_20_80_unsafe: Bool?
            let upper_protection_level_p10: Double?
            let upper_protection_level_nk_2_90: Double?
            let min_contributors_nonzero: Int?
        }
    }

    @Test func textbookVerdictsAreExact() throws {
        let values = Dictionary(grouping: try ReferenceFiles.rows("acro_cells.csv")) { $0[0] }
        let reference = try ReferenceFiles.decoded(Reference.self, "acro_expected.json")
        #expect(reference.cells.count == 13)
        for cell in reference.cells {
            let scale = 1
            let units = try #require(values[cell.cell]).map { fields in
                let number = ExactDecimal.parse(fields[1])!
                return ExactDecimal.rescale(number.units, from: number.scale, to: scale)!
            }
            let book = cell.textbook
            let all = try #require(CellContributions(units))
            #expect(all.count == book.n)
            #expect(ExactFraction(all.sum, over: 10)?.text == book.sum)
            #expect(all.isBelow(minimum: 10) == book.threshold_10_unsafe)
            #expect(all.hasNegative == book.negatives)
            let classical = all.classical
            #expect(classical?.exceeds(largest: 2, share: Cases.share(90, 100)) == book.nk_2_90_unsafe, "\(cell.cell)")
            #expect(classical?.reaches(largest: 2, share: Cases.share(90, 100)) == book.nk_2_90_unsafe_inclusive, "\(cell.cell)")
            #expect(classical?.isEstimable(ratio: Cases.share(10, 100)) == book.p10_unsafe, "\(cell.cell)")
            #expect(classical?.isEstimable(ratio: Cases.share(20, 80)) == book.pq_20_80_unsafe, "\(cell.cell)")
            #expect(classical?.countNotZero == book.min_contributors_nonzero)
            func level(_ fraction: ExactFraction?) -> Double? {
                fraction.flatMap { ExactFraction($0.numerator, over: $0.denominator * 10)?.nearestDouble }
            }
            #expect(level(classical?.upperProtectionLevel(ratio: Cases.share(10, 100))) == book.upper_protection_level_p10)
            #expect(level(classical?.upperProtectionLevel(largest: 2, share: Cases.share(90, 100))) == book.upper_protection_level_nk_2_90)
        }
    }

    @Test func negativesAreJudgedByMagnitude() throws {
        let cell = try #require(CellContributions([-60, 20, 20]))
        #expect(cell.classical == nil)
        #expect(cell.total == 100 && cell.sum == -20)
        #expect(cell.exceeds(largest: 1, share: Cases.share(59, 100)))
        #expect(!cell.exceeds(largest: 1, share: Cases.share(60, 100)))
    }

    @Test func anAllZeroCellIsSafeByFormulaAndAnEmptyOneIsBelowAnyMinimum() throws {
        let zeros = try #require(CellContributions([0, 0, 0]))
        #expect(!zeros.exceeds(largest: 2, share: Cases.share(9, 10)))
        #expect(!zeros.reaches(largest: 2, share: Cases.share(9, 10)))
        #expect(!zeros.isEstimable(ratio: Cases.share(1, 10)))
        #expect(try #require(CellContributions([])).isBelow(minimum: 0))
    }

    @Test func sumsBeyondTheRangeHaveNoCell() {
        #expect(CellContributions([.max, 1]) == nil)
        #expect(CellContributions([.max, .min]) != nil)
        #expect(CellContributions([.max, .min, .max, .min]) == nil)
    }

    @Test(arguments: [
        (1, 3, 1.0 / 3), (-2, 3, -2.0 / 3), (0, 5, 0), (-13, 15, -13.0 / 15), (1 << 60 + 1, 1, Double(1 << 60 + 1)), (1, 10, 0.1),
        (9_007_199_254_740_993, 1, 9_007_199_254_740_992), (9_007_199_254_740_995, 1, 9_007_199_254_740_996),
        (123_456_789_012_345_678_901, 1_000_000_000, 123_456_789_012.345678901),
    ] as [(Int128, Int128, Double)])
    func fractionsBecomeTheNearestDouble(numerator: Int128, denominator: Int128, expected: Double) throws {
        #expect(ExactFraction(numerator, over: denominator)?.nearestDouble == expected)
    }

    @Test func fractionsAreReduced() {
        #expect(ExactFraction(8, over: 10)?.text == "4/5")
        #expect(ExactFraction(-10, over: 5)?.text == "-2")
        #expect(ExactFraction(0, over: 7)?.text == "0")
        #expect(ExactFraction(1, over: 0) == nil)
        #expect(ExactFraction(1, over: -2) == nil)
    }
}
