// SPDX-License-Identifier: Apache-2.0

import Tabular

/// CASE: the result of the first branch whose condition is true, else the last result.
final class CaseExpression: VectorExpression {
    let type: LogicalType
    private let conditions: [any VectorExpression]
    private let results: [any VectorExpression]
    private let merge: ChoiceMerge

    /// One more result than conditions.
    init(
        _ conditions: [any VectorExpression], _ results: [any VectorExpression], type: LogicalType, arena: ConfidentialArena
    ) throws(EngineError) {
        self.type = type
        self.conditions = conditions
        self.results = results
        merge = try ChoiceMerge(type, inputs: results.count, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector { merge.widened(try evaluateNarrow(batch)) }

    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let choice = merge.choice, count = batch.count
        choice.update(repeating: UInt32(conditions.count), count: count)
        for position in conditions.indices.reversed() {
            let vector = try conditions[position].evaluate(batch)
            let values = vector.bool, number = UInt32(position)
            if let validity = vector.validity {
                for row in 0..<count { choice[row] = values[row] & validity[row] & 1 != 0 ? number : choice[row] }
            } else {
                for row in 0..<count { choice[row] = values[row] & 1 != 0 ? number : choice[row] }
            }
        }
        var vectors: [ColumnVector] = []
        for result in results { vectors.append(try result.evaluateNarrow(batch)) }
        return try merge.merge(vectors, count)
    }
}

/// COALESCE: the first argument that is not NULL.
final class CoalesceExpression: VectorExpression {
    let type: LogicalType
    private let arguments: [any VectorExpression]
    private let merge: ChoiceMerge

    init(_ arguments: [any VectorExpression], type: LogicalType, arena: ConfidentialArena) throws(EngineError) {
        self.type = type
        self.arguments = arguments
        merge = try ChoiceMerge(type, inputs: arguments.count, arena: arena)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector { merge.widened(try evaluateNarrow(batch)) }

    func evaluateNarrow(_ batch: Batch) throws(EngineError) -> ColumnVector {
        var vectors: [ColumnVector] = []
        for argument in arguments { vectors.append(try argument.evaluateNarrow(batch)) }
        let choice = merge.choice
        choice.update(repeating: 0, count: batch.count)
        for position in vectors.indices.reversed() {
            let vector = vectors[position]
            for row in 0..<batch.count where !vector.isNull(row) { choice[row] = UInt32(position) }
        }
        return try merge.merge(vectors, batch.count)
    }
}

/// NULLIF: the first argument unless both are equal.
final class NullIfExpression: VectorExpression {
    let type: LogicalType
    private let argument: any VectorExpression
    private let equality: any VectorExpression
    private let validity: UnsafeMutablePointer<UInt8>

    init(_ argument: any VectorExpression, equality: any VectorExpression, arena: ConfidentialArena) throws(EngineError) {
        type = argument.type
        self.argument = argument
        self.equality = equality
        validity = try arena.take(UInt8.self, EngineLimits.batchRows)
    }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        let equal = try equality.evaluate(batch)
        let vector = try argument.evaluate(batch)
        for row in 0..<batch.count {
            let isEqual = equal.bool[row] & 1 != 0 && !equal.isNull(row)
            validity[row] = vector.isNull(row) || isEqual ? 0 : 1
        }
        return ColumnVector(
            type: vector.type, count: batch.count, values: vector.values, validity: validity, dictionary: vector.dictionary,
            arena: vector.arena)
    }
}

/// Puts rows of several vectors of one type together, as `choice` says for each row.
final class ChoiceMerge {
    /// Which vector each row comes from; filled by the owner.
    let choice: UnsafeMutablePointer<UInt32>
    private let buffer: VectorBuffer
    private let pool: TextPool?
    private var sources: [TextDictionary] = []
    private var dictionary: TextDictionary?
    private var maps: [ArenaArray<UInt32>] = []

    init(_ type: LogicalType, inputs: Int, arena: ConfidentialArena) throws(EngineError) {
        choice = try arena.take(UInt32.self, EngineLimits.batchRows)
        buffer = try VectorBuffer(type, arena: arena)
        guard type.physical == .codes else {
            pool = nil
            return
        }
        pool = try TextPool(arena: arena)
        for _ in 0..<inputs { maps.append(try ArenaArray(arena: arena)) }
    }

    /// Narrow where the type is wide and all vectors are narrow.
    func merge(_ vectors: [ColumnVector], _ count: Int) throws(EngineError) -> ColumnVector {
        if let pool { try unify(vectors, pool) }
        let choice = choice
        let isMixed = buffer.type.physical == .int128 && vectors.contains { $0.type.physical == .int128 }
        for (position, vector) in vectors.enumerated() {
            let number = UInt32(position)
            switch vector.type.physical {
            case .bool: copy(vector.bool, buffer.bool, number, count)
            case .int64 where isMixed:
                let values = vector.int64, out = buffer.int128
                for row in 0..<count where choice[row] == number { out[row] = Int128(values[row]) }
            case .int64: copy(vector.int64, buffer.int64, number, count)
            case .int128: copy(vector.int128, buffer.int128, number, count)
            case .double: copy(vector.double, buffer.double, number, count)
            case .entity: copy(vector.entities, buffer.codes, number, count)
            case .codes:
                let map = maps[position].base, codes = vector.codes, out = buffer.codes
                for row in 0..<count where choice[row] == number && !vector.isNull(row) { out[row] = map[Int(codes[row])] }
            }
        }
        let hasValidity = vectors.contains { $0.validity != nil }
        if hasValidity { for (position, vector) in vectors.enumerated() { copyValidity(vector.validity, UInt32(position), count) } }
        return vector(vectors, count, hasValidity: hasValidity)
    }

    private func vector(_ vectors: [ColumnVector], _ count: Int, hasValidity: Bool) -> ColumnVector {
        var bounds: ClosedRange<Int64>?
        for vector in vectors {
            guard let known = ValueBounds.known(vector) else {
                return buffer.vector(count, hasValidity: hasValidity, dictionary: dictionary)
            }
            bounds = bounds?.union(known) ?? known
        }
        if let bounds { return buffer.narrowVector(count, hasValidity: hasValidity, bounds: bounds) }
        return buffer.vector(count, hasValidity: hasValidity, dictionary: dictionary)
    }

    /// A merged vector in the type of the merge.
    func widened(_ vector: ColumnVector) -> ColumnVector { buffer.widened(vector) }

    private func copyValidity(_ source: UnsafeMutablePointer<UInt8>?, _ number: UInt32, _ count: Int) {
        let choice = choice, target = buffer.validity
        if let source {
            for row in 0..<count { target[row] = choice[row] == number ? source[row] : target[row] }
        } else {
            for row in 0..<count { target[row] = choice[row] == number ? 1 : target[row] }
        }
    }

    @inline(__always)
    private func copy<T: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<T>, _ target: UnsafeMutablePointer<T>, _ number: UInt32, _ count: Int
    ) {
        let choice = choice
        if number == 0 {
            // The others overwrite theirs.
            target.update(from: source, count: count)
        } else {
            for row in 0..<count { target[row] = choice[row] == number ? source[row] : target[row] }
        }
    }

    /// One dictionary for all inputs, made anew only when one of theirs changes.
    private func unify(_ vectors: [ColumnVector], _ pool: TextPool) throws(EngineError) {
        let current = vectors.compactMap(\.dictionary)
        if dictionary != nil, current.count == sources.count, zip(current, sources).allSatisfy({ $0 === $1 }) { return }
        pool.clear()
        for (position, source) in current.enumerated() {
            try maps[position].reserve(source.count)
            for code in 0..<source.count { maps[position].base[code] = try pool.intern(source.entry(UInt32(code))) }
        }
        sources = current
        dictionary = pool.dictionary()
    }
}
