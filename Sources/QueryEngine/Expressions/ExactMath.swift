// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Exact arithmetic of one value: what fits the result type, else nil, which SQL reads as NULL. Intermediate products have 256 bits.
package enum ExactMath {
    /// The values a type may hold, as units of its scale.
    static func range(of type: LogicalType) -> ClosedRange<Int128> {
        if case .decimal(let precision, _) = type, let limit = ExactDecimal.power(precision) { return (1 - limit)...(limit - 1) }
        return Int128(Int64.min)...Int128(Int64.max)
    }

    @inline(__always)
    static func add(_ left: Int128, _ right: Int128) -> Int128? {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : sum
    }

    /// left × right / divisor, halves away from zero.
    package static func multiply(_ left: Int128, _ right: Int128, dividedBy divisor: UInt128) -> Int128? {
        let wide = left.magnitude.multipliedFullWidth(by: right.magnitude)
        return rounded((wide.high, wide.low), by: divisor, isNegative: (left < 0) != (right < 0))
    }

    /// left × 10^shift / right, halves away from zero; nil by zero. Digit by digit where the shift is longer than 38 digits.
    package static func divide(_ left: Int128, _ right: Int128, shift: Int) -> Int128? {
        guard right != 0 else { return nil }
        let isNegative = (left < 0) != (right < 0)
        guard shift >= 0 else {
            let (whole, overflow) = right.magnitude.multipliedReportingOverflow(by: UInt128(power(-shift)))
            return overflow ? 0 : rounded((0, left.magnitude), by: whole, isNegative: isNegative)
        }
        let divisor = right.magnitude
        let wide = left.magnitude.multipliedFullWidth(by: UInt128(power(shift)))
        guard shift > 38 else { return rounded((wide.high, wide.low), by: divisor, isNegative: isNegative) }
        guard wide.high < divisor else { return nil }
        var (quotient, remainder) = divisor.dividingFullWidth((wide.high, wide.low))
        for _ in 38..<shift {
            let next = remainder.multipliedFullWidth(by: 10)
            let digit = divisor.dividingFullWidth((next.high, next.low))
            guard quotient <= ExactDecimal.unitsMaximum.magnitude / 10 else { return nil }
            quotient = quotient * 10 + digit.quotient
            remainder = digit.remainder
        }
        if remainder >= divisor - remainder { quotient += 1 }
        guard let magnitude = Int128(exactly: quotient) else { return nil }
        return isNegative ? -magnitude : magnitude
    }

    private static func rounded(_ wide: (high: UInt128, low: UInt128), by divisor: UInt128, isNegative: Bool) -> Int128? {
        guard wide.high < divisor else { return nil }
        var quotient: UInt128
        let remainder: UInt128
        if wide.high == 0 {
            (quotient, remainder) = wide.low.quotientAndRemainder(dividingBy: divisor)
        } else {
            (quotient, remainder) = divisor.dividingFullWidth(wide)
        }
        if remainder >= divisor - remainder {
            if quotient == .max { return nil }
            quotient += 1
        }
        guard let magnitude = Int128(exactly: quotient) else { return nil }
        return isNegative ? -magnitude : magnitude
    }

    /// Moves units to another scale, halves away from zero.
    @inline(__always)
    static func rescale(_ units: Int128, times factor: Int128, dividedBy divisor: Int128) -> Int128? {
        if divisor != 1 { return ExactDecimal.divideRounded(units, by: divisor) }
        let (product, overflow) = units.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// 10^exponent; beyond 38 the largest power, with which everything overflows or rounds to nothing.
    static func power(_ exponent: Int) -> Int128 {
        ExactDecimal.power(min(max(exponent, 0), 38)) ?? 1
    }

    /// Rounds to `digits` behind the point (negative: before it), halves away from zero, keeping the scale.
    package static func round(_ units: Int128, scale: Int, digits: Int64) -> Int128? {
        if digits >= Int64(scale) { return units }
        let drop = Int64(scale) - max(digits, -80)
        guard drop <= 38 else { return 0 }
        let step = power(Int(drop))
        let (product, overflow) = ExactDecimal.divideRounded(units, by: step).multipliedReportingOverflow(by: step)
        return overflow ? nil : product
    }

    /// The largest multiple of `step` that is not above.
    static func floor(_ units: Int128, step: Int128) -> Int128 {
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: step)
        return (remainder < 0 ? quotient - 1 : quotient) * step
    }

    /// The smallest multiple of `step` that is not below.
    static func ceiling(_ units: Int128, step: Int128) -> Int128 {
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: step)
        return (remainder > 0 ? quotient + 1 : quotient) * step
    }

    /// An exact number as a double.
    static func double(_ units: Int128, scale: Int) -> Double { scale == 0 ? Double(units) : Double(units) / Double(power(scale)) }

    /// A double as int64, halves to even, as PostgreSQL casts.
    static func int64(_ value: Double) -> Int64? {
        value.isFinite ? Int64(exactly: value.rounded(.toNearestOrEven)) : nil
    }
}
