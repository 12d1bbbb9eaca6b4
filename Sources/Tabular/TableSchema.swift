// SPDX-License-Identifier: Apache-2.0

/// A column as SQL sees it.
public struct ColumnSchema: Sendable, Hashable {
    /// Item name 数据项, the name used in SQL.
    public let name: String
    public let type: LogicalType
    public let isNullable: Bool

    public init(name: String, type: LogicalType, isNullable: Bool) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

/// The columns of one table, in order; names are unique.
public struct TableSchema: Sendable, Hashable {
    public let name: String
    public let columns: [ColumnSchema]

    public init(name: String, columns: [ColumnSchema]) {
        self.name = name
        self.columns = columns
    }

    /// Position of a column by its exact name.
    public func position(of column: String) -> Int? {
        columns.firstIndex { $0.name == column }
    }
}
