// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import MetadataStore
import PolicyCheck

/// A standing approval 常设授权 in force.
struct StandingApproval: Sendable {
    let name: String
    let digest: String
    let entry: UInt64
}

extension Domain {
    /// The first standing approval that covers the person's role and every table read, has not expired and has runs left.
    ///
    /// Throws `standing.missing` with the tables that would have to be covered.
    func standingApproval(for prepared: PreparedQuery, actor: Actor) throws -> StandingApproval {
        let tables = Set(prepared.tables.map(\.name))
        let today = String(clock.text.prefix(10))
        for record in try metadata.documents() where record.kind == DocumentKind.standing.rawValue {
            let document = try document(record.digest)
            let roles = Self.texts(document["roles"])
            let covered = Set(Self.texts(document["tables"]))
            let used = try metadata.jobs().count { $0.standing == record.name && $0.intent > record.entry }
            guard roles.contains(actor.role.rawValue), tables.isSubset(of: covered), let expires = document["expires"]?.text, today <= expires,
                let runs = document["runs"].flatMap(Self.integer), used < runs
            else { continue }
            return StandingApproval(name: record.name, digest: record.digest, entry: record.entry)
        }
        throw ControlError(.standingMissing, actor.role.rawValue, tables.sorted().joined(separator: ", "))
    }

    private static func texts(_ value: JSONValue?) -> [String] { value?.elements?.compactMap(\.text) ?? [] }

    private static func integer(_ value: JSONValue) -> Int? {
        value.number.flatMap { Int(exactly: $0) } ?? value.text.flatMap { Int($0) }
    }
}
