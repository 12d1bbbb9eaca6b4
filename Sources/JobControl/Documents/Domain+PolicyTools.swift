// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DocumentReader
import LocalKnowledge
import MetadataStore
import PolicyCheck

extension Domain {
    /// What the lint finds in a document when it takes its place among those in force, and further ones. Records nothing.
    public func lint(_ document: Document, beside further: [JSONValue] = []) throws -> [LintFinding] {
        PolicyLint.findings(document.json, beside: try documents(beside: [document]) + further, recognised: try recognised())
    }

    /// A draft of a table's document from its newest load. Throws `table.unknown`, and `table.not-loaded` where there is none.
    public func suggestion(for table: String) throws -> PolicySuggestion {
        guard let policy = try policies().table(table) else { throw ControlError(.tableUnknown, table) }
        guard let version = try metadata.latestVersion(of: table) else { throw ControlError(.tableNotLoaded, table) }
        let stored = try StoredVersion(version)
        return PolicySuggestion(policy, recognised: stored.recognised, profile: try profile(of: stored))
    }

    /// What the newest load of each table recognised.
    private func recognised() throws -> [String: [RecognisedColumn]] {
        var recognised: [String: [RecognisedColumn]] = [:]
        for name in try policies().tableNames {
            guard let version = try metadata.latestVersion(of: name) else { continue }
            recognised[name] = try StoredVersion(version).recognised
        }
        return recognised
    }

    /// What replacing one document by another does to effective policies and to every product that is registered. Each product is
    /// checked again under both; nothing is recorded. Throws `PolicyError` when either does not fit the documents in force.
    public func difference(from old: Document, to new: Document) throws -> PolicyDifference {
        let others = try documents(beside: [old, new])
        let products = try metadata.products().map { record in
            let document = try document(record.digest)
            return Statement(
                name: record.name, sql: document["sql"]?.text ?? "", parameterDomains: document["parameters"] ?? .object([:]),
                basis: try basis(try UseTerms(product: document), besides: record.name))
        }
        return PolicyDifference(
            products, old: try PolicySet(documents: others + [old.json]), new: try PolicySet(documents: others + [new.json]))
    }

    /// The smallest grant under which a statement passes the check of the policies in force. Records nothing.
    public func smallestGrant(for statement: Statement) throws -> GrantOutcome {
        try GrantSearch.run(statement, documents: try policyDocuments())
    }

    /// The documents in force but those that any of these would replace.
    private func documents(beside replacing: [Document]) throws -> [JSONValue] {
        for document in replacing where document.kind == .product { throw ControlError(.documentKind, document.fileName, "product check") }
        return try metadata.documents().filter { record in
            record.kind != DocumentKind.standing.rawValue
                && !replacing.contains { $0.kind.rawValue == record.kind && $0.name == record.name }
        }.map { try document($0.digest) }
    }
}
