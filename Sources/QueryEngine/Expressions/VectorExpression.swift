// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// A compiled expression. Evaluation is total and keeps its result in buffers of its own until the next call.
protocol VectorExpression: AnyObject {
    var type: LogicalType { get }
    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector
    /// The same numbers at the same scale, in 64 bits where bounds prove that they fit: then the vector's type is `type.narrowed`.
    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector
}

extension VectorExpression {
    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector { try evaluate(batch) }
}

/// A column of the batch as it is.
final class ColumnExpression: VectorExpression {
    let type: LogicalType
    private let position: Int

    init(type: LogicalType, position: Int) {
        self.type = type
        self.position = position
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector { try batch.column(position) }
}

/// A constant, spread over as many rows as the largest batch so far has.
final class ConstantExpression: VectorExpression {
    let type: LogicalType
    let literal: Literal
    private let buffer: VectorBuffer
    private let narrow: VectorBuffer?
    private let bounds: ClosedRange<Int64>?
    private var dictionary: TextDictionary?
    /// Rows that hold the constant, in each buffer.
    private var filled = 0
    private var narrowFilled = 0

    init(_ literal: Literal, type: LogicalType, arena: ConfidentialArena) throws(EngineError) {
        self.type = type
        self.literal = literal
        buffer = try VectorBuffer(type, arena: arena)
        let value = Self.whole(literal)
        bounds = value.map { $0...$0 }
        let narrowed = type.physical == .int128 ? type.narrowed : nil
        narrow = try value == nil ? nil : narrowed.map { (type) throws(EngineError) in try VectorBuffer(type, arena: arena) }
        if type.physical == .codes { dictionary = try Self.dictionary(literal, arena: arena) }
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        if filled < batch.count {
            fill(batch.count)
            filled = batch.count
        }
        return buffer.vector(
            batch.count, hasValidity: literal == .null, dictionary: dictionary, bounds: type.physical == .int64 ? bounds : nil)
    }

    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector {
        guard let narrow, let bounds else { return try evaluate(batch) }
        if narrowFilled < batch.count {
            narrow.int64.update(repeating: bounds.lowerBound, count: batch.count)
            narrowFilled = batch.count
        }
        return narrow.vector(batch.count, hasValidity: literal == .null, bounds: bounds)
    }

    /// The value in 64 bits, of decimals if it has no more than 18 digits. NULL lies within any bounds.
    private static func whole(_ literal: Literal) -> Int64? {
        switch literal {
        case .int64(let value), .date(let value), .timestamp(let value): value
        case .decimal(let units, _): ValueBounds.narrow.contains(units) ? Int64(units) : nil
        case .null: 0
        case .bool, .double, .text: nil
        }
    }

    private static func dictionary(_ literal: Literal, arena: ConfidentialArena) throws(EngineError) -> TextDictionary {
        let pool = try TextPool(arena: arena)
        if case .text(let text) = literal { try TextBytes.withBytes(of: text) { (bytes) throws(EngineError) in _ = try pool.intern(bytes) } }
        return pool.dictionary()
    }

    private func fill(_ count: Int) {
        switch literal {
        case .null: break
        case .bool(let value): buffer.bool.update(repeating: value ? 1 : 0, count: count)
        case .int64(let value): buffer.int64.update(repeating: value, count: count)
        case .date(let value): buffer.int64.update(repeating: value, count: count)
        case .timestamp(let value): buffer.int64.update(repeating: value, count: count)
        case .double(let value): buffer.double.update(repeating: value, count: count)
        case .text: break
        case .decimal(let units, _):
            if type.physical == .int128 {
                buffer.int128.update(repeating: units, count: count)
            } else {
                buffer.int64.update(repeating: Int64(truncatingIfNeeded: units), count: count)
            }
        }
    }
}

/// Bytes of a Swift text that a person wrote.
enum TextBytes {
    static func withBytes<T>(of text: String, _ body: (UnsafeRawBufferPointer) throws(EngineError) -> T) throws(EngineError) -> T {
        let bytes = Array(text.utf8)
        let outcome: Result<T, EngineError> = bytes.withUnsafeBytes { raw in
            do throws(EngineError) { return .success(try body(raw)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
