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
        return collector.column(of: try aggregateCall(call, at: span))
    }

    /// The call over this scope's rows.
    func aggregateCall(_ call: SQLFunctionCall, at span: SourceSpan) throws(BindError) -> AggregateCall {
        let inner = inside
        let filter = try inner.filter(call.filter)
        switch call.arguments {
        case .star:
            guard call.name.text == "count", !call.isDistinct, call.withinGroup.isEmpty else { throw wrong(call, at: span) }
            return inner.counting(filter, at: span)
        case .list(let arguments):
            guard arguments.count == 1 else { throw wrong(call, at: span) }
            if call.name.text == "percentile_cont" { return try inner.percentile(call, arguments[0], filter, at: span) }
            guard call.withinGroup.isEmpty else { throw wrong(call, at: span) }
            return try inner.aggregated(call, try inner.expression(arguments[0]), filter, at: span)
        }
    }

    private func wrong(_ call: SQLFunctionCall, at span: SourceSpan) -> BindError {
        let name = call.name.text
        let usage =
            switch name {
            case "count": "COUNT(*), COUNT(x), COUNT(DISTINCT x)"
            case "percentile_cont": "percentile_cont(0.5) WITHIN GROUP (ORDER BY x)"
            default: name.uppercased() + "(x)"
            }
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
        let name = call.name.text
        func made(_ function: AggregateFunction, _ value: BoundExpression, _ type: LogicalType) -> AggregateCall {
            AggregateCall(function: function, argument: guarded(value, filter), type: type, span: span)
        }
        switch name {
        case "count":
            let value = argument.type == .null ? Coercion.converted(argument, to: .text) : argument
            // Counting a constant that is never NULL is counting rows.
            if !call.isDistinct, case .literal = value.kind, !value.isNullable { return counting(filter, at: span) }
            return made(call.isDistinct ? .countDistinct : .count, value, .int64)
        case "min", "max":
            // DISTINCT changes nothing here.
            let value = try ordered(argument, name)
            return made(name == "min" ? .minimum : .maximum, value, value.type)
        case "sum":
            let value = try number(argument, for: name)
            guard let type = NumericTypes.sum(of: value.type) else { throw wrong(call, at: span) }
            return made(call.isDistinct ? .sumDistinct : .sum, value, type)
        case "avg":
            let value = try number(argument, for: name)
            guard let type = NumericTypes.average(of: value.type) else { throw wrong(call, at: span) }
            return made(call.isDistinct ? .averageDistinct : .average, value, type)
        default:
            guard let function = AggregateFunction.spread[name] else { return try truth(call, argument, filter, at: span) }
            if call.isDistinct { throw BindError(.unsupported, [name.uppercased() + "(DISTINCT …)"], at: span) }
            return made(function, try number(argument, for: name), .double)
        }
    }

    /// BOOL_AND and BOOL_OR; DISTINCT changes nothing.
    private func truth(
        _ call: SQLFunctionCall, _ argument: BoundExpression, _ filter: BoundExpression?, at span: SourceSpan
    ) throws(BindError) -> AggregateCall {
        let function: AggregateFunction
        switch call.name.text {
        case "bool_and", "every": function = .boolAnd
        case "bool_or": function = .boolOr
        default: throw wrong(call, at: span)
        }
        let value = try boolean(argument, for: call.name.text)
        return AggregateCall(function: function, argument: guarded(value, filter), type: .bool, span: span)
    }

    private func percentile(
        _ call: SQLFunctionCall, _ fraction: SQLExpression, _ filter: BoundExpression?, at span: SourceSpan
    ) throws(BindError) -> AggregateCall {
        guard call.withinGroup.count == 1, !call.isDistinct, case .literal(let literal) = try expression(fraction).folded.kind,
            case .double(let place)? = Coercion.literal(literal, to: .double), (0...1).contains(place)
        else { throw wrong(call, at: span) }
        let key = call.withinGroup[0]
        let value = Coercion.converted(try number(try expression(key.expression), for: call.name.text), to: .double)
        return AggregateCall(
            function: .percentile, argument: guarded(value, filter), percentile: Percentile(fraction: place, isDescending: key.isDescending),
            type: .double, span: span)
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

extension AggregateFunction {
    /// Names of the measures of spread.
    static let spread: [String: AggregateFunction] = [
        "stddev": .deviationSample, "stddev_samp": .deviationSample, "stddev_pop": .deviationPopulation, "variance": .varianceSample,
        "var_samp": .varianceSample, "var_pop": .variancePopulation,
    ]
}
