// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import DocumentReader
import MetadataStore
import PolicyCheck
import QueryPlan

/// A product in force, with what is signed for it now.
public struct ProductState: Sendable {
    public let record: ProductRecord
    public let document: JSONValue
    public let preparation: Preparation
    /// Digest that signatures must be over; nil while the checker does not allow the product.
    public let approvalDigest: String?
    /// Newest decision of each identity over exactly that digest.
    public let decisions: [DecisionRecord]
    /// Who has still to sign: `authority`, and unit names. Empty when the product may run.
    public let missing: [String]

    public var sql: String { document["sql"]?.text ?? "" }
    public var parameterDomains: JSONValue { document["parameters"] ?? .object([:]) }
    /// What it is for, how long and how often, and over which data.
    public let terms: UseTerms
    /// Runs since it was submitted, whatever became of them.
    public let runsUsed: Int64
    /// The table versions that signatures are under; empty unless it reads those of its submission.
    public let pins: [PinnedVersion]
}

extension Domain {
    /// Checks a product document without recording or running anything.
    public func check(_ document: Document) throws -> Decision {
        guard document.kind == .product else { throw ControlError(.documentKind, document.fileName, "policy apply") }
        return try Decision.made(
            product: document.name, sql: document.json["sql"]?.text ?? "", parameterDomains: document.json["parameters"] ?? .object([:]),
            documents: try policyDocuments(), basis: try basis(try UseTerms(product: document.json), besides: document.name))
    }

    /// How the product's statement becomes the plan that would run. Throws as `check`.
    public func explain(_ document: Document) throws -> [PlanStep] {
        guard document.kind == .product else { throw ControlError(.documentKind, document.fileName, "policy apply") }
        return try QueryCheck.explain(
            sql: document.json["sql"]?.text ?? "", policies: try policies(),
            parameterDomains: document.json["parameters"] ?? .object([:]))
    }

    /// Registers a product. A refused one is recorded as refused and not registered; submitting again under a name replaces the product
    /// and voids every signature. The decision record is stored either way, before the entry that names it.
    public func submit(_ document: Document, by actor: Actor) throws -> Decision {
        if !description.isRehearsal { try require(actor, anyOf: [.operator, .developer], for: "product submit") }
        let decision = try check(document)
        let terms = try UseTerms(product: document.json)
        let digest = try store(document.json)
        let recordDigest = try store(decision.record)
        switch decision.preparation {
        case .stopped(let verdict) where verdict.decision == .refused:
            try recordRefusal(verdict, kind: "product", subject: document.name, document: digest, decision: recordDigest, by: actor)
        case .stopped, .ready:
            try refuseGrant("product", document.name, digest, by: actor) { try requireNotExpired(terms, of: document.name) }
            var body: [String: JSONValue] = [
                "product": .string(document.name), "document": .string(digest), "decision": .string(recordDigest),
                "verdict": .string(Self.decision(decision.preparation)),
            ]
            if terms.dataEpoch == .asApproved, case .ready(let prepared) = decision.preparation {
                body["epoch"] = .array(try pins(prepared.tables.map(\.name)).map(\.json))
            }
            try record(.productSubmitted, by: actor, body: .object(body))
        }
        return decision
    }

    /// A product with its signatures. Throws `product.unknown`.
    public func product(_ name: String) throws -> ProductState {
        guard let record = try metadata.product(name) else { throw ControlError(.productUnknown, name) }
        return try state(record, basis: try basis(try UseTerms(product: try document(record.digest)), besides: name))
    }

    /// A product with its signatures, checked on a basis.
    func state(_ record: ProductRecord, basis: CheckBasis) throws -> ProductState {
        let document = try document(record.digest)
        let terms = try UseTerms(product: document)
        let pins = terms.dataEpoch == .asApproved ? try pins(ofSubmission: record.entry) : []
        let preparation = try prepare(sql: document["sql"]?.text ?? "", parameterDomains: document["parameters"] ?? .object([:]), basis: basis)
        func made(_ digest: String?, _ decisions: [DecisionRecord], missing: [String]) throws -> ProductState {
            let runs = try metadata.jobs().count { $0.kind == "product" && $0.subject == record.name && $0.intent > record.entry }
            return ProductState(
                record: record, document: document, preparation: preparation, approvalDigest: digest, decisions: decisions, missing: missing,
                terms: terms, runsUsed: Int64(runs), pins: pins)
        }
        guard case .ready(let prepared) = preparation else { return try made(nil, [], missing: [Role.authority.rawValue]) }
        let digest = Self.approvalDigest(product: record.digest, query: prepared.approvalDigest, pins: pins)
        var newest: [String: DecisionRecord] = [:]
        // Any edit voids: a signature from before the newest policy does not come back when that policy is undone.
        let since = max(record.entry, try newestPolicy(prepared))
        for decision in try metadata.decisions(on: record.name) where decision.digest == digest && decision.entry > since {
            newest[decision.actor] = decision
        }
        let decisions = newest.values.sorted { $0.entry < $1.entry }
        return try made(digest, decisions, missing: Self.missing(prepared.units, decisions))
    }

    /// Entry of the newest policy document that speaks about what a query reads.
    private func newestPolicy(_ prepared: PreparedQuery) throws -> UInt64 {
        let tables = Set(prepared.tables.map(\.name))
        let units = Set(prepared.units)
        return try metadata.documents().filter { document in
            switch DocumentKind(rawValue: document.kind) {
            case .table: tables.contains(document.name)
            case .unit: units.contains(document.name)
            case .baseline: true
            case .standing, .product, nil: false
            }
        }.map(\.entry).max() ?? 0
    }

    /// Signs under a product: the authority, or an identity of a unit whose table it reads.
    public func decide(_ name: String, decision: String, opinion: String, by actor: Actor) throws -> ProductState {
        let state = try product(name)
        try require(actor, anyOf: [.authority, .unit], for: "product \(decision)")
        guard opinion.utf8.count <= Limits.opinionBytes else { throw ControlError(.fileTooLarge, "--opinion", String(Limits.opinionBytes)) }
        guard case .ready(let prepared) = state.preparation, let digest = state.approvalDigest else { return state }
        guard actor.role == .authority || prepared.units.contains(actor.organisation) else {
            throw ControlError(.organisationNotPermitted, actor.name, actor.organisation, prepared.units.joined(separator: ", "))
        }
        if decision == "approve" { try requireNotExpired(state.terms, of: name) }
        try record(
            .productDecided, by: actor,
            body: [
                "product": .string(name), "digest": .string(digest), "decision": .string(decision), "opinion": .string(opinion),
                "role": .string(actor.role.rawValue), "organisation": .string(actor.organisation), "plan": .string(prepared.planDigest),
            ])
        return try product(name)
    }

    /// Records that the checker refused something: rules only.
    /// - Parameter decision: digest of the decision record, of a submission.
    func recordRefusal(_ verdict: Verdict, kind: String, subject: String, document: String, decision: String? = nil, by actor: Actor) throws {
        var body: [String: JSONValue] = [
            "kind": .string(kind), "subject": .string(subject), "document": .string(document),
            "rules": .array(Set(verdict.findings.map(\.rule)).sorted().map { .string($0) }),
        ]
        if let decision { body["decision"] = .string(decision) }
        try record(.jobRefused, by: actor, body: .object(body))
    }

    /// What approvers sign: the product document with all its terms, the checked query, and the table versions it is bound to.
    static func approvalDigest(product: String, query: String, pins: [PinnedVersion]) -> String {
        var signed: [String: JSONValue] = ["product": .string(product), "query": .string(query)]
        if !pins.isEmpty { signed["epoch"] = .array(pins.map(\.json)) }
        return SHA256.hash(JSONValue.object(signed).canonicalBytes).hex
    }

    /// Every unit whose table is read, and the authority, must have approved. An authority's signature counts for its own organisation too.
    private static func missing(_ units: [String], _ decisions: [DecisionRecord]) -> [String] {
        let approved = decisions.filter { $0.decision == "approve" }
        let rejected = decisions.filter { $0.decision != "approve" }
        let authority = approved.contains { $0.role == Role.authority.rawValue } && !rejected.contains { $0.role == Role.authority.rawValue }
        let missingUnits = units.filter { unit in
            !approved.contains { $0.organisation == unit } || rejected.contains { $0.organisation == unit }
        }
        return (authority ? [] : [Role.authority.rawValue]) + missingUnits
    }

    private static func decision(_ preparation: Preparation) -> String {
        switch preparation {
        case .ready: Verdict.Decision.allowed.rawValue
        case .stopped(let verdict): verdict.decision.rawValue
        }
    }
}
