// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import MetadataStore
import PolicyCheck

extension Domain {
    /// What applying a document did.
    public struct AppliedPolicy: Sendable {
        public let kind: String
        public let name: String
        public let digest: String
        /// Tables that the document registers.
        public let tables: [String]
        public let entry: UInt64
    }

    /// Puts a policy document in force: a city's baseline or a standing approval (authority only), a unit's document or a single table (an
    /// identity of that unit's organisation only). The whole set of documents must still be consistent, else nothing changes.
    public func applyPolicy(_ document: Document, by actor: Actor, passphrases: PassphraseSource) throws -> AppliedPolicy {
        let kind = document.kind
        let name = try authorise(document, by: actor)
        if kind == .table || kind == .unit, actor.role == .authority {
            try makeUnitKey(actor.organisation, authority: actor, passphrases: passphrases)
        }
        let tables = try checkWhole(with: document, name: name)
        let digest = try store(document.json)
        // Applying what is in force already changes nothing: signatures under it stay.
        if let current = try metadata.documents().first(where: { $0.kind == kind.rawValue && $0.name == name && $0.digest == digest }) {
            return AppliedPolicy(kind: kind.rawValue, name: name, digest: digest, tables: [], entry: current.entry)
        }
        let entry = try record(
            .policyApplied, by: actor,
            body: [
                "kind": .string(kind.rawValue), "name": .string(name), "document": .string(digest),
                "unit": .string(actor.organisation), "tables": .array(tables.map { .string($0) }),
            ])
        return AppliedPolicy(kind: kind.rawValue, name: name, digest: digest, tables: tables, entry: entry)
    }

    /// Who may apply this, and the name under which it is in force.
    private func authorise(_ document: Document, by actor: Actor) throws -> String {
        switch document.kind {
        case .baseline, .standing:
            try require(actor, anyOf: [.authority], for: "policy apply (\(document.kind.rawValue))")
        case .unit, .table:
            try require(actor, anyOf: [.unit, .authority], for: "policy apply (\(document.kind.rawValue))")
            let unit = document.unit ?? actor.organisation
            guard unit == actor.organisation else { throw ControlError(.organisationNotPermitted, actor.name, actor.organisation, unit) }
        case .product:
            throw ControlError(.documentKind, document.fileName, "product submit")
        }
        return document.name
    }

    /// The set of policies as it would be, and the tables that the new document is responsible for.
    private func checkWhole(with document: Document, name: String) throws -> [String] {
        if document.kind == .standing { _ = try UseTerms(standing: document.json) }
        guard document.kind != .standing else { return [] }
        var kept: [JSONValue] = []
        for record in try metadata.documents()
        where record.kind != DocumentKind.standing.rawValue && (record.kind != document.kind.rawValue || record.name != name) {
            kept.append(try self.document(record.digest))
        }
        let before = Set(try policies().tableNames)
        let after = try PolicySet(documents: kept + [document.json])
        return after.tableNames.filter { !before.contains($0) }.sorted()
    }
}
