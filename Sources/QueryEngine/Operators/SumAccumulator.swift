// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Exact sums. `Int128` serves values of 64 bits: even 2^63 of them cannot leave it. `WideSum` serves values of 128 bits.
package protocol SumAccumulator: BitwiseCopyable {
    associatedtype Input: BitwiseCopyable
    static var zero: Self { get }
    mutating func add(_ value: Input)
    mutating func add(_ other: Self)
    func clamped(_ lower: Int128, _ upper: Int128) -> Self
    /// |x|, at most Int128.max.
    var magnitudeSaturated: Int128 { get }
    var wide: WideSum { get }
}

extension Int128: SumAccumulator {
    package typealias Input = Int64
    @inline(__always) package mutating func add(_ value: Int64) { self = self &+ Int128(value) }
    @inline(__always) package mutating func add(_ other: Int128) { self = self &+ other }
    @inline(__always) package func clamped(_ lower: Int128, _ upper: Int128) -> Int128 { self < lower ? lower : (self > upper ? upper : self) }
    @inline(__always) package var magnitudeSaturated: Int128 { self < 0 ? (self == .min ? .max : -self) : self }
    package var wide: WideSum { WideSum(self) }
}

/// 192 bits: sums of 128-bit values in any order, without overflow on the way. So whether a sum fits depends on the sum alone.
package struct WideSum: SumAccumulator {
    package typealias Input = Int128
    private var low: UInt128
    private var high: Int64

    package static let zero = WideSum(0)

    package init(_ value: Int128) {
        low = UInt128(bitPattern: value)
        high = value < 0 ? -1 : 0
    }

    @inline(__always)
    package mutating func add(_ value: Int128) { add(WideSum(value)) }

    @inline(__always)
    package mutating func add(_ other: WideSum) {
        let (sum, carry) = low.addingReportingOverflow(other.low)
        low = sum
        high = high &+ other.high &+ (carry ? 1 : 0)
    }

    @inline(__always)
    package mutating func subtract(_ value: Int128) {
        let other = WideSum(value)
        let (difference, borrow) = low.subtractingReportingOverflow(other.low)
        low = difference
        high = high &- other.high &- (borrow ? 1 : 0)
    }

    /// The value when it fits.
    package var int128: Int128? {
        let value = Int128(truncatingIfNeeded: low)
        return high == (value < 0 ? -1 : 0) ? value : nil
    }

    /// |sum| in three words of 64 bits, little end first.
    var magnitudeWords: [UInt64] {
        var magnitude = self
        if high < 0 {
            let (negated, carry) = (~low).addingReportingOverflow(1)
            magnitude.low = negated
            magnitude.high = ~high &+ (carry ? 1 : 0)
        }
        return [UInt64(truncatingIfNeeded: magnitude.low), UInt64(truncatingIfNeeded: magnitude.low >> 64), UInt64(bitPattern: magnitude.high)]
    }

    package func clamped(_ lower: Int128, _ upper: Int128) -> WideSum {
        guard let value = int128 else { return WideSum(high < 0 ? lower : upper) }
        return WideSum(value.clamped(lower, upper))
    }

    package var magnitudeSaturated: Int128 { int128?.magnitudeSaturated ?? .max }
    package var wide: WideSum { self }
}

/// What is kept of one sum per group and dimension once entities are merged.
struct SumFold: BitwiseCopyable {
    var total = WideSum.zero
    var largest: Int128 = 0
    var second: Int128 = 0
    var magnitude: Int128 = 0
    var contributors: Int64 = 0
    var valueCount: Int64 = 0

    /// Adds what other entities contributed.
    mutating func add(_ other: SumFold) {
        total.add(other.total)
        if other.largest > largest {
            second = max(largest, other.second)
            largest = other.largest
        } else {
            second = max(second, other.largest)
        }
        magnitude = Self.saturating(magnitude, other.magnitude)
        contributors += other.contributors
        valueCount += other.valueCount
    }

    /// Adds one entity's merged contribution.
    @inline(__always)
    mutating func add(entity contribution: WideSum) {
        total.add(contribution)
        let size = contribution.magnitudeSaturated
        if size > largest {
            second = largest
            largest = size
        } else if size > second {
            second = size
        }
        magnitude = Self.saturating(magnitude, size)
        contributors += 1
    }

    @inline(__always)
    static func saturating(_ left: Int128, _ right: Int128) -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
