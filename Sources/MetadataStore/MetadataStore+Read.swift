// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import GRDB

extension MetadataStore {
    /// The identity of this name.
    public func identity(_ name: String) throws(MetadataError) -> IdentityRecord? {
        try identities().first { $0.name == name }
    }

    /// All identities in order of their entries.
    public func identities() throws(MetadataError) -> [IdentityRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM identity ORDER BY entry").map {
                IdentityRecord(name: $0["name"], role: $0["role"], organisation: $0["organisation"], key: $0["key"], entry: Self.index($0["entry"]))
            }
        }
    }

    /// All documents in force, in order of kind and name.
    public func documents() throws(MetadataError) -> [DocumentRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM document ORDER BY kind, name").map {
                DocumentRecord(kind: $0["kind"], name: $0["name"], digest: $0["digest"], actor: $0["actor"], entry: Self.index($0["entry"]))
            }
        }
    }

    /// The newest version of a table, nil when nothing was loaded yet.
    public func latestVersion(of table: String) throws(MetadataError) -> TableVersionRecord? {
        try versions(of: table).last
    }

    /// All versions of a table, oldest first.
    public func versions(of table: String) throws(MetadataError) -> [TableVersionRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM table_version WHERE name = ? ORDER BY version", arguments: [table]).map {
                TableVersionRecord(name: $0["name"], version: $0["version"], body: try Self.json($0["body"]), entry: Self.index($0["entry"]))
            }
        }
    }

    /// The current directory of an entity type.
    public func directory(of entity: String) throws(MetadataError) -> DirectoryRecord? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM directory WHERE entity = ?", arguments: [entity]).map {
                DirectoryRecord(entity: $0["entity"], version: $0["version"], body: try Self.json($0["body"]))
            }
        }
    }

    /// The product in force under a name.
    public func product(_ name: String) throws(MetadataError) -> ProductRecord? {
        try products().first { $0.name == name }
    }

    /// All products in order of their newest submission.
    public func products() throws(MetadataError) -> [ProductRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM product ORDER BY entry").map {
                ProductRecord(name: $0["name"], digest: $0["digest"], actor: $0["actor"], entry: Self.index($0["entry"]))
            }
        }
    }

    /// Every decision on a product, oldest first, whatever digest it was about.
    public func decisions(on product: String) throws(MetadataError) -> [DecisionRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM decision WHERE product = ? ORDER BY entry", arguments: [product]).map {
                DecisionRecord(
                    product: $0["product"], digest: $0["digest"], actor: $0["actor"], role: $0["role"], organisation: $0["organisation"],
                    decision: $0["decision"], opinion: $0["opinion"], entry: Self.index($0["entry"]))
            }
        }
    }

    /// Jobs of one status, oldest first; all when nil.
    public func jobs(status: String? = nil) throws(MetadataError) -> [JobRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM job WHERE ?1 IS NULL OR status = ?1 ORDER BY intent", arguments: [status]).map {
                JobRecord(
                    id: $0["id"], subject: $0["subject"], kind: $0["kind"], actor: $0["actor"], status: $0["status"], standing: $0["standing"],
                    result: $0["result"], intent: Self.index($0["intent"]), outcome: ($0["outcome"] as Int64?).map(Self.index))
            }
        }
    }

    private static func index(_ value: Int64) -> UInt64 { UInt64(clamping: value) }

    private static func json(_ text: String) throws(MetadataError) -> JSONValue {
        guard let value = try? JSONValue.parse(Array(text.utf8)) else { throw MetadataError(.unusable) }
        return value
    }
}
