// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Sort keys of rows as unsigned words whose order, word by word, is the order of the rows. Values take only the bits that their
/// range needs and share words, so that most orders fit into one.
final class OrderWords {
    /// One sort key.
    struct Key {
        let vector: ColumnVector
        let isDescending: Bool
        let nullsFirst: Bool
    }

    let count: Int
    /// Most significant first.
    private(set) var words: [UnsafeMutablePointer<UInt64>] = []
    /// Bits that each word uses.
    private(set) var bits: [Int] = []
    private let token: UnsafeMutablePointer<UInt64>
    private let arena: ConfidentialArena

    init(_ keys: [Key], _ count: Int, arena: ConfidentialArena) throws(EngineError) {
        self.count = count
        self.arena = arena
        token = try arena.take(UInt64.self, keys.isEmpty ? 1 : count)
        for key in keys { try add(key) }
    }

    /// Whether two rows are equal in all keys.
    @inline(__always)
    func areEqual(_ one: Int, _ other: Int) -> Bool {
        for word in words where word[one] != word[other] { return false }
        return true
    }

    /// Negative, zero or positive.
    @inline(__always)
    func compare(_ one: Int, _ other: Int) -> Int {
        for word in words where word[one] != word[other] { return word[one] < word[other] ? -1 : 1 }
        return 0
    }

    private func add(_ key: Key) throws(EngineError) {
        let vector = key.vector
        if let validity = vector.validity {
            let null: UInt64 = key.nullsFirst ? 0 : 1
            for row in 0..<count { token[row] = validity[row] == 0 ? null : null ^ 1 }
            try append(nil, isDescending: false)
        }
        switch vector.type.physical {
        case .bool: for row in 0..<count { token[row] = UInt64(vector.bool[row] & 1) }
        case .int64: for row in 0..<count { token[row] = Self.word(vector.int64[row]) }
        case .double: for row in 0..<count { token[row] = Self.word(OrderedDouble.key(vector.double[row])) }
        case .entity: for row in 0..<count { token[row] = UInt64(vector.entities[row]) }
        case .codes: try rank(vector)
        case .int128:
            for row in 0..<count { token[row] = Self.word(Int64(truncatingIfNeeded: vector.int128[row] >> 64)) }
            try append(vector.validity, isDescending: key.isDescending)
            for row in 0..<count { token[row] = UInt64(truncatingIfNeeded: vector.int128[row]) }
        }
        try append(vector.validity, isDescending: key.isDescending)
    }

    @inline(__always)
    private static func word(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    /// Puts the token behind what the last word holds, or into a new one.
    private func append(_ validity: UnsafeMutablePointer<UInt8>?, isDescending: Bool) throws(EngineError) {
        var low = UInt64.max, high = UInt64.min
        for row in 0..<count where (validity?[row] ?? 1) != 0 {
            low = min(low, token[row])
            high = max(high, token[row])
        }
        guard low < high else { return }
        let width = 64 - (high - low).leadingZeroBitCount
        if let last = bits.last, last + width <= 64 {
            bits[bits.count - 1] = last + width
        } else {
            words.append(try arena.take(UInt64.self, count))
            bits.append(width)
        }
        let word = words[words.count - 1], shift = UInt64(width)
        for row in 0..<count {
            let value = (validity?[row] ?? 1) == 0 ? 0 : (isDescending ? high - token[row] : token[row] - low)
            word[row] = (shift == 64 ? 0 : word[row] << shift) | value
        }
    }

    /// Texts become their place among the texts that are used.
    private func rank(_ vector: ColumnVector) throws(EngineError) {
        guard let dictionary = vector.dictionary else { throw EngineError(.malformedPlan, ["dictionary"]) }
        let codes = vector.codes
        let ranks = try arena.take(UInt32.self, max(dictionary.count, 1))
        var used = 0
        for row in 0..<count where !vector.isNull(row) && ranks[Int(codes[row])] == 0 {
            ranks[Int(codes[row])] = 1
            used += 1
        }
        let entries = try arena.take(PrefixedCode.self, used)
        var next = 0
        for code in 0..<dictionary.count where ranks[code] != 0 {
            entries[next] = PrefixedCode(prefix: Self.prefix(dictionary.entry(UInt32(code))), code: UInt32(code))
            next += 1
        }
        var sorted = UnsafeMutableBufferPointer(start: entries, count: used)
        sorted.sort { one, other in
            if one.prefix != other.prefix { return one.prefix < other.prefix }
            return TextPool.compare(dictionary.entry(one.code), dictionary.entry(other.code)) < 0
        }
        for place in 0..<used { ranks[Int(entries[place].code)] = UInt32(truncatingIfNeeded: place) }
        for row in 0..<count where !vector.isNull(row) { token[row] = UInt64(ranks[Int(codes[row])]) }
    }

    private struct PrefixedCode: BitwiseCopyable {
        /// The first eight bytes, the first one highest.
        let prefix: UInt64
        let code: UInt32
    }

    private static func prefix(_ text: UnsafeRawBufferPointer) -> UInt64 {
        if text.count >= 8 { return UInt64(bigEndian: text.loadUnaligned(as: UInt64.self)) }
        var prefix: UInt64 = 0
        for position in 0..<text.count { prefix |= UInt64(text[position]) << UInt64(56 - position * 8) }
        return prefix
    }
}
