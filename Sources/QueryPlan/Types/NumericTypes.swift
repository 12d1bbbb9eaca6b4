// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Result types of arithmetic. Scales follow PostgreSQL's numeric as far as 38 digits allow.
package enum NumericTypes {
    /// Digits of an int64 as a decimal.
    static let int64Digits = 19
    /// Least scale of quotients and averages, as PostgreSQL's least number of significant digits.
    static let quotientScale = 16

    /// Digits before and behind the point of an exact number.
    static func digits(of type: LogicalType) -> (whole: Int, scale: Int)? {
        switch type {
        case .int64: (int64Digits, 0)
        case .decimal(let precision, let scale): (precision - scale, scale)
        case .bool, .double, .date, .timestamp, .text, .entity, .null: nil
        }
    }

    /// A decimal type for so many digits, capped at 38; and whether the cap may make a value NULL.
    static func decimal(whole: Int, scale: Int) -> (type: LogicalType, isCapped: Bool) {
        let wanted = max(whole + scale, 1)
        let precision = min(wanted, LogicalType.decimalPrecisionMaximum)
        return (.decimal(precision: precision, scale: min(scale, precision)), wanted > precision)
    }

    /// The type of an operation on two exact numbers of which at least one is a decimal, and whether it may overflow.
    /// `+ - %`: the larger scale. `*`: the sum of scales, exact unless it exceeds what 38 digits hold, then rounded to
    /// no less than 16 digits. `/`: the largest of 16 and both scales.
    static func result(
        _ symbol: ArithmeticOperator, _ left: (whole: Int, scale: Int), _ right: (whole: Int, scale: Int)
    ) -> (type: LogicalType, isCapped: Bool) {
        let scale = max(left.scale, right.scale)
        switch symbol {
        case .add, .subtract: return decimal(whole: max(left.whole, right.whole) + 1, scale: scale)
        case .modulo: return decimal(whole: min(left.whole, right.whole), scale: scale)
        case .multiply:
            let whole = left.whole + right.whole
            let room = LogicalType.decimalPrecisionMaximum - whole
            return decimal(whole: whole, scale: min(left.scale + right.scale, max(room, quotientScale, scale)))
        case .divide: return decimal(whole: left.whole + right.scale, scale: max(quotientScale, scale))
        }
    }

    /// SUM: exact numbers keep their scale at full width.
    static func sum(of type: LogicalType) -> LogicalType? {
        if type == .double { return .double }
        return digits(of: type).map { .decimal(precision: LogicalType.decimalPrecisionMaximum, scale: $0.scale) }
    }

    /// AVG: at least 16 digits behind the point.
    static func average(of type: LogicalType) -> LogicalType? {
        if type == .double { return .double }
        return digits(of: type).map {
            .decimal(precision: LogicalType.decimalPrecisionMaximum, scale: max($0.scale, quotientScale))
        }
    }

    /// The type that holds both, nil when there is none. A NULL takes the other's type.
    static func common(_ left: LogicalType, _ right: LogicalType) -> LogicalType? {
        if left == right { return left }
        switch (left, right) {
        case (.null, let other), (let other, .null): return other
        case (.date, .timestamp), (.timestamp, .date): return .timestamp
        case (.entity, .entity), (.entity, .text), (.text, .entity): return .text
        case (.double, let other) where other.isNumeric: return .double
        case (let other, .double) where other.isNumeric: return .double
        default: break
        }
        guard let first = digits(of: left), let second = digits(of: right) else { return nil }
        return decimal(whole: max(first.whole, second.whole), scale: max(first.scale, second.scale)).type
    }
}
