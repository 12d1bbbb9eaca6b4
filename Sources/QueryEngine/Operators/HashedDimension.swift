// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Evidence in a dimension whose entities come in any order: one record per (group, entity) with what the entity has in that
/// group. Key, presence of the items and sums of a record lie together, so that a row touches one place in memory.
final class HashedDimension {
    /// Records: key, one bit per item, sums.
    private let records: ArenaArray<Int128>
    private(set) var count = 0
    private var slots: ArenaArray<UInt32>
    private var slotCount = 1024
    private let flagWords: Int
    /// 16-byte units of a record, and where its sums begin.
    private let recordUnits: Int
    private let sumUnits: Int
    private let entries: UnsafeMutablePointer<UInt32>
    private let arena: ConfidentialArena
    private static let none = UInt32.max
    /// Rows that are taken at a time, so that their records are still in the cache for the next step.
    private static let chunkRows = 512

    init(items: Int, sums: Int, arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        flagWords = max((items + 63) / 64, 1)
        sumUnits = (1 + flagWords + 1) / 2
        recordUnits = sumUnits + sums * (MemoryLayout<WideSum>.stride / 16)
        records = try ArenaArray(capacity: recordUnits * 64, arena: arena)
        slots = try ArenaArray(capacity: slotCount, arena: arena)
        entries = try arena.take(UInt32.self, Self.chunkRows)
    }

    /// Group in the high half, entity in the low half.
    func key(_ entry: Int) -> UInt64 { words(entry)[0] }

    func isPresent(_ item: Int, _ entry: Int) -> Bool { words(entry)[1 + item / 64] >> UInt64(item % 64) & 1 != 0 }

    func sum(_ sum: Int, _ entry: Int) -> WideSum { sums(entry)[sum] }

    /// One addend: a sum's number, its values, and which rows have one.
    struct Addend {
        let sum: Int
        let values: ColumnVector
        let mask: UnsafePointer<UInt8>?
    }

    /// Adds a batch. Rows without the entity count nothing here. `masks`: for each item which rows belong to it, nil: all.
    func add(
        _ groups: UnsafePointer<UInt32>, _ entities: ColumnVector, _ masks: [UnsafePointer<UInt8>?], _ addends: [Addend], _ rows: Int
    ) throws(EngineError) {
        var start = 0
        while start < rows {
            let chunk = min(Self.chunkRows, rows - start)
            try locate(groups, entities, start, chunk)
            for (item, mask) in masks.enumerated() { mark(item, mask, start, chunk) }
            for addend in addends { add(addend, start, chunk) }
            start += chunk
        }
    }

    private func locate(_ groups: UnsafePointer<UInt32>, _ entities: ColumnVector, _ start: Int, _ chunk: Int) throws(EngineError) {
        let numbers = entities.entities, validity = entities.validity
        for position in 0..<chunk {
            let row = start + position
            if let validity, validity[row] == 0 {
                entries[position] = Self.none
            } else {
                entries[position] = try entry(UInt64(groups[row]) << 32 | UInt64(numbers[row]))
            }
        }
    }

    private func mark(_ item: Int, _ mask: UnsafePointer<UInt8>?, _ start: Int, _ chunk: Int) {
        let word = 1 + item / 64, bit = UInt64(1) << UInt64(item % 64)
        let base = UnsafeMutableRawPointer(records.base).assumingMemoryBound(to: UInt64.self)
        let stride = recordUnits * 2
        for position in 0..<chunk where entries[position] != Self.none {
            if let mask, mask[start + position] == 0 { continue }
            base[Int(entries[position]) * stride + word] |= bit
        }
    }

    private func add(_ addend: Addend, _ start: Int, _ chunk: Int) {
        let base = UnsafeMutableRawPointer(records.base) + sumUnits * 16 + addend.sum * MemoryLayout<WideSum>.stride
        let stride = recordUnits * 16
        let wide = addend.values.type.physical == .int128 ? addend.values.int128 + start : nil
        let narrow = addend.values.int64 + start
        for position in 0..<chunk where entries[position] != Self.none {
            if let mask = addend.mask, mask[start + position] == 0 { continue }
            let target = (base + Int(entries[position]) * stride).assumingMemoryBound(to: WideSum.self)
            target.pointee.add(wide.map { $0[position] } ?? Int128(narrow[position]))
        }
    }

    /// Takes over a record of another worker under the merged group's number.
    func absorb(_ other: HashedDimension, _ entry: Int, as key: UInt64) throws(EngineError) {
        let own = Int(try self.entry(key))
        for word in 1...flagWords { words(own)[word] |= other.words(entry)[word] }
        for sum in 0..<((recordUnits - sumUnits) * 16 / MemoryLayout<WideSum>.stride) { sums(own)[sum].add(other.sums(entry)[sum]) }
    }

    private func words(_ entry: Int) -> UnsafeMutablePointer<UInt64> {
        UnsafeMutableRawPointer(records.base + entry * recordUnits).assumingMemoryBound(to: UInt64.self)
    }

    private func sums(_ entry: Int) -> UnsafeMutablePointer<WideSum> {
        UnsafeMutableRawPointer(records.base + entry * recordUnits + sumUnits).assumingMemoryBound(to: WideSum.self)
    }

    @inline(__always)
    private func entry(_ key: UInt64) throws(EngineError) -> UInt32 {
        let slotMask = slotCount - 1
        let slots = slots.base
        var slot = Int(truncatingIfNeeded: Hashing.mix(key) >> 1) & slotMask
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            if words(Int(number))[0] == key { return number }
            slot = (slot + 1) & slotMask
        }
        return try append(key, slot)
    }

    @inline(never)
    private func append(_ key: UInt64, _ slot: Int) throws(EngineError) -> UInt32 {
        guard count < Int(UInt32.max) - 1 else { throw EngineError(.resourceExhausted) }
        try records.reserve((count + 1) * recordUnits)
        words(count)[0] = key
        count += 1
        slots.base[slot] = UInt32(count)
        if count * 2 >= slotCount { try rehash() }
        return UInt32(count - 1)
    }

    private func rehash() throws(EngineError) {
        slotCount *= 2
        slots = try ArenaArray(capacity: slotCount, arena: arena)
        for number in 0..<count {
            var slot = Int(truncatingIfNeeded: Hashing.mix(words(number)[0]) >> 1) & (slotCount - 1)
            while slots.base[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots.base[slot] = UInt32(number + 1)
        }
    }
}
