// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import SQLSyntax
import Tabular

/// Judges aggregates over protected rows. An aggregate may contribute one amount, under conditions that are judged like filters;
/// everything that could carry a second value beside it is refused.
struct AggregateJudge {
    private(set) var judge: ExpressionJudge
    private var flow: PlanFlow
    private var branchesLeft = Limits.branches
    /// The stricter policy of all tables rounds.
    private let isRounded: Bool
    /// Rows of a table stand for several entities each.
    private let isWeighted: Bool
    /// What the aggregate under judgement is a part of.
    private var spread: AggregateFunction?

    init(judge: ExpressionJudge, flow: PlanFlow) {
        self.judge = judge
        self.flow = flow
        isWeighted = flow.references.values.contains { $0.policy.entities.contains(where: \.isWeight) }
        isRounded = Strictness(flow.references.values.map(\.policy).filter { !$0.isOpen }).rounding > 1
    }

    /// Nil when refused; the findings stand in `judge`. Parts of a spread need its capability instead of their own.
    mutating func judge(_ call: AggregateCall, partOf spread: AggregateFunction?) -> JudgedAggregate? {
        self.spread = spread
        // A square is so large beside its rounding that it would tell the value; and rows that stand for several have no dominance.
        if let spread, isRounded || isWeighted { return refuse(spread, call) }
        switch call.function {
        case .countRows: return JudgedAggregate(call: call, kind: .count, clamp: nil, leaves: [], branches: [])
        case .count: return judgeBranches(call) { $0.judgeCounted($1, call) }.map { $0.judged(call, .count) }
        case .countDistinct: return judgeBranches(call) { $0.judgeDistinct($1, call) }.map { $0.judged(call, .countDistinct) }
        case .sum, .average: return judgeAmounts(call)
        case .minimum, .maximum, .sumDistinct, .averageDistinct, .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation,
            .percentile, .boolAnd, .boolOr:
            return refuse(call.function, call)
        }
    }

    private mutating func refuse(_ function: AggregateFunction, _ call: AggregateCall) -> JudgedAggregate? {
        judge.findings.add(
            .aggregateNotAvailable, .aggregate, call.span, [function.rawValue.uppercased()],
            column: call.argument.flatMap { flow.inlined($0) }.flatMap { judge.protectedColumn(of: $0) }, .useAverage)
        return nil
    }

    var isTooLarge: Bool { flow.isTooLarge }

    // MARK: Branches

    /// Takes the argument apart, judges its conditions, and lets `judgeLeaves` look at the results over sources.
    private mutating func judgeBranches(
        _ call: AggregateCall, _ judgeLeaves: (inout AggregateJudge, [BoundExpression]) -> Bool
    ) -> JudgedBranches? {
        guard let argument = call.argument else { return nil }
        guard let parts = ConditionalArgument(argument, limit: branchesLeft) else {
            judge.findings.add(.tooManyBranches, .aggregate, call.span, [String(Limits.branches)])
            return nil
        }
        if parts.isConditional { branchesLeft -= parts.leaves.count }
        var results: [BoundExpression] = []
        for leaf in parts.leaves {
            guard let result = flow.inlined(leaf.result) else { return nil }
            // A branch hidden in a derived table cannot be counted from here.
            if result.hasBranches { return refuse(result, call) }
            results.append(result)
        }
        for condition in parts.conditions {
            guard let condition = flow.inlined(condition) else { return nil }
            // The test that coalesce makes of its own argument needs no grant; branches are counted all the same.
            if case .isNull(let operand, true) = condition.kind, results.contains(where: { $0.canonicalText == operand.canonicalText }) { continue }
            judge.judgeCondition(condition, .aggregate)
        }
        guard judgeLeaves(&self, results) else { return nil }
        let leaves = zip(parts.leaves, results).map { JudgedAggregate.Leaf(result: $0.result, columns: $1.columns.sorted()) }
        return JudgedBranches(argument: parts, leaves: leaves)
    }

    /// An argument whose conditions and results are in order.
    private struct JudgedBranches {
        let argument: ConditionalArgument
        let leaves: [JudgedAggregate.Leaf]

        func judged(_ call: AggregateCall, _ kind: ReleaseRules.Kind, clamp: (interval: Interval, reference: Int)? = nil) -> JudgedAggregate {
            JudgedAggregate(call: call, kind: kind, clamp: clamp, leaves: leaves, branches: argument.isConditional ? argument.leaves.map(\.falls) : [])
        }
    }

    private mutating func refuse<Value>(_ expression: BoundExpression, _ call: AggregateCall) -> Value? {
        let column = judge.protectedColumn(of: expression)
        let name = column?.name ?? "-"
        judge.findings.add(.expressionInAggregate, .aggregate, expression.span, [name], column: column, .plainColumn, [name])
        return nil
    }

    // MARK: Counts

    private mutating func judgeCounted(_ results: [BoundExpression], _ call: AggregateCall) -> Bool {
        var isFine = true
        for result in results where !Self.isPlainConstant(result) {
            guard case .column(let position) = result.kind else {
                let _: Never? = refuse(result, call)
                isFine = false
                continue
            }
            isFine = requireUnlessOpen(spread == nil ? .count : .variance, position, result.span) && isFine
        }
        return isFine
    }

    private mutating func judgeDistinct(_ results: [BoundExpression], _ call: AggregateCall) -> Bool {
        var isFine = true
        var texts: Set<String> = []
        for result in results where !result.isNullConstant {
            guard !result.isConstant else {
                judge.findings.add(.constantAggregate, .aggregate, call.span, ["COUNT(DISTINCT)"], .countRows)
                isFine = false
                continue
            }
            texts.insert(result.canonicalText)
            guard let view = ColumnView(result), view.shape != .midnight, !Self.isCast(result) else {
                let _: Never? = refuse(result, call)
                isFine = false
                continue
            }
            guard requireUnlessOpen(.countDistinct, view.source, result.span) else {
                isFine = false
                continue
            }
            judge.allow(.countDistinct, view, .aggregate)
        }
        if texts.count > 1 {
            judge.findings.add(.mixedBranches, .aggregate, call.span, [], .separateBranches)
            isFine = false
        }
        return isFine
    }

    private mutating func requireUnlessOpen(_ capability: Capability, _ position: Int, _ span: SourceSpan) -> Bool {
        let source = judge.sources[position]
        if source.isProtected { return judge.require(capability, of: position, .aggregate, span) }
        judge.findings.add(.openAmount, .aggregate, span, [source.name], column: source)
        return false
    }

    private static func isPlainConstant(_ expression: BoundExpression) -> Bool {
        switch expression.kind {
        case .literal: true
        case .cast(let operand): isPlainConstant(operand)
        case .column, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .function: false
        }
    }

    private static func isCast(_ expression: BoundExpression) -> Bool {
        if case .cast = expression.kind { true } else { false }
    }

    // MARK: Sums and averages

    private mutating func judgeAmounts(_ written: AggregateCall) -> JudgedAggregate? {
        guard let original = written.argument else { return nil }
        let argument = written.function == .sum ? original.withZerosAsNull : original
        let call = AggregateCall(function: written.function, argument: argument, type: written.type, span: written.span)
        var amount: Amount?
        let branches = judgeBranches(call) { judge, results in judge.judgeAmounts(results, call, &amount) }
        guard let branches, argument.type.isExactNumeric else { return nil }
        let scale = argument.type.scale
        let kind: ReleaseRules.Kind = call.function == .sum ? .sum(scale: scale) : .average(scale: scale, resultScale: call.type.scale)
        let isWithZero = branches.argument.leaves.contains { $0.result.isZero }
        let clamp = amount.map { (interval: isWithZero ? $0.interval.including(0) : $0.interval, reference: $0.reference) }
        return branches.judged(call, kind, clamp: clamp)
    }

    private func capability(of call: AggregateCall) -> Capability {
        if spread != nil { return .variance }
        return call.function == .sum ? .sum : .average
    }

    private mutating func judgeAmounts(_ results: [BoundExpression], _ call: AggregateCall, _ amount: inout Amount?) -> Bool {
        let constants = results.filter { $0.isConstant && !$0.isNullConstant }
        let values = results.filter { !$0.isConstant }
        if values.isEmpty {
            let name = call.function == .sum ? "SUM" : "AVG"
            guard results.count > 1, constants.allSatisfy(Self.isPlainConstant) else {
                judge.findings.add(.constantAggregate, .aggregate, call.span, [name], .countRows)
                return false
            }
            guard call.argument?.type.isExactNumeric == true else { return refuse(results[0], call) ?? false }
            guard !isRounded || constants.allSatisfy(\.isUnitOrZero) else {
                judge.findings.add(.scaledAmount, .aggregate, call.span, ["-"], .scaleOutside, ["CASE …"])
                return false
            }
            return true
        }
        // A second amount or a constant beside the first would hide who makes up the sum.
        if Set(values.map(\.canonicalText)).count > 1 || constants.contains(where: { !$0.isZero }) {
            judge.findings.add(.mixedBranches, .aggregate, call.span, [], .separateBranches)
            return false
        }
        var isFine = true
        for value in values {
            var amounts = AmountJudge(capability: capability(of: call), isRounded: isRounded, judge: judge)
            let found = amounts.judge(value)
            judge = amounts.judge
            if let found { amount = found } else { isFine = false }
        }
        return isFine
    }
}
