// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Equal steps in which a number is seen: `floor(x / 5)`, `x / 10` of whole numbers, and whatever is computed from these and constants.
struct NumberBand: Hashable {
    /// In units of the column's scale.
    let width: Int128
    /// Towards zero, so that the band around zero is twice as wide and bands of negative numbers end where others begin.
    let isTowardsZero: Bool

    /// The column and the band, nil where the expression tells more than the band.
    static func seen(by expression: BoundExpression) -> (source: Int, band: NumberBand)? {
        switch expression.kind {
        case .arithmetic(let symbol, let left, let right):
            if right.isConstant, let inner = seen(by: left), symbol != .modulo { return inner }
            if left.isConstant, let inner = seen(by: right), symbol == .add || symbol == .subtract || symbol == .multiply { return inner }
            guard symbol == .divide, expression.type == .int64 else { return nil }
            return quotient(expression).map { ($0.source, NumberBand(width: $0.width, isTowardsZero: true)) }
        case .negate(let operand): return seen(by: operand)
        case .cast(let operand): return expression.type.isExactNumeric || expression.type == .text ? seen(by: operand) : nil
        case .function(let function, let arguments):
            guard let first = arguments.first, arguments.dropFirst().allSatisfy(\.isConstant) else { return nil }
            switch function {
            case .floor, .truncate:
                if let inner = seen(by: first) { return inner }
                guard arguments.count == 1, let (source, width) = quotient(first) else { return nil }
                return (source, NumberBand(width: width, isTowardsZero: function == .truncate))
            case .ceiling, .round, .absolute, .sign: return seen(by: first)
            case .dateTrunc, .extract, .addDays, .daysBetween, .addInterval, .makeDate, .coalesce, .nullIf, .greatest, .least, .isDistinct, .power,
                .squareRoot, .exponential, .logarithm, .substring, .left, .right, .lower, .upper, .trimBoth, .trimLeft, .trimRight, .length,
                .concat, .concatenate, .position, .replace, .padLeft, .padRight, .startsWith, .reverse, .like, .likeInsensitive:
                return nil
            }
        case .column, .literal, .parameter, .not, .isNull, .comparison, .and, .or, .inList, .caseWhen: return nil
        }
    }

    /// A column divided by a positive constant whose quotient, as it is computed, is never rounded up to a whole number; or a decimal itself.
    private static func quotient(_ expression: BoundExpression) -> (source: Int, width: Int128)? {
        if let (source, scale) = column(expression), scale > 0 { return ExactDecimal.power(scale).map { (source, $0) } }
        guard case .arithmetic(.divide, let left, let right) = expression.kind, let (source, scale) = column(left) else { return nil }
        let (units, divisorScale): (Int128, Int)
        switch right.kind {
        case .literal(.int64(let value)): (units, divisorScale) = (Int128(value), 0)
        case .literal(.decimal(let value, let scale)): (units, divisorScale) = (value, scale)
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .cast, .function:
            return nil
        }
        guard units > 0, ExactDecimal.digits(of: units) <= 15 else { return nil }
        let common = max(scale, divisorScale)
        guard let width = ExactDecimal.rescale(units, from: divisorScale, to: common), let unit = ExactDecimal.power(common - scale), width % unit == 0
        else { return nil }
        switch expression.type {
        case .int64: return divisorScale == 0 ? (source, width) : nil
        case .decimal(_, let quotientScale):
            // The nearest that a quotient comes to a whole number is 1 / (divisor · 10^scale); rounding must be finer.
            guard let room = ExactDecimal.power(quotientScale), let power = ExactDecimal.power(scale),
                let least = times(units, power), let most = times(room, 2), least < most
            else { return nil }
            return (source, width / unit)
        case .bool, .double, .date, .timestamp, .text, .entity, .null: return nil
        }
    }

    private static func times(_ one: Int128, _ two: Int128) -> Int128? {
        let (product, overflow) = one.multipliedReportingOverflow(by: two)
        return overflow ? nil : product
    }

    /// A column of exact numbers, perhaps as a wider type, and its own scale.
    private static func column(_ expression: BoundExpression) -> (source: Int, scale: Int)? {
        switch expression.kind {
        case .column(let source): expression.type.isExactNumeric ? (source, expression.type.scale) : nil
        case .cast(let operand): operand.type.isHeld(by: expression.type) ? column(operand) : nil
        case .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: nil
        }
    }
}
