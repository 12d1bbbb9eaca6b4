// SPDX-License-Identifier: Apache-2.0

/// A constant that a person wrote: in SQL, in a policy, as a parameter. Never a value of a protected table.
public enum Literal: Sendable, Hashable {
    case null
    case bool(Bool)
    case int64(Int64)
    /// `units` × 10^-scale.
    case decimal(units: Int128, scale: Int)
    case double(Double)
    case date(days: Int64)
    case timestamp(microseconds: Int64)
    case text(String)
}

extension Literal {
    /// The narrowest type that holds the constant.
    public var type: LogicalType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int64: .int64
        case .decimal(let units, let scale):
            .decimal(precision: max(ExactDecimal.digits(of: units), scale, 1), scale: scale)
        case .double: .double
        case .date: .date
        case .timestamp: .timestamp
        case .text: .text
        }
    }
}
