// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension BoundExpression {
    /// The expression with its constant parts computed. What would be NULL by a fault (division by zero, overflow)
    /// is left for execution, so that a plan never hides a fault.
    package var folded: BoundExpression {
        let node = mappingChildren(\.folded)
        switch node.kind {
        case .column, .literal, .parameter, .inList: return node
        case .function(let function, let arguments):
            guard let value = ConstantFunction.value(function, arguments, type) else { return node }
            return .constant(value, type, span)
        case .negate(let operand):
            switch operand.kind {
            case .literal(.decimal(let units, let scale)):
                return .constant(.decimal(units: -units, scale: scale), type, span)
            case .literal(.int64(let value)) where value != .min: return .constant(.int64(-value), .int64, span)
            default: return node
            }
        case .not(let operand):
            if case .literal(.null) = operand.kind { return operand }
            return .not(operand, span)
        case .isNull(let operand, let isNegated):
            guard case .literal(let literal) = operand.kind else { return node }
            return .constant(.bool((literal == .null) != isNegated), .bool, span)
        case .arithmetic(let symbol, let left, let right):
            guard case .literal(let first) = left.kind, case .literal(let second) = right.kind,
                let value = ConstantArithmetic.value(symbol, first, second, type)
            else { return node }
            return .constant(value, type, span)
        case .comparison(let symbol, let left, let right):
            guard case .literal(let first) = left.kind, case .literal(let second) = right.kind,
                let value = ConstantArithmetic.comparison(symbol, first, second)
            else { return node.comparingDates }
            return .constant(value, .bool, span)
        case .and(let operands): return node.connective(operands, neutral: true)
        case .or(let operands): return node.connective(operands, neutral: false)
        case .cast(let operand):
            guard case .literal(let literal) = operand.kind, let value = Coercion.literal(literal, to: type) else {
                return node
            }
            return .constant(value, type, span)
        case .caseWhen(let branches, let otherwise): return node.foldedCase(branches, otherwise)
        }
    }

    /// A date compared as a timestamp with a midnight is a date compared with a date.
    private var comparingDates: BoundExpression {
        guard case .comparison(let symbol, let left, let right) = kind, case .cast(let date) = left.kind, date.type == .date,
            left.type == .timestamp, case .literal(.timestamp(let microseconds)) = right.kind
        else { return self }
        let (days, rest) = CivilTimestamp.split(microseconds)
        guard rest == 0 else { return self }
        return .comparing(symbol, date, .constant(.date(days: days), .date, right.span), span)
    }

    /// AND (neutral: true) or OR (neutral: false) without neutral constants; the opposite constant decides.
    private func connective(_ operands: [BoundExpression], neutral: Bool) -> BoundExpression {
        var kept: [BoundExpression] = []
        for operand in operands {
            if case .literal(.bool(let value)) = operand.kind {
                if value != neutral { return .constant(.bool(value), .bool, span) }
            } else if neutral {
                kept += operand.conjuncts
            } else {
                kept.append(operand)
            }
        }
        guard let first = kept.first else { return .constant(.bool(neutral), .bool, span) }
        if kept.count == 1 { return first }
        return BoundExpression(kind: neutral ? .and(kept) : .or(kept), type: .bool, isNullable: isNullable, span: span)
    }

    private func foldedCase(_ branches: [Branch], _ otherwise: BoundExpression?) -> BoundExpression {
        var kept: [Branch] = []
        var last = otherwise
        for branch in branches {
            if case .literal(let literal) = branch.condition.kind {
                guard literal == .bool(true) else { continue }
                last = branch.result
                break
            }
            kept.append(branch)
        }
        if kept.isEmpty { return last ?? .constant(.null, type, span) }
        return BoundExpression(kind: .caseWhen(kept, otherwise: last), type: type, isNullable: isNullable, span: span)
    }
}

/// Operations on constants. Nil means: not decided here.
enum ConstantArithmetic {
    static func value(
        _ symbol: ArithmeticOperator, _ left: Literal, _ right: Literal, _ type: LogicalType
    ) -> Literal? {
        switch (left, right) {
        case (.int64(let first), .int64(let second)):
            return whole(symbol, first, second).map { .int64($0) }
        case (.decimal(let first, let firstScale), .decimal(let second, let secondScale)):
            guard case .decimal(let precision, let scale) = type else { return nil }
            var sum: (partialValue: Int128, overflow: Bool)
            switch symbol {
            case .add where firstScale == scale && secondScale == scale: sum = first.addingReportingOverflow(second)
            case .subtract where firstScale == scale && secondScale == scale:
                sum = first.subtractingReportingOverflow(second)
            case .multiply where firstScale + secondScale == scale: sum = first.multipliedReportingOverflow(by: second)
            case .add, .subtract, .multiply, .divide, .modulo: return nil
            }
            guard !sum.overflow, ExactDecimal.digits(of: sum.partialValue) <= precision else { return nil }
            return .decimal(units: sum.partialValue, scale: scale)
        default: return nil
        }
    }

    private static func whole(_ symbol: ArithmeticOperator, _ left: Int64, _ right: Int64) -> Int64? {
        let result: (partialValue: Int64, overflow: Bool)
        switch symbol {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide: result = left.dividedReportingOverflow(by: right)
        case .modulo: result = left.remainderReportingOverflow(dividingBy: right)
        }
        return result.overflow ? nil : result.partialValue
    }

    static func comparison(_ symbol: ComparisonOperator, _ left: Literal, _ right: Literal) -> Literal? {
        switch (left, right) {
        case (.null, _), (_, .null): return .null
        case (.int64(let first), .int64(let second)): return .bool(holds(symbol, first < second, first == second))
        case (.date(let first), .date(let second)): return .bool(holds(symbol, first < second, first == second))
        case (.timestamp(let first), .timestamp(let second)):
            return .bool(holds(symbol, first < second, first == second))
        case (.decimal(let first, let scale), .decimal(let second, let other)) where scale == other:
            return .bool(holds(symbol, first < second, first == second))
        case (.text(let first), .text(let second)):
            let isLess = first.utf8.lexicographicallyPrecedes(second.utf8)
            return .bool(holds(symbol, isLess, first.utf8.elementsEqual(second.utf8)))
        default: return nil
        }
    }

    private static func holds(_ symbol: ComparisonOperator, _ isLess: Bool, _ isEqual: Bool) -> Bool {
        switch symbol {
        case .equal: isEqual
        case .notEqual: !isEqual
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .greater: !isLess && !isEqual
        case .greaterOrEqual: !isLess
        }
    }
}
