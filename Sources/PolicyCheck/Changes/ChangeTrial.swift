// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// Carries changes out and checks again, so that a verdict promises nothing that was not tried.
struct ChangeTrial {
    private let input: CheckInput
    private var triesLeft = Limits.changeTrials
    /// What edits of the statement as it is came to.
    private var known: [Edit: (input: CheckInput, verdict: Verdict)?] = [:]

    init(_ input: CheckInput) { self.input = input }

    /// The verdict with an edit for each finding that has one, and a repair when there is one.
    mutating func tried(_ verdict: Verdict) -> Verdict {
        guard verdict.decision == .refused, let proposals = EditProposals(input) else { return verdict }
        var findings: [Finding] = []
        for finding in verdict.findings {
            let edits = proposals.edits(for: finding)
            let helping = helpingEdit(edits, against: finding, of: verdict, input)
            findings.append(finding.with(helping?.edit ?? edits.first, isVerified: helping != nil))
        }
        triesLeft = Limits.changeTrials
        return Verdict(decision: .refused, findings: findings, repair: repair(verdict))
    }

    /// The first edit after which the finding is gone and none is there that was not there before.
    private mutating func helpingEdit(
        _ edits: [Edit], against finding: Finding, of verdict: Verdict, _ input: CheckInput
    ) -> (edit: Edit, input: CheckInput, verdict: Verdict)? {
        for edit in edits {
            if known[edit] == nil {
                guard triesLeft > 0 else { return nil }
                triesLeft -= 1
                known[edit] = .some(input.applying(edit).flatMap { changed in changed.verdict().map { (changed, $0) } })
            }
            guard let tried = known[edit], let (changed, after) = tried, after.isProgress(from: verdict, without: finding) else { continue }
            return (edit, changed, after)
        }
        return nil
    }

    /// One helping edit after the other until nothing is left but reviews.
    private mutating func repair(_ verdict: Verdict) -> Repair? {
        var current = input
        var verdict = verdict
        var grants: [Repair.Grant] = []
        while verdict.decision == .refused {
            guard let proposals = EditProposals(current) else { return nil }
            var step: (edit: Edit, input: CheckInput, verdict: Verdict)?
            for finding in verdict.findings where step == nil {
                step = helpingEdit(proposals.edits(for: finding), against: finding, of: verdict, current)
                if case .grant(let table, let column, let capability)? = step?.edit {
                    grants.append(Repair.Grant(table: table, column: column, capability: capability, owner: finding.owner ?? ""))
                }
            }
            guard let step else { return nil }
            (current, verdict) = (step.input, step.verdict)
            known = [:]
        }
        let domains = current.parameterDomains == input.parameterDomains ? nil : current.parameterDomains
        return Repair(decision: verdict.decision, sql: current.sql, grants: grants, parameterDomains: domains)
    }
}

extension EditProposals {
    init?(_ input: CheckInput) {
        guard let map = StatementMap(input.sql) else { return nil }
        self.init(input: input, map: map)
    }
}

extension Verdict {
    /// Whether the finding has become rarer and none more frequent. Places move with the text, so they are left aside.
    fileprivate func isProgress(from before: Verdict, without finding: Finding) -> Bool {
        if decision == .allowed { return true }
        let (old, new) = (before.counts, counts)
        guard new.allSatisfy({ $0.value <= old[$0.key, default: 0] }) else { return false }
        return new[finding.kind, default: 0] < old[finding.kind, default: 0]
    }

    private var counts: [[String]: Int] { findings.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 } }
}

extension Finding {
    /// What it says, its place left aside.
    fileprivate var kind: [String] { [rule, clause, column ?? "", capability ?? ""] }

    fileprivate func with(_ edit: Edit?, isVerified: Bool) -> Finding {
        let change = passesIf.map { Change(code: $0.code, arguments: $0.arguments, edit: edit, isVerified: isVerified) }
        return Finding(
            rule: rule, clause: clause, span: span, column: column, capability: capability, owner: owner, arguments: arguments, passesIf: change)
    }
}
