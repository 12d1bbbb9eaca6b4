// SPDX-License-Identifier: Apache-2.0

/// What one may do with a column. A column's label is a set of these; combining expressions intersects the sets.
public enum Capability: String, Sendable, Hashable, CaseIterable {
    /// Rows with the value may be shown. Open tables only.
    case project
    /// Groups may be formed by it, so its values appear as keys of cells.
    case group
    case filterEqual = "filter_equal"
    case filterRange = "filter_range"
    case join
    /// Values that are not NULL may be counted.
    case count
    case countDistinct = "count_distinct"
    case sum
    case average
    /// Variances and deviations of it.
    case variance
    /// It may be compared with columns of its table that it names and that name it.
    case compare

    /// All of them.
    package static let all = Set(allCases)

    /// Those that are about amounts, which need bounds.
    static let amounts: Set<Capability> = [.sum, .average, .variance]

    /// The Chinese name.
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
        case .variance: "方差"
        case .compare: "比较"
        }
    }
}

/// The finest period of a date that may steer or head anything.
public enum Granularity: String, Sendable, Hashable, CaseIterable {
    case day, month, quarter, year

    public var chinese: String {
        switch self {
        case .day: "日"
        case .month: "月"
        case .quarter: "季"
        case .year: "年"
        }
    }

    /// Fields of `date_trunc` that are no finer.
    public var truncations: Set<String> {
        switch self {
        case .day: ["day", "week", "month", "quarter", "year"]
        case .month: ["month", "quarter", "year"]
        case .quarter: ["quarter", "year"]
        case .year: ["year"]
        }
    }

    /// Fields of EXTRACT that say no more than the period.
    public var extracts: Set<String> {
        switch self {
        case .day: ["year", "quarter", "month", "day", "dow", "isodow", "doy", "week"]
        case .month: ["year", "quarter", "month"]
        case .quarter: ["year", "quarter"]
        case .year: ["year"]
        }
    }

    /// Whether this is at least as coarse as another.
    func isCoarse(as other: Granularity) -> Bool { truncations.isSubset(of: other.truncations) }
}

/// Data grade of GB/T 43697.
public enum Grade: String, Sendable, Hashable, CaseIterable {
    case core, important, general

    public var chinese: String {
        switch self {
        case .core: "核心"
        case .important: "重要"
        case .general: "一般"
        }
    }
}

/// Whether and how far a table is about persons.
public enum PersonalClass: String, Sendable, Hashable, CaseIterable {
    case sensitive, general, none = "not_personal"

    public var chinese: String {
        switch self {
        case .sensitive: "敏感"
        case .general: "一般"
        case .none: "非个人"
        }
    }
}

/// What the values of an identifier column are.
public enum IdentifierKind: String, Sendable, Hashable, CaseIterable {
    /// Resident identity number 公民身份号码: normalised, 15 digits become 18.
    case residentID = "resident_id"
    /// Any other key.
    case key

    public var chinese: String {
        switch self {
        case .residentID: "身份证号"
        case .key: "键"
        }
    }
}

/// Entity types with a name in both languages; every other type keeps the name it was given.
public enum EntityType {
    public static let names: [(english: String, chinese: String)] = [
        ("person", "自然人"), ("enterprise", "法人"), ("organisation", "机构"), ("household", "户"), ("vehicle", "车辆"),
    ]

    /// The one name under which a type stands in canonical documents.
    public static func canonical(_ name: String) -> String {
        names.first { $0.chinese == name }?.english ?? name
    }
}

extension Capability {
    /// Both names, for messages.
    var label: String { chinese + " " + rawValue }
}

extension Granularity {
    /// Both names, for messages.
    var label: String { chinese + " " + rawValue }
}

extension Grade {
    /// Both names, for messages.
    var label: String { chinese + " " + rawValue }
}

extension PersonalClass {
    /// Both names, for messages.
    var label: String { chinese + " " + rawValue }
}

extension IdentifierKind {
    /// Both names, for messages.
    var label: String { chinese + " " + rawValue }
}
