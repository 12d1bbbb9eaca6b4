// SPDX-License-Identifier: Apache-2.0

/// The contributions of one cell, one number for each protected entity (already merged), judged by the rules of the handbook.
///
/// Concentration rules are defined for contributions ≥ 0. With negative ones they are applied to |x|: a negative number
/// changes the verdict of its own cell only. `classical` tells whether the textbook rule is defined at all.
public struct CellContributions: Sendable {
    /// |x|, largest first.
    public let magnitudes: [UInt128]
    /// Σx.
    public let sum: Int128
    /// Σ|x|.
    public let total: UInt128
    public let hasNegative: Bool

    /// Nil when a sum leaves 128 bits.
    public init?(_ contributions: [Int128]) {
        var sum: Int128 = 0
        var total: UInt128 = 0
        for contribution in contributions {
            let (nextSum, sumOverflow) = sum.addingReportingOverflow(contribution)
            let (nextTotal, totalOverflow) = total.addingReportingOverflow(contribution.magnitude)
            guard !sumOverflow, !totalOverflow else { return nil }
            (sum, total) = (nextSum, nextTotal)
        }
        self.sum = sum
        self.total = total
        magnitudes = contributions.map(\.magnitude).sorted(by: >)
        hasNegative = contributions.contains { $0 < 0 }
    }

    /// These contributions when the concentration rules are defined as the textbook has them, else nil.
    public var classical: CellContributions? { hasNegative ? nil : self }

    public var count: Int { magnitudes.count }

    /// Contributors whose contribution is not zero.
    public var countNotZero: Int { magnitudes.count { $0 != 0 } }

    /// Threshold rule: fewer contributors than the minimum.
    public func isBelow(minimum: Int) -> Bool {
        !CellRules.isEnough(contributors: Int64(count), minimum: minimum)
    }

    /// (n,k) rule, strict: x1+…+xn > k·X.
    public func exceeds(largest n: Int, share: ReleaseRules.Fraction) -> Bool {
        CellRules.exceeds(part: sumOfLargest(n), total: total, share: share)
    }

    /// (n,k) rule read with ≥.
    public func reaches(largest n: Int, share: ReleaseRules.Fraction) -> Bool {
        CellRules.reaches(part: sumOfLargest(n), total: total, share: share)
    }

    /// p% rule (ratio p/100) and (p,q) rule (ratio p/q): X−x1−x2 < ratio·x1.
    public func isEstimable(ratio: ReleaseRules.Fraction) -> Bool {
        CellRules.isEstimable(largest: magnitudes.first ?? 0, rest: total - sumOfLargest(2), ratio: ratio)
    }

    /// How far above the cell an attacker's upper estimate must lie under the p% or (p,q) rule: ratio·x1 − (X−x1−x2).
    /// Nil when it leaves 128 bits.
    public func upperProtectionLevel(ratio: ReleaseRules.Fraction) -> ExactFraction? {
        Self.difference(
            magnitudes.first ?? 0, times: ratio.numerator, minus: total - sumOfLargest(2), times: ratio.denominator,
            over: ratio.denominator)
    }

    /// The same under the (n,k) rule: (x1+…+xn)/k − X.
    public func upperProtectionLevel(largest n: Int, share: ReleaseRules.Fraction) -> ExactFraction? {
        Self.difference(
            sumOfLargest(n), times: share.denominator, minus: total, times: share.numerator, over: share.numerator)
    }

    private func sumOfLargest(_ n: Int) -> UInt128 { magnitudes.prefix(max(n, 0)).reduce(0, +) }

    private static func difference(
        _ left: UInt128, times leftFactor: Int64, minus right: UInt128, times rightFactor: Int64, over divisor: Int64
    ) -> ExactFraction? {
        guard let left = Int128(exactly: left), let right = Int128(exactly: right) else { return nil }
        let (one, oneOverflow) = left.multipliedReportingOverflow(by: Int128(leftFactor))
        let (other, otherOverflow) = right.multipliedReportingOverflow(by: Int128(rightFactor))
        let (result, overflow) = one.subtractingReportingOverflow(other)
        guard !oneOverflow, !otherOverflow, !overflow else { return nil }
        return ExactFraction(result, over: Int128(divisor))
    }
}
