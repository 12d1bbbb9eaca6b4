// SPDX-License-Identifier: Apache-2.0

import CryptoSuites

/// The keys below a table version's key. A job is given some of these and never the version key itself.
public enum ColumnKeys {
    /// Opens the manifest: the structure of a version, no values and no zone maps.
    public static func manifest(_ versionKey: SecretKey) -> SecretKey { versionKey.derive("yunei manifest") }

    /// Opens one column with its dictionary and zone maps.
    public static func column(_ versionKey: SecretKey, _ name: String) -> SecretKey {
        versionKey.derive("yunei column", Array(name.utf8))
    }

    /// Opens the entity numbers of one entity type.
    public static func entity(_ versionKey: SecretKey, _ type: String) -> SecretKey {
        versionKey.derive("yunei entity numbers", Array(type.utf8))
    }

    static func key(_ versionKey: SecretKey, of column: StoredColumn) -> SecretKey {
        switch column {
        case .column(let name): self.column(versionKey, name)
        case .entity(let type): entity(versionKey, type)
        }
    }
}

/// What a sealed file of a version holds.
public enum StoredColumn: Sendable, Hashable {
    /// A column of the table by its item name.
    case column(String)
    /// The entity numbers of an entity type.
    case entity(String)

    var kindName: String {
        switch self {
        case .column: "column"
        case .entity: "entity"
        }
    }

    /// Name of the column or of the entity type.
    public var name: String {
        switch self {
        case .column(let name), .entity(let name): name
        }
    }
}
