// SPDX-License-Identifier: Apache-2.0

import CryptoSuites

/// Gives byte strings dense numbers in order of first appearance. Open addressing in confidential memory; the hash is seeded at
/// random, so that nobody can choose inputs that collide.
final class ByteInterner {
    let heap: TextHeap
    private let slots: GrowingMemory
    private var mask: Int
    private let hasher: SeededHash

    private static let initialSlots = 1 << 9

    init(_ hasher: SeededHash) throws(StoreError) {
        self.hasher = hasher
        heap = try TextHeap()
        slots = try GrowingMemory(bytes: Self.initialSlots * 8)
        mask = Self.initialSlots - 1
    }

    var count: Int { heap.count }
    var capacityBytes: Int { heap.capacityBytes + slots.capacityBytes }

    /// The number of a known text, or nil.
    @inline(__always)
    func find(_ text: UnsafeRawBufferPointer) -> UInt32? {
        let slot = place(of: text, tag: tag(text))
        let found = slots.start.array(UInt64.self)[slot]
        return found == 0 ? nil : UInt32(truncatingIfNeeded: found) &- 1
    }

    /// The number of a text, a new one if it is unknown and fewer than `limit` are known; nil beyond the limit.
    @inline(__always)
    func intern(_ text: UnsafeRawBufferPointer, limit: Int) throws(StoreError) -> UInt32? {
        let tag = tag(text)
        let slot = place(of: text, tag: tag)
        let found = slots.start.array(UInt64.self)[slot]
        if found != 0 { return UInt32(truncatingIfNeeded: found) &- 1 }
        guard heap.count < limit else { return nil }
        let number = try heap.append(text)
        slots.start.array(UInt64.self)[slot] = UInt64(tag) << 32 | UInt64(number &+ 1)
        if heap.count * 2 > mask { try grow() }
        return number
    }

    /// Forgets everything.
    func removeAll() {
        heap.removeAll()
        slots.start.initializeMemory(as: UInt8.self, repeating: 0, count: (mask + 1) * 8)
    }

    @inline(__always)
    private func tag(_ text: UnsafeRawBufferPointer) -> UInt32 { UInt32(truncatingIfNeeded: hasher.hash(text) >> 32) }

    @inline(__always)
    private func place(of text: UnsafeRawBufferPointer, tag: UInt32) -> Int {
        let table = slots.start.array(UInt64.self)
        var slot = Int(tag) & mask
        while true {
            let found = table[slot]
            if found == 0 { return slot }
            if UInt32(truncatingIfNeeded: found >> 32) == tag, Self.isEqual(heap.entry(UInt32(truncatingIfNeeded: found) &- 1), text) {
                return slot
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        guard let a = left.baseAddress, let b = right.baseAddress else { return true }
        var place = 0
        while place + 8 <= left.count {
            if a.get(UInt64.self, at: place) != b.get(UInt64.self, at: place) { return false }
            place += 8
        }
        while place < left.count {
            if a.get(UInt8.self, at: place) != b.get(UInt8.self, at: place) { return false }
            place += 1
        }
        return true
    }

    @inline(never)
    private func grow() throws(StoreError) {
        let old = slots.start.array(UInt64.self)
        let newMask = mask * 2 + 1
        let larger = try GrowingMemory(bytes: (newMask + 1) * 8)
        let table = larger.start.array(UInt64.self)
        for slot in 0...mask where old[slot] != 0 {
            var target = Int(old[slot] >> 32) & newMask
            while table[target] != 0 { target = (target + 1) & newMask }
            table[target] = old[slot]
        }
        slots.exchange(with: larger)
        mask = newMask
    }
}

/// A keyed hash for tables in memory (multiply and fold), not a cryptographic one.
struct SeededHash {
    private let first: UInt64
    private let second: UInt64

    init(_ random: RandomBytes) {
        var seeds: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &seeds) { random.fill($0) }
        first = seeds.0
        second = seeds.1 | 1
    }

    @inline(__always)
    func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard let start = bytes.baseAddress else { return Self.fold(first, second) }
        var state = first ^ (UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15)
        var place = 0
        while place + 8 <= bytes.count {
            state = Self.fold(state ^ start.get(UInt64.self, at: place), second)
            place += 8
        }
        var rest: UInt64 = 0
        while place < bytes.count {
            rest = rest << 8 | UInt64(start.get(UInt8.self, at: place))
            place += 1
        }
        return Self.fold(Self.fold(state ^ rest, second), second ^ 0xD6E8_FEB8_6659_FD93)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
