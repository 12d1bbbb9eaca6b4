// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import GRDB

/// A SQLite view of what the log says: identities, documents, tables, products, signatures, jobs. It holds nothing of its own: delete it
/// and it is made again from the log (`yunei doctor --rebuild`). One connection, WAL, `synchronous=FULL`.
public final class MetadataStore: Sendable {
    let queue: DatabaseQueue

    /// Version of the table layout; a file of another version is refused and can be rebuilt.
    public static let layoutVersion = 1

    /// Opens or creates the view at a path. Throws `metadata.unusable` when SQLite cannot use the file.
    public init(path: String) throws(MetadataError) {
        do {
            var configuration = Configuration()
            configuration.maximumReaderCount = 1
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                if version == 0 { try database.execute(sql: Self.layout) }
                guard version == 0 || version == Self.layoutVersion else { throw MetadataError(.unusable) }
            }
        } catch {
            throw MetadataError(.unusable)
        }
    }

    /// How many log entries the view has applied; the next one to apply has this index.
    public func appliedCount() throws(MetadataError) -> UInt64 {
        try read { UInt64(try Int64.fetchOne($0, sql: "SELECT applied FROM progress") ?? 0) }
    }

    func read<Value>(_ work: (Database) throws -> Value) throws(MetadataError) -> Value {
        do { return try queue.read(work) } catch let error as MetadataError { throw error } catch { throw MetadataError(.unusable) }
    }

    func write<Value>(_ work: (Database) throws -> Value) throws(MetadataError) -> Value {
        do { return try queue.write(work) } catch let error as MetadataError { throw error } catch { throw MetadataError(.unusable) }
    }

    private static let layout = """
        CREATE TABLE progress (applied INTEGER NOT NULL);
        INSERT INTO progress VALUES (0);
        CREATE TABLE identity (name TEXT PRIMARY KEY, role TEXT NOT NULL, organisation TEXT NOT NULL, key TEXT NOT NULL, entry INTEGER NOT NULL);
        CREATE TABLE document (kind TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, actor TEXT NOT NULL, entry INTEGER NOT NULL,
          PRIMARY KEY (kind, name));
        CREATE TABLE table_version (name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, entry INTEGER NOT NULL,
          PRIMARY KEY (name, version));
        CREATE TABLE directory (entity TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL, entry INTEGER NOT NULL);
        CREATE TABLE product (name TEXT PRIMARY KEY, digest TEXT NOT NULL, actor TEXT NOT NULL, entry INTEGER NOT NULL);
        CREATE TABLE decision (product TEXT NOT NULL, digest TEXT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, organisation TEXT NOT NULL,
          decision TEXT NOT NULL, opinion TEXT NOT NULL, entry INTEGER PRIMARY KEY);
        CREATE TABLE job (id TEXT PRIMARY KEY, subject TEXT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, status TEXT NOT NULL,
          standing TEXT, result TEXT, intent INTEGER NOT NULL, outcome INTEGER);
        CREATE INDEX job_by_status ON job (status);
        CREATE INDEX decision_by_product ON decision (product, digest);
        PRAGMA user_version = \(layoutVersion);
        """
}
