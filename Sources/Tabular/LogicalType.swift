// SPDX-License-Identifier: Apache-2.0

/// The type of a column or expression as SQL sees it.
public enum LogicalType: Sendable, Hashable {
    case bool
    case int64
    /// Exact number; precision 1…38, scale 0…precision. Held as an integer of 10^-scale units in `Int128`.
    case decimal(precision: Int, scale: Int)
    case double
    /// Days since 1970-01-01, proleptic Gregorian calendar.
    case date
    /// Microseconds since 1970-01-01 00:00:00, without time zone.
    case timestamp
    /// UTF-8, compared byte by byte.
    case text
    /// A dense entity number of the named entity type: what an identifier column becomes inside the domain.
    /// It may be joined and counted; it has no order, no text and is never shown.
    case entity(String)
    /// The type of a bare NULL before something else decides.
    case null

    /// Largest decimal precision.
    public static let decimalPrecisionMaximum = 38
}

extension LogicalType {
    /// Whether arithmetic is defined.
    public var isNumeric: Bool {
        switch self {
        case .int64, .decimal, .double: true
        case .bool, .date, .timestamp, .text, .entity, .null: false
        }
    }

    /// Whether values are exact integers of some unit (so that sums are exact in Int128).
    public var isExactNumeric: Bool {
        switch self {
        case .int64, .decimal: true
        case .bool, .double, .date, .timestamp, .text, .entity, .null: false
        }
    }

    /// Digits behind the point of an exact number; 0 for everything else.
    public var scale: Int {
        if case .decimal(_, let scale) = self { scale } else { 0 }
    }

    /// How vectors hold values of this type.
    public var physical: PhysicalType {
        switch self {
        case .bool: .bool
        case .int64, .date, .timestamp: .int64
        case .decimal(let precision, _): precision <= 18 ? .int64 : .int128
        case .double: .double
        case .text: .codes
        case .entity: .entity
        case .null: .bool
        }
    }

    /// The SQL spelling, also used in schemas and result headers.
    public var name: String {
        switch self {
        case .bool: "bool"
        case .int64: "int64"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .double: "double"
        case .date: "date"
        case .timestamp: "timestamp"
        case .text: "text"
        case .entity(let kind): "entity(\(kind))"
        case .null: "null"
        }
    }

    /// Reads the spelling of a schema: bool/boolean, int64/int/integer/bigint, decimal(p,s)/numeric(p,s), double, date, timestamp, text.
    /// Nil for anything else, entity types included: those are made by binding, never written.
    public init?(name: String) {
        let compact = name.lowercased().filter { $0 != " " }
        switch compact {
        case "bool", "boolean": self = .bool
        case "int64", "int", "integer", "bigint": self = .int64
        case "double", "doubleprecision", "float8": self = .double
        case "date": self = .date
        case "timestamp": self = .timestamp
        case "text", "varchar", "string": self = .text
        default:
            guard let type = Self.decimal(compact) else { return nil }
            self = type
        }
    }

    private static func decimal(_ compact: String) -> LogicalType? {
        for keyword in ["decimal(", "numeric("] where compact.hasPrefix(keyword) && compact.hasSuffix(")") {
            let parts = compact.dropFirst(keyword.count).dropLast().split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= 2, let precision = parts.first.flatMap({ Int($0) }) else { return nil }
            let scale = parts.count == 2 ? Int(parts[1]) : 0
            guard let scale, (1...decimalPrecisionMaximum).contains(precision), (0...precision).contains(scale) else { return nil }
            return .decimal(precision: precision, scale: scale)
        }
        return nil
    }
}

/// How a vector lays values out in memory.
public enum PhysicalType: Sendable, Hashable {
    /// One byte, 0 or 1.
    case bool
    case int64
    case int128
    case double
    /// UInt32 positions in a `TextDictionary`.
    case codes
    /// UInt32 dense entity numbers.
    case entity

    /// Bytes per value.
    public var strideBytes: Int {
        switch self {
        case .bool: 1
        case .codes, .entity: 4
        case .int64, .double: 8
        case .int128: 16
        }
    }
}
