// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension ExpressionBinder {
    /// An aggregate call becomes a column of the released cells.
    func aggregate(_ call: SQLFunctionCall, at span: SourceSpan) throws(BindError) -> BoundExpression {
        let collector: AggregateCollector
        switch aggregates {
        case .refused(let clause): throw BindError(.aggregateNotAllowed, [clause], at: span)
        case .inside: throw BindError(.nestedAggregate, at: span)
        case .collected(let found): collector = found
        }
        let inner = ExpressionBinder(binder: binder, scope: scope, aggregates: .inside)
        let filter = try inner.filter(call.filter)
        switch call.arguments {
        case .star:
            guard call.name.text == "count", !call.isDistinct else { throw wrong(call, at: span) }
            return collector.column(of: inner.counting(filter, at: span))
        case .list(let arguments):
            guard arguments.count == 1 else { throw wrong(call, at: span) }
            let argument = try inner.expression(arguments[0])
            return collector.column(of: try inner.aggregated(call, argument, filter, at: span))
        }
    }

    private func wrong(_ call: SQLFunctionCall, at span: SourceSpan) -> BindError {
        let name = call.name.text
        let usage = name == "count" ? "COUNT(*), COUNT(x), COUNT(DISTINCT x)" : name.uppercased() + "(x)"
        return BindError(.wrongArguments, [name, usage], at: span)
    }

    private func filter(_ filter: SQLExpression?) throws(BindError) -> BoundExpression? {
        guard let filter else { return nil }
        return try condition(filter, clause: "FILTER")
    }

    /// COUNT(*), or with a filter the count of a constant where it holds.
    private func counting(_ filter: BoundExpression?, at span: SourceSpan) -> AggregateCall {
        guard let filter else {
            return AggregateCall(function: .countRows, argument: nil, type: .int64, span: span)
        }
        let one = BoundExpression.constant(.int64(1), .int64, span)
        return AggregateCall(function: .count, argument: guarded(one, filter), type: .int64, span: span)
    }

    private func aggregated(
        _ call: SQLFunctionCall, _ argument: BoundExpression, _ filter: BoundExpression?, at span: SourceSpan
    ) throws(BindError) -> AggregateCall {
        switch call.name.text {
        case "count":
            let value = argument.type == .null ? Coercion.converted(argument, to: .text) : argument
            // Counting a constant that is never NULL is counting rows.
            if !call.isDistinct, case .literal = value.kind, !value.isNullable { return counting(filter, at: span) }
            return AggregateCall(
                function: call.isDistinct ? .countDistinct : .count, argument: guarded(value, filter), type: .int64,
                span: span)
        case "min", "max":
            // DISTINCT changes nothing here.
            let value = try ordered(argument, call.name.text)
            return AggregateCall(
                function: call.name.text == "min" ? .minimum : .maximum, argument: guarded(value, filter),
                type: value.type, span: span)
        case "sum", "avg":
            if call.isDistinct {
                throw BindError(.unsupported, [call.name.text.uppercased() + "(DISTINCT …)"], at: span)
            }
            let isSum = call.name.text == "sum"
            let value = try number(argument, for: call.name.text)
            guard let type = isSum ? NumericTypes.sum(of: value.type) : NumericTypes.average(of: value.type) else {
                throw wrong(call, at: span)
            }
            return AggregateCall(
                function: isSum ? .sum : .average, argument: guarded(value, filter), type: type, span: span)
        default:
            throw wrong(call, at: span)
        }
    }

    /// A value that has an order. Entity numbers have none; as text the policy check refuses them with a reason.
    private func ordered(_ value: BoundExpression, _ name: String) throws(BindError) -> BoundExpression {
        switch value.type {
        case .int64, .decimal, .double, .date, .timestamp, .text: return value
        case .entity, .null: return Coercion.converted(value, to: .text)
        case .bool:
            throw BindError(
                .typeMismatch, [name, "int64, decimal, double, date, timestamp, text", "bool"], at: value.span)
        }
    }

    /// FILTER as CASE: where the condition does not hold, the value is NULL and aggregates leave it out.
    private func guarded(_ value: BoundExpression, _ filter: BoundExpression?) -> BoundExpression {
        guard let filter else { return value }
        let branch = BoundExpression.Branch(condition: filter, result: value)
        return BoundExpression(
            kind: .caseWhen([branch], otherwise: nil), type: value.type, isNullable: true,
            span: value.span)
    }
}
