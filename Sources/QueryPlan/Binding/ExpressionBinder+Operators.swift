// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    func binary(
        _ symbol: SQLBinaryOperator, _ left: SQLExpression, _ right: SQLExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        if let shifted = try shifted(symbol, left, right, at: span) { return shifted }
        if symbol == .and || symbol == .or { return try connected(symbol, left, right, at: span) }
        let first = try expression(left)
        let second = try expression(right)
        switch symbol {
        case .and, .or: return try connected(symbol, left, right, at: span)
        case .concatenate: return try concatenated(first, second, at: span)
        case .equal: return try comparison(.equal, first, second, at: span)
        case .notEqual: return try comparison(.notEqual, first, second, at: span)
        case .less: return try comparison(.less, first, second, at: span)
        case .lessOrEqual: return try comparison(.lessOrEqual, first, second, at: span)
        case .greater: return try comparison(.greater, first, second, at: span)
        case .greaterOrEqual: return try comparison(.greaterOrEqual, first, second, at: span)
        case .add: return try folded(.add, first, second, at: span)
        case .subtract: return try folded(.subtract, first, second, at: span)
        case .multiply: return try folded(.multiply, first, second, at: span)
        case .divide: return try folded(.divide, first, second, at: span)
        case .modulo: return try folded(.modulo, first, second, at: span)
        }
    }

    /// AND or OR of all that it connects, written one after the other: each operand is taken up once.
    private func connected(
        _ symbol: SQLBinaryOperator, _ left: SQLExpression, _ right: SQLExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        var written = [right]
        var rest = left
        while case .binary(symbol, let inner, let last) = rest.kind {
            written.append(last)
            rest = inner
        }
        written.append(rest)
        var operands: [BoundExpression] = []
        for operand in written.reversed() {
            let condition = try expression(operand)
            switch operands.count {
            // Both of the first two have a meaning before either is asked for its type.
            case 0: operands.append(condition)
            case 1: operands = [try boolean(operands[0], for: symbol == .and ? "AND" : "OR"), try boolean(condition, for: symbol == .and ? "AND" : "OR")]
            default: operands.append(try boolean(condition, for: symbol == .and ? "AND" : "OR"))
            }
        }
        return symbol == .and ? .and(operands, span) : .or(operands, span)
    }

    /// A comparison after both sides have one type. Entity numbers are only equal or not.
    func comparison(
        _ symbol: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        var (first, second) = try unifiedPair(left, right, for: symbol.rawValue, at: span)
        let isOrdering = symbol != .equal && symbol != .notEqual
        if isOrdering, case .entity = first.type {
            first = Coercion.converted(first, to: .text)
            second = Coercion.converted(second, to: .text)
        }
        // FALSE comes before TRUE.
        if isOrdering, first.type == .bool {
            first = Coercion.converted(first, to: .int64)
            second = Coercion.converted(second, to: .int64)
        }
        return .comparing(symbol, first, second, span)
    }

    /// Arithmetic of two constants is a constant at once, so that it takes on types as a written one does.
    private func folded(
        _ symbol: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let result = try arithmetic(symbol, left, right, at: span)
        guard case .literal = left.kind, case .literal = right.kind else { return result }
        return result.folded
    }

    private func arithmetic(
        _ symbol: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        if [left, right].contains(where: { $0.type == .date || $0.type == .timestamp }) {
            return try dateArithmetic(symbol, left, right, at: span)
        }
        let first = try operand(left, beside: right, symbol)
        let second = try operand(right, beside: left, symbol)
        if first.type == .double || second.type == .double, symbol == .modulo {
            throw BindError(.typeMismatch, [symbol.rawValue, "int64, decimal", "double"], at: span)
        }
        return .number(symbol, first, second, span)
    }

    /// An operand of arithmetic as a number.
    private func operand(
        _ side: BoundExpression, beside other: BoundExpression, _ symbol: ArithmeticOperator
    ) throws(BindError) -> BoundExpression {
        let target = other.type.isNumeric ? other.type : .int64
        if side.type == .null { return Coercion.converted(side, to: target) }
        let read = side.isStringLiteral ? try number(side, beside: other) : side
        if read.isStringLiteral {
            let result = Coercion.converted(read, to: target)
            guard case .literal = result.kind else { throw BindError(.invalidLiteral, [target.name], at: side.span) }
            return result
        }
        guard read.type.isNumeric else {
            throw BindError(.typeMismatch, [symbol.rawValue, "int64, decimal, double", side.type.name], at: side.span)
        }
        return read
    }

    func negated(_ operand: BoundExpression, at span: SourceSpan) throws(BindError) -> BoundExpression {
        switch operand.kind {
        case .literal(.int64(let value)): return .constant(.int64(-value), .int64, span)
        case .literal(.decimal(let units, let scale)):
            return .constant(.decimal(units: -units, scale: scale), operand.type, span)
        case .literal(.null): return .constant(.null, .int64, span)
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList,
            .caseWhen, .cast, .function:
            break
        }
        guard operand.type.isNumeric else {
            throw BindError(.typeMismatch, ["-", "int64, decimal, double", operand.type.name], at: operand.span)
        }
        let canFail = operand.type == .int64
        return BoundExpression(
            kind: .negate(operand), type: operand.type, isNullable: canFail || operand.isNullable, span: span)
    }

    /// BETWEEN as two comparisons.
    func between(
        _ operand: SQLExpression, _ low: SQLExpression, _ high: SQLExpression, _ isNegated: Bool, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let value = try expression(operand)
        try binder.count(value.extent.nodes, at: span)
        let lower = try comparison(.greaterOrEqual, value, try expression(low), at: span)
        let upper = try comparison(.lessOrEqual, value, try expression(high), at: span)
        let both = BoundExpression.and(lower, upper, span)
        return isNegated ? .not(both, span) : both
    }

    /// IN: constants become a list without NULL; a NULL and every other item become alternatives beside it.
    func inList(
        _ operand: SQLExpression, _ items: [SQLExpression], _ isNegated: Bool, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        var all = [try expression(operand)]
        for item in items { all.append(try expression(item)) }
        if let decimal = all.first(where: { if case .decimal = $0.type { true } else { false } }) {
            for index in all.indices { all[index] = try number(all[index], beside: decimal) }
        }
        let values = try unified(all, for: "IN", at: span)
        let (value, rest) = (values[0], values.dropFirst())
        let constants = rest.filter(\.isListItem)
        let others = rest.filter { !$0.isListItem }
        try binder.count(value.extent.nodes * (others.count + 1), at: span)
        var alternatives: [BoundExpression] = []
        if constants.count == 1 {
            alternatives.append(.comparing(.equal, value, constants[0], span))
        } else if !constants.isEmpty {
            alternatives.append(
                BoundExpression(kind: .inList(value, constants), type: .bool, isNullable: value.isNullable, span: span))
        }
        for other in others { alternatives.append(.comparing(.equal, value, other, span)) }
        let either =
            alternatives.count == 1
            ? alternatives[0]
            : BoundExpression(
                kind: .or(alternatives), type: .bool, isNullable: alternatives.contains(where: \.isNullable),
                span: span)
        return isNegated ? .not(either, span) : either
    }

    /// CASE in its searched form; the simple form compares its operand in each branch.
    func conditional(
        _ operand: SQLExpression?, _ branches: [SQLCaseBranch], _ otherwise: SQLExpression?, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let value = try operand.boundBy(self)
        let valueNodes = value?.extent.nodes ?? 0
        var conditions: [BoundExpression] = []
        var results: [BoundExpression] = []
        for branch in branches {
            let condition = try expression(branch.condition)
            if let value {
                try binder.count(valueNodes, at: branch.condition.span)
                conditions.append(try comparison(.equal, value, condition, at: branch.condition.span))
            } else {
                conditions.append(try boolean(condition, for: "CASE WHEN"))
            }
            results.append(try expression(branch.result))
        }
        if let otherwise { results.append(try expression(otherwise)) }
        results = try unified(results, for: "CASE", at: span)
        let last = otherwise == nil ? nil : results.last
        let bound = zip(conditions, results).map { BoundExpression.Branch(condition: $0, result: $1) }
        return BoundExpression(
            kind: .caseWhen(bound, otherwise: last), type: results[0].type,
            isNullable: last == nil || results.contains(where: \.isNullable), span: span)
    }

    func cast(
        _ operand: SQLExpression, to name: SQLTypeName, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let value = try expression(operand)
        guard let type = TypeNames.type(name, of: value.type) else {
            throw BindError(.unknownType, [name.name], at: name.span)
        }
        guard Coercion.cast(from: value.type, to: type).isPossible else {
            throw BindError(.impossibleCast, [value.type.name, type.name], at: span)
        }
        let result = Coercion.converted(value, to: type)
        return BoundExpression(kind: result.kind, type: result.type, isNullable: result.isNullable, span: span)
    }
}

extension BoundExpression {
    /// Whether it may stand in the list of IN: a constant, or a parameter that becomes one.
    fileprivate var isListItem: Bool {
        switch kind {
        case .literal, .parameter: return !isNullable
        case .cast(let operand):
            if case .parameter = operand.kind { return !isNullable }
            return false
        case .column, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function:
            return false
        }
    }
}

extension SQLExpression? {
    /// The bound expression, when there is one.
    fileprivate func boundBy(_ binder: ExpressionBinder) throws(BindError) -> BoundExpression? {
        guard let self else { return nil }
        return try binder.expression(self)
    }
}
