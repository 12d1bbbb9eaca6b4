// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Subqueries in expressions become joins with the relation that the expression is evaluated over, and columns of those.
extension ExpressionBinder {
    /// A subquery beside the relation: what it is made of, with outer columns of this query and own columns in positions of one
    /// relation that is yet to be made.
    private struct Part {
        var query: DecorrelatedQuery
        let first: Int
        let added: AddedColumns
        let span: SourceSpan
        /// How deep the query stands whose rows the subquery joins, and whether that is the query around it.
        let depth: Int
        let isHoisted: Bool

        /// The result over the rows of the query around the subquery.
        func result(_ expression: BoundExpression) -> BoundExpression {
            guard isHoisted else { return expression }
            return expression.mappingColumns { position, column in
                guard position >= 0 else { return column }
                return BoundExpression(
                    kind: .column(OuterColumn.encoded(position, depth: depth)), type: column.type, isNullable: column.isNullable,
                    span: column.span)
            }
        }

        func local(_ expression: BoundExpression) -> BoundExpression {
            expression.mappingColumns { position, column in
                var moved = position + first
                if let outer = OuterColumn.decoded(position) {
                    guard outer.depth == depth else { return column }
                    moved = outer.position
                }
                return BoundExpression(
                    kind: .column(moved), type: column.type, isNullable: column.isNullable, span: column.span)
            }
        }

        var conditions: [BoundExpression] { query.conditions.map(local) }
        /// What must hold for the one row to be there.
        var guards: BoundExpression? { BoundExpression.conjunction(query.guards.map(local)) }
    }

    /// EXISTS: whether there is a row.
    func exists(_ query: SelectQuery, at span: SourceSpan) throws(BindError) -> BoundExpression {
        var part = try self.part(query, "EXISTS", columns: nil, at: span)
        if part.query.hasOneRow {
            guard let guards = part.guards else { return .constant(.bool(true), .bool, span) }
            join(&part, .single)
            return part.result(.holding(guards, span))
        }
        if part.query.conditions.isEmpty { part.query.plan = part.query.plan.first(1) }
        return part.result(mark(&part, part.conditions, isNullAware: false))
    }

    /// IN: whether a row equals the operand; unknown where only a NULL hinders that.
    func inQuery(
        _ operand: SQLExpression, _ query: SelectQuery, _ isNegated: Bool, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let value = try expression(operand)
        var part = try self.part(query, "IN", columns: 1, at: span)
        let equality = try comparison(.equal, value, part.local(part.query.columns[0]), at: span)
        // Where all rows have the same value, any of them will do.
        if part.query.conditions.isEmpty, part.query.plan.hasConstantColumn { part.query.plan = part.query.plan.first(1) }
        if part.query.hasOneRow {
            let guards = part.guards
            join(&part, .single)
            let result = guards.map { BoundExpression.choosing(equality, when: $0, otherwise: .constant(.bool(false), .bool, span)) }
            return isNegated ? .not(result ?? equality, span) : result ?? equality
        }
        guard equality.isNullable else {
            let found = mark(&part, [equality] + part.conditions, isNullAware: false)
            return isNegated ? .not(found, span) : found
        }
        // Only the equality may be unknown: where a correlation is, the row does not belong to the subquery.
        var known: [BoundExpression] = []
        var mustBeThere: [BoundExpression] = []
        for condition in part.query.conditions {
            if !condition.isNullable {
                known.append(part.local(condition))
            } else if let pair = condition.correlationPair {
                if pair.inner.isNullable { part.query.plan = .filter(
                    Filter(input: part.query.plan, predicate: .isThere(pair.inner), source: .query)) }
                if pair.outer.isNullable { mustBeThere.append(.isThere(part.local(pair.outer))) }
                known.append(part.local(condition))
            } else {
                known.append(.holding(part.local(condition), condition.span))
            }
        }
        let found = mark(&part, [equality] + known, isNullAware: true)
        let result = BoundExpression.conjunction([found] + mustBeThere) ?? found
        return isNegated ? .not(result, span) : result
    }

    /// A query as a value: that of its one row, NULL when it has none or several.
    func scalar(_ query: SelectQuery, at span: SourceSpan) throws(BindError) -> BoundExpression {
        var part = try self.part(query, "(SELECT …)", columns: 1, at: span)
        let value = part.query.columns[0]
        if part.query.hasOneRow {
            let result = part.local(value)
            let guards = part.guards
            join(&part, .single)
            return part.result(guards.map { .choosing(result, when: $0, otherwise: nil) } ?? result)
        }
        // Computed before the join fills rows without partner with NULL.
        let plan = part.query.plan
        let width = plan.output.count
        let isOuter = value.readsOuter
        let computed = isOuter ? BoundExpression.constant(.bool(true), .bool, span) : value
        let column = OutputColumn(
            name: "value", type: computed.type, isNullable: computed.isNullable, origin: computed.origin(in: plan.output))
        part.query.plan = .project(
            Project(input: plan, expressions: plan.columnExpressions + [computed], output: plan.output + [column]))
        if part.query.conditions.isEmpty, (part.query.plan.rowMaximum ?? .max) > 1 { part.query.plan = part.query.plan.first(2) }
        _ = part.added.reserve(1)
        let shown = BoundExpression(kind: .column(part.first + width), type: computed.type, isNullable: true, span: span)
        let result = isOuter ? BoundExpression.choosing(part.local(value), when: shown, otherwise: nil) : shown
        join(&part, .single)
        return part.result(result)
    }

    /// Binds and decorrelates a subquery. One that depends only on a query further out joins the rows of that one, where this is known
    /// not to be in the way of decorrelating the query between them.
    private func part(
        _ query: SelectQuery, _ construct: String, columns: Int?, at span: SourceSpan
    ) throws(BindError) -> Part {
        guard let added else { throw BindError(.unsupported, [construct + " (SELECT …)"], at: span) }
        let outer = OuterQuery(self)
        let inner = Surroundings(visible: surroundings.visible, outer: outer, isMembership: construct != "(SELECT …)")
        var plan = try binder.bind(query, inner, isOutermost: false)
        if let columns, plan.output.count != columns {
            throw BindError(.subqueryColumns, [construct, String(plan.output.count)], at: query.span)
        }
        if columns == nil {
            plan = plan.withoutFirst
            if !plan.readsOuter { plan = .project(Project(input: plan, expressions: [], output: [])) }
        }
        try binder.checkWidth(currentOutput.count + added.count + (columns ?? 0), at: span)
        let decorrelated = try DecorrelatedQuery(plan, mayRepeat: construct != "(SELECT …)", needsColumns: columns != nil)
        let width = decorrelated.plan.output.count
        if construct != "IN", surroundings.isMembership, let depth = decorrelated.outerDepth, depth < outer.depth,
            let further = outer.query(at: depth)?.expressions.added
        {
            return Part(
                query: decorrelated, first: further.reserve(width), added: further, span: span, depth: depth, isHoisted: true)
        }
        return Part(
            query: decorrelated, first: added.reserve(width), added: added, span: span, depth: outer.depth, isHoisted: false)
    }

    private func join(_ part: inout Part, _ kind: Join.Kind) {
        part.added.add(
            AddedColumns.Subquery(
                kind: kind, right: part.query.plan, first: part.first, conditions: part.conditions, isNullAware: false,
                mark: part.first, span: part.span))
    }

    private func mark(_ part: inout Part, _ conditions: [BoundExpression], isNullAware: Bool) -> BoundExpression {
        let mark = part.added.reserve(1)
        part.added.add(
            AddedColumns.Subquery(
                kind: .mark, right: part.query.plan, first: part.first, conditions: conditions, isNullAware: isNullAware, mark: mark,
                span: part.span))
        return BoundExpression(kind: .column(mark), type: .bool, isNullable: isNullAware, span: part.span)
    }
}

extension LogicalPlan {
    /// Any so many rows of the relation.
    func first(_ count: Int64) -> LogicalPlan { .sort(Sort(input: self, keys: [], limit: count, offset: 0)) }

    /// Whether its only column is the same constant in every row.
    fileprivate var hasConstantColumn: Bool {
        if case .project(let project) = self { project.expressions.allSatisfy(\.isConstant) } else { false }
    }

    /// The relation without what does not change whether it has a row.
    fileprivate var withoutFirst: LogicalPlan {
        switch self {
        case .sort(let sort) where sort.offset == 0 && sort.limit ?? 1 > 0: sort.input.withoutFirst
        case .project(let project): project.input.withoutFirst
        case .window(let window): window.input.withoutFirst
        case .aggregate(let aggregate) where !aggregate.aggregation.keys.isEmpty: aggregate.input.withoutFirst
        case .scan, .filter, .join, .aggregate, .sort, .union: self
        }
    }
}

extension BoundExpression {
    /// Whether a condition holds, never NULL.
    static func holding(_ condition: BoundExpression, _ span: SourceSpan) -> BoundExpression {
        guard condition.isNullable else { return condition }
        let yes = constant(.bool(true), .bool, span)
        return choosing(yes, when: condition, otherwise: constant(.bool(false), .bool, span))
    }

    /// CASE with one branch.
    static func choosing(
        _ result: BoundExpression, when condition: BoundExpression, otherwise: BoundExpression?
    ) -> BoundExpression {
        BoundExpression(
            kind: .caseWhen([Branch(condition: condition, result: result)], otherwise: otherwise), type: result.type,
            isNullable: result.isNullable || otherwise?.isNullable ?? true, span: result.span)
    }

    static func isThere(_ operand: BoundExpression) -> BoundExpression {
        BoundExpression(kind: .isNull(operand, isNegated: true), type: .bool, isNullable: false, span: operand.span)
    }
}

extension ExpressionBinder {
    /// IS [NOT] TRUE, FALSE or UNKNOWN.
    func isTruth(
        _ operand: BoundExpression, _ truth: SQLTruth, _ isNegated: Bool, at span: SourceSpan
    ) throws(BindError) -> BoundExpression {
        let value = try boolean(operand, for: "IS " + truth.rawValue)
        let result: BoundExpression
        switch truth {
        case .isTrue: result = .holding(value, span)
        case .isFalse: result = .holding(.not(value, span), span)
        case .isUnknown:
            result = BoundExpression(kind: .isNull(value, isNegated: false), type: .bool, isNullable: false, span: span)
        }
        return isNegated ? .not(result, span) : result
    }
}
