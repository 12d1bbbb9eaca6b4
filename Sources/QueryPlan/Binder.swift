// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Resolves a statement against a catalogue and cuts it at its release node.
public enum Binder {
    /// Binds a statement.
    ///
    /// Names and types follow PostgreSQL. WITH queries and derived tables are written into the query that uses them, subqueries
    /// become joins; the plan is then brought into one normal form, so that equivalent spellings mostly give the same plan.
    /// The result depends on nothing but the arguments.
    /// - Throws: `BindError` with a place for everything that does not fit the tables or is not supported.
    public static func bind(
        _ statement: ParsedStatement, catalog: any TableCatalog, parameters: [ParameterDeclaration]
    ) throws(BindError) -> BoundPlan {
        let (relation, used) = try cut(statement, catalog, parameters)
        try check(relation.plan(used), at: statement.query.span)
        let plan = PlanNormaliser.normalised(relation, parameters: used)
        if let span = plan.rows.spanOfJoinWithoutKey { throw BindError(.joinWithoutKey, at: span) }
        try check(plan, at: statement.query.span)
        return plan
    }

    private static func check(_ plan: BoundPlan, at span: SourceSpan) throws(BindError) {
        if let rule = plan.brokenInvariant { throw BindError(.invariantViolated, [rule.rawValue], at: span) }
    }

    /// The plan of a statement as it was written, then after each rewrite that changed it.
    /// - Throws: as `bind`.
    public static func explain(
        _ statement: ParsedStatement, catalog: any TableCatalog, parameters: [ParameterDeclaration]
    ) throws(BindError) -> [PlanStep] {
        let (relation, used) = try cut(statement, catalog, parameters)
        let final = try bind(statement, catalog: catalog, parameters: parameters).canonicalText
        var steps = [PlanStep(.written, relation.plan(used).canonicalText)]
        for (rewrite, changed) in PlanNormaliser.steps(relation) {
            let text = changed.plan(used).canonicalText
            if text != steps.last?.text { steps.append(PlanStep(rewrite.stage, text)) }
        }
        let pruned = PlanNormaliser.pruned(relation, parameters: used).canonicalText
        for (stage, text) in [(PlanStep.Stage.pruned, pruned), (.narrowed, final)] where text != steps.last?.text {
            steps.append(PlanStep(stage, text))
        }
        return steps
    }

    private static func cut(
        _ statement: ParsedStatement, _ catalog: any TableCatalog, _ parameters: [ParameterDeclaration]
    ) throws(BindError) -> (ReleasedRelation, [ParameterDeclaration]) {
        let binder = QueryBinder(catalog: catalog, parameters: parameters)
        let plan = try binder.bind(statement.query, Surroundings(), isOutermost: true)
        return (ReleasedRelation(cutting: plan), parameters.filter { binder.usedParameters.contains($0.name) })
    }
}

extension ReleasedRelation {
    /// The relation as a plan, as it is.
    fileprivate func plan(_ parameters: [ParameterDeclaration]) -> BoundPlan {
        BoundPlan(rows: rows, release: release, finishing: steps, output: output, parameters: parameters)
    }
}

extension LogicalPlan {
    /// The first join that has no equality between its sides and no side that is proved small.
    fileprivate var spanOfJoinWithoutKey: SourceSpan? {
        for input in inputs {
            if let span = input.spanOfJoinWithoutKey { return span }
        }
        guard case .join(let join) = self, join.keys.isEmpty else { return nil }
        let isBounded = [join.left, join.right].contains { $0.rowMaximum ?? .max <= Limits.smallSideRows }
        return isBounded ? nil : join.span
    }
}
