// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Dense numbers from 1 for values; 0 stands for NULL. Nearby whole numbers (days, months, years) are found in a window without hashing.
final class ValueNumbering {
    /// Numbers given, NULL's included.
    private(set) var count = 1
    private let values: ArenaArray<Int128>
    private var slots: ArenaArray<UInt32>
    private var slotCount = 64
    private let window: UnsafeMutablePointer<UInt32>?
    private var windowStart: Int64?
    private static let windowSize = 65_536
    private let arena: ConfidentialArena

    init(hasWindow: Bool, arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        values = try ArenaArray(capacity: 32, arena: arena)
        slots = try ArenaArray(capacity: slotCount, arena: arena)
        window = hasWindow ? try arena.take(UInt32.self, Self.windowSize) : nil
    }

    /// The value of a number, nil for NULL's.
    func value(_ number: UInt32) -> Int128? { number == 0 ? nil : values.base[Int(number)] }

    @inline(__always)
    func number(windowed value: Int64) throws(EngineError) -> UInt32 {
        guard let window else { return try number(Int128(value)) }
        let start = windowStart ?? begin(value)
        let offset = value &- start
        guard offset >= 0, offset < Int64(Self.windowSize) else { return try number(Int128(value)) }
        let known = window[Int(offset)]
        if known != 0 { return known }
        let number = try number(Int128(value))
        window[Int(offset)] = number
        return number
    }

    @inline(never)
    private func begin(_ first: Int64) -> Int64 {
        let start = first &- Int64(Self.windowSize / 2)
        windowStart = start
        return start
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

/// Dense numbers from 0 for pairs of numbers: a table while both are small, else a hash table.
final class PairNumbering {
    private(set) var count = 0
    private let pairs: ArenaArray<UInt64>
    /// Number + 1 of each pair, `left * width + right`.
    private var table: ArenaArray<UInt32>
    private var width = 64
    private var height = 64
    private var isHashed = false
    private var slotCount = 0
    /// Largest table: 4 MiB, so that it stays in the cache.
    private static let tableCells = 1 << 20
    private let arena: ConfidentialArena

    init(arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        pairs = try ArenaArray(capacity: 64, arena: arena)
        table = try ArenaArray(capacity: width * height, arena: arena)
    }

    func pair(_ number: UInt32) -> (left: UInt32, right: UInt32) {
        let key = pairs.base[Int(number)]
        return (UInt32(truncatingIfNeeded: key >> 32), UInt32(truncatingIfNeeded: key))
    }

    /// Replaces each left number by the number of its pair.
    func combine(_ left: UnsafeMutablePointer<UInt32>, _ right: UnsafePointer<UInt32>, _ count: Int) throws(EngineError) {
        var leftMaximum: UInt32 = 0, rightMaximum: UInt32 = 0
        for row in 0..<count {
            leftMaximum = max(leftMaximum, left[row])
            rightMaximum = max(rightMaximum, right[row])
        }
        try fit(Int(leftMaximum), Int(rightMaximum))
        if isHashed {
            for row in 0..<count { left[row] = try hashed(UInt64(left[row]) << 32 | UInt64(right[row])) }
            return
        }
        let table = table.base, width = width
        for row in 0..<count {
            let cell = Int(left[row]) * width + Int(right[row])
            if table[cell] == 0 { table[cell] = try append(UInt64(left[row]) << 32 | UInt64(right[row])) + 1 }
            left[row] = table[cell] - 1
        }
    }

    /// The number of one pair.
    func number(_ left: UInt32, _ right: UInt32) throws(EngineError) -> UInt32 {
        var one = left
        var other = right
        try combine(&one, &other, 1)
        return one
    }

    private func append(_ key: UInt64) throws(EngineError) -> UInt32 {
        guard count < Int(UInt32.max) - 1 else { throw EngineError(.resourceExhausted) }
        try pairs.reserve(count + 1)
        pairs.base[count] = key
        count += 1
        return UInt32(count - 1)
    }

    private func fit(_ left: Int, _ right: Int) throws(EngineError) {
        guard !isHashed, left >= height || right >= width else { return }
        while width <= right { width *= 2 }
        while height <= left { height *= 2 }
        guard width * height <= Self.tableCells else {
            isHashed = true
            try rehash(max(1024, count * 4))
            return
        }
        table = try ArenaArray(capacity: width * height, arena: arena)
        for number in 0..<count {
            let (left, right) = pair(UInt32(number))
            table.base[Int(left) * width + Int(right)] = UInt32(number + 1)
        }
    }

    private func hashed(_ key: UInt64) throws(EngineError) -> UInt32 {
        if count * 2 >= slotCount { try rehash(slotCount * 2) }
        var slot = Int(truncatingIfNeeded: Hashing.mix(key) >> 1) & (slotCount - 1)
        while table.base[slot] != 0 {
            if pairs.base[Int(table.base[slot] - 1)] == key { return table.base[slot] - 1 }
            slot = (slot + 1) & (slotCount - 1)
        }
        let number = try append(key)
        table.base[slot] = number + 1
        return number
    }

    private func rehash(_ wanted: Int) throws(EngineError) {
        slotCount = 1024
        while slotCount < wanted { slotCount *= 2 }
        table = try ArenaArray(capacity: slotCount, arena: arena)
        for number in 0..<count {
            var slot = Int(truncatingIfNeeded: Hashing.mix(pairs.base[number]) >> 1) & (slotCount - 1)
            while table.base[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            table.base[slot] = UInt32(number + 1)
        }
    }
}
