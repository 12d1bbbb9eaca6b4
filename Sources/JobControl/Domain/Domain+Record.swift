// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites
import MetadataStore

extension Domain {
    /// Records an act: signed by the person, durable in the log, then applied to the view. Returns the entry's index.
    @discardableResult
    func record(_ type: EntryType, by actor: Actor, body: JSONValue) throws -> UInt64 {
        try append(LogEntry(type: type, time: clock.text, actor: actor.name, signingKey: actor.signingKey, body: body))
    }

    /// Records what the domain does by itself, signed by the log's key.
    @discardableResult
    func recordByDomain(_ type: EntryType, body: JSONValue) throws -> UInt64 {
        try append(LogEntry(type: type, time: clock.text, actor: LogEntry.domainActor, signingKey: logKey, body: body))
    }

    private func append(_ entry: LogEntry) throws -> UInt64 {
        let bytes = entry.json.canonicalBytes
        guard bytes.count <= AuditLog.Limits.entryBytes else { throw ControlError(.entryTooLarge, entry.type.rawValue) }
        let index = try log.append([bytes]).lowerBound
        try metadata.apply([(index: index, entry: entry.json)])
        // An intent is durable already; its outcome, or the next opening, publishes it.
        if entry.type != .jobIntended && entry.type != .loadIntended { _ = try log.currentCheckpoint }
        return index
    }

    /// Brings the view up to the log. An entry that cannot be read stops the domain: nothing is guessed.
    func rollForward() throws {
        let applied = try metadata.appliedCount()
        guard applied <= log.size else { throw ControlError(.domainDamaged, paths.metadata) }
        var entries: [(index: UInt64, entry: JSONValue)] = []
        for index in applied..<log.size {
            entries.append((index, try LogEntry.parse(try log.entry(at: index)).json))
        }
        if !entries.isEmpty { try metadata.apply(entries) }
    }

    /// An intent without an outcome was interrupted: its process is gone, since we hold the lock. It becomes "aborted".
    func closeAbandonedJobs() throws {
        for job in try metadata.jobs(status: "running") {
            try recordByDomain(.jobAborted, body: ["job": .string(job.id), "intent": .integer(Int64(job.intent))])
        }
    }
}
