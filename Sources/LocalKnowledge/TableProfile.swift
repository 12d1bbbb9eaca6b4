// SPDX-License-Identifier: Apache-2.0

/// A share of the appearances of entities, in classes that tell nothing of a single one.
public enum ShareClass: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Under one in a hundred.
    case none
    /// Under one in five.
    case few
    /// Under a half.
    case some
    /// From a half.
    case most

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    public static func < (left: ShareClass, right: ShareClass) -> Bool { left.rank < right.rank }
}

/// What a load measured of a table: coarse classes, never a count or a value.
///
/// An appearance is an entity with one combination of values, however many rows it has with it: the share of appearances whose
/// combination belongs to fewer entities than the minimum is the share that a release by these columns would withhold.
public struct TableProfile: Sendable, Hashable {
    /// The minimum of entities under which `below` was measured.
    public let minimum: Int
    /// All columns that are no identifiers, in order.
    public let columns: [ColumnProfile]
    /// Combinations of columns that may head groups or be filtered: each alone, pairs and more as far as the limit goes, and all together.
    /// Empty for tables of too few entities.
    public let unions: [UnionProfile]

    public init(minimum: Int, columns: [ColumnProfile], unions: [UnionProfile]) {
        self.minimum = minimum
        self.columns = columns
        self.unions = unions
    }

    /// The union of exactly these columns.
    public func union(of names: Set<String>) -> UnionProfile? { unions.first { $0.columns.count == names.count && names.isSuperset(of: $0.columns) } }

    public func column(_ name: String) -> ColumnProfile? { columns.first { $0.name == name } }
}

/// What was measured of one column.
public struct ColumnProfile: Sendable, Hashable {
    public let name: String
    /// How many different values there are: the power of ten that is not above, 0 for fewer than ten, at most 6.
    public let values: Int
    /// How many rows have none.
    public let nulls: ShareClass
    /// For numbers: powers of ten that all values lie between.
    public let range: PowerRange?
    /// In which form it was put into unions: `whole`, a period, `prefix 3`; nil where it is in none.
    public let view: String?

    public init(name: String, values: Int, nulls: ShareClass, range: PowerRange?, view: String?) {
        self.name = name
        self.values = values
        self.nulls = nulls
        self.range = range
        self.view = view
    }

    /// The form of a column that shows a period or some leading characters only.
    public static func view(granularity: String?, prefix: Int?) -> String {
        granularity ?? prefix.map { "prefix \($0)" } ?? "whole"
    }
}

/// Bounds of numbers rounded outward to powers of ten: nothing of a single value is left.
public struct PowerRange: Sendable, Hashable {
    /// Nil: no value is below 0. Else all values are at least -10^`lower`.
    public let lower: Int?
    /// Nil: no value is above 0. Else all values are at most 10^`upper`.
    public let upper: Int?

    public init(lower: Int?, upper: Int?) {
        self.lower = lower
        self.upper = upper
    }

    /// From the least and the greatest value in units of a scale.
    public init(least: Int128, greatest: Int128, scale: Int) {
        lower = least < 0 ? Self.power(above: least.magnitude, scale) : nil
        upper = greatest > 0 ? Self.power(above: greatest.magnitude, scale) : nil
    }

    private static func power(above units: UInt128, _ scale: Int) -> Int {
        var (power, bound) = (0, UInt128(1))
        while bound < units, power < 38 {
            bound *= 10
            power += 1
        }
        return max(power - scale, 0)
    }

    /// `[-100, 10000]`.
    public var text: String {
        func number(_ power: Int) -> String { "1" + String(repeating: "0", count: power) }
        return "[" + (lower.map { "-" + number($0) } ?? "0") + ", " + (upper.map(number) ?? "0") + "]"
    }
}

/// How far some columns together single entities out.
public struct UnionProfile: Sendable, Hashable {
    /// In the order of the table.
    public let columns: [String]
    /// Appearances whose combination belongs to one entity alone.
    public let unique: ShareClass
    /// Appearances whose combination belongs to fewer entities than the minimum.
    public let below: ShareClass
    /// How often the minimum goes into the average combination, as a power of ten not above it; -1 for less than once, at most 5.
    public let room: Int

    public init(columns: [String], unique: ShareClass, below: ShareClass, room: Int) {
        self.columns = columns
        self.unique = unique
        self.below = below
        self.room = room
    }
}
