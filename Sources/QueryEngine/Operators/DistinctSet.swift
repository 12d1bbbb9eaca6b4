// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The distinct values of each group, exactly. A value is 64 bits that are equal exactly when the values are.
final class DistinctSet {
    private(set) var count = 0
    private let values: ArenaArray<UInt64>
    private let groups: ArenaArray<UInt32>
    private var slots: ArenaArray<UInt32>
    private var slotCount = 1024
    private let arena: ConfidentialArena

    init(arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        values = try ArenaArray(capacity: 512, arena: arena)
        groups = try ArenaArray(capacity: 512, arena: arena)
        slots = try ArenaArray(capacity: slotCount, arena: arena)
    }

    func entry(_ number: Int) -> (group: UInt32, value: UInt64) { (groups.base[number], values.base[number]) }

    /// Notes a value; true when it is new to its group.
    @inline(__always)
    @discardableResult
    func insert(_ group: UInt32, _ value: UInt64) throws(EngineError) -> Bool {
        if count * 2 >= slotCount { try rehash() }
        var slot = Self.hash(group, value) & (slotCount - 1)
        while slots.base[slot] != 0 {
            let number = Int(slots.base[slot] - 1)
            if values.base[number] == value, groups.base[number] == group { return false }
            slot = (slot + 1) & (slotCount - 1)
        }
        guard count < Int(UInt32.max) - 1 else { throw EngineError(.resourceExhausted) }
        try values.reserve(count + 1)
        try groups.reserve(count + 1)
        values.base[count] = value
        groups.base[count] = group
        count += 1
        slots.base[slot] = UInt32(count)
        return true
    }

    private func rehash() throws(EngineError) {
        slotCount *= 2
        slots = try ArenaArray(capacity: slotCount, arena: arena)
        for number in 0..<count {
            var slot = Self.hash(groups.base[number], values.base[number]) & (slotCount - 1)
            while slots.base[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots.base[slot] = UInt32(number + 1)
        }
    }

    @inline(__always)
    static func hash(_ group: UInt32, _ value: UInt64) -> Int {
        Int(truncatingIfNeeded: Hashing.mix(value ^ Hashing.mix(UInt64(group))) >> 1)
    }
}
