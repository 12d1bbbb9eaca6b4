// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import JobControl
import WireContract

/// A fault for people and for scripts.
enum FaultRendering {
    /// `{"status":"error",…}`, or for what a rule about persons refuses, the form of a refusal.
    static func json(_ fault: FaultCode, message: Text, isRefusal: Bool) -> JSONValue {
        let text: JSONValue = ["zh": .string(message.zh), "en": .string(message.en)]
        if isRefusal {
            let finding: JSONValue = [
                "rule": .string(fault.code), "clause": "authorisation", "span": .null, "column": .null, "capability": .null, "owner": .null,
                "message": text, "passes_if": .null,
            ]
            return ["status": "refused", "findings": [finding]]
        }
        var members: [String: JSONValue] = ["status": "error", "code": .string(fault.code), "message": text]
        if let span = fault.span { members["span"] = SpanRendering.json(span) }
        if !fault.details.isEmpty { members["details"] = .array(fault.details) }
        return .object(members)
    }

    static func text(_ fault: FaultCode, message: Text, sql: String?, language: Language) -> String {
        var lines = [message.in(language)]
        if let span = fault.span, let sql { lines.append(SpanRendering.text(span, sql: sql)) }
        for detail in fault.details {
            let place = Texts.text(
                "command.bad-value",
                [detail["row"]?.number.map(String.init) ?? "", detail["column"]?.text ?? "", detail["reason"]?.text ?? ""])
            lines.append("   " + place.in(language))
        }
        return lines.joined(separator: "\n")
    }
}
