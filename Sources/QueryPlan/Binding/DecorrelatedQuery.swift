// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// A subquery taken apart: rows that depend on no outer row, and which of them belong to an outer row.
///
/// Conditions on outer rows are pulled up through the subquery. Through an aggregation, a window or a LIMIT only equalities can
/// be: their inner side becomes a further key, so that every outer row finds its own group. An outer row without a group then
/// stands for an aggregation over no rows: `hasOneRow` says that such a row is meant, whose counts are 0.
struct DecorrelatedQuery {
    /// Without outer columns.
    var plan: LogicalPlan
    /// The subquery's columns, over those of `plan` and outer ones.
    var columns: [BoundExpression]
    /// Which rows of `plan` belong to an outer row; over the columns of `plan` and outer ones.
    var conditions: [BoundExpression] = []
    /// Whether there is one row for each outer row, also when `plan` has none for it; `columns` then read as over NULLs.
    var hasOneRow = false
    /// With `hasOneRow`: conditions on that row.
    var guards: [BoundExpression] = []

    /// - Parameters:
    ///   - mayRepeat: Whether it does not matter how often a row comes.
    ///   - needsColumns: Whether anything but the rows' being there matters.
    /// - Throws: `plan.correlation` with the place of what cannot be taken apart.
    init(_ plan: LogicalPlan, mayRepeat: Bool, needsColumns: Bool) throws(BindError) {
        guard plan.readsOuter else {
            self.init(whole: plan)
            return
        }
        var core = PlanNormaliser.core(of: plan)
        if !needsColumns { core.columns = [] }
        var needed: Set<Int> = []
        for column in core.columns { column.collectColumns(into: &needed) }
        let (pruned, positions) = core.plan.pruned(to: needed)
        self = try Self.taken(pruned, mayRepeat)
        columns = try inlined(core.columns.map { $0.moving(positions) })
    }

    private init(whole plan: LogicalPlan) {
        self.plan = plan
        columns = plan.columnExpressions
    }

    /// Expressions over the columns as expressions over the plan.
    private func inlined(_ expressions: [BoundExpression]) throws(BindError) -> [BoundExpression] {
        guard Core.fits(expressions, columns) else {
            throw BindError(.tooLarge, [String(Limits.inlinedNodes)], at: expressions.first?.span ?? plan.span)
        }
        return expressions.map { $0.inlining(columns) }
    }

    private static func taken(_ plan: LogicalPlan, _ mayRepeat: Bool) throws(BindError) -> DecorrelatedQuery {
        guard plan.readsOuter else { return DecorrelatedQuery(whole: plan) }
        switch plan {
        case .scan: return DecorrelatedQuery(whole: plan)
        case .filter(let filter):
            var part = try taken(filter.input, mayRepeat)
            part.filter(by: try part.inlined(filter.predicate.conjuncts))
            return part
        case .project(let project):
            var part = try taken(project.input, mayRepeat)
            part.columns = try part.inlined(project.expressions)
            return part
        case .join(let join): return try taken(join, mayRepeat)
        case .aggregate(let aggregate): return try taken(aggregate)
        case .window(let window): return try taken(window)
        case .sort(let sort): return try taken(sort)
        case .union(let union): return try taken(union, mayRepeat)
        }
    }

    private mutating func filter(by predicates: [BoundExpression]) {
        guard !hasOneRow else {
            guards += predicates
            return
        }
        conditions += predicates.filter(\.readsOuter)
        plan = plan.filtered(by: predicates.filter { !$0.readsOuter })
    }

    private static func taken(_ join: Join, _ mayRepeat: Bool) throws(BindError) -> DecorrelatedQuery {
        var left = try taken(join.left, mayRepeat)
        let shift = left.plan.output.count
        let outerIsRight = join.right.readsOuter || ([join.residual].compactMap(\.self) + join.keys.map(\.right)).contains(where: \.readsOuter)
        guard !left.hasOneRow else { throw BindError(.correlation, ["JOIN"], at: join.span) }
        if join.kind == .inner || (join.kind == .semi && mayRepeat && outerIsRight) {
            let right = try taken(join.right, mayRepeat)
            guard !right.hasOneRow else { throw BindError(.correlation, ["JOIN"], at: join.span) }
            let both = left.columns + right.columns.map { $0.shifting(by: shift) }
            let conditions = join.conditions.map { $0.inlining(both) }
            left.plan = .joining(.inner, left.plan, right.plan, on: conditions.filter { !$0.readsOuter }, span: join.span)
            left.conditions += right.conditions.map { $0.shifting(by: shift) } + conditions.filter(\.readsOuter)
            if join.kind == .inner { left.columns = both }
            return left
        }
        guard join.kind != .full, !join.right.readsOuter else { throw BindError(.correlation, [join.kind.sqlName], at: join.span) }
        let right = join.right.columnExpressions
        let conditions = join.conditions.map { $0.inlining(left.columns + right.map { $0.shifting(by: shift) }) }
        if let outer = conditions.first(where: \.readsOuter) { throw BindError(.correlation, [join.kind.sqlName], at: outer.span) }
        left.plan = .joining(
            join.kind, left.plan, join.right, isNullAware: join.isNullAware, on: conditions, span: join.span)
        let added = left.plan.output.indices.dropFirst(shift).map { left.plan.output.expression(at: $0, join.span) }
        left.columns += added
        return left
    }

    private static func taken(_ aggregate: Aggregate) throws(BindError) -> DecorrelatedQuery {
        var part = try taken(aggregate.input, false)
        let old = aggregate.aggregation
        var rest = try part.inlined(old.keys + old.calls.compactMap(\.argument))[...]
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

    private static func taken(_ window: Window) throws(BindError) -> DecorrelatedQuery {
        var part = try taken(window.input, false)
        let pairs = try part.pairs("OVER", at: window.calls.first?.span ?? window.input.span)
        var calls: [WindowCall] = []
        for call in window.calls {
            var changed = try part.inlined(call.expressions)[...]
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
    private static func taken(_ sort: Sort) throws(BindError) -> DecorrelatedQuery {
        var part = try taken(sort.input, false)
        guard sort.limit != nil || sort.offset > 0 else { return part }
        if part.hasOneRow, sort.offset == 0, sort.limit ?? 1 > 0 { return part }
        let place = sort.keys.first?.expression.span ?? sort.input.span
        let pairs = try part.pairs("LIMIT", at: place)
        var keys = try part.inlined(sort.keys.map(\.expression))[...]
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
    private static func taken(_ union: Union, _ mayRepeat: Bool) throws(BindError) -> DecorrelatedQuery {
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

extension DecorrelatedQuery {
    typealias Pair = (outer: BoundExpression, inner: BoundExpression, condition: Int)

    /// The conditions as equalities of an outer and an inner side; those on outer columns alone are left out.
    private func pairs(_ construct: String, at span: SourceSpan) throws(BindError) -> [Pair] {
        guard !hasOneRow else { throw BindError(.correlation, [construct], at: span) }
        var pairs: [Pair] = []
        for (index, condition) in conditions.enumerated() where !condition.columns.isEmpty {
            guard let pair = condition.correlationPair else { throw BindError(.correlation, [construct], at: condition.span) }
            pairs.append((pair.outer, pair.inner, index))
        }
        return pairs
    }

    /// The conditions over an aggregation, which has the inner sides as keys.
    private mutating func replace(_ pairs: [Pair], by keys: [Int]) {
        let output = plan.output
        for (pair, key) in zip(pairs, keys) {
            conditions[pair.condition] = .comparing(
                .equal, output.expression(at: key, pair.inner.span), pair.outer, conditions[pair.condition].span)
        }
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
    /// The two sides of an equality between outer columns and columns of the relation.
    var correlationPair: (outer: BoundExpression, inner: BoundExpression)? {
        guard case .comparison(.equal, let left, let right) = kind else { return nil }
        for (outer, inner) in [(left, right), (right, left)]
        where outer.readsOuter && outer.columns.isEmpty && !inner.readsOuter && !inner.columns.isEmpty {
            return (outer, inner)
        }
        return nil
    }

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

extension Join {
    /// Keys and residual as one list over the joined columns.
    var conditions: [BoundExpression] {
        let shift = left.output.count
        return keys.map { .comparing(.equal, $0.left, $0.right.shifting(by: shift), span) } + (residual?.conjuncts ?? [])
    }
}

extension Join.Kind {
    /// What the user wrote that became the join.
    fileprivate var sqlName: String {
        switch self {
        case .inner: "JOIN"
        case .left: "LEFT JOIN"
        case .full: "FULL JOIN"
        case .semi, .anti, .mark: "EXISTS, IN"
        case .single: "(SELECT …)"
        }
    }
}
