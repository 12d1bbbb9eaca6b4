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
    func vector(_ count: Int, hasValidity: Bool, dictionary: TextDictionary? = nil) -> ColumnVector {
        ColumnVector(
            type: type, count: count, values: values, validity: hasValidity ? validity : nil, dictionary: dictionary, arena: arena)
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
}
