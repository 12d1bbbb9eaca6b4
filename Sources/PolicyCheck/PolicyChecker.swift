// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import SQLSyntax
import Tabular

/// What the checker knows beside plan and policies.
public struct CheckContext: Sendable {
    /// Declared domains of the statement's parameters, by name.
    public let parameters: [String: ParameterDomain]

    public let basis: CheckBasis

    public init(parameters: [String: ParameterDomain], basis: CheckBasis = .none) {
        self.parameters = parameters
        self.basis = basis
    }
}

/// Decides what a bound plan may do. What is not allowed by name is refused.
public enum PolicyChecker {
    /// Version of rules and texts: the same version gives the same verdict, byte for byte. It rises with every change that alters one.
    public static let version: Int64 = 2

    /// Judges a plan under the policies of every table it reads.
    ///
    /// The verdict rests on nothing but the arguments, and names every reason, not only the first.
    public static func check(_ plan: BoundPlan, policies: PolicySet, context: CheckContext) -> CheckOutcome {
        let flow = PlanFlow(plan.rows, policies: policies)
        guard !flow.isTooLarge else { return tooLarge(flow) }
        if flow.references.values.allSatisfy(\.policy.isOpen) { return OpenCheck(plan: plan, flow: flow).outcome(policies, context) }
        var check = ProtectedCheck(plan: plan, flow: flow, context: context)
        return check.outcome(policies)
    }

    static func tooLarge(_ flow: PlanFlow) -> CheckOutcome {
        var findings = FindingList()
        let span = flow.references.values.map(\.scan.span).min { $0.offset < $1.offset }
        findings.add(
            .tooLarge, .select, span ?? SourceSpan(line: 1, column: 1, length: 0, offset: 0), [String(Limits.flowNodes)])
        return .stopped(Verdict(decision: .refused, findings: findings.sorted))
    }
}

/// Whether tables may be read at all, and how often.
enum TableRules {
    static func judge(_ flow: PlanFlow, _ context: CheckContext, _ findings: inout FindingList) {
        UseRules.judge(flow, context.basis.terms, &findings)
        var seen: Set<String> = []
        for reference in flow.references.keys.sorted() {
            guard let fact = flow.references[reference] else { continue }
            let policy = fact.policy
            judgeGrade(policy, fact.scan.span, &findings)
            guard !policy.isOpen else { continue }
            if !seen.insert(policy.name).inserted {
                findings.add(.selfJoin, .join, fact.scan.span, [policy.name], owner: policy.unit, .readOnce, [policy.name])
            }
            if flow.references.count > 1, policy.entities.contains(where: { $0.type == nil }) {
                findings.add(.joinWithoutEntity, .join, fact.scan.span, [policy.name], owner: policy.unit)
            }
        }
    }

    private static func judgeGrade(_ policy: TablePolicy, _ span: SourceSpan, _ findings: inout FindingList) {
        if let grade = policy.grade, policy.isForbidden || grade == .core {
            let owner = policy.isForbidden ? policy.baseline : policy.unit
            findings.add(.gradeForbidden, .table, span, [policy.name, grade.label], owner: owner ?? policy.unit)
        } else if policy.grade == nil, !policy.isOpen {
            findings.add(.ungraded, .table, span, [policy.name], owner: policy.unit, .setGrade, [policy.name])
        }
    }

    /// Tables whose results a person must look at.
    static func reviews(_ flow: PlanFlow) -> FindingList {
        var findings = FindingList()
        for reference in flow.references.keys.sorted() {
            guard let fact = flow.references[reference], fact.policy.release.needsReview else { continue }
            findings.add(
                .reviewRequired, .table, fact.scan.span, [fact.policy.name],
                owner: fact.policy.release.owners["review"] ?? fact.policy.unit)
        }
        return findings
    }
}
