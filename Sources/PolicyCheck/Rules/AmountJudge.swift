// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Smallest and largest value, in units of a scale.
struct Interval: Hashable {
    let lower: Int128
    let upper: Int128

    func including(_ value: Int128) -> Interval { Interval(lower: min(lower, value), upper: max(upper, value)) }

    /// Nil on overflow.
    func times(_ other: Interval) -> Interval? {
        var products: [Int128] = []
        for one in [lower, upper] {
            for two in [other.lower, other.upper] {
                let (product, overflow) = one.multipliedReportingOverflow(by: two)
                if overflow { return nil }
                products.append(product)
            }
        }
        guard let least = products.min(), let most = products.max() else { return nil }
        return Interval(lower: least, upper: most)
    }
}

/// What one row contributes to a sum or average.
struct Amount {
    /// In units of the expression's scale.
    let interval: Interval
    /// Reference of its first column.
    let reference: Int
    /// Columns multiplied.
    let degree: Int
}

/// Judges the amount of a sum or average: a column, scaled by constants, or a product of two columns. Nothing is added inside, nothing
/// rounded, nothing can overflow: so an amount is exactly as concealed as the column it is made of.
struct AmountJudge {
    let capability: Capability
    /// Cells are rounded. A factor inside would move the steps of the rounding: a large one makes them too fine to conceal anything, and
    /// several different ones give the exact amount away.
    let isRounded: Bool
    private(set) var judge: ExpressionJudge

    init(capability: Capability, isRounded: Bool, judge: ExpressionJudge) {
        self.capability = capability
        self.isRounded = isRounded
        self.judge = judge
    }

    mutating func judge(_ expression: BoundExpression) -> Amount? {
        switch expression.kind {
        case .column(let position): return judgeColumn(position, expression)
        case .negate(let operand):
            guard let amount = judge(operand) else { return nil }
            return checked(Interval(lower: -amount.interval.upper, upper: -amount.interval.lower), amount, expression)
        case .cast(let operand): return judgeCast(operand, expression)
        case .arithmetic(let symbol, let left, let right):
            switch symbol {
            case .multiply: return judgeProduct(left, right, expression)
            case .divide: return judgeQuotient(left, right, expression)
            case .add, .subtract: return refuse(expression, .addedTerms, .separateAggregates)
            case .modulo: return refuse(expression, .expressionInAggregate, .plainColumn)
            }
        case .literal, .parameter, .not, .isNull, .comparison, .and, .or, .inList, .caseWhen, .function:
            return refuse(expression, .expressionInAggregate, .plainColumn)
        }
    }

    private mutating func judgeColumn(_ position: Int, _ expression: BoundExpression) -> Amount? {
        let source = judge.sources[position]
        guard source.isProtected else {
            judge.findings.add(.openAmount, .aggregate, expression.span, [source.name], column: source)
            return nil
        }
        guard judge.require(capability, of: position, .aggregate, expression.span) else { return nil }
        guard let bounds = source.column.bounds else { return refuse(expression, .expressionInAggregate, .plainColumn) }
        return Amount(interval: Interval(lower: bounds.lower, upper: bounds.upper), reference: source.reference, degree: 1)
    }

    /// Exact numbers into exact numbers that hold every value within the bounds.
    private mutating func judgeCast(_ operand: BoundExpression, _ expression: BoundExpression) -> Amount? {
        guard let amount = judge(operand) else { return nil }
        guard operand.type.isExactNumeric, expression.type.isExactNumeric, expression.type.scale >= operand.type.scale,
            let lower = ExactDecimal.rescale(amount.interval.lower, from: operand.type.scale, to: expression.type.scale),
            let upper = ExactDecimal.rescale(amount.interval.upper, from: operand.type.scale, to: expression.type.scale)
        else { return refuse(expression, .inexactAmount, .plainColumn) }
        return checked(Interval(lower: lower, upper: upper), amount, expression)
    }

    private mutating func judgeProduct(_ left: BoundExpression, _ right: BoundExpression, _ expression: BoundExpression) -> Amount? {
        guard expression.type.isExactNumeric, expression.type.scale == left.type.scale + right.type.scale else {
            return refuse(expression, .inexactAmount, .plainColumn)
        }
        guard mayScale(by: left), mayScale(by: right) else { return refuse(expression, .scaledAmount, .scaleOutside) }
        guard let first = factor(left), let second = factor(right) else { return nil }
        let degree = first.degree + second.degree
        guard (1...2).contains(degree), let product = first.interval.times(second.interval) else {
            return refuse(expression, .inexactAmount, .plainColumn)
        }
        let reference = first.degree > 0 ? first.reference : second.reference
        return checked(product, Amount(interval: product, reference: reference, degree: degree), expression)
    }

    private mutating func factor(_ expression: BoundExpression) -> Amount? {
        guard expression.isConstant else { return judge(expression) }
        guard let units = Self.constant(expression) else { return refuse(expression, .expressionInAggregate, .plainColumn) }
        return Amount(interval: Interval(lower: units, upper: units), reference: 0, degree: 0)
    }

    /// Division by a constant that keeps every digit that counts; whole division would cut them off.
    private mutating func judgeQuotient(_ left: BoundExpression, _ right: BoundExpression, _ expression: BoundExpression) -> Amount? {
        guard right.isConstant, let divisor = Self.constant(right), divisor != 0 else {
            return refuse(expression, .expressionInAggregate, .plainColumn)
        }
        guard mayScale(by: right) else { return refuse(expression, .scaledAmount, .scaleOutside) }
        guard let amount = judge(left) else { return nil }
        guard case .decimal = expression.type else { return refuse(expression, .inexactAmount, .castToDecimal) }
        let wholeDigits = max(ExactDecimal.digits(of: divisor) - right.type.scale, 0)
        guard expression.type.scale >= left.type.scale + wholeDigits + 2 else { return refuse(expression, .inexactAmount, .castToDecimal) }
        // units/10^l ÷ divisor/10^r at scale s: units · 10^(s - l + r) ÷ divisor.
        guard let power = ExactDecimal.power(expression.type.scale - left.type.scale + right.type.scale),
            let scaled = amount.interval.times(Interval(lower: power, upper: power))
        else { return refuse(expression, .inexactAmount, .castToDecimal) }
        let ends = [scaled.lower, scaled.upper].map { end in
            divisor > 0 ? ExactDecimal.divideRounded(end, by: divisor) : -ExactDecimal.divideRounded(end, by: -divisor)
        }
        return checked(Interval(lower: min(ends[0], ends[1]), upper: max(ends[0], ends[1])), amount, expression)
    }

    /// The amount when its type holds the whole interval.
    private mutating func checked(_ interval: Interval, _ amount: Amount, _ expression: BoundExpression) -> Amount? {
        let isHeld: Bool
        switch expression.type {
        case .int64: isHeld = interval.lower >= Int128(Int64.min) && interval.upper <= Int128(Int64.max)
        case .decimal(let precision, _):
            isHeld = max(ExactDecimal.digits(of: interval.lower), ExactDecimal.digits(of: interval.upper)) <= precision
        case .bool, .double, .date, .timestamp, .text, .entity, .null: isHeld = false
        }
        // Totals of many rows must stay within 128 bits.
        let digits = max(ExactDecimal.digits(of: interval.lower), ExactDecimal.digits(of: interval.upper))
        guard isHeld, digits <= Limits.amountDigits else { return refuse(expression, .inexactAmount, .plainColumn) }
        return Amount(interval: interval, reference: amount.reference, degree: amount.degree)
    }

    private func mayScale(by operand: BoundExpression) -> Bool { !isRounded || !operand.isConstant || operand.isUnitOrZero }

    private static func constant(_ expression: BoundExpression) -> Int128? {
        switch expression.kind {
        case .literal(.int64(let value)): Int128(value)
        case .literal(.decimal(let units, _)): units
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .cast,
            .function:
            nil
        }
    }

    private mutating func refuse(_ expression: BoundExpression, _ rule: PolicyRule, _ change: PolicyChange) -> Amount? {
        let column = judge.protectedColumn(of: expression)
        let name = column?.name ?? "-"
        judge.findings.add(rule, .aggregate, expression.span, [name], column: column, change, [name])
        return nil
    }
}
