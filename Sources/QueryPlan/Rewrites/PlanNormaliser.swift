// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Brings a plan into its normal form by rules that look at the plan alone, never at statistics:
/// projections are written into what stands above them, conditions move as near to their tables as their meaning
/// allows, equalities between two sides become join keys, constants are folded, unused columns and cells left out.
/// Policy filters are added later, directly above scans, so nothing moved here can come below one.
enum PlanNormaliser {
    /// The rewrites of the rows below the release, in their order.
    enum Rewrite: CaseIterable {
        case factored, flattened, ordered

        var stage: PlanStep.Stage {
            switch self {
            case .factored: .factored
            case .flattened: .flattened
            case .ordered: .ordered
            }
        }
    }

    /// The plan in its normal form.
    static func normalised(_ relation: ReleasedRelation, parameters: [ParameterDeclaration]) -> BoundPlan {
        let plan = pruned(relation, parameters: parameters)
        var narrowing = GroupNarrowing(plan.rows)
        return BoundPlan(
            rows: narrowing.narrowed(plan.rows), release: plan.release, finishing: plan.finishing, output: plan.output,
            parameters: parameters)
    }

    /// The plan after all rewrites but the last: with semi-joins for marks, and without what nothing reads.
    static func pruned(_ relation: ReleasedRelation, parameters: [ParameterDeclaration]) -> BoundPlan {
        let relation = steps(relation).last?.relation ?? relation
        var core = core(of: relation.rows)
        switch relation.release {
        case .rows:
            let rows = withColumns(core, named: relation.rows.output)
            let finishing = FinishingNormaliser.normalised(relation.steps, over: rows.output)
            return BoundPlan(
                rows: rows, release: .rows, finishing: finishing, output: relation.output, parameters: parameters)
        case .aggregate(let aggregation):
            let steps = FinishingNormaliser.normalised(relation.steps, over: aggregation.output)
            let (used, finishing) = FinishingNormaliser.withoutUnusedCalls(aggregation, steps)
            let (rows, release) = pruned(&core, used)
            return BoundPlan(
                rows: rows, release: .aggregate(release), finishing: finishing, output: relation.output,
                parameters: parameters)
        }
    }

    /// The relation after each rewrite.
    static func steps(_ relation: ReleasedRelation) -> [(rewrite: Rewrite, relation: ReleasedRelation)] {
        var relation = relation
        return Rewrite.allCases.map { rewrite in
            relation.rows = rewritten(relation.rows, by: rewrite)
            return (rewrite, relation)
        }
    }

    private static func rewritten(_ rows: LogicalPlan, by rewrite: Rewrite) -> LogicalPlan {
        switch rewrite {
        case .factored: rows.mappingExpressions(\.factored)
        case .flattened: flattened(rows)
        // What was flattened stays so.
        case .ordered: rows.hasUnorderedJoins ? flattened(rows.withOrderedJoins) : rows
        }
    }

    /// The relation with its projections in one at the top.
    private static func flattened(_ rows: LogicalPlan) -> LogicalPlan {
        let core = core(of: rows)
        if core.columns.isIdentity(count: core.plan.output.count) { return core.plan }
        return .project(Project(input: core.plan, expressions: core.columns, output: rows.output))
    }

    /// The rows of a release without aggregation: the columns by name, computed where they are not copies in order.
    private static func withColumns(_ core: Core, named output: [OutputColumn]) -> LogicalPlan {
        var needed: Set<Int> = []
        for column in core.columns { column.collectColumns(into: &needed) }
        let (plan, positions) = core.plan.pruned(to: needed)
        let columns = core.columns.map { $0.folded.moving(positions) }
        guard !columns.isIdentity(count: plan.output.count) else { return plan }
        let input = plan.output
        let named = zip(columns, output).map { column, old in
            OutputColumn(
                name: old.name, type: column.type, isNullable: column.isNullable, origin: column.origin(in: input))
        }
        return .project(Project(input: plan, expressions: columns, output: named))
    }

    /// The aggregation over the columns that it needs.
    private static func pruned(_ core: inout Core, _ aggregation: Aggregation) -> (LogicalPlan, Aggregation) {
        let arguments = aggregation.calls.compactMap(\.argument)
        let inlined = core.inlined(aggregation.keys + arguments)
        var needed: Set<Int> = []
        for expression in inlined { expression.collectColumns(into: &needed) }
        let (plan, positions) = core.plan.pruned(to: needed)
        let moved = inlined.map { $0.moving(positions) }
        var rest = moved.dropFirst(aggregation.keys.count)
        let calls = aggregation.calls.map { call in
            call.mapping { rest.popFirst() ?? $0 }
        }
        let keys = Array(moved.prefix(aggregation.keys.count))
        let input = plan.output
        let output = aggregation.output.enumerated().map { index, column in
            OutputColumn(
                name: column.name, type: column.type, isNullable: column.isNullable,
                origin: index < keys.count ? keys[index].origin(in: input) : nil)
        }
        return (plan, Aggregation(keys: keys, calls: calls, output: output, span: aggregation.span))
    }

    /// Takes the projections out of a relation and pushes its conditions down.
    static func core(of plan: LogicalPlan) -> Core {
        var core = gathered(plan)
        core.settle()
        return core
    }

    /// Conditions that stand above each other, only projections between, go down together.
    private static func gathered(_ plan: LogicalPlan) -> Core {
        switch plan {
        case .scan:
            return Core(plan)
        case .filter(let filter):
            var core = gathered(filter.input)
            let predicates = core.inlined([filter.predicate])
            core.conditions += predicates.flatMap(\.conjuncts)
            return core
        case .project(let project):
            var core = gathered(project.input)
            core.columns = core.inlined(project.expressions)
            return core
        case .join(let join):
            return self.core(of: join)
        case .aggregate(let aggregate):
            return self.core(of: aggregate)
        case .window(let window):
            return self.core(of: window)
        case .sort(let sort):
            var core = core(of: sort.input)
            let keys = core.inlined(sort.keys.map(\.expression))
            let moved = zip(sort.keys, keys).map { key, expression in key.mapping { _ in expression } }
            core.plan = .sort(Sort(input: core.plan, keys: moved, limit: sort.limit, offset: sort.offset))
            return core
        case .union(let union):
            let inputs = union.inputs.map { input -> LogicalPlan in
                var core = core(of: input)
                if !core.columns.isIdentity(count: core.plan.output.count) { core.materialise() }
                return core.plan
            }
            return Core(.union(Union(inputs: inputs, output: union.output, span: union.span)))
        }
    }

    private static func core(of window: Window) -> Core {
        var core = core(of: window.input)
        var expressions = core.inlined(window.calls.flatMap(\.expressions))[...]
        let calls = window.calls.map { call in call.mapping { expressions.popFirst() ?? $0 } }
        let width = core.plan.output.count
        let output = core.plan.output + window.output.dropFirst(window.input.output.count)
        core.plan = .window(Window(input: core.plan, calls: calls, output: output))
        core.columns += (width..<output.count).map { output.expression(at: $0, calls[$0 - width].span) }
        return core
    }

    private static func core(of aggregate: Aggregate) -> Core {
        var core = core(of: aggregate.input)
        let old = aggregate.aggregation
        let inlined = core.inlined(old.keys + old.calls.compactMap(\.argument))
        var rest = inlined.dropFirst(old.keys.count)
        let calls = old.calls.map { call in call.mapping { rest.popFirst() ?? $0 } }
        let input = core.plan.output
        let keys = Array(inlined.prefix(old.keys.count))
        let output = old.output.enumerated().map { index, column in
            OutputColumn(
                name: column.name, type: column.type, isNullable: column.isNullable,
                origin: index < keys.count ? keys[index].origin(in: input) : nil)
        }
        return Core(
            .aggregate(
                Aggregate(input: core.plan, aggregation: Aggregation(keys: keys, calls: calls, output: output, span: old.span))))
    }

    private static func core(of join: Join) -> Core {
        var left = core(of: join.left)
        var right = core(of: join.right)
        if let core = join.withoutOneRow(left, right) { return core }
        // What a join fills with NULL must be filled after it was computed.
        if join.kind.fillsRight, !right.isPlain { right.materialise() }
        if join.kind == .full, !left.isPlain { left.materialise() }
        let conditions = join.conditions
        var columns = joined(left, right, join.kind)
        if !Core.fits(conditions, columns) {
            left.materialise()
            right.materialise()
            columns = joined(left, right, join.kind)
        }
        let inlined = conditions.map { $0.inlining(columns).folded }
        let plan = LogicalPlan.joining(
            join.kind, left.plan, right.plan, isNullAware: join.isNullAware, on: inlined.flatMap(\.conjuncts), span: join.span)
        switch join.kind {
        case .inner, .left, .single, .full: return Core(plan: plan, columns: columns)
        case .semi, .anti: return Core(plan: plan, columns: left.columns)
        case .mark:
            let mark = BoundExpression(
                kind: .column(plan.output.count - 1), type: .bool, isNullable: join.isNullAware, span: join.span)
            return Core(plan: plan, columns: left.columns + [mark])
        }
    }

    /// The columns of both sides over the columns of both plans.
    private static func joined(_ left: Core, _ right: Core, _ kind: Join.Kind) -> [BoundExpression] {
        let shift = left.plan.output.count
        let first = kind == .full ? left.columns.map(\.nullable) : left.columns
        return first
            + right.columns.map { column in
                let shifted = column.shifting(by: shift)
                guard kind.fillsRight else { return shifted }
                return BoundExpression(
                    kind: shifted.kind, type: shifted.type, isNullable: true, span: shifted.span)
            }
    }
}
