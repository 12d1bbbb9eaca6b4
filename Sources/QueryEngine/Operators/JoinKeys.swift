// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Join keys as 64-bit tokens: equal tokens mean equal keys. Texts are numbers of the build side's pools.
final class JoinKeys {
    let tokenCount: Int
    /// `tokenCount` arrays of the rows' tokens.
    private(set) var tokens: [ArenaArray<UInt64>] = []
    let hashes: ArenaArray<UInt64>
    /// 1 where no part of the key is NULL, and every text is known to the build side.
    let isUsable: ArenaArray<UInt8>
    private let codes: ArenaArray<UInt32>
    private let tokenBases: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>
    private let types: [LogicalType]

    init(_ types: [LogicalType], arena: ConfidentialArena) throws(EngineError) {
        self.types = types
        tokenCount = types.reduce(0) { $0 + ($1.physical == .int128 ? 2 : 1) }
        hashes = try ArenaArray(arena: arena)
        isUsable = try ArenaArray(arena: arena)
        codes = try ArenaArray(arena: arena)
        for _ in 0..<tokenCount { tokens.append(try ArenaArray(arena: arena)) }
        tokenBases = try arena.take(UnsafeMutablePointer<UInt64>.self, max(tokenCount, 1))
    }

    /// Tokens of `count` rows. A mapper is given for each text key of the probing side; build-side codes are pool numbers already.
    func compute(_ vectors: [ColumnVector], mappers: [CodeMapper?], _ count: Int) throws(EngineError) {
        for token in tokens { try token.reserve(count) }
        try hashes.reserve(count)
        try isUsable.reserve(count)
        isUsable.base.update(repeating: 1, count: count)
        var next = 0
        for (position, vector) in vectors.enumerated() {
            guard vector.type.physical == types[position].physical else { throw EngineError(.malformedPlan, ["join key"]) }
            let usable = isUsable.base
            if let validity = vector.validity { for row in 0..<count { usable[row] &= validity[row] } }
            let target = tokens[next].base
            switch vector.type.physical {
            case .bool:
                let values = vector.bool
                for row in 0..<count { target[row] = UInt64(values[row] & 1) }
            case .int64:
                let values = vector.int64
                for row in 0..<count { target[row] = UInt64(bitPattern: values[row]) }
            case .double:
                let values = vector.double
                for row in 0..<count { target[row] = Self.token(values[row]) }
            case .entity:
                let values = vector.entities
                for row in 0..<count { target[row] = UInt64(values[row]) }
            case .codes: try mapCodes(vector, mappers[position], target, count)
            case .int128:
                let high = tokens[next + 1].base
                for row in 0..<count {
                    let bits = UInt128(bitPattern: vector.int128[row])
                    target[row] = UInt64(truncatingIfNeeded: bits)
                    high[row] = UInt64(truncatingIfNeeded: bits >> 64)
                }
                next += 1
            }
            next += 1
        }
        hash(count)
    }

    private func hash(_ count: Int) {
        let hashes = hashes.base
        hashes.update(repeating: 0, count: count)
        for token in tokens {
            let source = token.base
            for row in 0..<count { hashes[row] = Hashing.mix(hashes[row] ^ source[row]) }
        }
    }

    private func mapCodes(
        _ vector: ColumnVector, _ mapper: CodeMapper?, _ target: UnsafeMutablePointer<UInt64>, _ count: Int
    ) throws(EngineError) {
        guard let mapper else {
            for row in 0..<count { target[row] = UInt64(vector.codes[row]) }
            return
        }
        try codes.reserve(count)
        try mapper.map(vector, into: codes.base)
        for row in 0..<count {
            target[row] = UInt64(codes.base[row])
            if codes.base[row] == CodeMapper.missing { isUsable.base[row] = 0 }
        }
    }

    /// The rows' keys as plain pointers, valid until the next `compute`: loops over rows touch no objects.
    struct View {
        let tokens: UnsafePointer<UnsafeMutablePointer<UInt64>>
        let tokenCount: Int
        let hashes: UnsafePointer<UInt64>
        let isUsable: UnsafePointer<UInt8>

        @inline(__always)
        func isEqual(_ row: Int, _ other: View, _ otherRow: Int) -> Bool {
            if hashes[row] != other.hashes[otherRow] { return false }
            for token in 0..<tokenCount where tokens[token][row] != other.tokens[token][otherRow] { return false }
            return true
        }
    }

    func view() -> View {
        for token in 0..<tokenCount { tokenBases[token] = tokens[token].base }
        return View(
            tokens: UnsafePointer(tokenBases), tokenCount: tokenCount, hashes: UnsafePointer(hashes.base),
            isUsable: UnsafePointer(isUsable.base))
    }

    /// One token for both zeros.
    static func token(_ value: Double) -> UInt64 { value == 0 ? 0 : value.bitPattern }
}
