// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Distinct key tuples with dense numbers from 0, in the order in which they were met. While all values lie in small ranges a table
/// is indexed by them directly; else it is a hash table of words that carry half of the hash, so that most rows touch one place.
final class GroupIndex {
    private(set) var count = 0
    let wordCount: Int
    let nullWordCount: Int
    /// For each word its value per group.
    private(set) var words: [ArenaArray<UInt64>] = []
    /// The words as plain pointers.
    private let wordBases: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>
    /// Whether any group has a NULL among its keys.
    private var hasNullGroup = false
    /// Hash of each group.
    let hashes: ArenaArray<UInt64>
    private let maximum: Int
    private var direct: DirectTable?
    /// Upper half of the hash and group + 1, 0 = free. A power of two, at most half full.
    private var slots: ArenaArray<UInt64>
    private var slotCount = 0
    private let groups: UnsafeMutablePointer<UInt32>
    private let rowHashes: UnsafeMutablePointer<UInt64>
    private let arena: ConfidentialArena
    private static let upper: UInt64 = 0xFFFF_FFFF_0000_0000

    /// `places`: first word of each key that has a single word; nil where a key cannot be indexed directly.
    init(wordCount: Int, nullWordCount: Int, places: [Int]?, maximum: Int, batchRows: Int, arena: ConfidentialArena) throws(EngineError) {
        self.wordCount = wordCount
        self.nullWordCount = nullWordCount
        self.maximum = min(maximum, Int(UInt32.max) - 2)
        self.arena = arena
        for _ in 0..<wordCount { words.append(try ArenaArray(capacity: 64, givesBack: true, arena: arena)) }
        wordBases = try arena.take(UnsafeMutablePointer<UInt64>.self, max(wordCount, 1))
        for word in 0..<wordCount { wordBases[word] = words[word].base }
        hashes = try ArenaArray(capacity: 64, givesBack: true, arena: arena)
        slots = try ArenaArray(capacity: 1, arena: arena)
        groups = try arena.take(UInt32.self, batchRows)
        rowHashes = try arena.take(UInt64.self, batchRows)
        direct = try places.map { (places) throws(EngineError) in try DirectTable(places, nullWordCount: nullWordCount, arena: arena) }
    }

    /// The group of each row; valid until the next call.
    func assign(_ keys: KeyTokens, _ rows: Int) throws(EngineError) -> UnsafePointer<UInt32> {
        if let direct {
            if try direct.cells(keys, rows, known: self, into: groups) {
                let table = direct.table.base
                for row in 0..<rows {
                    let cell = Int(groups[row])
                    var group = table[cell]
                    if group == 0 {
                        group = try append(keys.wordBases, row) + 1
                        table[cell] = group
                    }
                    groups[row] = group &- 1
                }
                return UnsafePointer(groups)
            }
            self.direct = nil
            try rehash(max(1_024, count * 4))
        }
        if slotCount == 0 { try rehash(1_024) }
        hash(keys.words, keys.hasNulls, rows)
        if wordCount == nullWordCount + 1, nullWordCount == 1 {
            try assignSingle(keys.words[0], keys.words[1], rows, hasNulls: keys.hasNulls)
        } else {
            for row in 0..<rows { groups[row] = try find(keys.wordBases, row, rowHashes[row]) }
        }
        return UnsafePointer(groups)
    }

    /// Groups of another index, new or known; their numbers here go into `map`.
    func adopt(
        _ other: GroupIndex, _ members: UnsafeBufferPointer<UInt32>, into map: UnsafeMutablePointer<UInt32>
    ) throws(EngineError) {
        if slotCount < (count + members.count) * 2 { try rehash((count + members.count) * 2) }
        let theirs = other.wordBases, hashes = other.hashes.base
        for member in members { map[Int(member)] = try find(theirs, Int(member), hashes[Int(member)]) }
    }

    private func hash(_ source: [UnsafeMutablePointer<UInt64>], _ hasNulls: Bool, _ rows: Int) {
        let out = rowHashes
        for row in 0..<rows { out[row] = KeyHash.start(0) }
        if hasNulls {
            for word in 0..<nullWordCount {
                let nulls = source[word]
                for row in 0..<rows { out[row] ^= KeyHash.start(nulls[row]) ^ KeyHash.start(0) }
            }
        }
        for word in nullWordCount..<wordCount {
            let values = source[word]
            for row in 0..<rows { out[row] = KeyHash.next(out[row], values[row]) }
        }
    }

    private func assignSingle(
        _ nulls: UnsafeMutablePointer<UInt64>, _ values: UnsafeMutablePointer<UInt64>, _ rows: Int, hasNulls: Bool
    ) throws(EngineError) {
        var table = slots.base, known = words[1].base, knownNulls = words[0].base, mask = slotCount - 1
        let comparesNulls = hasNulls || hasNullGroup
        for row in 0..<rows {
            let hash = rowHashes[row], value = values[row], null = hasNulls ? nulls[row] : 0
            var slot = Int(truncatingIfNeeded: hash) & mask
            while true {
                let entry = table[slot]
                if entry == 0 {
                    groups[row] = try insert(hash, slot, value, null)
                    table = slots.base
                    known = words[1].base
                    knownNulls = words[0].base
                    mask = slotCount - 1
                    break
                }
                if (entry ^ hash) & Self.upper == 0 {
                    let group = Int(entry & 0xFFFF_FFFF) - 1
                    if known[group] == value, !comparesNulls || knownNulls[group] == null {
                        groups[row] = UInt32(truncatingIfNeeded: group)
                        break
                    }
                }
                slot = (slot + 1) & mask
            }
        }
    }

    @inline(never)
    private func insert(_ hash: UInt64, _ slot: Int, _ value: UInt64, _ null: UInt64) throws(EngineError) -> UInt32 {
        try room()
        words[0].base[count] = null
        words[1].base[count] = value
        if null != 0 { hasNullGroup = true }
        return try place(hash, slot)
    }

    @inline(__always)
    private func find(
        _ source: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>, _ row: Int, _ hash: UInt64
    ) throws(EngineError) -> UInt32 {
        let table = slots.base, mask = slotCount - 1, known = wordBases
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = table[slot]
            if entry == 0 { break }
            if (entry ^ hash) & Self.upper == 0 {
                let group = Int(entry & 0xFFFF_FFFF) - 1
                var isEqual = true
                for word in 0..<wordCount where known[word][group] != source[word][row] {
                    isEqual = false
                    break
                }
                if isEqual { return UInt32(truncatingIfNeeded: group) }
            }
            slot = (slot + 1) & mask
        }
        return try insert(source, row, hash, slot)
    }

    @inline(never)
    private func insert(
        _ source: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>, _ row: Int, _ hash: UInt64, _ slot: Int
    ) throws(EngineError) -> UInt32 {
        try room()
        for word in 0..<wordCount { wordBases[word][count] = source[word][row] }
        for word in 0..<nullWordCount where source[word][row] != 0 { hasNullGroup = true }
        return try place(hash, slot)
    }

    private func place(_ hash: UInt64, _ slot: Int) throws(EngineError) -> UInt32 {
        hashes.base[count] = hash
        count += 1
        slots.base[slot] = hash & Self.upper | UInt64(count)
        if count * 2 > slotCount { try rehash(slotCount * 4) }
        return UInt32(truncatingIfNeeded: count - 1)
    }

    private func room() throws(EngineError) {
        guard count < maximum else { throw EngineError(.resourceExhausted) }
        if count == words[0].capacity {
            for word in 0..<wordCount {
                try words[word].reserve(count + 1)
                wordBases[word] = words[word].base
            }
        }
        try hashes.reserve(count + 1)
    }

    /// Adds a group that is known to be new; for the direct table.
    private func append(_ source: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>, _ row: Int) throws(EngineError) -> UInt32 {
        try room()
        var hash = KeyHash.start(0)
        for word in 0..<wordCount {
            let value = source[word][row]
            wordBases[word][count] = value
            if word < nullWordCount, value != 0 { hasNullGroup = true }
            hash = word < nullWordCount ? hash ^ KeyHash.start(value) ^ KeyHash.start(0) : KeyHash.next(hash, value)
        }
        hashes.base[count] = hash
        count += 1
        return UInt32(truncatingIfNeeded: count - 1)
    }

    private func rehash(_ wanted: Int) throws(EngineError) {
        slotCount = 1_024
        while slotCount < wanted { slotCount *= 2 }
        slots.discard()
        slots = try ArenaArray(capacity: slotCount, arena: arena)
        let table = slots.base, mask = slotCount - 1
        for group in 0..<count {
            let hash = hashes.base[group]
            var slot = Int(truncatingIfNeeded: hash) & mask
            while table[slot] != 0 { slot = (slot + 1) & mask }
            table[slot] = hash & Self.upper | UInt64(group + 1)
        }
    }
}

/// The directly indexed form: one cell for each combination of values in a window of each key.
final class DirectTable {
    /// Group + 1 of each cell, 0 = none.
    private(set) var table: ArenaArray<UInt32>
    private let places: [Int]
    private let nullWordCount: Int
    /// Smallest value of each key's window; 0 in a window stands for NULL, 1 for this value.
    private var lows: [Int64]
    private var bits: [Int]
    private var isEmpty = true
    private let arena: ConfidentialArena
    /// Largest table: 4 MiB, so that it stays in the cache.
    private static let mostBits = 20

    init(_ places: [Int], nullWordCount: Int, arena: ConfidentialArena) throws(EngineError) {
        self.places = places
        self.nullWordCount = nullWordCount
        self.arena = arena
        lows = places.map { _ in 0 }
        bits = places.map { _ in 0 }
        table = try ArenaArray(capacity: 1, arena: arena)
    }

    /// The cell of each row; false when the values do not fit any table.
    func cells(_ keys: KeyTokens, _ rows: Int, known: GroupIndex, into out: UnsafeMutablePointer<UInt32>) throws(EngineError) -> Bool {
        if !isEmpty, fill(keys, rows, out) { return true }
        guard try widen(keys, rows, known) else { return false }
        return fill(keys, rows, out)
    }

    private func fill(_ keys: KeyTokens, _ rows: Int, _ out: UnsafeMutablePointer<UInt32>) -> Bool {
        var outside: UInt64 = 0
        var shift: UInt32 = 0
        for (position, place) in places.enumerated() {
            let values = keys.words[place], low = UInt64(bitPattern: lows[position]), width = UInt64(1) << UInt64(bits[position]) &- 1
            let nulls = keys.words[position / 64], bit = UInt64(position % 64)
            let isFirst = position == 0
            if keys.hasNulls {
                for row in 0..<rows {
                    let isValue = ~(nulls[row] >> bit) & 1
                    let offset = (values[row] &- low) & (0 &- isValue)
                    outside |= offset >= width ? 1 : 0
                    let cell = UInt32(truncatingIfNeeded: offset &+ isValue) << shift
                    out[row] = isFirst ? cell : out[row] | cell
                }
            } else {
                for row in 0..<rows {
                    let offset = values[row] &- low
                    outside |= offset >= width ? 1 : 0
                    let cell = UInt32(truncatingIfNeeded: offset &+ 1) << shift
                    out[row] = isFirst ? cell : out[row] | cell
                }
            }
            shift += UInt32(bits[position])
        }
        return outside == 0
    }

    private func widen(_ keys: KeyTokens, _ rows: Int, _ known: GroupIndex) throws(EngineError) -> Bool {
        var total = 0
        for (position, place) in places.enumerated() {
            let bit = UInt64(position % 64)
            var range = Range(low: .max, high: .min)
            range.add(keys.words[place], keys.hasNulls ? keys.words[position / 64] : nil, bit, rows)
            range.add(known.words[place].base, known.words[position / 64].base, bit, known.count)
            if range.low > range.high { range = Range(low: 0, high: 0) }
            let (span, overflow) = range.high.subtractingReportingOverflow(range.low)
            guard !overflow, span < 1 << Self.mostBits else { return false }
            bits[position] = 64 - (span + 1).leadingZeroBitCount
            // Room grows downwards when the window was left downwards.
            let width = Int64(1) << Int64(bits[position])
            lows[position] = !isEmpty && range.low < lows[position] ? max(range.high, .min + width) - width + 2 : range.low
            total += bits[position]
        }
        guard total <= Self.mostBits else { return false }
        isEmpty = false
        table.discard()
        table = try ArenaArray(capacity: 1 << total, arena: arena)
        for group in 0..<known.count { table.base[cell(known, group)] = UInt32(truncatingIfNeeded: group + 1) }
        return true
    }

    private func cell(_ known: GroupIndex, _ group: Int) -> Int {
        var cell = 0, shift = 0
        for (position, place) in places.enumerated() {
            let isNull = known.words[position / 64].base[group] >> UInt64(position % 64) & 1 != 0
            if !isNull { cell |= Int(truncatingIfNeeded: Int64(bitPattern: known.words[place].base[group]) &- lows[position] &+ 1) << shift }
            shift += bits[position]
        }
        return cell
    }

    private struct Range {
        var low: Int64
        var high: Int64

        mutating func add(_ values: UnsafeMutablePointer<UInt64>, _ nulls: UnsafeMutablePointer<UInt64>?, _ bit: UInt64, _ count: Int) {
            for row in 0..<count {
                if let nulls, nulls[row] >> bit & 1 != 0 { continue }
                let value = Int64(bitPattern: values[row])
                low = min(low, value)
                high = max(high, value)
            }
        }
    }
}
