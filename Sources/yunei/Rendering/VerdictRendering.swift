// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import JobControl
import PolicyCheck
import QueryPlan
import SQLSyntax
import WireContract

/// A verdict for people and for scripts.
enum VerdictRendering {
    /// The document with the plan's stages beside it.
    static func json(_ document: JSONValue, steps: [PlanStep]) -> JSONValue {
        guard !steps.isEmpty, var members = document.members else { return document }
        members["explain"] = PlanRendering.json(steps)
        return .object(members)
    }

    static func text(_ verdict: Verdict, sql: String, language: Language) -> String {
        let head = Texts.text(verdict.decision == .needsReview ? "command.needs-review" : "command.refused", [String(verdict.findings.count)])
        let findings = verdict.findings.enumerated().map { text($1, number: $0 + 1, sql: sql, language: language) }
        let repair = verdict.repair.map { [text($0, language: language)] } ?? []
        return ([head.in(language)] + findings + repair).joined(separator: "\n\n")
    }

    private static func text(_ repair: Repair, language: Language) -> String {
        var lines = [Texts.text(repair.decision == .allowed ? "command.repair" : "command.repair-review").in(language)]
        lines += repair.sql.split(separator: "\n").map { "   " + $0 }
        for grant in repair.grants {
            let names = [grant.owner, grant.table + "." + grant.column, grant.capability.rawValue]
            lines.append("   " + Texts.text("command.repair-grant", names).in(language))
        }
        if let parameters = repair.parameterDomains {
            lines.append("   " + Texts.text("command.repair-parameters", [parameters.canonicalText]).in(language))
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ finding: Finding, number: Int, sql: String, language: Language) -> String {
        var lines = ["\(number). " + Texts.text(finding.rule, finding.arguments).in(language)]
        lines.append(SpanRendering.text(finding.span, sql: sql))
        if let owner = finding.owner { lines.append("   " + Texts.text("command.whose-rule", [owner]).in(language)) }
        if let change = finding.passesIf {
            let fix = Texts.text(change.code, change.arguments).in(language)
            lines.append("   " + Texts.text(change.isVerified ? "command.passes-if-verified" : "command.passes-if", [fix]).in(language))
        }
        return lines.joined(separator: "\n")
    }
}

/// Places in a statement.
enum SpanRendering {
    static func json(_ span: SourceSpan) -> JSONValue { VerdictDocument.json(span) }

    /// The line of the statement with carets under the place, indented.
    static func text(_ span: SourceSpan, sql: String) -> String {
        span.caret(in: sql).split(separator: "\n", omittingEmptySubsequences: false).map { "   " + $0 }.joined(separator: "\n")
    }
}
