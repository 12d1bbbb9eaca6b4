// SPDX-License-Identifier: Apache-2.0

/// Exact decimal arithmetic on `Int128` units. Whatever does not fit decimal(38) is nil, which SQL reads as NULL.
public enum ExactDecimal {
    /// 10^38 - 1.
    public static let unitsMaximum: Int128 = power(38).map { $0 - 1 } ?? .max

    /// 10^exponent, nil beyond 38.
    public static func power(_ exponent: Int) -> Int128? {
        guard (0...38).contains(exponent) else { return nil }
        var result: Int128 = 1
        for _ in 0..<exponent { result *= 10 }
        return result
    }

    /// Decimal digits of a magnitude; 1 for zero.
    public static func digits(of units: Int128) -> Int {
        var rest = units.magnitude
        var count = 1
        while rest >= 10 { rest /= 10; count += 1 }
        return count
    }

    /// Moves units from one scale to another; fewer digits round half away from zero, as PostgreSQL's numeric does.
    public static func rescale(_ units: Int128, from: Int, to: Int) -> Int128? {
        if to == from { return bounded(units) }
        if to > from {
            guard let factor = power(to - from) else { return units == 0 ? 0 : nil }
            let (product, overflow) = units.multipliedReportingOverflow(by: factor)
            return overflow ? nil : bounded(product)
        }
        guard let divisor = power(from - to) else { return 0 }
        return bounded(divideRounded(units, by: divisor))
    }

    /// Quotient rounded half away from zero. The divisor must be positive.
    public static func divideRounded(_ units: Int128, by divisor: Int128) -> Int128 {
        precondition(divisor > 0, "divisor is positive")
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: divisor)
        let isHalfOrMore = remainder.magnitude >= divisor.magnitude - remainder.magnitude
        guard isHalfOrMore else { return quotient }
        return units < 0 ? quotient - 1 : quotient + 1
    }

    /// The units when they fit 38 digits, else nil.
    public static func bounded(_ units: Int128) -> Int128? {
        units.magnitude <= unitsMaximum.magnitude ? units : nil
    }

    /// `-12.50` for -1250 units at scale 2.
    public static func text(units: Int128, scale: Int) -> String {
        let digits = String(units.magnitude)
        let sign = units < 0 ? "-" : ""
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
    }

    /// Reads `-12.50`: optional sign, digits, optional point with digits. Nil for anything else or beyond 38 digits.
    public static func parse(_ text: some StringProtocol) -> (units: Int128, scale: Int)? {
        var units: Int128 = 0
        var scale = 0
        var digitCount = 0
        var isPastPoint = false
        var isNegative = false
        for (position, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where position == 0: isNegative = true
            case UInt8(ascii: "+") where position == 0: break
            case UInt8(ascii: ".") where !isPastPoint && digitCount > 0: isPastPoint = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard units <= (unitsMaximum - 9) / 10 + 1 else { return nil }
                units = units * 10 + Int128(byte - UInt8(ascii: "0"))
                digitCount += 1
                if isPastPoint { scale += 1 }
            default: return nil
            }
        }
        guard digitCount > 0, !isPastPoint || scale > 0, bounded(units) != nil, scale <= 38 else { return nil }
        return (isNegative ? -units : units, scale)
    }
}
