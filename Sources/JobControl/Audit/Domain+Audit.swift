// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites
import DurableFiles
import MetadataStore

/// An entry of the log with its place.
public struct AuditEntry: Sendable {
    public let index: UInt64
    public let entry: LogEntry

    /// What the entry is about: a table, a product, a person, a document, a job.
    public var subject: String {
        for member in ["table", "product", "name", "subject", "job"] {
            if let text = entry.body[member]?.text, !text.isEmpty { return text }
        }
        return ""
    }

    public var summary: JSONValue {
        [
            "index": .integer(Int64(index)), "time": .string(entry.time), "type": .string(entry.type.rawValue),
            "actor": .string(entry.actor), "subject": .string(subject),
        ]
    }
}

/// What verifying the log found.
public struct LogReport: Sendable {
    public let size: UInt64
    public let root: String
    /// Empty when everything holds; otherwise which file or entry does not.
    public let failures: [String]
}

extension Domain {
    /// The log's key in the form of c2sp.org/signed-note.
    public var verifierKey: String { log.verifierKey.text }

    /// All entries, oldest first.
    public func auditEntries() throws -> [AuditEntry] {
        try (0..<log.size).map { try auditEntry($0) }
    }

    /// One entry. Throws `audit.no-such-entry`.
    public func auditEntry(_ index: UInt64) throws -> AuditEntry {
        guard index < log.size else { throw ControlError(.entryUnknown, String(index), String(log.size)) }
        return AuditEntry(index: index, entry: try LogEntry.parse(try log.entry(at: index)))
    }

    /// The log's key without opening the domain.
    public static func verifierKey(at directory: String) throws -> String {
        let description = try readDescription(DomainPaths(root: directory))
        return try VerifierKey(name: description.origin, key: description.logKey).text
    }

    /// Derives everything again from the entry bundles: leaves, tiles, root, checkpoint signature; then every entry's own signature, and that
    /// each actor was an identity of the domain, added by an authority, when it acted. Reads only the static log: no keys, no lock.
    public static func verifyLog(at directory: String) throws -> LogReport {
        let paths = DomainPaths(root: directory)
        _ = try readDescription(paths)
        let report = LogVerifier.verify(directory: paths.audit, vkey: try VerifierKey(parsing: try verifierKey(at: directory)))
        let size = report.checkpoint?.size ?? 0
        var failures = report.failures.map { failure in
            failure.file + (failure.index.map { " (\($0))" } ?? "") + ": " + failure.code.rawValue
        }
        if report.isIntact { failures += try actorFailures(paths, size: size) }
        return LogReport(size: size, root: report.checkpoint?.root.hex ?? "", failures: failures)
    }

    private static func actorFailures(_ paths: DomainPaths, size: UInt64) throws -> [String] {
        var people = ActorBook(logKey: try readDescription(paths).logKey)
        for (index, bytes) in try LogVerifier.entries(directory: paths.audit, size: size).enumerated() {
            if let failure = people.failure(of: bytes, index: UInt64(index)) { return [failure] }
        }
        return []
    }

    /// Copies the static log and its key into a new directory.
    public func exportLog(to directory: String) throws {
        try files.makeDirectory(directory)
        try copyTree(from: paths.audit, to: directory)
        try files.write(Array((verifierKey + "\n").utf8), to: directory + "/log.vkey", mode: 0o644)
    }

    private func copyTree(from source: String, to target: String) throws {
        try files.makeDirectory(target)
        for name in try files.names(in: source) {
            let path = source + "/" + name
            if files.isDirectory(path) {
                try copyTree(from: path, to: target + "/" + name)
            } else {
                try files.write(try files.read(path), to: target + "/" + name, mode: 0o644)
            }
        }
    }

    /// Copies a result and its receipt to where the person wants them.
    public func copy(_ job: ReleasedJob, to path: String) throws -> ReleasedJob {
        try files.write(job.result, to: path, mode: 0o640)
        let receiptPath = path + ".receipt.json"
        try files.write(try InputFile.read(job.receiptPath, limitBytes: ceilings.receiptBytes), to: receiptPath, mode: 0o640)
        return ReleasedJob(job: job.job, result: job.result, resultPath: path, receiptPath: receiptPath)
    }

    /// Writes a decision record where a person wants it.
    public func write(_ decision: Decision, to path: String) throws {
        try files.write(decision.record.canonicalBytes, to: path, mode: 0o640)
    }
}

/// Who exists, as the log itself tells it, entry by entry.
struct ActorBook {
    private let logKey: PublicKey
    private var keys: [String: String] = [:]
    private var authorities: Set<String> = []

    init(logKey: PublicKey) { self.logKey = logKey }

    /// Why an entry does not hold, or nil.
    mutating func failure(of bytes: [UInt8], index: UInt64) -> String? {
        guard let entry = try? LogEntry.parse(bytes) else { return "entry \(index): malformed or wrongly signed" }
        if index == 0 {
            guard entry.type == .domainCreated, entry.body["name"]?.text == entry.actor, entry.body["key"]?.text == entry.key.hex else {
                return "entry 0: not the birth of a domain"
            }
        } else if entry.actor == LogEntry.domainActor {
            guard entry.type == .jobAborted, entry.key == logKey else { return "entry \(index): not the domain's to write" }
        } else {
            guard keys[entry.actor] == entry.key.hex else { return "entry \(index): actor unknown or with another key" }
            guard entry.type != .identityAdded || authorities.contains(entry.actor) else { return "entry \(index): not by an authority" }
        }
        if entry.type == .domainCreated || entry.type == .identityAdded {
            guard let name = entry.body["name"]?.text, let key = entry.body["key"]?.text, keys[name] == nil else {
                return "entry \(index): malformed identity"
            }
            keys[name] = key
            if entry.body["role"]?.text == Role.authority.rawValue { authorities.insert(name) }
        }
        return nil
    }
}
