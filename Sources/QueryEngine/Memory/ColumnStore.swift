// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Values of one column that one worker keeps, in pieces that are never moved. Texts keep their codes as long as all of them are of
/// one lasting dictionary, else they become numbers of a pool that all workers share.
final class ColumnStore {
    private let type: LogicalType
    private let stride: Int
    private let pool: TextPool?
    private let mapper: CodeMapper?
    private let codes: UnsafeMutablePointer<UInt32>
    private let arena: ConfidentialArena
    private var pieces: [Piece] = []
    private var count = 0
    /// Whether any kept row is NULL, as far as vectors say.
    private(set) var hasNulls = false
    /// The dictionary of the codes kept so far; nil when they are numbers of the pool.
    private(set) var lasting: TextDictionary?
    /// Whether codes are numbers of the pool.
    private(set) var isMapped: Bool

    private struct Piece {
        let start: Int
        let capacity: Int
        let values: UnsafeMutableRawPointer
        /// Nil as long as no kept row is NULL.
        var validity: UnsafeMutablePointer<UInt8>?
    }

    private static let firstRows = 1_024
    private static let mostRows = 65_536

    init(_ type: LogicalType, pool: TextPool?, isMapped: Bool, arena: ConfidentialArena) throws(EngineError) {
        self.type = type
        self.pool = pool
        self.arena = arena
        self.isMapped = isMapped
        stride = type.physical.strideBytes
        mapper = try pool.map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: false, arena: arena) }
        codes = try arena.take(UInt32.self, pool == nil ? 1 : EngineLimits.batchRows)
    }

    func append(_ vector: ColumnVector) throws(EngineError) {
        var values = UnsafeRawPointer(vector.values)
        if let mapper {
            if vector.dictionary?.count == 0 {
                // Nothing but NULLs.
                codes.update(repeating: 0, count: vector.count)
                values = UnsafeRawPointer(codes)
            } else if try mustMap(vector) {
                try mapper.map(vector, into: codes)
                values = UnsafeRawPointer(codes)
            }
        }
        if vector.validity != nil, !hasNulls { try noteNulls() }
        var done = 0
        while done < vector.count {
            if pieces.last.map({ $0.start + $0.capacity == count }) ?? true { try grow() }
            let piece = pieces[pieces.count - 1]
            let offset = count - piece.start
            let part = min(vector.count - done, piece.capacity - offset)
            memcpy(piece.values + offset * stride, values + done * stride, part * stride)
            if let kept = piece.validity {
                if let validity = vector.validity {
                    (kept + offset).update(from: validity + done, count: part)
                } else {
                    (kept + offset).update(repeating: 1, count: part)
                }
            }
            done += part
            count += part
        }
    }

    private func grow() throws(EngineError) {
        let capacity = min(pieces.last.map { $0.capacity * 4 } ?? Self.firstRows, Self.mostRows)
        let values = try arena.take(UInt8.self, capacity * stride)
        let validity = hasNulls ? try arena.take(UInt8.self, capacity) : nil
        pieces.append(Piece(start: count, capacity: capacity, values: values, validity: validity))
    }

    /// From now on it is kept which rows are NULL.
    private func noteNulls() throws(EngineError) {
        hasNulls = true
        for place in pieces.indices {
            let validity = try arena.take(UInt8.self, pieces[place].capacity)
            validity.update(repeating: 1, count: pieces[place].capacity)
            pieces[place].validity = validity
        }
    }

    /// What is kept, piece by piece, where values may be looked up by value. Texts as numbers of the pool.
    var runs: [KeyRun]? {
        guard pool == nil || isMapped else { return nil }
        var runs: [KeyRun] = []
        for piece in pieces {
            guard let run = KeyRun(type.physical, piece.values, piece.validity, min(count - piece.start, piece.capacity)) else { return nil }
            runs.append(run)
        }
        return runs
    }

    private func mustMap(_ vector: ColumnVector) throws(EngineError) -> Bool {
        if isMapped { return true }
        guard let dictionary = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        if dictionary.isLasting, lasting == nil || lasting === dictionary {
            lasting = dictionary
            return false
        }
        try mapCodes()
        return true
    }

    /// Turns kept codes into numbers of the pool.
    func mapCodes() throws(EngineError) {
        guard !isMapped else { return }
        isMapped = true
        guard let lasting, let mapper else { return }
        self.lasting = nil
        for piece in pieces {
            let codes = piece.values.assumingMemoryBound(to: UInt32.self)
            var done = 0
            let used = min(count - piece.start, piece.capacity)
            while done < used {
                let part = min(used - done, EngineLimits.batchRows)
                let vector = ColumnVector(
                    type: type, count: part, values: piece.values + done * stride, validity: piece.validity.map { $0 + done }, dictionary: lasting,
                    arena: arena)
                // Where NULL stands there is a code too, and it must be one of the pool's.
                for row in 0..<part where vector.isNull(row) { codes[done + row] = 0 }
                try mapper.map(vector, into: codes + done)
                done += part
            }
        }
    }

    func copy(from start: Int, count length: Int, to target: CollectedColumn, at row: Int) {
        var position = start, rest = length, place = row
        while rest > 0, let piece = pieces.last(where: { $0.start <= position }) {
            let offset = position - piece.start
            let part = min(rest, piece.capacity - offset)
            memcpy(target.values + place * stride, piece.values + offset * stride, part * stride)
            if let validity = target.validity {
                if let kept = piece.validity { memcpy(validity + place, kept + offset, part) } else { memset(validity + place, 1, part) }
            }
            position += part
            place += part
            rest -= part
        }
    }
}
