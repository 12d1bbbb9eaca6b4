// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import MetadataStore
import PolicyCheck
import QueryPlan

/// A statement that the checker allowed, with everything that must be the same when it runs.
public struct PreparedQuery: Sendable {
    public let sql: String
    public let parameterDomains: JSONValue
    public let approved: ApprovedPlan
    /// Every policy document in force, canonical, in the order of the catalogue.
    public let documents: [JSONValue]
    /// SHA-256 of the approved plan's canonical text.
    public let planDigest: String
    /// Tables that are read, sorted, with the unit of each.
    public let tables: [(name: String, unit: String)]
    /// What approvers sign: statement, parameter domains, plan, and the effective policy of every table that is read.
    public let approvalDigest: String

    /// Units whose tables are read.
    public var units: [String] { Set(tables.map(\.unit)).sorted() }
}

/// The outcome of preparing: as the checker said it.
public enum Preparation: Sendable {
    case ready(PreparedQuery)
    case stopped(Verdict)
}

extension Domain {
    /// The policy documents in force.
    func policyDocuments() throws -> [JSONValue] {
        try metadata.documents().filter { $0.kind != DocumentKind.standing.rawValue }.map { try document($0.digest) }
    }

    /// The policies in force.
    public func policies() throws -> PolicySet { try PolicySet(documents: try policyDocuments()) }

    /// Parses, binds and checks a statement under the policies in force. Runs nothing.
    func prepare(sql: String, parameterDomains: JSONValue, basis: CheckBasis) throws -> Preparation {
        let documents = try policyDocuments()
        return try Preparation.made(
            sql: sql, parameterDomains: parameterDomains, documents: documents, policies: try PolicySet(documents: documents), basis: basis)
    }
}

extension Preparation {
    /// Parses, binds and checks a statement, and tries changes where it is refused. Rests on nothing but the arguments.
    static func made(
        sql: String, parameterDomains: JSONValue, documents: [JSONValue], policies: PolicySet, basis: CheckBasis
    ) throws -> Preparation {
        switch try QueryCheck.runTryingChanges(sql: sql, policies: policies, parameterDomains: parameterDomains, basis: basis) {
        case .stopped(let verdict): return .stopped(verdict)
        case .approved(let approved):
            guard columnCount(approved) <= Limits.resultColumns else { throw ControlError(.tooManyColumns, String(Limits.resultColumns)) }
            return .ready(prepared(sql, parameterDomains, approved, documents, policies))
        }
    }

    /// Released columns: those of the release node, hidden ones included.
    private static func columnCount(_ approved: ApprovedPlan) -> Int {
        switch approved.plan.release {
        case .rows: approved.plan.rows.output.count
        case .aggregate(let aggregation): aggregation.output.count
        }
    }

    private static func prepared(
        _ sql: String, _ parameterDomains: JSONValue, _ approved: ApprovedPlan, _ documents: [JSONValue], _ policies: PolicySet
    ) -> PreparedQuery {
        let planDigest = SHA256.hash(Array(approved.canonicalText.utf8)).hex
        let names = Set(approved.scans.values.map(\.table)).sorted()
        let tables = names.map { (name: $0, unit: policies.table($0)?.unit ?? "") }
        let effective = names.map { JSONValue.string(policies.effectiveText($0)) }
        let signed: JSONValue = [
            "sql": .string(sql), "parameters": parameterDomains, "plan": .string(planDigest), "policies": .array(effective),
        ]
        return PreparedQuery(
            sql: sql, parameterDomains: parameterDomains, approved: approved, documents: documents, planDigest: planDigest,
            tables: tables, approvalDigest: SHA256.hash(signed.canonicalBytes).hex)
    }
}
