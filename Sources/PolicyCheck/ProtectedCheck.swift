// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import SQLSyntax
import Tabular

/// The check of a plan that reads at least one protected table.
struct ProtectedCheck {
    /// Spreads are made of cells of their own.
    let plan: BoundPlan
    private let spread: SpreadPlan
    private var flow: PlanFlow
    private var judge: ExpressionJudge
    private var isTooLarge = false
    private let context: CheckContext
    /// Keys of the groups, written over source columns.
    private var keys: [BoundExpression] = []

    init(plan: BoundPlan, flow: PlanFlow, context: CheckContext) {
        spread = SpreadPlan(plan)
        self.plan = spread.plan
        self.flow = flow
        self.context = context
        judge = ExpressionJudge(flow: flow, context: context)
    }

    mutating func outcome(_ policies: PolicySet) -> CheckOutcome {
        TableRules.judge(flow, context, &judge.findings)
        for construct in flow.openConstructs {
            judge.findings.add(.constructNotAvailable, .table, construct.span, [construct.name])
        }
        // What else there is to say depends on how the statement is written without them.
        guard flow.openConstructs.isEmpty else {
            return .stopped(Verdict(decision: .refused, findings: judge.findings.sorted + TableRules.reviews(flow).sorted))
        }
        for span in flow.partnerTests { judge.findings.add(.partnerTest, .join, span) }
        for predicate in flow.predicates { judge.judgeCondition(predicate, .where) }
        for join in flow.joins { judge.judgeJoin(join) }
        let judged = judgeRelease()
        judge.judgeWidths()
        judge.judgeOrder(plan, flow)
        if isTooLarge { return PolicyChecker.tooLarge(flow) }
        guard judge.findings.isEmpty, let judged else {
            return .stopped(Verdict(decision: .refused, findings: (judge.findings.sorted + TableRules.reviews(flow).sorted)))
        }
        var reviews = TableRules.reviews(flow)
        let quasi = QuasiIdentifiers(flow, keys: keys)
        LinkageJudge(flow: flow, quasi: quasi, basis: context.basis).review(&reviews)
        guard reviews.isEmpty else { return .stopped(Verdict(decision: .needsReview, findings: reviews.sorted)) }
        guard let approved = approved(judged, policies, quasi) else {
            for reference in flow.references.values where reference.policy.entities.contains(where: \.isWeight) {
                judge.findings.add(.joinWithoutEntity, .join, reference.scan.span, [reference.policy.name], owner: reference.policy.unit)
            }
            return .stopped(Verdict(decision: .refused, findings: judge.findings.sorted))
        }
        return .approved(approved)
    }

    /// The judged aggregates, nil when the release is refused.
    private mutating func judgeRelease() -> (aggregation: Aggregation, calls: [JudgedAggregate])? {
        switch plan.release {
        case .rows:
            refuseRows()
            return nil
        case .aggregate(let aggregation):
            for key in aggregation.keys {
                guard let key = flow.inlined(key) else {
                    isTooLarge = true
                    return nil
                }
                judge.judgeKey(key)
                keys.append(key)
            }
            var aggregates = AggregateJudge(judge: judge, flow: flow)
            let calls = aggregation.calls.enumerated().map { aggregates.judge($1, partOf: spread.parts[$0]) }
            judge = aggregates.judge
            isTooLarge = aggregates.isTooLarge
            let judged = calls.compactMap(\.self)
            guard judged.count == calls.count else { return nil }
            guard let joined = JointBranches.joined(judged) else {
                judge.findings.add(.tooManyBranches, .aggregate, aggregation.span, [String(Limits.jointPairs)])
                return nil
            }
            return (aggregation, zip(judged, joined).map { $0.judged(by: $1) })
        }
    }

    private mutating func refuseRows() {
        for column in plan.rows.output.indices {
            let output = plan.rows.output[column]
            let expression = flow.columns[column]
            let source = judge.protectedColumn(of: expression) ?? expression.columns.sorted().first.map { judge.sources[$0] }
            judge.findings.add(
                .rowsNotReleased, .select, expression.span, [source?.name ?? output.name], column: source, capability: .project, .aggregate,
                [source?.name ?? output.name])
        }
    }

    // MARK: The approved plan

    /// Nil when rows do not carry the number of persons that they stand for up to the release.
    private func approved(
        _ judged: (aggregation: Aggregation, calls: [JudgedAggregate]), _ policies: PolicySet, _ quasi: QuasiIdentifiers
    ) -> ApprovedPlan? {
        let tables = flow.references.values.map(\.policy).filter { !$0.isOpen }
        let columns = flow.sources.filter(\.isProtected).compactMap(\.column.restrictions.minimumEntities)
        let minimum = (tables.map(\.release.minimumEntities) + columns).max() ?? 1
        let dimensions = DimensionPlan(flow, minimum: minimum)
        let strictness = Strictness(tables)
        let rules = judged.calls.map { call in
            ReleaseRules.AggregateRule(
                kind: call.kind, clamp: clamp(call, dimensions),
                // What one of the persons contributed whom a row stands for is not known here.
                dominance: dimensions.weights.isEmpty ? strictness.dominance(for: call.kind) : nil,
                roundingBase: strictness.rounding, branchCount: call.branches.count)
        }
        let aggregation = Aggregation(
            keys: judged.aggregation.keys, calls: judged.calls.map(\.call), output: judged.aggregation.output, span: judged.aggregation.span)
        var rows = plan.rows
        var weights: [Int: BoundExpression] = [:]
        for (dimension, weight) in dimensions.weights.sorted(by: { $0.key < $1.key }) {
            guard let column = flow.references[weight.reference]?.policy.column(weight.column),
                let carried = rows.carrying(column, of: weight.reference)
            else { return nil }
            rows = carried.plan
            weights[dimension] = .made(.column(carried.position), column.boundType, isNullable: column.isNullable)
        }
        let final = BoundPlan(
            rows: rows.withPolicyFilters(policies), release: .aggregate(aggregation), finishing: plan.finishing, output: plan.output,
            parameters: plan.parameters)
        return ApprovedPlan.made(
            final, ReleaseRules(isOpen: false, dimensions: dimensions.dimensions, aggregates: rules), dimensions.sources,
            flow.scanRequirements, judged.calls.map(\.branches), weights, quasiIdentifiers: quasi.columns)
    }

    private func clamp(_ call: JudgedAggregate, _ dimensions: DimensionPlan) -> ReleaseRules.Clamp? {
        guard let clamp = call.clamp, let dimension = dimensions.position(of: clamp.reference, flow) else { return nil }
        return ReleaseRules.Clamp(lower: clamp.interval.lower, upper: clamp.interval.upper, dimension: dimension)
    }
}

extension EntityDeclaration {
    /// Whether rows stand for so many entities as a column says.
    var isWeight: Bool {
        switch self {
        case .weight: true
        case .key, .via, .none: false
        }
    }
}

/// The stricter of the release lines of several tables.
struct Strictness {
    let rounding: Int64
    private let largest: ReleaseRules.Fraction?
    private let twoLargest: ReleaseRules.Fraction?

    init(_ tables: [TablePolicy]) {
        var rounding: Int64 = 1
        for table in tables { rounding = Self.commonMultiple(rounding, table.release.rounding) }
        self.rounding = rounding
        largest = Self.smallest(tables.compactMap(\.release.largest))
        twoLargest = Self.smallest(tables.compactMap(\.release.twoLargest))
    }

    func dominance(for kind: ReleaseRules.Kind) -> ReleaseRules.Dominance? {
        switch kind {
        case .count, .countDistinct, .openValue: return nil
        case .sum, .average:
            return largest == nil && twoLargest == nil ? nil : ReleaseRules.Dominance(largest: largest, twoLargest: twoLargest)
        }
    }

    private static func smallest(_ shares: [ReleaseRules.Fraction]) -> ReleaseRules.Fraction? {
        shares.dropFirst().reduce(shares.first) { best, share in best.map { share.isLess(than: $0) ? share : $0 } }
    }

    /// Rounded to both bases; the larger where the common one would be out of proportion.
    private static func commonMultiple(_ one: Int64, _ two: Int64) -> Int64 {
        var (large, small) = (max(one, two), min(one, two))
        while small != 0 { (large, small) = (small, large % small) }
        let (product, overflow) = (one / max(large, 1)).multipliedReportingOverflow(by: two)
        return overflow ? max(one, two) : product
    }
}
