// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Resolves the names and types of one expression over a scope.
struct ExpressionBinder {
    /// What an aggregate call means here.
    enum Aggregates {
        case refused(clause: String)
        case inside
        case collected(AggregateCollector)
    }

    let binder: QueryBinder
    let scope: Scope
    let aggregates: Aggregates
    /// The queries that subqueries in the expression may name or refer to.
    var surroundings = Surroundings()
    /// Takes the columns of subqueries and window functions; nil where neither can stand.
    var added: AddedColumns?
    /// Nil where window functions may stand, else the clause where they may not.
    var clauseWithoutWindows: String? = "SELECT"

    /// The columns that bound expressions refer to.
    var currentOutput: [OutputColumn] {
        if case .collected(let collector) = aggregates { return collector.output }
        return scope.outputs
    }

    /// The binder for what stands inside an aggregate.
    var inside: ExpressionBinder {
        var added = added
        if case .collected(let collector) = aggregates { added = collector.added }
        return ExpressionBinder(
            binder: binder, scope: scope, aggregates: .inside, surroundings: surroundings, added: added,
            clauseWithoutWindows: "COUNT / SUM …")
    }

    /// A condition: boolean, or a bare NULL.
    func condition(_ expression: SQLExpression, clause: String) throws(BindError) -> BoundExpression {
        try boolean(try self.expression(expression), for: clause)
    }

    /// Any expression.
    func expression(_ expression: SQLExpression) throws(BindError) -> BoundExpression {
        if let key = groupKey(expression) { return key }
        try binder.count(1, at: expression.span)
        let span = expression.span
        switch expression.kind {
        case .literal(let literal): return try self.literal(literal, at: span)
        case .parameter(let name):
            let declaration = try binder.parameter(name, at: span)
            return BoundExpression(kind: .parameter(name), type: declaration.type, isNullable: false, span: span)
        case .column(let qualifier, let name):
            return try column(qualifier: qualifier, name: name, at: span)
        case .unary(.minus, let operand): return try negated(try self.expression(operand), at: span)
        case .unary(.not, let operand):
            return BoundExpression.not(try boolean(try self.expression(operand), for: "NOT"), span)
        case .binary(let symbol, let left, let right): return try binary(symbol, left, right, at: span)
        case .isNull(let operand, let isNegated):
            let kind = BoundExpression.Kind.isNull(try self.expression(operand), isNegated: isNegated)
            return BoundExpression(kind: kind, type: .bool, isNullable: false, span: span)
        case .between(let operand, let low, let high, let isNegated):
            return try between(operand, low, high, isNegated, at: span)
        case .inList(let operand, let items, let isNegated): return try inList(operand, items, isNegated, at: span)
        case .like(let operand, let pattern, let escape, let isCaseInsensitive, let isNegated):
            var mark: BoundExpression?
            if let escape { mark = try self.expression(escape) }
            return try like(
                try self.expression(operand), pattern: try self.expression(pattern), escape: mark,
                isCaseInsensitive: isCaseInsensitive, isNegated: isNegated, at: span)
        case .isDistinct(let left, let right, let isNegated):
            return try isDistinct(try self.expression(left), try self.expression(right), isNegated: isNegated, at: span)
        case .isTruth(let operand, let truth, let isNegated):
            return try isTruth(try self.expression(operand), truth, isNegated, at: span)
        case .subquery(let query): return try scalar(query, at: span)
        case .exists(let query): return try exists(query, at: span)
        case .inQuery(let operand, let query, let isNegated): return try inQuery(operand, query, isNegated, at: span)
        case .conditional(let operand, let branches, let otherwise):
            return try conditional(operand, branches, otherwise, at: span)
        case .cast(let operand, let type): return try cast(operand, to: type, at: span)
        case .extract(let field, let operand):
            return try extract(field, try self.expression(operand), at: span)
        case .call(let call):
            if call.window != nil { return try window(call, at: span) }
            if call.name.text == "grouping" { return try grouping(call, at: span) }
            return try self.call(call, at: span)
        }
    }

    /// A column of a star.
    func column(at position: Int, _ span: SourceSpan) throws(BindError) -> BoundExpression {
        let column = scope.column(at: position, span)
        guard case .collected(let collector) = aggregates else { return column }
        guard let key = collector.column(ofKey: column) else {
            throw BindError(.notGrouped, [scope.outputs[position].name], at: span)
        }
        return key
    }

    /// Above an aggregation, whatever equals a key is that key.
    private func groupKey(_ expression: SQLExpression) -> BoundExpression? {
        guard case .collected(let collector) = aggregates, !collector.keys.isEmpty else { return nil }
        if expression.hasQuery { return collector.column(ofWritten: expression) }
        switch expression.kind {
        case .literal, .parameter: return nil
        case .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .conditional,
            .cast, .extract, .call, .subquery, .exists:
            break
        }
        guard expression.height <= collector.keyHeightMaximum, AggregateSearch.first(in: expression) == nil else {
            return nil
        }
        let plain = ExpressionBinder(
            binder: binder, scope: scope, aggregates: .refused(clause: "SELECT"), surroundings: surroundings)
        let bound = binder.attempt { () throws(BindError) in try plain.expression(expression) }
        return bound.flatMap(collector.column(ofKey:))
    }

    func boolean(_ expression: BoundExpression, for clause: String) throws(BindError) -> BoundExpression {
        switch expression.type {
        case .bool: return expression
        case .null: return Coercion.converted(expression, to: .bool)
        case .int64, .decimal, .double, .date, .timestamp, .text, .entity:
            throw BindError(.typeMismatch, [clause, "bool", expression.type.name], at: expression.span)
        }
    }

    private func literal(_ literal: SQLLiteral, at span: SourceSpan) throws(BindError) -> BoundExpression {
        let value: Literal
        switch literal {
        case .null: value = .null
        case .boolean(let flag): value = .bool(flag)
        case .string(let text): value = .text(text)
        case .interval: throw BindError(.unsupported, ["INTERVAL"], at: span)
        case .date(let text):
            guard let date = Coercion.parse(text, as: .date) else {
                throw BindError(.invalidLiteral, ["date"], at: span)
            }
            value = date
        case .timestamp(let text):
            guard let moment = Coercion.parse(text, as: .timestamp) else {
                throw BindError(.invalidLiteral, ["timestamp"], at: span)
            }
            value = moment
        case .integer(let digits):
            if let whole = Int64(digits) {
                value = .int64(whole)
            } else {
                value = try NumberText.decimal(digits, at: span)
            }
        case .decimal(let digits): value = try NumberText.decimal(digits, at: span)
        }
        return BoundExpression(kind: .literal(value), type: value.type, isNullable: value == .null, span: span)
    }
}

extension SQLExpression {
    /// Whether a query stands in the expression.
    var hasQuery: Bool { kind.query != nil || kind.children.contains(where: \.hasQuery) }
}

/// Decimal constants as SQL spells them.
enum NumberText {
    /// Digits with an optional point and an optional exponent, exact; more than 38 digits are refused.
    static func decimal(_ text: String, at span: SourceSpan) throws(BindError) -> Literal {
        let parts = text.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let exponent = parts.count == 2 ? Int(parts[1].hasPrefix("+") ? parts[1].dropFirst() : parts[1]) : 0
        let halves = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = halves.count == 2 ? String(halves[1]) : ""
        var digits = String((String(halves[0]) + fraction).drop { $0 == "0" })
        guard let exponent, abs(exponent) <= 1_000 else { throw BindError(.numberOutOfRange, at: span) }
        var scale = fraction.utf8.count - exponent
        if scale < 0 {
            digits = digits.isEmpty ? "" : digits + String(repeating: "0", count: -scale)
            scale = 0
        }
        guard digits.utf8.count <= 38, scale <= 38, let units = Int128(digits.isEmpty ? "0" : digits) else {
            throw BindError(.numberOutOfRange, at: span)
        }
        return .decimal(units: units, scale: scale)
    }
}
