// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import JobControl
import MetadataStore
import PolicyCheck
import WireContract

/// What the product commands share.
enum ProductOutcome {
    /// Keeps the statement beside an error, so that its place can be shown.
    static func place<Value>(_ sql: String, _ work: () throws -> Value) throws -> Value {
        do { return try work() } catch { throw CommandFault(underlying: error, sql: sql) }
    }

    static func decide(_ name: String, _ decision: String, _ opinion: String, _ context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        return try show(try domain.decide(name, decision: decision, opinion: opinion, by: try context.actor(in: domain)), text: "command.product-state")
    }

    static func show(_ state: ProductState, text: String) throws -> CommandOutcome {
        if case .stopped(let verdict) = state.preparation, verdict.decision == .refused { return .stopped(verdict, sql: state.sql) }
        return .done(members(state)) { language in
            let signed = state.decisions.map { "\($0.actor) (\($0.organisation)): \($0.decision)" }.joined(separator: "; ")
            let none = Texts.text("command.none").in(language)
            let head = Texts.text(
                text, [state.record.name, signed.isEmpty ? none : signed, state.missing.isEmpty ? none : state.missing.joined(separator: ", ")]
            ).in(language)
            // What a signature is under stands in full where it is asked for.
            return text == "command.product-shown" ? head + "\n\n" + state.document.readableText + "\n\n" + state.sql : head
        }
    }

    static func members(_ state: ProductState) -> [String: JSONValue] {
        [
            "product": .string(state.record.name), "digest": state.approvalDigest.map { .string($0) } ?? .null,
            "submitted_by": .string(state.record.actor), "verdict": .string(verdict(state)),
            "signatures": .array(
                state.decisions.map {
                    [
                        "name": .string($0.actor), "organisation": .string($0.organisation), "role": .string($0.role),
                        "decision": .string($0.decision), "opinion": .string($0.opinion),
                    ]
                }),
            "missing": .array(state.missing.map { .string($0) }), "document": state.document, "runs_used": .integer(state.runsUsed),
            "epoch": .array(state.pins.map { ["table": .string($0.table), "version": .integer($0.version), "manifest": .string($0.manifest)] }),
        ]
    }

    private static func verdict(_ state: ProductState) -> String {
        switch state.preparation {
        case .ready: Verdict.Decision.allowed.rawValue
        case .stopped(let verdict): verdict.decision.rawValue
        }
    }
}
