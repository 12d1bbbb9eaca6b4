// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Sums of doubles without rounding on the way, so that they depend neither on the order of rows nor on the number of workers:
/// a fixed-point number wide enough for every double, in words that carry 32 bits each (Neal, Fast exact summation using small
/// and large superaccumulators, 2015). Rounded once, at the end, to the nearest double, halves to even.
package enum ExactDoubleSum {
    /// Bits 0..<2,176 above 2^-1,074: every finite double and 2^46 of them.
    package static let words = 68
    /// Additions after which words must be normalised; far below 2^31, where a word could overflow.
    static let additionsMaximum: Int64 = 1 << 30

    /// Adds a finite number.
    package static func add(_ value: Double, to sum: UnsafeMutablePointer<Int64>) {
        let bits = value.bitPattern
        let exponent = Int(bits >> 52 & 0x7FF)
        let fraction = bits & 0xF_FFFF_FFFF_FFFF
        let mantissa = exponent == 0 ? fraction : fraction | 1 << 52
        let shift = max(exponent - 1, 0)
        let word = shift / 32
        let wide = UInt128(mantissa) << UInt128(shift % 32)
        let sign: Int64 = bits >> 63 == 0 ? 1 : -1
        sum[word] += sign * Int64(truncatingIfNeeded: wide & 0xFFFF_FFFF)
        sum[word + 1] += sign * Int64(truncatingIfNeeded: wide >> 32 & 0xFFFF_FFFF)
        sum[word + 2] += sign * Int64(truncatingIfNeeded: wide >> 64)
    }

    /// Carries, so that every word but the last lies in 0..<2^32.
    static func normalise(_ sum: UnsafeMutablePointer<Int64>) {
        for word in 0..<(words - 1) {
            sum[word + 1] += sum[word] >> 32
            sum[word] &= 0xFFFF_FFFF
        }
    }

    /// Adds one normalised sum to another.
    static func add(_ other: UnsafeMutablePointer<Int64>, to sum: UnsafeMutablePointer<Int64>) {
        for word in 0..<words { sum[word] += other[word] }
        normalise(sum)
    }

    /// The nearest double, nil when it is not finite. Changes the sum.
    package static func rounded(_ sum: UnsafeMutablePointer<Int64>) -> Double? {
        normalise(sum)
        let isNegative = sum[words - 1] < 0
        if isNegative {
            for word in 0..<words { sum[word] = -sum[word] }
            normalise(sum)
        }
        guard let top = (0..<words).last(where: { sum[$0] != 0 }) else { return 0 }
        // Highest bit of the whole number, from 2^-1,074.
        let highest = top * 32 + (63 - sum[top].leadingZeroBitCount)
        let lowest = max(highest - 52, 0)
        var mantissa: UInt64 = 0
        for bit in (lowest...highest).reversed() { mantissa = mantissa << 1 | Self.bit(sum, bit) }
        if lowest > 0, Self.bit(sum, lowest - 1) == 1 {
            let hasRest = (0..<(lowest - 1)).contains { Self.bit(sum, $0) == 1 }
            if hasRest || mantissa & 1 == 1 { mantissa += 1 }
        }
        let magnitude = scaled(mantissa, lowest)
        guard magnitude.isFinite else { return nil }
        return isNegative ? -magnitude : magnitude
    }

    /// mantissa × 2^(lowest - 1,074); exact unless it overflows.
    private static func scaled(_ mantissa: UInt64, _ lowest: Int) -> Double {
        if lowest == 0 { return Double(bitPattern: mantissa) }
        return Double(sign: .plus, exponent: lowest - 1_074 + 52, significand: Double(mantissa) * 0x1p-52)
    }

    private static func bit(_ sum: UnsafeMutablePointer<Int64>, _ position: Int) -> UInt64 {
        UInt64(bitPattern: sum[position / 32] >> Int64(position % 32)) & 1
    }
}
