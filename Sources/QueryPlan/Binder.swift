// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Resolves a statement against a catalogue and cuts it at its release node.
public enum Binder {
    /// Binds a statement.
    ///
    /// Names and types follow PostgreSQL. WITH queries and derived tables are written into the query that uses them;
    /// the plan is then brought into one normal form, so that equivalent spellings mostly give the same plan.
    /// The result depends on nothing but the arguments.
    /// - Throws: `BindError` with a place for everything that does not fit the tables or is not supported.
    public static func bind(
        _ statement: ParsedStatement, catalog: any TableCatalog, parameters: [ParameterDeclaration]
    ) throws(BindError) -> BoundPlan {
        let binder = QueryBinder(catalog: catalog, parameters: parameters)
        let relation = try binder.bind(statement.query, [:], isOutermost: true)
        let used = parameters.filter { binder.usedParameters.contains($0.name) }
        let plan = PlanNormaliser.normalised(relation.atRelease, parameters: used)
        if let span = plan.rows.spanOfJoinWithoutKey { throw BindError(.joinWithoutKey, at: span) }
        if let rule = plan.brokenInvariant {
            throw BindError(.invariantViolated, [rule.rawValue], at: statement.query.span)
        }
        return plan
    }
}

extension Relation {
    /// The relation as what is released: rows without a release node below are themselves the release.
    fileprivate var atRelease: ReleasedRelation {
        switch self {
        case .released(let released): released
        case .rows(let plan): ReleasedRelation(rows: plan, release: .rows, steps: [], output: plan.output)
        }
    }
}

extension LogicalPlan {
    /// The first join that has no equality between its sides.
    fileprivate var spanOfJoinWithoutKey: SourceSpan? {
        for input in inputs {
            if let span = input.spanOfJoinWithoutKey { return span }
        }
        if case .join(let join) = self, join.keys.isEmpty { return join.span }
        return nil
    }
}
