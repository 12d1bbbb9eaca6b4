// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Evidence in a dimension whose entities come in any order: one entry per (group, entity) with what the entity has in that group.
final class HashedDimension {
    let index: PairIndex
    /// `[item][entry]`: 1 where the entity has a row of that item. Item 0, the whole group, needs none.
    let presence: [ArenaArray<UInt8>]
    /// `[sum][entry]`: the entity's merged sum.
    let sums: [ArenaArray<WideSum>]
    private let entries: UnsafeMutablePointer<UInt32>

    init(items: Int, sums: Int, arena: ConfidentialArena) throws(EngineError) {
        index = try PairIndex(arena: arena)
        var presence: [ArenaArray<UInt8>] = []
        var totals: [ArenaArray<WideSum>] = []
        for _ in 0..<items { presence.append(try ArenaArray(arena: arena)) }
        for _ in 0..<sums { totals.append(try ArenaArray(arena: arena)) }
        self.presence = presence
        self.sums = totals
        entries = try arena.take(UInt32.self, EngineLimits.batchRows)
    }

    static let none = UInt32.max

    /// Finds the entry of every row; rows without the entity have none and count nothing here.
    func locate(_ groups: UnsafePointer<UInt32>, _ entities: ColumnVector, _ count: Int) throws(EngineError) {
        let numbers = entities.entities, validity = entities.validity
        for row in 0..<count {
            if let validity, validity[row] == 0 {
                entries[row] = Self.none
            } else {
                entries[row] = try index.entry(UInt64(groups[row]) << 32 | UInt64(numbers[row]))
            }
        }
        for item in presence { try item.reserve(index.count) }
        for sum in sums { try sum.reserve(index.count) }
    }

    func mark(_ item: Int, _ mask: UnsafePointer<UInt8>?, _ count: Int) {
        let flags = presence[item].base
        for row in 0..<count where entries[row] != Self.none && (mask?[row] ?? 1) != 0 { flags[Int(entries[row])] = 1 }
    }

    func add(_ sum: Int, _ vector: ColumnVector, _ mask: UnsafePointer<UInt8>?, _ count: Int) {
        let totals = sums[sum].base
        let isWide = vector.type.physical == .int128
        for row in 0..<count where entries[row] != Self.none && (mask?[row] ?? 1) != 0 {
            totals[Int(entries[row])].add(isWide ? vector.int128[row] : Int128(vector.int64[row]))
        }
    }

    /// Takes over an entry of another worker under the merged group's number.
    func absorb(_ other: HashedDimension, _ entry: Int, as key: UInt64) throws(EngineError) {
        let own = Int(try index.entry(key))
        for (position, item) in presence.enumerated() {
            try item.reserve(index.count)
            item.base[own] |= other.presence[position].base[entry]
        }
        for (position, sum) in sums.enumerated() {
            try sum.reserve(index.count)
            sum.base[own].add(other.sums[position].base[entry])
        }
    }
}

/// Dense numbers of 64-bit keys.
final class PairIndex {
    private(set) var count = 0
    let keys: ArenaArray<UInt64>
    private var slots: ArenaArray<UInt32>
    private var slotCount = 1024
    private let arena: ConfidentialArena

    init(arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        keys = try ArenaArray(capacity: 512, arena: arena)
        slots = try ArenaArray(capacity: slotCount, arena: arena)
    }

    @inline(__always)
    func entry(_ key: UInt64) throws(EngineError) -> UInt32 {
        if count * 2 >= slotCount { try rehash() }
        var slot = Int(truncatingIfNeeded: Hashing.mix(key) >> 1) & (slotCount - 1)
        while slots.base[slot] != 0 {
            let number = slots.base[slot] - 1
            if keys.base[Int(number)] == key { return number }
            slot = (slot + 1) & (slotCount - 1)
        }
        guard count < Int(UInt32.max) - 1 else { throw EngineError(.resourceExhausted) }
        try keys.reserve(count + 1)
        keys.base[count] = key
        count += 1
        slots.base[slot] = UInt32(count)
        return UInt32(count - 1)
    }

    private func rehash() throws(EngineError) {
        slotCount *= 2
        slots = try ArenaArray(capacity: slotCount, arena: arena)
        for number in 0..<count {
            var slot = Int(truncatingIfNeeded: Hashing.mix(keys.base[number]) >> 1) & (slotCount - 1)
            while slots.base[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots.base[slot] = UInt32(number + 1)
        }
    }
}
