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

    init(whole plan: LogicalPlan) {
        self.plan = plan
        columns = plan.columnExpressions
    }

    /// Expressions over the columns as expressions over the plan.
    func inlined(_ expressions: [BoundExpression]) throws(BindError) -> [BoundExpression] {
        guard Core.fits(expressions, columns) else {
            throw BindError(.tooLarge, [String(Limits.inlinedNodes)], at: expressions.first?.span ?? plan.span)
        }
        return expressions.map { $0.inlining(columns) }
    }

    static func taken(_ plan: LogicalPlan, _ mayRepeat: Bool) throws(BindError) -> DecorrelatedQuery {
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
        let simpler = known(conditions)
        conditions = simpler.filter(\.readsOuter)
        plan = plan.filtered(by: (predicates + simpler).filter { !$0.readsOuter })
    }
}

extension DecorrelatedQuery {
    /// How deep the innermost of the queries stands that this one depends on; nil when it depends on none.
    var outerDepth: Int? { (columns + conditions + guards).compactMap(\.outerDepth).max() }

    typealias Pair = (outer: BoundExpression, inner: BoundExpression, condition: Int)

    /// Expressions with the columns of this query in place of outer ones that a condition makes equal to them; only rows for which the
    /// condition holds remain. The condition itself stays.
    func known(_ expressions: [BoundExpression]) -> [BoundExpression] {
        var equal: [Int: (inner: BoundExpression, condition: String)] = [:]
        for condition in conditions {
            // Doubles can be equal and yet not the same.
            guard let pair = condition.correlationPair, pair.outer.type != .double, case .column(let position) = pair.outer.kind,
                equal[position] == nil
            else { continue }
            equal[position] = (pair.inner, condition.canonicalText)
        }
        guard !equal.isEmpty else { return expressions }
        return expressions.map { expression in
            let text = expression.canonicalText
            return expression.mappingColumns { position, column in
                guard let known = equal[position], known.condition != text else { return column }
                return known.inner
            }
        }
    }

    /// The conditions as equalities of an outer and an inner side; those on outer columns alone are left out.
    func pairs(_ construct: String, at span: SourceSpan) throws(BindError) -> [Pair] {
        guard !hasOneRow else { throw BindError(.correlation, [construct], at: span) }
        var pairs: [Pair] = []
        for (index, condition) in conditions.enumerated() where !condition.columns.isEmpty {
            guard let pair = condition.correlationPair else { throw BindError(.correlation, [construct], at: condition.span) }
            pairs.append((pair.outer, pair.inner, index))
        }
        return pairs
    }

    /// The conditions over an aggregation, which has the inner sides as keys.
    mutating func replace(_ pairs: [Pair], by keys: [Int]) {
        let output = plan.output
        for (pair, key) in zip(pairs, keys) {
            conditions[pair.condition] = .comparing(
                .equal, output.expression(at: key, pair.inner.span), pair.outer, conditions[pair.condition].span)
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
}
