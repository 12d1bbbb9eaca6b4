// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// A condition that is a range of one stored column's 64-bit values. A scan tests it on the stored form.
struct ColumnRange {
    /// The column's position in the plan.
    let position: Int
    var range: ValueRange

    /// The condition as a range; nil when it is none: not a comparison of a column with a constant, or not of 64 bits.
    init?(_ condition: BoundExpression, parameters: [String: Literal]) {
        guard case .comparison(let symbol, let left, let right) = condition.kind else { return nil }
        if let position = left.column, let bound = Self.bound(right, of: left.type, parameters) {
            self.init(position, symbol, bound)
        } else if let position = right.column, let bound = Self.bound(left, of: right.type, parameters) {
            self.init(position, symbol.mirrored, bound)
        } else {
            return nil
        }
    }

    private init?(_ position: Int, _ symbol: ComparisonOperator, _ bound: Bound) {
        self.position = position
        // Bounds between two values of the column's scale are rounded to the side that keeps the meaning.
        let lower: Int128, upper: Int128
        switch symbol {
        case .equal: (lower, upper) = (bound.ceiling, bound.floor)
        case .less: (lower, upper) = (.min, bound.ceiling - 1)
        case .lessOrEqual: (lower, upper) = (.min, bound.floor)
        case .greater: (lower, upper) = (bound.floor + 1, .max)
        case .greaterOrEqual: (lower, upper) = (bound.ceiling, .max)
        case .notEqual: return nil
        }
        if lower > Int128(Int64.max) || upper < Int128(Int64.min) {
            range = ValueRange(lower: 0, upper: -1)
        } else {
            range = ValueRange(lower: Int64(clamping: lower), upper: Int64(clamping: upper))
        }
    }

    /// A constant in units of the column: the next ones below and above, equal when it is one.
    private struct Bound {
        let floor: Int128
        let ceiling: Int128
    }

    private static func bound(_ expression: BoundExpression, of type: LogicalType, _ parameters: [String: Literal]) -> Bound? {
        let literal: Literal
        switch expression.kind {
        case .literal(let known): literal = known
        case .parameter(let name):
            guard let known = parameters[name] else { return nil }
            literal = known
        case .column, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .cast, .function: return nil
        }
        guard type.physical == .int64 else { return nil }
        switch (type, literal) {
        case (.date, .date(let value)), (.timestamp, .timestamp(let value)): return Bound(floor: Int128(value), ceiling: Int128(value))
        case (.int64, .int64(let value)): return Bound(floor: Int128(value), ceiling: Int128(value))
        case (.decimal, .int64(let value)): return bound(units: Int128(value), scale: 0, in: type.scale)
        case (.int64, .decimal(let units, let scale)), (.decimal, .decimal(let units, let scale)):
            return bound(units: units, scale: scale, in: type.scale)
        default: return nil
        }
    }

    /// `scale`s lie between 0 and 38; nil when the product would leave 128 bits.
    private static func bound(units: Int128, scale: Int, in target: Int) -> Bound? {
        var power: Int128 = 1
        for _ in 0..<abs(scale - target) {
            let (next, overflows) = power.multipliedReportingOverflow(by: 10)
            if overflows { return nil }
            power = next
        }
        if scale <= target {
            let (product, overflows) = units.multipliedReportingOverflow(by: power)
            return overflows || product.magnitude >= Int128.max.magnitude ? nil : Bound(floor: product, ceiling: product)
        }
        let (quotient, rest) = units.quotientAndRemainder(dividingBy: power)
        return Bound(floor: rest < 0 ? quotient - 1 : quotient, ceiling: rest > 0 ? quotient + 1 : quotient)
    }
}

extension BoundExpression {
    fileprivate var column: Int? {
        if case .column(let position) = kind { return position }
        return nil
    }
}
