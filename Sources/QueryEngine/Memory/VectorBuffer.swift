// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The reused output of one expression or operator: room for one batch.
final class VectorBuffer {
    let type: LogicalType
    let values: UnsafeMutableRawPointer
    let validity: UnsafeMutablePointer<UInt8>
    private let arena: ConfidentialArena

    init(_ type: LogicalType, capacity: Int = EngineLimits.batchRows, arena: ConfidentialArena) throws(EngineError) {
        self.type = type
        self.arena = arena
        values = UnsafeMutableRawPointer(try arena.take(UInt8.self, capacity * type.physical.strideBytes))
        validity = try arena.take(UInt8.self, capacity)
    }

    var bool: UnsafeMutablePointer<UInt8> { values.assumingMemoryBound(to: UInt8.self) }
    var int64: UnsafeMutablePointer<Int64> { values.assumingMemoryBound(to: Int64.self) }
    var int128: UnsafeMutablePointer<Int128> { values.assumingMemoryBound(to: Int128.self) }
    var double: UnsafeMutablePointer<Double> { values.assumingMemoryBound(to: Double.self) }
    var codes: UnsafeMutablePointer<UInt32> { values.assumingMemoryBound(to: UInt32.self) }

    /// What was written, as a vector that is valid until the buffer is written again.
    func vector(
        _ count: Int, hasValidity: Bool, dictionary: TextDictionary? = nil, bounds: ClosedRange<Int64>? = nil
    ) -> ColumnVector {
        ColumnVector(
            type: type, count: count, values: values, validity: hasValidity ? validity : nil, dictionary: dictionary, bounds: bounds,
            arena: arena)
    }

    /// What was written as 64-bit numbers, whatever the buffer's own type.
    func narrowVector(_ count: Int, hasValidity: Bool, bounds: ClosedRange<Int64>) -> ColumnVector {
        ColumnVector(
            type: type.narrowed ?? type, count: count, values: values, validity: hasValidity ? validity : nil, bounds: bounds, arena: arena)
    }

    /// Numbers that this buffer holds in 64 bits, in the 128 bits of its type.
    func widened(_ vector: ColumnVector) -> ColumnVector {
        guard vector.type.physical == .int64, type.physical == .int128 else { return vector }
        // In place, from the end: a wide value never lies before the narrow one that it comes from.
        let source = vector.int64, target = int128
        var row = vector.count
        while row > 0 {
            row -= 1
            target[row] = Int128(source[row])
        }
        return ColumnVector(type: type, count: vector.count, values: values, validity: vector.validity, arena: arena)
    }
}

/// Loops over validity bytes. A nil validity means that every row has a value.
enum Validity {
    /// Writes 1 where both have a value.
    static func merge(
        _ left: UnsafeMutablePointer<UInt8>?, _ right: UnsafeMutablePointer<UInt8>?, into out: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        switch (left, right) {
        case (nil, nil): out.update(repeating: 1, count: count)
        case (let one?, nil), (nil, let one?): out.update(from: one, count: count)
        case (let one?, let other?): for row in 0..<count { out[row] = one[row] & other[row] }
        }
    }

    /// Whether every row has a value.
    static func isFull(_ validity: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        var all: UInt8 = 1
        for row in 0..<count { all &= validity[row] }
        return all & 1 != 0
    }
}
