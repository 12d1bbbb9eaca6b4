// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Distinct key tuples with dense numbers from 0, in the order in which they were met. As long as a single key only ascends it is compared
/// with the last one alone; while all values lie in small ranges a table is indexed by them directly; else it is a hash table of words that carry half of the hash, so that most rows touch one place.
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
    /// Whether the single key of the groups ascends, without NULL; then there are no hashes and no table.
    private(set) var isAscending: Bool
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
        isAscending = wordCount == 2 && nullWordCount == 1
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
        if isAscending {
            if !keys.hasNulls, try assignAscending(keys.words[1], rows) { return UnsafePointer(groups) }
            try leaveAscending()
        }
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
        isAscending = false
        if slotCount < (count + 1) * 2 { try rehash(max(1_024, (count + 1) * 4)) }
        let theirs = other.wordBases, hashes = other.hashes.base
        for member in members { map[Int(member)] = try find(theirs, Int(member), hashes[Int(member)]) }
    }

    /// Makes room, as far as that is allowed, for so many groups that will be adopted, so that nothing is moved on the way.
    func expect(_ groups: Int) throws(EngineError) {
        isAscending = false
        try room(for: min(groups, maximum - count))
        try hashes.reserve(words[0].capacity)
        if slotCount < (count + groups) * 2 { try rehash((count + groups) * 2) }
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
        try room(for: 1)
        try hashes.reserve(count + 1)
    }

    /// Room for the words of more groups.
    func room(for more: Int) throws(EngineError) {
        guard more <= maximum - count else { throw EngineError(.resourceExhausted) }
        // An ascending key is never NULL.
        let first = isAscending ? nullWordCount : 0
        guard count + more > min(words[first].capacity, words[wordCount - 1].capacity) else { return }
        for word in first..<wordCount {
            try words[word].reserve(count + more)
            wordBases[word] = words[word].base
        }
    }

    /// The next group of an ascending index, for which there is room.
    @inline(__always)
    func append(ascending key: UInt64) {
        wordBases[1][count] = key
        count += 1
    }

    /// The group of each row while keys ascend; false, with nothing done, where one does not.
    private func assignAscending(_ values: UnsafeMutablePointer<UInt64>, _ rows: Int) throws(EngineError) -> Bool {
        guard rows > 0 else { return true }
        let hasLast = count > 0
        let last = hasLast ? wordBases[1][count - 1] : values[0]
        var isOrdered = Int64(bitPattern: values[0]) >= Int64(bitPattern: last)
        var fresh = !hasLast || values[0] != last ? 1 : 0
        for row in 1..<max(rows, 1) {
            let here = Int64(bitPattern: values[row]), before = Int64(bitPattern: values[row &- 1])
            isOrdered = isOrdered && here >= before
            fresh &+= here == before ? 0 : 1
        }
        guard isOrdered else { return false }
        try room(for: fresh)
        let known = wordBases[1], out = groups
        var number = count - 1
        if !hasLast || values[0] != last { number += 1 }
        known[number] = values[0]
        out[0] = UInt32(truncatingIfNeeded: number)
        for row in 1..<max(rows, 1) {
            number &+= values[row] == values[row &- 1] ? 0 : 1
            known[number] = values[row]
            out[row] = UInt32(truncatingIfNeeded: number)
        }
        count = number + 1
        return true
    }

    /// From now on keys come in any order.
    func leaveAscending() throws(EngineError) {
        guard isAscending else { return }
        isAscending = false
        for word in 0..<nullWordCount {
            try words[word].reserve(words[nullWordCount].capacity)
            wordBases[word] = words[word].base
        }
        try hashes.reserve(count)
        let hashes = hashes.base, keys = wordBases[1], start = KeyHash.start(0)
        for group in 0..<count { hashes[group] = KeyHash.next(start, keys[group]) }
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
