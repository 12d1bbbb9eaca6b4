// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Synchronization
import Tabular

/// A sealed file that is open for reading, with its key. The descriptor stays the caller's and must outlive the table.
public struct OpenedFile: Sendable {
    public let column: StoredColumn
    public let descriptor: Int32
    public let key: SecretKey

    public init(column: StoredColumn, descriptor: Int32, key: SecretKey) {
        self.column = column
        self.descriptor = descriptor
        self.key = key
    }
}

/// One version of a table, opened: its structure, and those of its columns for which a file and a key were given.
///
/// Safe to share between threads; each thread makes a reader of its own.
public final class StoredTable: Sendable {
    public let identity: TableIdentity
    /// All columns of the version; identifier columns have an entity type.
    public let schema: TableSchema
    /// Entity types; rows are ordered by the first.
    public let entityTypes: [String]
    public let rowCount: Int
    /// Rows of each block.
    public let blockRowCounts: [Int]
    /// Runs of blocks that hold every block once; no entity of the first type stands in two of them.
    public let partitions: [Range<Int>]
    public let period: String
    public let asOf: String
    /// Digest of the sealed manifest.
    public let manifestDigest: Digest

    let manifest: Manifest
    private let files: [Int: StoredFile]
    private let dictionaries = Mutex<[Int: TextDictionary]>([:])

    private init(_ manifest: Manifest, digest: Digest, files: [Int: StoredFile]) {
        identity = manifest.identity
        schema = TableSchema(name: manifest.identity.table, columns: manifest.columns.map(\.schema))
        entityTypes = manifest.entities.map(\.type)
        rowCount = manifest.rowCount
        blockRowCounts = manifest.blockRows
        partitions = manifest.partitions
        period = manifest.period
        asOf = manifest.asOf
        manifestDigest = digest
        self.manifest = manifest
        self.files = files
    }

    /// Opens a version. `digest` is what the log says of the sealed manifest.
    ///
    /// Throws `store.manifest-altered`, `store.wrong-version`, `store.file-altered`, `store.wrong-key`, `store.column-unknown`,
    /// `store.format-unknown`, `store.limit-exceeded` (a manifest of more than ``Limits/manifestBytes``) or `store.read-failed`.
    public static func open(
        manifest descriptor: Int32, key: SecretKey, identity: TableIdentity, digest: Digest, files: [OpenedFile]
    ) throws(StoreError) -> StoredTable {
        try open(manifest: descriptor, key: key, identity: identity, digest: digest, files: files, ceilings: Limits.Ceilings())
    }

    package static func open(
        manifest descriptor: Int32, key: SecretKey, identity: TableIdentity, digest: Digest, files: [OpenedFile],
        ceilings: Limits.Ceilings
    ) throws(StoreError) -> StoredTable {
        let bytes = try Descriptor.readAll(descriptor, limit: ceilings.manifestBytes, name: "manifest")
        guard SHA256.hash(bytes) == digest else { throw StoreError(.manifestAltered, [identity.table]) }
        let manifest = try SealedManifest.open(bytes, key: key, identity: identity, blockBytesMaximum: ceilings.blockBytes)
        var opened: [Int: StoredFile] = [:]
        for file in files {
            guard let position = manifest.file(of: file.column) else {
                throw StoreError(.columnUnknown, [identity.table, file.column.name])
            }
            opened[position] = try StoredFile(manifest.files[position], file, of: manifest)
        }
        return StoredTable(manifest, digest: digest, files: opened)
    }

    /// A reader of these columns, with buffers from `arena`. For one thread. It gives at most `rowsAtATime` rows in one piece; without a
    /// number whole blocks.
    ///
    /// Throws `store.column-unknown`, `store.file-missing` (the column's file was not given) or `store.out-of-memory`.
    public func makeReader(
        columns: [StoredColumn], rowsAtATime: Int = Limits.blockRows, arena: ConfidentialArena
    ) throws(StoreError) -> ColumnReader {
        var readers: [ColumnBlocks] = []
        for column in columns {
            guard let position = manifest.file(of: column) else { throw StoreError(.columnUnknown, [identity.table, column.name]) }
            guard let file = files[position] else { throw StoreError(.fileMissing, [identity.table, column.name]) }
            let dictionary = try dictionary(of: file, at: position, arena)
            readers.append(try ColumnBlocks(file, dictionary: dictionary, blockRows: blockRowCounts, rowsAtATime: rowsAtATime, arena: arena))
        }
        return ColumnReader(readers, blockRows: blockRowCounts)
    }

    /// The dictionary of a whole text column: made once, shared by all readers, kept alive by the arena of the first.
    private func dictionary(of file: StoredFile, at position: Int, _ arena: ConfidentialArena) throws(StoreError) -> TextDictionary? {
        guard let byteCount = file.entry.dictionaryBytes else { return nil }
        let result: Result<TextDictionary, StoreError> = dictionaries.withLock { made in
            if let dictionary = made[position] { return .success(dictionary) }
            do throws(StoreError) {
                let dictionary = try file.readDictionary(byteCount: byteCount, arena)
                made[position] = dictionary
                return .success(dictionary)
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// The zone maps of a column: one for each block. Throws `store.file-missing` or `store.block-altered`.
    package func boundsOfBlocks(_ column: StoredColumn) throws(StoreError) -> [(least: Int128, greatest: Int128)?] {
        try zones(column).map(\.bounds)
    }

    func zones(_ column: StoredColumn) throws(StoreError) -> [Zone] {
        guard let position = manifest.file(of: column), let file = files[position] else {
            throw StoreError(.fileMissing, [identity.table, column.name])
        }
        return try file.readZones(blockCount: blockRowCounts.count)
    }
}
