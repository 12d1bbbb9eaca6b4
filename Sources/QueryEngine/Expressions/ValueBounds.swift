// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Bounds of exact numbers. What bounds prove to fit is computed in 64 bits without checks; results are the same either way.
enum ValueBounds {
    /// Narrow numbers have 18 digits.
    static let narrow: ClosedRange<Int128> = ExactMath.range(of: .decimal(precision: 18, scale: 0))

    /// What the vector, or else its type, says of its values. Nil for numbers of 128 bits.
    static func known(_ vector: ColumnVector) -> ClosedRange<Int64>? {
        guard vector.type.physical == .int64 else { return nil }
        if let bounds = vector.bounds { return bounds }
        guard case .decimal = vector.type else { return .min ... .max }
        let range = ExactMath.range(of: vector.type)
        return Int64(clamping: range.lowerBound)...Int64(clamping: range.upperBound)
    }

    /// Least and greatest of the values; what stands at a NULL counts too.
    static func measured(_ vector: ColumnVector) -> ClosedRange<Int64> {
        guard vector.count > 0 else { return 0...0 }
        let values = vector.int64
        var low = values[0], high = low
        for row in 0..<vector.count {
            low = min(low, values[row])
            high = max(high, values[row])
        }
        return low...high
    }

    static func product(_ one: ClosedRange<Int128>, _ other: ClosedRange<Int128>) -> ClosedRange<Int128>? {
        var low = Int128.max, high = Int128.min
        for x in [one.lowerBound, one.upperBound] {
            for y in [other.lowerBound, other.upperBound] {
                let (product, overflow) = x.multipliedReportingOverflow(by: y)
                if overflow { return nil }
                low = min(low, product)
                high = max(high, product)
            }
        }
        return low...high
    }

    static func wide(_ range: ClosedRange<Int64>) -> ClosedRange<Int128> { Int128(range.lowerBound)...Int128(range.upperBound) }

    /// The range in 64 bits when it lies within both the narrow numbers and `limits`.
    static func fitting(_ range: ClosedRange<Int128>, _ limits: ClosedRange<Int128>) -> ClosedRange<Int64>? {
        guard range.lowerBound >= limits.lowerBound, range.upperBound <= limits.upperBound, range.lowerBound >= narrow.lowerBound,
            range.upperBound <= narrow.upperBound
        else { return nil }
        return Int64(range.lowerBound)...Int64(range.upperBound)
    }
}

extension ClosedRange<Int64> {
    /// The value, when there is but one.
    var single: Int64? { lowerBound == upperBound ? lowerBound : nil }

    var magnitude: UInt64 { Swift.max(lowerBound.magnitude, upperBound.magnitude) }

    func union(_ other: ClosedRange<Int64>) -> ClosedRange<Int64> {
        Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
    }
}

extension LogicalType {
    /// The type in which exact numbers of this scale have 64 bits.
    var narrowed: LogicalType? {
        guard isExactNumeric, scale <= 18 else { return nil }
        return physical == .int64 ? self : .decimal(precision: 18, scale: scale)
    }
}
