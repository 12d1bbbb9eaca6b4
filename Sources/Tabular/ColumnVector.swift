// SPDX-License-Identifier: Apache-2.0

/// A run of values of one column or expression, in confidential memory. No value becomes a Swift String or Array.
///
/// `values` holds `count` values laid out as `type.physical` says. `validity`, when present, has one byte per row, 1 = value, 0 = NULL;
/// what stands in `values` at a NULL is defined memory but without meaning. A vector is filled once by its maker and then only read.
public final class ColumnVector: @unchecked Sendable {
    public let type: LogicalType
    public let count: Int
    public let values: UnsafeMutableRawPointer
    /// Nil when no row is NULL.
    public let validity: UnsafeMutablePointer<UInt8>?
    /// Present exactly when the physical type is `codes`.
    public let dictionary: TextDictionary?
    /// Of 64-bit numbers: every value that is not NULL lies within. They may be wider than the values, and nil says nothing.
    public let bounds: ClosedRange<Int64>?
    /// Keeps the memory alive.
    public let arena: ConfidentialArena

    public init(
        type: LogicalType, count: Int, values: UnsafeMutableRawPointer, validity: UnsafeMutablePointer<UInt8>?,
        dictionary: TextDictionary? = nil, bounds: ClosedRange<Int64>? = nil, arena: ConfidentialArena
    ) {
        precondition((type.physical == .codes) == (dictionary != nil), "text vectors have a dictionary, others have none")
        self.type = type
        self.count = count
        self.values = values
        self.validity = validity
        self.dictionary = dictionary
        self.bounds = bounds
        self.arena = arena
    }

    @inlinable public var int64: UnsafeMutablePointer<Int64> { values.assumingMemoryBound(to: Int64.self) }
    @inlinable public var int128: UnsafeMutablePointer<Int128> { values.assumingMemoryBound(to: Int128.self) }
    @inlinable public var double: UnsafeMutablePointer<Double> { values.assumingMemoryBound(to: Double.self) }
    @inlinable public var bool: UnsafeMutablePointer<UInt8> { values.assumingMemoryBound(to: UInt8.self) }
    /// Text codes.
    @inlinable public var codes: UnsafeMutablePointer<UInt32> { values.assumingMemoryBound(to: UInt32.self) }
    /// Entity numbers.
    @inlinable public var entities: UnsafeMutablePointer<UInt32> { values.assumingMemoryBound(to: UInt32.self) }

    @inlinable public func isNull(_ row: Int) -> Bool { validity.map { $0[row] == 0 } ?? false }
}
