// SPDX-License-Identifier: Apache-2.0

import Tabular

/// 320 bits: sums of squares of 128-bit values, exact.
struct WideSquares: BitwiseCopyable {
    private var low: UInt128 = 0
    private var middle: UInt128 = 0
    private var high: UInt64 = 0

    @inline(__always)
    mutating func add(squareOf value: Int128) {
        let size = value.magnitude
        if size <= UInt128(UInt64.max) { return add(0, size &* size) }
        let square = size.multipliedFullWidth(by: size)
        add(square.high, square.low)
    }

    @inline(__always)
    private mutating func add(_ upper: UInt128, _ lower: UInt128) {
        let (sum, carry) = low.addingReportingOverflow(lower)
        low = sum
        let (partial, carryOne) = middle.addingReportingOverflow(upper)
        let (total, carryTwo) = partial.addingReportingOverflow(carry ? 1 : 0)
        middle = total
        high = high &+ (carryOne ? 1 : 0) &+ (carryTwo ? 1 : 0)
    }

    mutating func add(_ other: WideSquares) {
        add(other.middle, other.low)
        high = high &+ other.high
    }

    /// count · Σx² − (Σx)², which is count² times the population variance; computed exactly, then rounded.
    func scaledVariance(sum: WideSum, count: Int64) -> Double {
        var product = Words(), square = Words()
        product.multiply([low.word(0), low.word(1), middle.word(0), middle.word(1), high], by: [UInt64(bitPattern: count)])
        let magnitude = sum.magnitudeWords
        square.multiply(magnitude, by: magnitude)
        return product.subtracting(square)
    }

    /// 448 bits, little end first.
    private struct Words {
        private var words = [UInt64](repeating: 0, count: 7)

        mutating func multiply(_ left: [UInt64], by right: [UInt64]) {
            for (position, one) in left.enumerated() {
                var carry: UInt64 = 0
                for (offset, other) in right.enumerated() {
                    let wide = UInt128(one) * UInt128(other) + UInt128(words[position + offset]) + UInt128(carry)
                    words[position + offset] = wide.word(0)
                    carry = wide.word(1)
                }
                if position + right.count < words.count { words[position + right.count] = carry }
            }
        }

        /// The difference, which is not negative, as a double.
        func subtracting(_ other: Words) -> Double {
            var result = 0.0, borrow: UInt64 = 0
            var difference: [UInt64] = []
            for position in words.indices {
                let (first, one) = words[position].subtractingReportingOverflow(other.words[position])
                let (second, two) = first.subtractingReportingOverflow(borrow)
                borrow = one || two ? 1 : 0
                difference.append(second)
            }
            for word in difference.reversed() { result = result * 0x1p64 + Double(word) }
            return result
        }
    }
}

extension UInt128 {
    fileprivate func word(_ position: Int) -> UInt64 { UInt64(truncatingIfNeeded: position == 0 ? self : self >> 64) }
}
