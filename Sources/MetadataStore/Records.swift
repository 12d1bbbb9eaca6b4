// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// A person with a key and one role.
public struct IdentityRecord: Sendable, Hashable {
    public let name: String
    public let role: String
    public let organisation: String
    /// Hex of the public key.
    public let key: String
    /// Index of the log entry that added it.
    public let entry: UInt64
}

/// A document in force: a baseline, a unit's document, a single table, a standing approval.
public struct DocumentRecord: Sendable, Hashable {
    public let kind: String
    public let name: String
    /// Digest of the canonical JSON object.
    public let digest: String
    public let actor: String
    public let entry: UInt64
}

/// A loaded version of a table, as its log entry describes it.
public struct TableVersionRecord: Sendable, Hashable {
    public let name: String
    public let version: Int64
    /// The entry's body: manifest, files, source, period, as_of, mode.
    public let body: JSONValue
    public let entry: UInt64
}

/// The current version of an entity directory.
public struct DirectoryRecord: Sendable, Hashable {
    public let entity: String
    public let version: Int64
    public let body: JSONValue
}

/// The product in force under a name.
public struct ProductRecord: Sendable, Hashable {
    public let name: String
    /// Digest of the canonical JSON object.
    public let digest: String
    public let actor: String
    public let entry: UInt64
}

/// A signature under a product: approve, return or reject, over one approval digest.
public struct DecisionRecord: Sendable, Hashable {
    public let product: String
    public let digest: String
    public let actor: String
    public let role: String
    public let organisation: String
    public let decision: String
    public let opinion: String
    public let entry: UInt64
}

/// A job, query or load that was begun.
public struct JobRecord: Sendable, Hashable {
    public let id: String
    /// Product or table name; empty for free SQL.
    public let subject: String
    /// product, query or load.
    public let kind: String
    public let actor: String
    /// running, released, failed, aborted.
    public let status: String
    public let standing: String?
    /// Digest of the result object, once released.
    public let result: String?
    public let intent: UInt64
    public let outcome: UInt64?
}
