// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import GRDB

extension MetadataStore {
    /// Applies log entries in order, in one transaction. Entries that the view has already are skipped, so applying twice is applying once.
    /// Throws `metadata.unknown-entry` for a type it does not know: nothing is guessed.
    public func apply(_ entries: [(index: UInt64, entry: JSONValue)]) throws(MetadataError) {
        try write { database in
            var applied = UInt64(try Int64.fetchOne(database, sql: "SELECT applied FROM progress") ?? 0)
            for (index, entry) in entries where index >= applied {
                guard index == applied else { throw MetadataError(.malformedEntry, String(index)) }
                try Self.apply(EntryView(index: index, entry: entry), to: database)
                applied = index + 1
            }
            try database.execute(sql: "UPDATE progress SET applied = ?", arguments: [Int64(applied)])
        }
    }

    private static func apply(_ view: EntryView, to database: Database) throws {
        switch try view.entryText("type") {
        case "domain.created", "identity.added": try applyIdentity(view, to: database)
        case "policy.applied": try applyDocument(view, to: database)
        case "load.intended", "job.intended": try applyIntent(view, to: database)
        case "table.loaded": try applyTable(view, to: database)
        case "product.submitted": try applyProduct(view, to: database)
        case "product.decided": try applyDecision(view, to: database)
        case "job.released": try applyOutcome(view, status: "released", to: database)
        case "job.failed", "load.failed": try applyOutcome(view, status: "failed", to: database)
        case "job.aborted": try applyOutcome(view, status: "aborted", to: database)
        case "job.refused": break
        default: throw MetadataError(.unknownEntry, String(view.index))
        }
    }

    private static func applyIdentity(_ view: EntryView, to database: Database) throws {
        try database.execute(
            sql: "INSERT INTO identity VALUES (?, ?, ?, ?, ?)",
            arguments: [view.text("name"), view.text("role"), view.text("organisation"), view.text("key"), Int64(view.index)])
    }

    private static func applyDocument(_ view: EntryView, to database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?)",
            arguments: [view.text("kind"), view.text("name"), view.text("document"), view.entryText("actor"), Int64(view.index)])
    }

    private static func applyIntent(_ view: EntryView, to database: Database) throws {
        try database.execute(
            sql: "INSERT INTO job (id, subject, kind, actor, status, standing, intent) VALUES (?, ?, ?, ?, 'running', ?, ?)",
            arguments: [
                view.text("job"), view.text("subject"), view.text("kind"), view.entryText("actor"), view.body["standing"]?.text, Int64(view.index),
            ])
    }

    private static func applyOutcome(_ view: EntryView, status: String, to database: Database) throws {
        try database.execute(
            sql: "UPDATE job SET status = ?, result = ?, outcome = ? WHERE id = ?",
            arguments: [status, view.body["result"]?.text, Int64(view.index), view.text("job")])
    }

    private static func applyTable(_ view: EntryView, to database: Database) throws {
        try database.execute(
            sql: "INSERT INTO table_version VALUES (?, ?, ?, ?)",
            arguments: [view.text("table"), view.number("version"), view.body.canonicalText, Int64(view.index)])
        for directory in view.body["directories"]?.elements ?? [] {
            guard let entity = directory["entity"]?.text, let version = directory["version"]?.number else {
                throw MetadataError(.malformedEntry, String(view.index))
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO directory VALUES (?, ?, ?, ?)",
                arguments: [entity, version, directory.canonicalText, Int64(view.index)])
        }
        try applyOutcome(view, status: "released", to: database)
    }

    private static func applyProduct(_ view: EntryView, to database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO product VALUES (?, ?, ?, ?)",
            arguments: [view.text("product"), view.text("document"), view.entryText("actor"), Int64(view.index)])
    }

    private static func applyDecision(_ view: EntryView, to database: Database) throws {
        try database.execute(
            sql: "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                view.text("product"), view.text("digest"), view.entryText("actor"), view.text("role"), view.text("organisation"),
                view.text("decision"), view.text("opinion"), Int64(view.index),
            ])
    }
}

/// Typed access to one entry; what is missing is an error that names the index.
private struct EntryView {
    let index: UInt64
    let entry: JSONValue
    var body: JSONValue { entry["body"] ?? .null }

    func entryText(_ name: String) throws(MetadataError) -> String {
        guard let text = entry[name]?.text else { throw MetadataError(.malformedEntry, String(index)) }
        return text
    }

    func text(_ name: String) throws(MetadataError) -> String {
        guard let text = body[name]?.text else { throw MetadataError(.malformedEntry, String(index)) }
        return text
    }

    func number(_ name: String) throws(MetadataError) -> Int64 {
        guard let number = body[name]?.number else { throw MetadataError(.malformedEntry, String(index)) }
        return number
    }
}
