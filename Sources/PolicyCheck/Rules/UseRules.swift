// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax

/// Whether a grant stays within what the tables may be used for.
enum UseRules {
    /// - Parameter terms: nil where nobody's grant is judged (a rehearsal, a tool of the policies).
    static func judge(_ flow: PlanFlow, _ terms: UseTerms?, _ findings: inout FindingList) {
        guard let terms else { return }
        var seen: Set<String> = []
        for reference in flow.references.keys.sorted() {
            guard let fact = flow.references[reference], seen.insert(fact.policy.name).inserted else { continue }
            judge(fact, terms, &findings)
        }
    }

    private static func judge(_ fact: ReferenceFact, _ terms: UseTerms, _ findings: inout FindingList) {
        let (policy, limits) = (fact.policy, fact.policy.useLimits)
        for line in UseLine.allCases {
            guard let allowed = limits.lists[line] else { continue }
            let (used, shown) = words(of: terms, line)
            let outside = used.filter { !allowed.contains($0) }
            guard used.isEmpty || !outside.isEmpty else { continue }
            let names = line == .forms ? allowed.compactMap { ProductForm(rawValue: $0)?.label } : allowed
            let list = names.joined(separator: ", ")
            findings.add(
                .useNotGranted, .table, fact.scan.span,
                [policy.name, line.label, used.isEmpty ? "—" : shown(outside), "use_for." + line.rawValue, list],
                owner: limits.owners[line.rawValue] ?? policy.unit, .useWithin, [line.label, list, policy.name, "use_for." + line.rawValue])
        }
        if let until = limits.until, terms.validUntil.map({ $0 > until }) ?? true {
            findings.add(
                .useTooLong, .table, fact.scan.span, [policy.name, terms.validUntil ?? "—", until], owner: limits.owners["until"] ?? policy.unit,
                .endUse, [until])
        }
    }

    /// What the terms say under a line, and how it is shown.
    private static func words(of terms: UseTerms, _ line: UseLine) -> (words: [String], shown: ([String]) -> String) {
        let plain: ([String]) -> String = { $0.joined(separator: ", ") }
        switch line {
        case .purposes: return (terms.purpose.map { [$0] } ?? [], plain)
        case .scenarios: return (terms.scenario.map { [$0] } ?? [], plain)
        case .recipients: return (terms.recipients, plain)
        case .forms: return (terms.form.map { [$0.rawValue] } ?? [], { $0.compactMap { ProductForm(rawValue: $0)?.label }.joined(separator: ", ") })
        }
    }
}
