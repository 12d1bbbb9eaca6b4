// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import QueryPlan
import SQLSyntax
import WireContract

/// A verdict for people and for scripts.
enum VerdictRendering {
    /// `{"status":"refused","findings":[…]}` as the design's section 10 has it.
    static func json(_ verdict: Verdict, steps: [PlanStep] = []) -> JSONValue {
        var members: [String: JSONValue] = [
            "status": .string(verdict.decision == .needsReview ? "needs-review" : "refused"),
            "findings": .array(verdict.findings.map(json)),
        ]
        if !steps.isEmpty { members["explain"] = PlanRendering.json(steps) }
        return .object(members)
    }

    static func text(_ verdict: Verdict, sql: String, language: Language) -> String {
        let head = Texts.text(verdict.decision == .needsReview ? "command.needs-review" : "command.refused", [String(verdict.findings.count)])
        let findings = verdict.findings.enumerated().map { text($1, number: $0 + 1, sql: sql, language: language) }
        return ([head.in(language)] + findings).joined(separator: "\n\n")
    }

    private static func json(_ finding: Finding) -> JSONValue {
        [
            "rule": .string(finding.rule), "clause": .string(finding.clause), "span": SpanRendering.json(finding.span),
            "column": finding.column.map { .string($0) } ?? .null, "capability": finding.capability.map { .string($0) } ?? .null,
            "owner": finding.owner.map { .string($0) } ?? .null, "message": message(finding.rule, finding.arguments),
            "passes_if": finding.passesIf.map { message($0.code, $0.arguments) } ?? .null,
        ]
    }

    private static func message(_ code: String, _ arguments: [String]) -> JSONValue {
        let text = Texts.text(code, arguments)
        return ["zh": .string(text.zh), "en": .string(text.en)]
    }

    private static func text(_ finding: Finding, number: Int, sql: String, language: Language) -> String {
        var lines = ["\(number). " + Texts.text(finding.rule, finding.arguments).in(language)]
        lines.append(SpanRendering.text(finding.span, sql: sql))
        if let owner = finding.owner { lines.append("   " + Texts.text("command.whose-rule", [owner]).in(language)) }
        if let change = finding.passesIf {
            let fix = Texts.text(change.code, change.arguments).in(language)
            lines.append("   " + Texts.text("command.passes-if", [fix]).in(language))
        }
        return lines.joined(separator: "\n")
    }
}

/// Places in a statement.
enum SpanRendering {
    static func json(_ span: SourceSpan) -> JSONValue {
        ["line": .integer(Int64(span.line)), "column": .integer(Int64(span.column)), "length": .integer(Int64(span.length))]
    }

    /// The line of the statement with carets under the place, indented.
    static func text(_ span: SourceSpan, sql: String) -> String {
        span.caret(in: sql).split(separator: "\n", omittingEmptySubsequences: false).map { "   " + $0 }.joined(separator: "\n")
    }
}
