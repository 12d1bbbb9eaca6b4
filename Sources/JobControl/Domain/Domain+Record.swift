// SPDX-License-Identifier: Apache-2.0

import AuditLog
import CanonicalJSON
import CryptoSuites
import DurableFiles
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

    /// Records that a job or load failed, unless its outcome stands in the log already: what fails after the commit does not undo it.
    /// When not even this can be recorded, the next opening closes the job as aborted; the error that came first is the one to tell.
    func recordFailure(_ type: EntryType, job: String, intent: UInt64, _ error: any Error, by actor: Actor) {
        do {
            try rollForward()
            guard try metadata.jobs(status: "running").contains(where: { $0.id == job }) else { return }
            try record(
                type, by: actor,
                body: ["job": .string(job), "intent": .integer(Int64(intent)), "code": .string(FaultCode.of(error).code)])
        } catch {
            return
        }
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

    /// A result whose release is in the log was to leave, even if the process died before it wrote it out. Only the newest can be missing,
    /// since every opening does this. A result object that is damaged by now is left to `yunei doctor`.
    func publishNewestResult() throws {
        guard let job = try metadata.jobs(status: "released").last(where: { $0.kind != "load" }), let outcome = job.outcome,
            let digest = job.result
        else { return }
        let directory = paths.results + "/" + job.id
        guard !files.exists(directory + "/receipt.json") || !files.exists(directory + "/result.json"),
            let result = try? InputFile.read(paths.object(digest), limitBytes: JSONLimits.documentBytes), SHA256.hash(result).hex == digest
        else { return }
        _ = try publish(job: job.id, result: result, intent: job.intent, outcome: outcome)
    }

    /// Removes files that a process had not finished when it died.
    func removeUnfinishedFiles() throws {
        let objects = try files.names(in: paths.objects).map { paths.objects + "/" + $0 }
        for directory in [paths.root, paths.identities, paths.keys] + objects { try files.removeTemporaries(in: directory) }
        try removeUnfinishedFiles(below: paths.audit)
        // Every opening does this, so that only the newest result can have been interrupted.
        guard let job = try metadata.jobs(status: "released").last else { return }
        let newest = paths.results + "/" + job.id
        if files.isDirectory(newest) { try files.removeTemporaries(in: newest) }
    }

    private func removeUnfinishedFiles(below directory: String) throws {
        try files.removeTemporaries(in: directory)
        for name in try files.names(in: directory) where files.isDirectory(directory + "/" + name) {
            try removeUnfinishedFiles(below: directory + "/" + name)
        }
    }

    /// An intent without an outcome was interrupted: its process is gone, since we hold the lock. It becomes "aborted".
    func closeAbandonedJobs() throws {
        for job in try metadata.jobs(status: "running") {
            try recordByDomain(.jobAborted, body: ["job": .string(job.id), "intent": .integer(Int64(job.intent))])
        }
    }
}
