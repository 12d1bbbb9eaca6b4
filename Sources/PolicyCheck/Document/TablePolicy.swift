// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular

/// The effective policy of one table: its unit's document under the baseline, each line with its owner.
public struct TablePolicy: Sendable, Hashable {
    public let name: String
    /// The data-source unit whose table it is.
    public let unit: String
    public let catalogue: String?
    /// How often the unit supplies it, as written.
    public let updated: String?
    /// The baseline that holds for it, `name@version`.
    public let baseline: String?
    /// Nil: unset, which counts as the highest and makes the table unusable.
    public let grade: Grade?
    public let personal: PersonalClass?
    /// Open data: rows may be shown and no threshold holds.
    public let isOpen: Bool
    /// The baseline forbids the use of tables of this grade.
    public let isForbidden: Bool
    /// Whose privacy is at stake, first the entity by which rows are stored.
    public let entities: [EntityDeclaration]
    /// How many rows an entity of the first type has at most; loads are held to it. Nil: not declared.
    public let fanOut: FanOut?
    /// Rows that may be used at all: all conditions hold. Empty: every row.
    public let rowRange: [RowCondition]
    public let columns: [ColumnPolicy]
    public let release: ReleasePolicy
    /// What it may be used for.
    public let useLimits: UseLimits
    /// Columns in which rows agree that are one row to `--mode upsert`. Empty: not declared.
    public let rowKey: [String]

    /// A column by its exact name.
    public func column(_ name: String) -> ColumnPolicy? { columns.first { $0.name == name } }

    /// Entities that a threshold protects: all but those whose own column may head a group, which are shown by name.
    public var protectedEntities: [EntityDeclaration] {
        entities.filter { entity in
            guard case .key(_, let column) = entity else { return true }
            return self.column(column)?.identifier != nil
        }
    }
}

/// Most rows of one entity of the type by which a table's rows are stored.
public struct FanOut: Sendable, Hashable {
    /// The column that identifies the entity.
    public let column: String
    public let rows: Int

    public init(column: String, rows: Int) {
        self.column = column
        self.rows = rows
    }
}

/// One entity of a table.
public enum EntityDeclaration: Sendable, Hashable {
    /// A column identifies the entity.
    case key(type: String, column: String)
    /// The entity of another table, found by a key that both tables have under the same name.
    case via(type: String, table: String, keyColumn: String, column: String)
    /// No identifier: one person has at most so many rows.
    case none(maximumRowsPerPerson: Int)

    /// Rows are counts that were made before: a column says for how many persons each row stands, each in one row only.
    case weight(column: String)

    /// Type of a stored entity; nil where there is none.
    public var type: String? {
        switch self {
        case .key(let type, _), .via(let type, _, _, _): type
        case .none, .weight: nil
        }
    }
}

/// What a release from a table must keep.
public struct ReleasePolicy: Sendable, Hashable {
    public let minimumEntities: Int
    /// Largest share of one contributor; nil: no rule.
    public let largest: ReleaseRules.Fraction?
    /// Largest share of two contributors together.
    public let twoLargest: ReleaseRules.Fraction?
    /// Base of rounding; 1: none.
    public let rounding: Int64
    /// A person must look at every result.
    public let needsReview: Bool
    /// Owner of each line, by its English key.
    public let owners: [String: String]

    /// When nothing is said.
    public static let defaultMinimumEntities = 10
    public static let defaultLargest = ReleaseRules.Fraction(numerator: 1, denominator: 2)
    public static let defaultTwoLargest = ReleaseRules.Fraction(numerator: 4, denominator: 5)
}

/// The effective policy of one column.
public struct ColumnPolicy: Sendable, Hashable {
    /// Item name 数据项, the name used in SQL.
    public let name: String
    /// Name in the source file.
    public let physicalName: String
    /// Declared type; an identifier is `entity(…)` to SQL.
    public let type: LogicalType
    public let isNullable: Bool
    public let identifier: IdentifierKind?
    /// Type of the entity that an identifier identifies.
    public let entityType: String?
    /// Empty: it may not be mentioned at all.
    public internal(set) var capabilities: Set<Capability>
    public let granularity: Granularity?
    /// Leading characters that may be seen.
    public let prefix: Int?
    /// In units of the type's scale. Nil: not declared.
    public let bounds: Bounds?
    /// Date formats of the source file, tried in order.
    public let formats: [String]
    /// Rows with these codes are in no result.
    public let excludedRows: [RowExclusion]
    public let codeList: String?
    /// How far the capabilities reach.
    public let restrictions: Restrictions
    /// Data element of the baseline that the column follows.
    public let element: String?
    /// Owner of each line, by its English key; the owner of `allow` says who withholds what is not there.
    public let owners: [String: String]
    /// Capabilities that the data element rules out; its baseline owns their absence.
    let withheldByElement: Set<Capability>
    let elementOwner: String

    /// Smallest and largest value, inclusive.
    public struct Bounds: Sendable, Hashable {
        public let lower: Int128
        public let upper: Int128

        public init(lower: Int128, upper: Int128) {
            self.lower = lower
            self.upper = upper
        }
    }

    /// The type as SQL sees it.
    public var boundType: LogicalType {
        if identifier != nil, let entityType { return .entity(entityType) }
        return type
    }

    /// Who would have to grant a capability that is missing.
    public func owner(ofMissing capability: Capability) -> String {
        withheldByElement.contains(capability) ? elementOwner : owners["allow"] ?? elementOwner
    }
}
