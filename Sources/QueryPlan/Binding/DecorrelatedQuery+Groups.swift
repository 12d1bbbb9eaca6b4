// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension DecorrelatedQuery {
    static func taken(_ aggregate: Aggregate) throws(BindError) -> DecorrelatedQuery {
        var part = try taken(aggregate.input, false)
        let old = aggregate.aggregation
        var rest = part.known(try part.inlined(old.keys + old.calls.compactMap(\.argument)))[...]
        if let outer = rest.first(where: \.readsOuter) { throw BindError(.correlation, ["GROUP BY, COUNT, SUM …"], at: outer.span) }
        let oldKeys = Array(rest.prefix(old.keys.count))
        rest = rest.dropFirst(old.keys.count)
        let calls = old.calls.map { call in call.mapping { rest.popFirst() ?? $0 } }
        let pairs = try part.pairs("GROUP BY, COUNT, SUM …", at: old.span)
        var keys = oldKeys
        let numbers = keys.number(pairs.map(\.inner))
        let names = keys.enumerated().map { index, key in
            OutputColumn(
                name: index < oldKeys.count ? old.output[index].name : "key \(index + 1)", type: key.type, isNullable: key.isNullable,
                origin: key.origin(in: part.plan.output))
        }
        let aggregation = Aggregation(
            keys: keys, calls: calls, output: names + old.output.dropFirst(oldKeys.count), span: old.span)
        part.plan = .aggregate(Aggregate(input: part.plan, aggregation: aggregation))
        part.replace(pairs, by: numbers)
        let output = aggregation.output
        part.hasOneRow = oldKeys.isEmpty
        part.columns = oldKeys.indices.map { output.expression(at: $0, oldKeys[$0].span) }
            + calls.enumerated().map { index, call in
                let column = output.expression(at: keys.count + index, call.span).nullable
                return part.hasOneRow && call.function.isCount ? .zeroWhenMissing(column) : column
            }
        return part
    }

    static func taken(_ window: Window) throws(BindError) -> DecorrelatedQuery {
        var part = try taken(window.input, false)
        let pairs = try part.pairs("OVER", at: window.calls.first?.span ?? window.input.span)
        var calls: [WindowCall] = []
        for call in window.calls {
            var changed = part.known(try part.inlined(call.expressions))[...]
            if let outer = changed.first(where: \.readsOuter) { throw BindError(.correlation, ["OVER"], at: outer.span) }
            let moved = call.mapping { changed.popFirst() ?? $0 }
            var partitions = moved.partitions
            _ = partitions.number(pairs.map(\.inner))
            calls.append(
                WindowCall(
                    function: moved.function, argument: moved.argument, partitions: partitions, order: moved.order,
                    frame: moved.frame, type: moved.type, span: moved.span))
        }
        let width = part.plan.output.count
        let added = window.output.dropFirst(window.input.output.count)
        part.plan = .window(Window(input: part.plan, calls: calls, output: part.plan.output + added))
        part.columns += added.indices.map { part.plan.output.expression(at: width + $0 - added.startIndex, .nowhere) }
        return part
    }

    /// The first rows for each outer row: by their numbers within the rows that belong to it.
    static func taken(_ sort: Sort) throws(BindError) -> DecorrelatedQuery {
        var part = try taken(sort.input, false)
        guard sort.limit != nil || sort.offset > 0 else { return part }
        if part.hasOneRow, sort.offset == 0, sort.limit ?? 1 > 0 { return part }
        let place = sort.keys.first?.expression.span ?? sort.input.span
        let pairs = try part.pairs("LIMIT", at: place)
        var keys = part.known(try part.inlined(sort.keys.map(\.expression)))[...]
        if let outer = keys.first(where: \.readsOuter) { throw BindError(.correlation, ["ORDER BY … LIMIT"], at: outer.span) }
        let order = sort.keys.map { key in key.mapping { keys.popFirst() ?? $0 } }
        let call = WindowCall(
            function: .rowNumber, argument: nil, partitions: pairs.map(\.inner), order: order, frame: .standard, type: .int64, span: place)
        let number = OutputColumn(name: "row_number", type: .int64, isNullable: false, origin: nil)
        let output = part.plan.output + [number]
        part.plan = .window(Window(input: part.plan, calls: [call], output: output))
        let column = output.expression(at: output.count - 1, place)
        func bound(_ symbol: ComparisonOperator, _ value: Int64) -> BoundExpression {
            .comparing(symbol, column, .constant(.int64(value), .int64, place), place)
        }
        if sort.offset > 0 { part.plan = part.plan.filtered(by: [bound(.greater, sort.offset)]) }
        if let limit = sort.limit {
            let (last, isTooFar) = sort.offset.addingReportingOverflow(limit)
            if !isTooFar { part.plan = part.plan.filtered(by: [bound(.lessOrEqual, last)]) }
        }
        return part
    }

    /// All inputs must be correlated by the same outer values; the inner ones become further columns.
    static func taken(_ union: Union, _ mayRepeat: Bool) throws(BindError) -> DecorrelatedQuery {
        var outer: [BoundExpression]?
        var inputs: [LogicalPlan] = []
        for input in union.inputs {
            let part = try taken(input, mayRepeat)
            let pairs = try part.pairs("UNION ALL", at: union.span)
                .sorted { $0.outer.canonicalText.utf8.lexicographicallyPrecedes($1.outer.canonicalText.utf8) }
            let isSame = outer.map { $0.map(\.canonicalText) == pairs.map(\.outer.canonicalText) } ?? true
            guard isSame, !part.hasOneRow, pairs.count == part.conditions.count, !part.columns.contains(where: \.readsOuter),
                outer.map({ zip($0, pairs).allSatisfy { $0.type == $1.inner.type } }) ?? true
            else { throw BindError(.correlation, ["UNION ALL"], at: union.span) }
            outer = pairs.map(\.outer)
            let expressions = part.columns + pairs.map(\.inner)
            let names = expressions.enumerated().map { index, expression in
                OutputColumn(
                    name: index < union.output.count ? union.output[index].name : "key", type: expression.type,
                    isNullable: expression.isNullable, origin: expression.origin(in: part.plan.output))
            }
            inputs.append(.project(Project(input: part.plan, expressions: expressions, output: names)))
        }
        let keys = outer ?? []
        let further = keys.map { OutputColumn(name: "key", type: $0.type, isNullable: true, origin: nil) }
        let output = union.output + further
        var result = DecorrelatedQuery(whole: .union(Union(inputs: inputs, output: output, span: union.span)))
        result.columns = union.output.indices.map { output.expression(at: $0, union.span) }
        result.conditions = keys.enumerated().map { index, key in
            .comparing(.equal, output.expression(at: union.output.count + index, key.span), key, key.span)
        }
        return result
    }
}

extension [BoundExpression] {
    /// Adds what is not yet there and gives the place of each.
    fileprivate mutating func number(_ further: [BoundExpression]) -> [Int] {
        var texts = map(\.canonicalText)
        return further.map { expression in
            if let known = texts.firstIndex(of: expression.canonicalText) { return known }
            texts.append(expression.canonicalText)
            append(expression)
            return count - 1
        }
    }
}

extension BoundExpression {
    /// A count of rows where there may be none.
    fileprivate static func zeroWhenMissing(_ count: BoundExpression) -> BoundExpression {
        BoundExpression(
            kind: .function(.coalesce, [count, .constant(.int64(0), .int64, count.span)]), type: .int64, isNullable: false,
            span: count.span)
    }
}

extension AggregateFunction {
    /// Whether it is 0, not NULL, over no rows.
    fileprivate var isCount: Bool {
        switch self {
        case .countRows, .count, .countDistinct: true
        case .sum, .sumDistinct, .average, .averageDistinct, .minimum, .maximum, .deviationSample, .deviationPopulation,
            .varianceSample, .variancePopulation, .percentile, .boolAnd, .boolOr:
            false
        }
    }
}
