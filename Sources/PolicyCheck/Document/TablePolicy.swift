// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular

/// The effective policy of one table: baseline, data elements and the unit's own lines merged, each only ever tightened.
public struct TablePolicy: Sendable {
    public let name: String
    /// The organisation whose table it is.
    public let unit: String
    /// Where its floor comes from, `六安@1`; nil for a table that stands alone.
    public let baseline: String?
    /// Nil means ungraded, which counts as the highest grade: unusable.
    public let grade: Grade?
    /// Open data: rows may be shown, no thresholds.
    public let isOpen: Bool
    /// Whether the baseline forbids this grade altogether.
    public let isForbidden: Bool
    public let entities: [EntityDeclaration]
    /// Rows that may be used at all.
    public let rowRange: RowRange?
    /// Columns by which `upsert` recognises a row; empty when none are declared.
    public let rowKey: [String]
    public let columns: [ColumnPolicy]
    public let release: ReleasePolicy

    /// The column of this name, forbidden ones included.
    public func column(_ name: String) -> ColumnPolicy? { columns.first { $0.name == name } }
}

/// Grades of GB/T 43697.
public enum Grade: String, Sendable, Hashable {
    case general, important, core
}

/// Whom the rows of a table are about.
public enum EntityDeclaration: Sendable, Hashable {
    /// The column holds the entity's identifier.
    case key(type: String, column: String)
    /// `ownColumn` is looked up in `throughColumn` of another table, whose first entity is meant.
    case via(type: String, table: String, throughColumn: String, ownColumn: String)
    /// No identifier; one entity has at most so many rows.
    case none(maxRowsPerEntity: Int)
}

/// `column = value`: the only rows of the table that take part in anything.
public struct RowRange: Sendable, Hashable {
    public let column: String
    public let value: String
    public let owner: String
}

/// One column of a table.
public struct ColumnPolicy: Sendable {
    /// Item name, used in SQL.
    public let name: String
    /// Name in the CSV file.
    public let physicalName: String
    public let type: LogicalType
    public let isNullable: Bool
    /// Set when the column holds identifiers that exist inside only as entity numbers.
    public let identifier: IdentifierKind?
    /// The entity type of an identifier column.
    public let entityType: String?
    /// Empty: the column may not be mentioned at all.
    public let capabilities: Set<Capability>
    public let granularity: Granularity?
    /// Longest prefix in code points by which a text may be grouped or compared.
    public let prefix: Int?
    /// Bounds of one entity's merged contribution, as units at the column's scale.
    public let bounds: Bounds?
    /// Date formats of the CSV file.
    public let formats: [String]
    public let excludedRows: CodeRanges?
    /// Who wrote each line: key to owner.
    public let owners: [String: String]

    public struct Bounds: Sendable, Hashable {
        public let lower: Int128
        public let upper: Int128
    }

    /// Who is to be asked about this column.
    public func owner(of key: String) -> String? { owners[key] ?? owners["column"] }
}

/// Codes and inclusive ranges of codes, e.g. `B20-B24`: a value is in a range when its first characters are, so that B24.9 is in it.
public struct CodeRanges: Sendable, Hashable {
    public let ranges: [CodeRange]

    public struct CodeRange: Sendable, Hashable {
        public let lower: String
        public let upper: String
    }
}

/// What a table demands of results.
public struct ReleasePolicy: Sendable, Hashable {
    public let minimumEntities: Int
    public let dominance: ReleaseRules.Dominance?
    public let roundingBase: Int64
    /// Results need a person's review before release.
    public let needsReview: Bool
    /// Owner of each line.
    public let owners: [String: String]

    public func owner(of key: String) -> String? { owners[key] }
}
