// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Dense numbers from 1 for 128-bit values.
final class ValueNumbering {
    /// Numbers given, 0 included.
    private(set) var count = 1
    private let values: ArenaArray<Int128>
    private var slots: ArenaArray<UInt32>
    private var slotCount = 64
    private let arena: ConfidentialArena

    init(arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        values = try ArenaArray(capacity: 32, arena: arena)
        slots = try ArenaArray(capacity: slotCount, arena: arena)
    }

    func number(_ value: Int128) throws(EngineError) -> UInt32 {
        if count * 2 >= slotCount { try rehash() }
        var slot = Self.slot(value, slotCount)
        while slots.base[slot] != 0 {
            let number = slots.base[slot]
            if values.base[Int(number)] == value { return number }
            slot = (slot + 1) & (slotCount - 1)
        }
        guard count < Int(UInt32.max) else { throw EngineError(.resourceExhausted) }
        try values.reserve(count + 1)
        values.base[count] = value
        slots.base[slot] = UInt32(count)
        count += 1
        return UInt32(count - 1)
    }

    private func rehash() throws(EngineError) {
        let larger = try ArenaArray<UInt32>(capacity: slotCount * 2, arena: arena)
        slots = larger
        slotCount *= 2
        for number in 1..<max(count, 1) {
            var slot = Self.slot(values.base[number], slotCount)
            while slots.base[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots.base[slot] = UInt32(number)
        }
    }

    @inline(__always)
    private static func slot(_ value: Int128, _ slotCount: Int) -> Int {
        let bits = UInt128(bitPattern: value)
        let mixed = Hashing.mix(UInt64(truncatingIfNeeded: bits) ^ Hashing.mix(UInt64(truncatingIfNeeded: bits >> 64)))
        return Int(truncatingIfNeeded: mixed >> 1) & (slotCount - 1)
    }
}
