// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Group keys of a batch as 64-bit words: equal words mean equal keys. NULL is a value of its own, told apart by bits of null words.
final class KeyTokens {
    let types: [LogicalType]
    let keyCount: Int
    /// Words of one key tuple: the null words, then the values.
    let wordCount: Int
    let nullWordCount: Int
    /// First value word of each key.
    let places: [Int]
    /// For each word one value per row; null words are zero where no key is NULL.
    let words: [UnsafeMutablePointer<UInt64>]
    /// The same as plain pointers.
    let wordBases: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>
    /// Whether the batch has any NULL in a key.
    private(set) var hasNulls = false
    private let keys: [any VectorExpression]
    private let mappers: [CodeMapper?]
    private let codes: UnsafeMutablePointer<UInt32>

    init(_ keys: [any VectorExpression], pools: [TextPool?], arena: ConfidentialArena) throws(EngineError) {
        self.keys = keys
        types = keys.map(\.type)
        keyCount = keys.count
        nullWordCount = (keys.count + 63) / 64
        var places: [Int] = [], next = nullWordCount
        var mappers: [CodeMapper?] = []
        for (position, key) in keys.enumerated() {
            places.append(next)
            next += key.type.physical == .int128 ? 2 : 1
            mappers.append(try pools[position].map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: false, arena: arena) })
        }
        self.places = places
        self.mappers = mappers
        wordCount = next
        var words: [UnsafeMutablePointer<UInt64>] = []
        for _ in 0..<next { words.append(try arena.take(UInt64.self, EngineLimits.batchRows)) }
        self.words = words
        wordBases = try arena.take(UnsafeMutablePointer<UInt64>.self, max(next, 1))
        for word in 0..<next { wordBases[word] = words[word] }
        codes = try arena.take(UInt32.self, EngineLimits.batchRows)
    }

    func compute(_ batch: Batch) throws(EngineError) {
        let count = batch.count
        if hasNulls { for word in 0..<nullWordCount { words[word].update(repeating: 0, count: EngineLimits.batchRows) } }
        hasNulls = false
        for (position, key) in keys.enumerated() {
            let vector = try key.evaluate(batch)
            try values(vector, position, count)
            guard let validity = vector.validity else { continue }
            hasNulls = true
            let nulls = words[position / 64], shift = UInt64(position % 64)
            let isWide = vector.type.physical == .int128
            let low = words[places[position]], high = words[places[position] + (isWide ? 1 : 0)]
            for row in 0..<count where validity[row] == 0 {
                nulls[row] |= 1 << shift
                low[row] = 0
                high[row] = 0
            }
        }
    }

    private func values(_ vector: ColumnVector, _ position: Int, _ count: Int) throws(EngineError) {
        let target = words[places[position]]
        switch vector.type.physical {
        case .bool:
            let values = vector.bool
            for row in 0..<count { target[row] = UInt64(values[row] & 1) }
        case .int64:
            let values = vector.int64
            for row in 0..<count { target[row] = UInt64(bitPattern: values[row]) }
        case .double:
            let values = vector.double
            for row in 0..<count { target[row] = UInt64(bitPattern: OrderedDouble.key(values[row])) }
        case .entity:
            let values = vector.entities
            for row in 0..<count { target[row] = UInt64(values[row]) }
        case .codes:
            guard let mapper = mappers[position] else { throw EngineError(.malformedPlan, ["dictionary"]) }
            try mapper.map(vector, into: codes)
            for row in 0..<count { target[row] = UInt64(codes[row]) }
        case .int128:
            let high = words[places[position] + 1], values = vector.int128
            for row in 0..<count {
                let bits = UInt128(bitPattern: values[row])
                target[row] = UInt64(truncatingIfNeeded: bits)
                high[row] = UInt64(truncatingIfNeeded: bits >> 64)
            }
        }
    }
}

/// The hash of key words. A null word of zero changes nothing, so batches with and without NULLs agree.
enum KeyHash {
    @inline(__always)
    static func start(_ null: UInt64) -> UInt64 { 0x8F1B_BCDC_BFA5_3E0B ^ (null &* 0xD6E8_FEB8_6659_FD93) }
    @inline(__always)
    static func next(_ hash: UInt64, _ word: UInt64) -> UInt64 { Hashing.mix(hash ^ word) }
}
