// SPDX-License-Identifier: Apache-2.0

/// The primary rules of one cell, exact: integers and fractions only, products in 256 bits.
///
/// Source: Eurostat, Handbook on Statistical Disclosure Control, chapter on magnitude tables. Shares are compared strictly
/// (a cell exactly at the limit is safe), which is the handbook's reading.
public enum CellRules {
    /// Threshold rule: whether a cell has enough distinct contributors. Nobody is never enough, whatever the minimum says.
    public static func isEnough(contributors: Int64, minimum: Int) -> Bool {
        contributors >= Int64(max(minimum, 1))
    }

    /// Concentration: whether `part` > `share` · `total`. A zero total is safe: no part of it exceeds anything.
    /// A share that is no number between 0 and 1 counts as exceeded.
    public static func exceeds(part: UInt128, total: UInt128, share: ReleaseRules.Fraction) -> Bool {
        guard let (numerator, denominator) = parts(share), numerator <= denominator else { return true }
        return isLess(total, times: numerator, than: part, times: denominator)
    }

    /// The same with ≥ for a total above zero, as some tools read the rule.
    public static func reaches(part: UInt128, total: UInt128, share: ReleaseRules.Fraction) -> Bool {
        guard let (numerator, denominator) = parts(share), numerator <= denominator else { return true }
        return total > 0 && !isLess(part, times: denominator, than: total, times: numerator)
    }

    /// Prior-posterior rule (p,q): whether `rest` < (p/q) · `largest`, `rest` being what remains without the two largest.
    /// The p% rule is the same with p/100. A ratio that is no number counts as violated.
    public static func isEstimable(largest: UInt128, rest: UInt128, ratio: ReleaseRules.Fraction) -> Bool {
        guard let (numerator, denominator) = parts(ratio) else { return true }
        return isLess(rest, times: denominator, than: largest, times: numerator)
    }

    /// Whether one contributor, or two together, make up more of a cell than the rules allow. Evidence that contradicts
    /// itself (negative, or a part above the whole) counts as unsafe.
    static func isDominated(largest: Int128, second: Int128, total: Int128, by rule: ReleaseRules.Dominance) -> Bool {
        guard largest >= 0, second >= 0, total >= largest, total - largest >= second, second <= largest else { return true }
        let whole = UInt128(total)
        if let share = rule.largest, exceeds(part: UInt128(largest), total: whole, share: share) { return true }
        guard let share = rule.twoLargest else { return false }
        return exceeds(part: UInt128(largest) + UInt128(second), total: whole, share: share)
    }

    private static func parts(_ fraction: ReleaseRules.Fraction) -> (numerator: UInt128, denominator: UInt128)? {
        guard fraction.denominator > 0, fraction.numerator >= 0 else { return nil }
        return (UInt128(fraction.numerator), UInt128(fraction.denominator))
    }

    /// left · leftFactor < right · rightFactor without overflow.
    private static func isLess(_ left: UInt128, times leftFactor: UInt128, than right: UInt128, times rightFactor: UInt128) -> Bool {
        if (left | leftFactor | right | rightFactor) >> 64 == 0 { return left * leftFactor < right * rightFactor }
        let one = left.multipliedFullWidth(by: leftFactor)
        let other = right.multipliedFullWidth(by: rightFactor)
        return one.high == other.high ? one.low < other.low : one.high < other.high
    }
}
