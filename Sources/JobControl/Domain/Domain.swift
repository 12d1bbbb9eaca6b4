// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites
import DurableFiles
import Glibc
import LocalKnowledge
import MetadataStore

/// An open domain: one process at a time. The log is the only commit point; the metadata view is rolled forward from it when opened.
public final class Domain {
    public let paths: DomainPaths
    public let description: DomainDescription
    public let files: DurableFiles
    public let metadata: MetadataStore
    let log: AuditLog
    let logKey: SigningKey
    let keys: KeyCustody
    let clock: Clock
    let ceilings: Limits.Ceilings
    /// What loads measured, by digest; objects never change.
    var measured: [String: TableProfile] = [:]
    private let lock: FileLock

    init(
        paths: DomainPaths, description: DomainDescription, files: DurableFiles, metadata: MetadataStore, log: AuditLog,
        logKey: SigningKey, keys: KeyCustody, clock: Clock, ceilings: Limits.Ceilings, lock: FileLock
    ) {
        self.paths = paths
        self.description = description
        self.files = files
        self.metadata = metadata
        self.log = log
        self.logKey = logKey
        self.keys = keys
        self.clock = clock
        self.ceilings = ceilings
        self.lock = lock
    }
}

/// What a domain is, written once at its birth.
public struct DomainDescription: Sendable, Hashable {
    /// Name of the log: the `origin` of its checkpoints.
    public let origin: String
    public let suite: String
    /// A domain for rehearsal 演练域: free SQL is always allowed and everything is marked so.
    public let isRehearsal: Bool
    public let logKey: PublicKey

    /// Version of the directory layout.
    static let format: Int64 = 1

    var json: JSONValue {
        [
            "format": .integer(Self.format), "origin": .string(origin), "suite": .string(suite), "rehearsal": .bool(isRehearsal),
            "log_key": .string(logKey.hex),
        ]
    }

    init(origin: String, suite: String, isRehearsal: Bool, logKey: PublicKey) {
        self.origin = origin
        self.suite = suite
        self.isRehearsal = isRehearsal
        self.logKey = logKey
    }

    /// Throws `domain.format` for anything that is not a description of this format.
    init(json: JSONValue, path: String) throws(ControlError) {
        guard json["format"]?.number == Self.format, let origin = json["origin"]?.text, let suite = json["suite"]?.text,
            let isRehearsal = json["rehearsal"]?.flag,
            let key = json["log_key"]?.text.flatMap(Hexadecimal.decode).flatMap({ PublicKey(bytes: $0) })
        else { throw ControlError(.domainFormat, path) }
        self.init(origin: origin, suite: suite, isRehearsal: isRehearsal, logKey: key)
    }
}
