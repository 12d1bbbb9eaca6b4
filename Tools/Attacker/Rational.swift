// SPDX-License-Identifier: Apache-2.0

/// An exact fraction in lowest terms with a positive denominator.
package struct Rational: Hashable, Sendable {
    package let numerator: Int128
    package let denominator: Int128

    package static let zero = Rational(0), one = Rational(1)

    package init(_ whole: Int128) { (numerator, denominator) = (whole, 1) }

    /// The denominator is not zero. Numbers here stay small: coefficients of statements, and what elimination makes of a handful of them.
    package init(_ numerator: Int128, over denominator: Int128) {
        var (large, small) = (abs(numerator), abs(denominator))
        while small != 0 { (large, small) = (small, large % small) }
        let divisor = (denominator < 0 ? -1 : 1) * max(large, 1)
        (self.numerator, self.denominator) = (numerator / divisor, denominator / divisor)
    }

    package var isZero: Bool { numerator == 0 }

    package static func + (left: Rational, right: Rational) -> Rational {
        Rational(left.numerator * right.denominator + right.numerator * left.denominator, over: left.denominator * right.denominator)
    }
    package static prefix func - (value: Rational) -> Rational { Rational(-value.numerator, over: value.denominator) }
    package static func - (left: Rational, right: Rational) -> Rational { left + -right }
    package static func * (left: Rational, right: Rational) -> Rational {
        Rational(left.numerator * right.numerator, over: left.denominator * right.denominator)
    }
    package static func / (left: Rational, right: Rational) -> Rational {
        Rational(left.numerator * right.denominator, over: left.denominator * right.numerator)
    }
}

extension Rational: CustomStringConvertible {
    package var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
