// SPDX-License-Identifier: Apache-2.0

/// Neighbouring 64-bit values, both ends included; empty when `lower` is above `upper`.
public struct ValueRange: Equatable, Sendable {
    public var lower: Int64
    public var upper: Int64

    /// By default all values.
    public init(lower: Int64 = .min, upper: Int64 = .max) {
        self.lower = lower
        self.upper = upper
    }

    @inlinable public var isEmpty: Bool { lower > upper }

    /// The values of both.
    public func clamped(to other: ValueRange) -> ValueRange {
        ValueRange(lower: max(lower, other.lower), upper: min(upper, other.upper))
    }

    @inlinable
    public func contains(_ value: Int64) -> Bool { lower <= value && value <= upper }
}

/// What a test of many rows found.
public enum BlockMatch: Sendable {
    /// No row passes, or all do; nothing was written.
    case none, all
    /// The flags tell, one byte of 0 or 1 for each row.
    case some
}
