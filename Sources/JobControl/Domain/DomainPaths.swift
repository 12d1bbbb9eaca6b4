// SPDX-License-Identifier: Apache-2.0

/// Where things lie in a domain's directory.
public struct DomainPaths: Sendable, Hashable {
    public let root: String

    public init(root: String) { self.root = root.hasSuffix("/") && root.count > 1 ? String(root.dropLast()) : root }

    /// What the domain is: format versions, suite, origin, the log's public key. Canonical JSON.
    public var description: String { root + "/domain.json" }
    public var lock: String { root + "/lock" }
    public var identities: String { root + "/identities" }
    public var keys: String { root + "/keys" }
    /// The static log, in the layout of c2sp.org/tlog-tiles.
    public var audit: String { root + "/audit" }
    /// The log's write-ahead file and the signer's own state.
    public var auditState: String { root + "/state" }
    public var objects: String { root + "/objects" }
    /// Descriptors without a name are made here; nothing in it survives a command.
    public var staging: String { root + "/staging" }
    /// One directory for each released job.
    public var results: String { root + "/results" }
    public var metadata: String { root + "/metadata.sqlite" }

    public func identityKey(_ name: String) -> String { identities + "/" + name + ".key" }
    public func identityCard(_ name: String) -> String { identities + "/" + name + ".json" }
    public func key(_ name: String) -> String { keys + "/" + name }

    /// Content-addressed: two digits, then the rest.
    public func object(_ digest: String) -> String { objects + "/" + digest.prefix(2) + "/" + digest.dropFirst(2) }

    var directories: [String] { [root, identities, keys, audit, auditState, objects, staging, results] }
}
