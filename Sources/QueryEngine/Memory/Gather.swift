// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Copies chosen rows of a vector into a buffer of its own.
final class GatherBuffer {
    /// Stands for a row of NULLs in a list of rows.
    static let nullRow = UInt32.max
    private let buffer: VectorBuffer

    init(_ type: LogicalType, capacity: Int = EngineLimits.batchRows, arena: ConfidentialArena) throws(EngineError) {
        buffer = try VectorBuffer(type, capacity: max(capacity, 1), arena: arena)
    }

    /// The rows of `source` in the order of `rows`.
    func gather(_ source: ColumnVector, _ rows: UnsafePointer<UInt32>, _ count: Int) -> ColumnVector {
        switch source.type.physical {
        case .bool: copy(source.bool, buffer.bool, rows, count)
        case .int64: copy(source.int64, buffer.int64, rows, count)
        case .int128: copy(source.int128, buffer.int128, rows, count)
        case .double: copy(source.double, buffer.double, rows, count)
        case .codes, .entity: copy(source.codes, buffer.codes, rows, count)
        }
        if let validity = source.validity { copy(validity, buffer.validity, rows, count) }
        return buffer.vector(count, hasValidity: source.validity != nil, dictionary: source.dictionary, bounds: source.bounds)
    }

    /// As `gather`, with NULL where the row is `nullRow`.
    func gatherOptional(_ source: ColumnVector, _ rows: UnsafePointer<UInt32>, _ count: Int) -> ColumnVector {
        switch source.type.physical {
        case .bool: copyOptional(source.bool, buffer.bool, source.count, rows, count)
        case .int64: copyOptional(source.int64, buffer.int64, source.count, rows, count)
        case .int128: copyOptional(source.int128, buffer.int128, source.count, rows, count)
        case .double: copyOptional(source.double, buffer.double, source.count, rows, count)
        case .codes, .entity: copyOptional(source.codes, buffer.codes, source.count, rows, count)
        }
        let validity = source.validity
        for position in 0..<count {
            let row = rows[position]
            buffer.validity[position] = row == Self.nullRow ? 0 : (validity?[Int(row)] ?? 1)
        }
        return buffer.vector(count, hasValidity: true, dictionary: source.dictionary, bounds: source.bounds)
    }

    @inline(__always)
    private func copy<T: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<T>, _ target: UnsafeMutablePointer<T>, _ rows: UnsafePointer<UInt32>, _ count: Int
    ) {
        for position in 0..<count { target[position] = source[Int(rows[position])] }
    }

    @inline(__always)
    private func copyOptional<T: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<T>, _ target: UnsafeMutablePointer<T>, _ sourceCount: Int,
        _ rows: UnsafePointer<UInt32>, _ count: Int
    ) {
        guard sourceCount > 0 else { return }
        for position in 0..<count {
            let row = rows[position]
            target[position] = source[row == Self.nullRow ? 0 : Int(row)]
        }
    }
}
