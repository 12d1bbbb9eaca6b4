// SPDX-License-Identifier: Apache-2.0

import Tabular

/// How new rows meet those of the version before.
public enum LoadMode: String, Sendable, Hashable {
    /// Only the new rows.
    case replace
    /// The rows of the version before, and the new ones.
    case append
    /// As `append`, but rows of the version before whose key columns equal those of a new row give way to it.
    case upsert
}

/// How an identifier is brought to its canonical form (Documentation/Formats/entity-directory.md).
public enum IdentifierKind: String, Sendable, Hashable {
    /// Resident identity number 居民身份号码 (GB 11643): x becomes X, 15 digits become 18.
    case residentID = "resident_id"
    /// Any other key: case and leading zeros count.
    case key
}

/// One column of a load.
public struct LoadColumn: Sendable, Hashable {
    /// Item name 数据项.
    public let name: String
    /// Name in the header of the file.
    public let physicalName: String
    /// The declared type; for an identifier column it is `text` and becomes an entity type inside.
    public let type: LogicalType
    public let isNullable: Bool
    /// Patterns such as `yyyyMMdd`; the first that fits wins. Empty: ISO 8601.
    public let dateFormats: [String]
    /// Set for identifier columns: only entity numbers of them are stored.
    public let identifier: IdentifierKind?
    /// Entity type of an identifier column.
    public let entityType: String?

    public init(
        name: String, physicalName: String, type: LogicalType, isNullable: Bool, dateFormats: [String] = [],
        identifier: IdentifierKind? = nil, entityType: String? = nil
    ) {
        self.name = name
        self.physicalName = physicalName
        self.type = type
        self.isNullable = isNullable
        self.dateFormats = dateFormats
        self.identifier = identifier
        self.entityType = entityType
    }

    /// The type that is stored.
    var storedType: LogicalType {
        if identifier != nil, let entityType { .entity(entityType) } else { type }
    }
}

/// How the rows of a table belong to entities of one type.
public enum EntityRule: Sendable, Hashable {
    /// By an identifier column of the table.
    case key(type: String, column: String, kind: IdentifierKind)
    /// By looking the table's own `column` up in `keyColumn` of another table. An unknown key, and a key that stands there with
    /// different entities, give no entity.
    case via(type: String, table: String, keyColumn: String, column: String)

    public var type: String {
        switch self {
        case .key(let type, _, _), .via(let type, _, _, _): type
        }
    }
}

/// What to load where: everything a loader knows besides keys and descriptors.
public struct LoadPlan: Sendable, Hashable {
    public let identity: TableIdentity
    public let mode: LoadMode
    public let columns: [LoadColumn]
    /// The first one orders the rows.
    public let entities: [EntityRule]
    /// Most rows of one entity of the first type, in the whole version; nil: any number. A version with more is refused.
    public let fanOut: Int?
    /// Columns that tell rows apart in an upsert. A key that stands twice in the file is a bad value; NULL equals NULL.
    public let upsertKey: [String]
    public let period: String
    public let asOf: String
    /// Nil: nothing is measured.
    public let measure: LoadMeasure?

    public init(
        identity: TableIdentity, mode: LoadMode = .replace, columns: [LoadColumn], entities: [EntityRule] = [], fanOut: Int? = nil,
        upsertKey: [String] = [], period: String = "", asOf: String = "", measure: LoadMeasure? = nil
    ) {
        self.identity = identity
        self.mode = mode
        self.columns = columns
        self.entities = entities
        self.fanOut = fanOut
        self.upsertKey = upsertKey
        self.period = period
        self.asOf = asOf
        self.measure = measure
    }
}

/// A file that a load writes.
public struct PlannedFile: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable { case column, entity, directory, manifest }
    public let kind: Kind
    /// Column, entity type, or empty for the manifest.
    public let name: String
}

extension LoadPlan {
    /// The files of a load, in the order in which their descriptors are given: columns, entity types, directories, manifest.
    public var files: [PlannedFile] {
        storedColumns.map { PlannedFile(kind: $0.kindName == "entity" ? .entity : .column, name: $0.name) }
            + directoryTypes.map { PlannedFile(kind: .directory, name: $0) } + [PlannedFile(kind: .manifest, name: "")]
    }

    /// How many output descriptors a load needs.
    public var outputFileCount: Int { files.count }

    /// Entity types whose directory this load extends, in order of first mention.
    public var directoryTypes: [String] {
        var types: [String] = []
        for rule in entities { if case .key(let type, _, _) = rule, !types.contains(type) { types.append(type) } }
        for column in columns { if let type = column.entityType, column.identifier != nil, !types.contains(type) { types.append(type) } }
        return types
    }

    /// Tables that must be open for `via` rules.
    public var viaTables: [String] {
        var tables: [String] = []
        for rule in entities { if case .via(_, let table, _, _) = rule, !tables.contains(table) { tables.append(table) } }
        return tables
    }

    /// The sealed column files: columns that are not the key of an entity rule, then the entity types.
    var storedColumns: [StoredColumn] {
        columns.filter { entityKey(of: $0.name) == nil }.map { .column($0.name) } + entities.map { .entity($0.type) }
    }

    /// Entity type whose key a column is.
    func entityKey(of column: String) -> String? {
        for rule in entities { if case .key(let type, column, _) = rule { return type } }
        return nil
    }

    /// The file of a column or entity type among `storedColumns`.
    func file(of column: StoredColumn) -> Int? {
        if case .column(let name) = column, let type = entityKey(of: name) { return storedColumns.firstIndex(of: .entity(type)) }
        return storedColumns.firstIndex(of: column)
    }
}
