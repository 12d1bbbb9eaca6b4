// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Hashes of keys by value: rows with equal keys have equal hashes, whatever their dictionaries, on both sides of a join and in groups.
final class KeyHasher {
    let hashes: UnsafeMutablePointer<UInt64>
    /// 1 where a part of the key is NULL.
    let hasNull: UnsafeMutablePointer<UInt8>
    private let seed: UInt64
    private var texts: [TextHashes?] = []
    private let arena: ConfidentialArena

    init(seed: UInt64, arena: ConfidentialArena) throws(EngineError) {
        self.seed = seed
        self.arena = arena
        hashes = try arena.take(UInt64.self, EngineLimits.batchRows)
        hasNull = try arena.take(UInt8.self, EngineLimits.batchRows)
    }

    func compute(_ vectors: [ColumnVector], _ count: Int) throws(EngineError) {
        hashes.update(repeating: seed, count: count)
        hasNull.update(repeating: 0, count: count)
        while texts.count < vectors.count { texts.append(nil) }
        for (position, vector) in vectors.enumerated() {
            switch vector.type.physical {
            case .bool: add(vector) { [values = vector.bool] in UInt64(values[$0] & 1) }
            case .int64: add(vector) { [values = vector.int64] in UInt64(bitPattern: values[$0]) }
            case .double: add(vector) { [values = vector.double] in UInt64(bitPattern: OrderedDouble.key(values[$0])) }
            case .entity: add(vector) { [values = vector.entities] in UInt64(values[$0]) }
            case .int128:
                add(vector) { [values = vector.int128] in
                    let bits = UInt128(bitPattern: values[$0])
                    return Hashing.mix(UInt64(truncatingIfNeeded: bits >> 64) &+ 1) ^ UInt64(truncatingIfNeeded: bits)
                }
            case .codes:
                let known = try hashes(position)
                try known.adopt(vector)
                let values = vector.codes
                add(vector) { known.hash(values[$0]) }
            }
        }
    }

    private func hashes(_ position: Int) throws(EngineError) -> TextHashes {
        if let known = texts[position] { return known }
        let made = try TextHashes(seed: seed, arena: arena)
        texts[position] = made
        return made
    }

    @inline(__always)
    private func add(_ vector: ColumnVector, _ token: (Int) -> UInt64) {
        let hashes = hashes, hasNull = hasNull
        if let validity = vector.validity {
            for row in 0..<vector.count {
                let isNull = validity[row] == 0
                hasNull[row] |= isNull ? 1 : 0
                hashes[row] = Hashing.mix(hashes[row] ^ (isNull ? Self.null : token(row)))
            }
        } else {
            for row in 0..<vector.count { hashes[row] = Hashing.mix(hashes[row] ^ token(row)) }
        }
    }

    private static let null: UInt64 = 0x6A09_E667_F3BC_C909
}

/// Hashes of the texts of one dictionary at a time, each computed when a row first has it.
private final class TextHashes {
    private let seed: UInt64
    /// 0 = not computed.
    private let known: ArenaArray<UInt64>
    private var dictionary: TextDictionary?

    init(seed: UInt64, arena: ConfidentialArena) throws(EngineError) {
        self.seed = seed
        known = try ArenaArray(arena: arena)
    }

    func adopt(_ vector: ColumnVector) throws(EngineError) {
        guard let next = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        // One that does not last may be another one by now.
        if dictionary === next, next.isLasting { return }
        known.clear(dictionary?.count ?? 0)
        try known.reserve(next.count)
        dictionary = next
    }

    func hash(_ code: UInt32) -> UInt64 {
        guard let dictionary, Int(code) < dictionary.count else { return 0 }
        let ready = known.base[Int(code)]
        if ready != 0 { return ready }
        let text = dictionary.entry(code)
        var state = seed ^ UInt64(text.count)
        var place = 0
        while place + 8 <= text.count {
            state = Hashing.mix(state ^ text.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            place += 8
        }
        var rest: UInt64 = 0
        while place < text.count {
            rest = rest << 8 | UInt64(text[place])
            place += 1
        }
        let made = Hashing.mix(state ^ rest) | 1
        known.base[Int(code)] = made
        return made
    }
}
