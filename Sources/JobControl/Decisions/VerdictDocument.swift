// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import PolicyCheck
import SQLSyntax
import WireContract

/// A verdict as one document, the form that scripts read and records keep: Policies/Schema/verdict.schema.json.
public enum VerdictDocument {
    /// A statement that the checker stopped.
    /// - Parameter inputs: digests of what the verdict rests on (`Decision.inputs`), where they are at hand.
    public static func json(_ verdict: Verdict, inputs: JSONValue? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "status": .string(verdict.decision == .needsReview ? "needs-review" : "refused"),
            "findings": .array(verdict.findings.map(json)),
        ]
        if let repair = verdict.repair { members["repair"] = json(repair) }
        if let inputs { members["inputs"] = inputs }
        return .object(members)
    }

    /// A statement that the checker allowed.
    public static func json(_ prepared: PreparedQuery, product: String, inputs: JSONValue) -> JSONValue {
        [
            "status": "done", "product": .string(product), "verdict": "allowed", "plan": .string(prepared.planDigest),
            "tables": .array(prepared.tables.map { .string($0.name) }), "units": .array(prepared.units.map { .string($0) }), "inputs": inputs,
        ]
    }

    /// A place: line, column and length in Unicode scalars.
    public static func json(_ span: SourceSpan) -> JSONValue {
        ["line": .integer(Int64(span.line)), "column": .integer(Int64(span.column)), "length": .integer(Int64(span.length))]
    }

    private static func json(_ finding: Finding) -> JSONValue {
        [
            "rule": .string(finding.rule), "clause": .string(finding.clause), "span": json(finding.span), "column": text(finding.column),
            "capability": text(finding.capability), "owner": text(finding.owner), "message": message(finding.rule, finding.arguments),
            "passes_if": finding.passesIf.map { message($0.code, $0.arguments) } ?? .null,
            "change": finding.passesIf.map(json) ?? .null,
        ]
    }

    private static func json(_ change: Finding.Change) -> JSONValue {
        var members: [String: JSONValue] = ["code": .string(change.code), "verified": .bool(change.isVerified)]
        switch change.edit {
        case nil: members["kind"] = "manual"
        case .statement(let edits):
            members["kind"] = "statement"
            members["edits"] = .array(edits.map { ["span": json($0.span), "text": .string($0.text)] })
        case .grant(let table, let column, let capability):
            members["kind"] = "policy"
            members["grant"] = ["table": .string(table), "column": .string(column), "capability": .string(capability.rawValue)]
        case .parameter(let name, let domain):
            members["kind"] = "parameter"
            members["parameter"] = ["name": .string(name), "domain": domain]
        }
        return .object(members)
    }

    private static func json(_ repair: Repair) -> JSONValue {
        [
            "verdict": .string(repair.decision.rawValue), "sql": .string(repair.sql), "parameters": repair.parameterDomains ?? .null,
            "grants": .array(
                repair.grants.map {
                    [
                        "table": .string($0.table), "column": .string($0.column), "capability": .string($0.capability.rawValue),
                        "owner": .string($0.owner),
                    ]
                }),
        ]
    }

    private static func message(_ code: String, _ arguments: [String]) -> JSONValue {
        let text = Texts.text(code, arguments)
        return ["zh": .string(text.zh), "en": .string(text.en)]
    }

    private static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
