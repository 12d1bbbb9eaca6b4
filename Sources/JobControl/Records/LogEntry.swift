// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites

/// What may stand in the log. An entry of another type is refused by every reader.
public enum EntryType: String, Sendable, CaseIterable {
    case domainCreated = "domain.created"
    case identityAdded = "identity.added"
    case policyApplied = "policy.applied"
    case loadIntended = "load.intended"
    case tableLoaded = "table.loaded"
    case loadFailed = "load.failed"
    case productSubmitted = "product.submitted"
    case productDecided = "product.decided"
    case jobIntended = "job.intended"
    case jobReleased = "job.released"
    case jobFailed = "job.failed"
    case jobAborted = "job.aborted"
    case jobRefused = "job.refused"
}

/// One entry of the audit log: canonical JSON, signed by the person who acted. It never holds a row, a parameter value or a key.
public struct LogEntry: Sendable, Hashable {
    public let type: EntryType
    /// UTC, as the machine's clock claims it.
    public let time: String
    /// Name of the acting identity; `domain` when the domain itself tidied up (an abandoned job).
    public let actor: String
    public let key: PublicKey
    public let body: JSONValue
    public let signature: Signature

    /// Version of the entry format.
    public static let format: Int64 = 1
    /// The actor of entries that the domain writes on its own, signed by the log's key.
    public static let domainActor = "domain"

    /// Makes and signs an entry.
    public init(type: EntryType, time: String, actor: String, signingKey: SigningKey, body: JSONValue) {
        self.type = type
        self.time = time
        self.actor = actor
        self.key = signingKey.publicKey
        self.body = body
        self.signature = signingKey.sign(
            Self.signedBytes(Self.unsigned(type: type, time: time, actor: actor, key: signingKey.publicKey, body: body)))
    }

    /// The entry as it stands in the log.
    public var json: JSONValue {
        var members = Self.unsigned(type: type, time: time, actor: actor, key: key, body: body).members ?? [:]
        members["signature"] = .string(Hexadecimal.encode(signature.bytes))
        return .object(members)
    }

    /// Reads an entry strictly: canonical bytes, exactly the known members, a valid signature by the key it names.
    public static func parse(_ bytes: [UInt8]) throws(ControlError) -> LogEntry {
        guard let json = try? JSONValue.parseCanonical(bytes), let entry = LogEntry(json: json), entry.json == json,
            entry.isSignatureValid
        else { throw ControlError(.entryMalformed) }
        return entry
    }

    private init?(json: JSONValue) {
        guard json["format"]?.number == Self.format, let type = json["type"]?.text.flatMap(EntryType.init(rawValue:)),
            let time = json["time"]?.text, let actor = json["actor"]?.text, let body = json["body"],
            let key = json["key"]?.text.flatMap(Hexadecimal.decode).flatMap({ PublicKey(bytes: $0) }),
            let signature = json["signature"]?.text.flatMap(Hexadecimal.decode).flatMap({ Signature(bytes: $0) })
        else { return nil }
        self.type = type
        self.time = time
        self.actor = actor
        self.key = key
        self.body = body
        self.signature = signature
    }

    private var isSignatureValid: Bool {
        key.verifies(signature, of: Self.signedBytes(Self.unsigned(type: type, time: time, actor: actor, key: key, body: body)))
    }

    private static func unsigned(type: EntryType, time: String, actor: String, key: PublicKey, body: JSONValue) -> JSONValue {
        [
            "format": .integer(format), "type": .string(type.rawValue), "time": .string(time), "actor": .string(actor),
            "key": .string(Hexadecimal.encode(key.bytes)), "body": body,
        ]
    }

    /// What is signed: a label that no other signed text starts with, then the canonical entry without its signature.
    private static func signedBytes(_ unsigned: JSONValue) -> [UInt8] {
        Array("yunei-entry/1\n".utf8) + unsigned.canonicalBytes
    }
}
