// SPDX-License-Identifier: Apache-2.0

package import QueryPlan
package import Tabular

/// Scalar semantics, one value at a time, on Swift values.
package struct NaiveExpressions {
    package let parameters: [String: Literal]

    package init(parameters: [String: Literal]) { self.parameters = parameters }

    package func evaluate(_ expression: BoundExpression, _ row: [Literal]) -> Literal {
        let type = expression.type
        switch expression.kind {
        case .column(let position): return row[position]
        case .literal(let literal): return Self.cast(literal, to: type)
        case .parameter(let name): return Self.cast(parameters[name] ?? .null, to: type)
        case .negate(let operand): return arithmetic(.subtract, Self.cast(.int64(0), to: type), evaluate(operand, row), type)
        case .not(let operand):
            if case .bool(let value) = evaluate(operand, row) { return .bool(!value) }
            return .null
        case .isNull(let operand, let isNegated): return .bool((evaluate(operand, row) == .null) != isNegated)
        case .arithmetic(let symbol, let left, let right): return arithmetic(symbol, evaluate(left, row), evaluate(right, row), type)
        case .comparison(let symbol, let left, let right): return compare(symbol, evaluate(left, row), evaluate(right, row))
        case .and(let operands):
            let values = operands.map { evaluate($0, row) }
            return values.contains(.bool(false)) ? .bool(false) : (values.contains(.null) ? .null : .bool(true))
        case .or(let operands):
            let values = operands.map { evaluate($0, row) }
            return values.contains(.bool(true)) ? .bool(true) : (values.contains(.null) ? .null : .bool(false))
        case .inList(let operand, let items):
            let results = items.map { compare(.equal, evaluate(operand, row), evaluate($0, row)) }
            return results.contains(.bool(true)) ? .bool(true) : (results.contains(.null) ? .null : .bool(false))
        case .caseWhen(let branches, let otherwise):
            for branch in branches where evaluate(branch.condition, row) == .bool(true) { return evaluate(branch.result, row) }
            return otherwise.map { evaluate($0, row) } ?? .null
        case .cast(let operand): return Self.cast(evaluate(operand, row), to: type)
        case .function(let function, let arguments): return call(function, arguments.map { evaluate($0, row) }, type)
        }
    }

    private func arithmetic(_ symbol: ArithmeticOperator, _ left: Literal, _ right: Literal, _ type: LogicalType) -> Literal {
        if left == .null || right == .null { return .null }
        if case .double(let a) = left, case .double(let b) = right {
            let value: Double =
                switch symbol {
                case .add: a + b
                case .subtract: a - b
                case .multiply: a * b
                case .divide: b == 0 ? .nan : a / b
                case .modulo: b == 0 ? .nan : a.truncatingRemainder(dividingBy: b)
                }
            return value.isFinite ? .double(value) : .null
        }
        guard let (a, scaleA) = Self.exact(left), let (b, scaleB) = Self.exact(right) else { return .null }
        let scale = max(scaleA, scaleB)
        let x = a * Self.power(scale - scaleA), y = b * Self.power(scale - scaleB)
        switch symbol {
        case .add: return Self.fitted(x + y, scale, type)
        case .subtract: return Self.fitted(x - y, scale, type)
        case .multiply:
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            return overflow ? .null : Self.fitted(product, scaleA + scaleB, type)
        case .divide:
            if y == 0 { return .null }
            if type == .int64 { return Self.fitted(x / y, 0, type) }
            let (numerator, overflow) = x.multipliedReportingOverflow(by: Self.power(type.scale))
            precondition(!overflow, "the oracle divides small numbers only")
            let quotient = Self.rounded(numerator, y)
            return Self.fitted(quotient, type.scale, type)
        case .modulo: return y == 0 ? .null : Self.fitted(x % y, scale, type)
        }
    }

    private func compare(_ symbol: ComparisonOperator, _ left: Literal, _ right: Literal) -> Literal {
        if left == .null || right == .null { return .null }
        let order = Self.order(left, right)
        return switch symbol {
        case .equal: .bool(order == 0)
        case .notEqual: .bool(order != 0)
        case .less: .bool(order < 0)
        case .lessOrEqual: .bool(order <= 0)
        case .greater: .bool(order > 0)
        case .greaterOrEqual: .bool(order >= 0)
        }
    }

    /// Negative, zero, positive; both of one type.
    static func order(_ left: Literal, _ right: Literal) -> Int {
        func of<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : (a > b ? 1 : 0) }
        switch (left, right) {
        case (.double(let a), .double(let b)): return of(a, b)
        case (.bool(let a), .bool(let b)): return of(a ? 1 : 0, b ? 1 : 0)
        case (.date(let a), .date(let b)), (.timestamp(let a), .timestamp(let b)): return of(a, b)
        case (.text(let a), .text(let b)):
            if Array(a.utf8) == Array(b.utf8) { return 0 }
            return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
        default:
            guard let (a, scaleA) = exact(left), let (b, scaleB) = exact(right) else { return 0 }
            let scale = max(scaleA, scaleB)
            return of(a * power(scale - scaleA), b * power(scale - scaleB))
        }
    }

    static func exact(_ literal: Literal) -> (Int128, Int)? {
        switch literal {
        case .int64(let value): (Int128(value), 0)
        case .decimal(let units, let scale): (units, scale)
        case .null, .bool, .double, .date, .timestamp, .text: nil
        }
    }

    static func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(1) { product, _ in product * 10 } }

    /// Halves away from zero.
    static func rounded(_ units: Int128, _ divisor: Int128) -> Int128 {
        let sign: Int128 = (units < 0) != (divisor < 0) ? -1 : 1
        let rest = abs(units) % abs(divisor)
        return sign * (abs(units) / abs(divisor) + (rest >= abs(divisor) - rest ? 1 : 0))
    }

    /// The number in a type, NULL when it does not fit.
    static func fitted(_ units: Int128, _ scale: Int, _ type: LogicalType) -> Literal {
        let (raised, overflow) = units.multipliedReportingOverflow(by: power(max(type.scale - scale, 0)))
        if overflow, type != .double { return .null }
        let moved = type.scale >= scale ? raised : rounded(units, power(scale - type.scale))
        switch type {
        case .int64: return Int64(exactly: moved).map { .int64($0) } ?? .null
        case .decimal(let precision, let scale): return abs(moved) < power(precision) ? .decimal(units: moved, scale: scale) : .null
        case .double: return .double(Double(units) / Double(power(scale)))
        case .bool, .date, .timestamp, .text, .entity, .null: return .null
        }
    }
}
