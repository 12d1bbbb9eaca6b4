// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import MetadataStore
import PolicyCheck

/// A standing approval 常设授权 in force.
struct StandingApproval: Sendable {
    let name: String
    let digest: String
    let entry: UInt64
    let terms: UseTerms
}

extension Domain {
    /// The standing approvals that cover the person's role and every table read, whose days include today and that have runs left.
    ///
    /// Throws `standing.missing` with the tables that would have to be covered when there is none.
    func standingApprovals(for prepared: PreparedQuery, actor: Actor) throws -> [StandingApproval] {
        let tables = Set(prepared.tables.map(\.name))
        let today = clock.today
        var found: [StandingApproval] = []
        for record in try metadata.documents() where record.kind == DocumentKind.standing.rawValue {
            let document = try document(record.digest)
            let roles = Self.texts(document["roles"])
            let covered = Set(Self.texts(document["tables"]))
            let used = try metadata.jobs().count { $0.standing == record.name && $0.intent > record.entry }
            guard roles.contains(actor.role.rawValue), tables.isSubset(of: covered), let expires = document["expires"]?.text, today <= expires,
                document["valid_from"]?.text.map({ $0 <= today }) ?? true, let runs = document["runs"].flatMap(Self.integer), used < runs
            else { continue }
            found.append(
                StandingApproval(name: record.name, digest: record.digest, entry: record.entry, terms: try UseTerms(standing: document)))
        }
        guard !found.isEmpty else {
            throw ControlError(.standingMissing, actor.role.rawValue, tables.sorted().joined(separator: ", "))
        }
        return found
    }

    private static func texts(_ value: JSONValue?) -> [String] { value?.elements?.compactMap(\.text) ?? [] }

    private static func integer(_ value: JSONValue) -> Int? {
        value.number.flatMap { Int(exactly: $0) } ?? value.text.flatMap { Int($0) }
    }
}
