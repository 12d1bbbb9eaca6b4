// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import MetadataStore
import PolicyCheck

/// Under what a job runs. It is looked at when the job starts and again before its result leaves.
enum Grant {
    /// A signed product: its name, its submission, what was signed, and its terms.
    case product(name: String, submission: UInt64, digest: String, terms: UseTerms)
    /// Free SQL under a standing approval; `query` is the digest of what was checked.
    case standing(StandingApproval, sql: String, query: String)
    /// Free SQL in a domain for rehearsal.
    case rehearsal

    /// The terms that tables are held against; nil where nobody's grant is judged.
    var terms: UseTerms? {
        switch self {
        case .product(_, _, _, let terms): terms
        case .standing(let standing, _, _): standing.terms
        case .rehearsal: nil
        }
    }

    /// What the intent of a query says of it.
    var authorisation: JSONValue {
        switch self {
        case .standing(let standing, _, _): ["standing": .string(standing.digest), "entry": .integer(Int64(standing.entry))]
        case .product, .rehearsal: ["rehearsal": true]
        }
    }

    var standingName: String? {
        if case .standing(let standing, _, _) = self { return standing.name }
        return nil
    }
}

extension Domain {
    /// Whether the days of a grant include today. Throws `grant.not-yet-valid` or `grant.expired`.
    func requireDay(_ terms: UseTerms, of name: String) throws(ControlError) {
        let today = clock.today
        if let first = terms.validFrom, today < first { throw ControlError(.grantNotYetValid, name, first, today) }
        try requireNotExpired(terms, of: name)
    }

    /// Throws `grant.expired` when the last day of a grant is over.
    func requireNotExpired(_ terms: UseTerms, of name: String) throws(ControlError) {
        let today = clock.today
        if let last = terms.validUntil, last < today { throw ControlError(.grantExpired, name, last, today) }
    }

    /// Whether a product that is to run has a run left. Runs are intents in the log, whatever became of them. Throws `grant.used-up`.
    func requireRunLeft(_ state: ProductState) throws(ControlError) {
        if let runs = state.terms.runs, state.runsUsed >= runs { throw ControlError(.grantUsedUp, state.record.name, String(runs)) }
    }

    /// Whether the grant of a job that has ended still holds, so that its result may leave.
    ///
    /// Throws `grant.withdrawn` when a signature, a policy or the standing approval is no longer what the job started under, and what
    /// `requireDay` throws.
    func requireInForce(_ grant: Grant) throws {
        switch grant {
        case .product(let name, let submission, let digest, let terms):
            let state = try product(name)
            guard state.record.entry == submission, state.approvalDigest == digest, state.missing.isEmpty else {
                throw ControlError(.grantWithdrawn, name, state.missing.isEmpty ? "-" : state.missing.joined(separator: ", "))
            }
            try requireDay(terms, of: name)
        case .standing(let standing, let sql, let query):
            let isInForce = try metadata.documents().contains {
                $0.kind == DocumentKind.standing.rawValue && $0.name == standing.name && $0.digest == standing.digest && $0.entry == standing.entry
            }
            guard isInForce, case .ready(let prepared) = try prepare(sql: sql, parameterDomains: .object([:]), basis: basis(standing.terms)),
                prepared.approvalDigest == query
            else { throw ControlError(.grantWithdrawn, standing.name, "-") }
            try requireDay(standing.terms, of: standing.name)
        case .rehearsal: return
        }
    }

    /// Records that a grant does not let something happen, and throws why.
    func refuseGrant(_ kind: String, _ name: String, _ document: String, by actor: Actor, _ check: () throws -> Void) throws {
        do { try check() } catch let error as ControlError {
            try record(
                .jobRefused, by: actor,
                body: [
                    "kind": .string(kind), "subject": .string(name), "document": .string(document),
                    "rules": .array([.string(error.code.rawValue)]),
                ])
            throw error
        }
    }
}
