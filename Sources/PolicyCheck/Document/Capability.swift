// SPDX-License-Identifier: Apache-2.0

/// What one may do with a column. A label is a set of these; nothing listed means nothing allowed.
public enum Capability: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Show values row by row: open tables only.
    case project
    case group
    case filterEqual = "filter_equal"
    case filterRange = "filter_range"
    case join
    case count
    case countDistinct = "count_distinct"
    case sum
    case average

    /// The name in Chinese documents.
    public var chinese: String {
        switch self {
        case .project: "展示"
        case .group: "分组"
        case .filterEqual: "等值"
        case .filterRange: "区间"
        case .join: "关联"
        case .count: "计数"
        case .countDistinct: "去重计数"
        case .sum: "求和"
        case .average: "平均"
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The finest calendar unit in which a date may be grouped or compared.
public enum Granularity: String, Sendable, Hashable, Comparable, CaseIterable {
    case day, month, quarter, year

    /// Coarser is greater.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .day: 0
        case .month: 1
        case .quarter: 2
        case .year: 3
        }
    }
}

/// How raw identifiers are brought into canonical form when a table is loaded.
public enum IdentifierKind: String, Sendable, Hashable {
    case residentID = "resident_id"
    case key
}
