// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// The canonical order of released groups: by the first key, then the next; numbers, dates and times by value, false before
/// true, text byte by byte, NaN after all numbers, NULL last. So the order of rows tells nothing about how they were computed.
///
/// Keys become unsigned words whose order, word by word, is that of the groups; values take only the bits that their range needs and
/// share words. The words are sorted digit by digit.
struct KeyOrder {
    private let groups: UnsafeMutablePointer<UInt32>
    private let count: Int
    private let memory: ReleaseMemory
    /// Most significant first, with the bits that each uses.
    private var words: [(base: UnsafeMutablePointer<UInt64>, bits: Int)] = []
    private static let digitBits = 11

    /// `groups`: the numbers of those that are to be sorted.
    init(keys: [ColumnVector], groups: UnsafeMutablePointer<UInt32>, count: Int, memory: ReleaseMemory) throws(DisclosureError) {
        self.groups = groups
        self.count = count
        self.memory = memory
        let token = try memory.take(UInt64.self, count)
        for key in keys { try add(key, token) }
    }

    /// The groups in order.
    func sorted() throws(DisclosureError) -> UnsafeMutablePointer<UInt32> {
        var places = try memory.take(UInt32.self, count), otherPlaces = try memory.take(UInt32.self, count)
        var digits = try memory.take(UInt64.self, count), otherDigits = try memory.take(UInt64.self, count)
        let starts = try memory.take(Int.self, 1 << Self.digitBits)
        for place in 0..<count { places[place] = UInt32(truncatingIfNeeded: place) }
        for (word, bits) in words.reversed() {
            for place in 0..<count { digits[place] = word[Int(places[place])] }
            var shift = 0
            while shift < bits {
                Self.pass(UInt64(shift), count, starts, (digits, places), (otherDigits, otherPlaces))
                swap(&digits, &otherDigits)
                swap(&places, &otherPlaces)
                shift += Self.digitBits
            }
        }
        for place in 0..<count { otherPlaces[place] = groups[Int(places[place])] }
        return otherPlaces
    }

    private typealias Columns = (words: UnsafeMutablePointer<UInt64>, places: UnsafeMutablePointer<UInt32>)

    /// Stable, by one digit.
    private static func pass(_ shift: UInt64, _ count: Int, _ starts: UnsafeMutablePointer<Int>, _ source: Columns, _ target: Columns) {
        let mask: UInt64 = 1 << UInt64(digitBits) - 1
        starts.update(repeating: 0, count: 1 << digitBits)
        for place in 0..<count { starts[Int(source.words[place] >> shift & mask)] += 1 }
        var next = 0
        for digit in 0..<(1 << digitBits) {
            let size = starts[digit]
            starts[digit] = next
            next += size
        }
        for place in 0..<count {
            let word = source.words[place], digit = Int(word >> shift & mask)
            target.words[starts[digit]] = word
            target.places[starts[digit]] = source.places[place]
            starts[digit] += 1
        }
    }

    private mutating func add(_ key: ColumnVector, _ token: UnsafeMutablePointer<UInt64>) throws(DisclosureError) {
        if let validity = key.validity {
            for place in 0..<count { token[place] = validity[Int(groups[place])] == 0 ? 1 : 0 }
            try append(token, nil)
        }
        switch key.type.physical {
        case .bool: for place in 0..<count { token[place] = UInt64(key.bool[Int(groups[place])]) }
        case .int64: for place in 0..<count { token[place] = Self.word(key.int64[Int(groups[place])]) }
        case .double: for place in 0..<count { token[place] = Self.word(key.double[Int(groups[place])]) }
        case .entity: for place in 0..<count { token[place] = UInt64(key.entities[Int(groups[place])]) }
        case .codes: try rank(key, token)
        case .int128:
            for place in 0..<count { token[place] = Self.word(Int64(truncatingIfNeeded: key.int128[Int(groups[place])] >> 64)) }
            try append(token, key.validity)
            for place in 0..<count { token[place] = UInt64(truncatingIfNeeded: key.int128[Int(groups[place])]) }
        }
        try append(token, key.validity)
    }

    private static func word(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    /// Both zeros are one number, all NaN another.
    private static func word(_ value: Double) -> UInt64 {
        if value.isNaN { return .max }
        let bits = (value + 0).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    /// Puts the tokens behind what the last word holds, or into a new one. NULL takes the least.
    private mutating func append(_ token: UnsafeMutablePointer<UInt64>, _ validity: UnsafeMutablePointer<UInt8>?) throws(DisclosureError) {
        var low = UInt64.max, high = UInt64.min
        for place in 0..<count where (validity?[Int(groups[place])] ?? 1) != 0 {
            low = min(low, token[place])
            high = max(high, token[place])
        }
        guard low < high else { return }
        let width = 64 - (high - low).leadingZeroBitCount
        if let last = words.last, last.bits + width <= 64 {
            words[words.count - 1].bits = last.bits + width
        } else {
            words.append((try memory.take(UInt64.self, count), width))
        }
        let word = words[words.count - 1].base, shift = UInt64(width)
        for place in 0..<count {
            let value = (validity?[Int(groups[place])] ?? 1) == 0 ? 0 : token[place] - low
            word[place] = (shift == 64 ? 0 : word[place] << shift) | value
        }
    }

    /// Texts become their place among the texts that the groups have.
    private func rank(_ key: ColumnVector, _ token: UnsafeMutablePointer<UInt64>) throws(DisclosureError) {
        guard let dictionary = key.dictionary else { return }
        let codes = key.codes
        let ranks = try memory.take(UInt32.self, dictionary.count), used = try memory.take(UInt32.self, min(dictionary.count, count))
        var usedCount = 0
        for place in 0..<count where !key.isNull(Int(groups[place])) {
            let code = codes[Int(groups[place])]
            guard ranks[Int(code)] == 0 else { continue }
            ranks[Int(code)] = 1
            used[usedCount] = code
            usedCount += 1
        }
        var sorted = UnsafeMutableBufferPointer(start: used, count: usedCount)
        sorted.sort { Self.compare(dictionary.entry($0), dictionary.entry($1)) < 0 }
        for place in 0..<usedCount { ranks[Int(used[place])] = UInt32(truncatingIfNeeded: place) }
        for place in 0..<count where !key.isNull(Int(groups[place])) { token[place] = UInt64(ranks[Int(codes[Int(groups[place])])]) }
    }

    private static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let common = min(left.count, right.count)
        if common > 0, let one = left.baseAddress, let other = right.baseAddress {
            let order = memcmp(one, other, common)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }
}
