// SPDX-License-Identifier: Apache-2.0

/// A rational number in lowest terms; the denominator is positive.
public struct ExactFraction: Sendable, Hashable {
    public let numerator: Int128
    public let denominator: Int128

    /// Nil when the denominator is not positive or the numerator is the one number without an opposite.
    public init?(_ numerator: Int128, over denominator: Int128) {
        guard denominator > 0, numerator != .min else { return nil }
        let divisor = Self.commonDivisor(numerator.magnitude, denominator.magnitude)
        self.numerator = numerator / Int128(divisor)
        self.denominator = denominator / Int128(divisor)
    }

    /// `-4/5`, or `3` when it is whole.
    public var text: String { denominator == 1 ? String(numerator) : "\(numerator)/\(denominator)" }

    /// The nearest double, ties to even. Nil when the fraction is so small that 127 further binary digits do not reach it.
    public var nearestDouble: Double? {
        guard numerator != 0 else { return 0 }
        let magnitude = numerator.magnitude, divisor = denominator.magnitude
        let wantedBits = 66 + (128 - divisor.leadingZeroBitCount) - (128 - magnitude.leadingZeroBitCount)
        let shift = max(wantedBits, 0)
        guard shift < 128 else { return nil }
        let dividend = magnitude.multipliedFullWidth(by: UInt128(1) << UInt128(shift))
        guard dividend.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth((dividend.high, dividend.low))
        // A last bit that stands for everything below keeps the one rounding, to a double, correct.
        let sticky = quotient | (remainder == 0 ? 0 : 1)
        let scaled = Double(sign: .plus, exponent: -shift, significand: Double(sticky))
        return numerator < 0 ? -scaled : scaled
    }

    private static func commonDivisor(_ left: UInt128, _ right: UInt128) -> UInt128 {
        var (large, small) = (left, right)
        while small != 0 { (large, small) = (small, large % small) }
        return max(large, 1)
    }
}
