// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Deterministic rounding of released numbers.
public enum Rounding {
    /// Nearest multiple of `base`, halves away from zero. Nil when it leaves 128 bits or the base is not positive.
    public static func nearest(_ units: Int128, base: Int128) -> Int128? {
        guard base > 0 else { return nil }
        let (product, overflow) = ExactDecimal.divideRounded(units, by: base).multipliedReportingOverflow(by: base)
        return overflow ? nil : product
    }

    /// Nearest multiple of `base`, halves to the even multiple.
    public static func nearestHalfEven(_ units: Int128, base: Int128) -> Int128? {
        guard base > 0 else { return nil }
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: base)
        let rest = base.magnitude - remainder.magnitude
        let isAway = remainder.magnitude > rest || (remainder.magnitude == rest && quotient % 2 != 0)
        let (product, overflow) = (quotient + (isAway ? units.signum() : 0)).multipliedReportingOverflow(by: base)
        return overflow ? nil : product
    }

    /// Midpoint rounding of a count: 0 stays 0, else ⌈x/base⌉·base − base/2, the middle of x's bracket
    /// (base 6: 1…6 → 3, 7…12 → 9). Nil unless the base is even and positive.
    public static func midpoint(_ count: UInt64, base: Int64) -> Int128? {
        guard base > 0, base % 2 == 0 else { return nil }
        return ceiling(count, base: base).map { count == 0 ? 0 : $0 - Int128(base / 2) }
    }

    /// Smallest multiple of `base` that is not below the count. Nil unless the base is positive.
    public static func ceiling(_ count: UInt64, base: Int64) -> Int128? {
        guard base > 0 else { return nil }
        return (Int128(count) + Int128(base) - 1) / Int128(base) * Int128(base)
    }

    /// Redact, then round: counts of 1 to `limit` are withheld, others go to the nearest multiple. Zero stays zero.
    /// Both steps in this order, so that the rounded figure does not tell a redacted count.
    public static func redactedThenNearest(_ count: UInt64, redactingUpTo limit: UInt64, base: Int128) -> ReleasedCell {
        guard count == 0 || count > limit else { return .withheld }
        guard let rounded = nearest(Int128(count), base: base) else { return .value(.null) }
        return .value(Int64(exactly: rounded).map { .int64($0) } ?? .decimal(units: rounded, scale: 0))
    }
}
