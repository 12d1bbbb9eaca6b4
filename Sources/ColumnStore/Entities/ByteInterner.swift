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
        slots = try GrowingMemory(bytes: Self.initialSlots * Self.slotBytes)
        mask = Self.initialSlots - 1
    }

    var count: Int { heap.count }
    var capacityBytes: Int { heap.capacityBytes + slots.capacityBytes }

    /// What is known of an entry without looking at the heap. `number` is the entry's number plus one; 0 marks a free slot.
    private struct Slot: BitwiseCopyable {
        var tag: UInt32
        var number: UInt32
        var placeAndCount: UInt64
    }
    private static let slotBytes = MemoryLayout<Slot>.stride
    /// The low bits of `placeAndCount` hold the length.
    private static let countBits: UInt64 = 20

    /// The number of a known text, or nil.
    @inline(__always)
    func find(_ text: UnsafeRawBufferPointer) -> UInt32? { find(text, tag: tag(text)) }

    /// As `find`, with what `tag` gave for the text.
    @inline(__always)
    func find(_ text: UnsafeRawBufferPointer, tag: UInt32) -> UInt32? {
        let table = slots.start.array(Slot.self)
        let found = table[place(of: text, tag: tag, table)]
        return found.number == 0 ? nil : found.number - 1
    }

    /// The number of a text, a new one if it is unknown and fewer than `limit` are known; nil beyond the limit.
    @inline(__always)
    func intern(_ text: UnsafeRawBufferPointer, limit: Int) throws(StoreError) -> UInt32? {
        try intern(text, tag: tag(text), limit: limit)
    }

    /// As `intern`, with what `tag` gave for the text.
    @inline(__always)
    func intern(_ text: UnsafeRawBufferPointer, tag: UInt32, limit: Int) throws(StoreError) -> UInt32? {
        let table = slots.start.array(Slot.self)
        let slot = place(of: text, tag: tag, table)
        if table[slot].number != 0 { return table[slot].number - 1 }
        return try add(text, tag, slot, limit)
    }

    /// Part of the hash of a text. Callers with many texts ask for the tags of some, then for their numbers: memory is waited for at once.
    @inline(__always)
    func tag(_ text: UnsafeRawBufferPointer) -> UInt32 { UInt32(truncatingIfNeeded: hasher.hash(text) >> 32) }

    /// Brings the slot where a text with this tag is looked for first into the cache.
    @inline(__always)
    func touch(_ tag: UInt32) -> UInt32 { slots.start.array(Slot.self)[Int(tag) & mask].tag }

    @inline(never)
    private func add(_ text: UnsafeRawBufferPointer, _ tag: UInt32, _ slot: Int, _ limit: Int) throws(StoreError) -> UInt32? {
        guard heap.count < limit else { return nil }
        precondition(text.count < 1 << Self.countBits, "texts are shorter than the limits of their kinds")
        let start = heap.byteCount
        let number = try heap.append(text)
        slots.start.array(Slot.self)[slot] = Slot(
            tag: tag, number: number + 1, placeAndCount: UInt64(start) << Self.countBits | UInt64(text.count))
        if heap.count * 4 > mask * 3 { try grow() }
        return number
    }

    /// Forgets everything.
    func removeAll() {
        heap.removeAll()
        slots.start.initializeMemory(as: UInt8.self, repeating: 0, count: (mask + 1) * Self.slotBytes)
    }

    /// The slot of a text, or the free one where it belongs.
    @inline(__always)
    private func place(of text: UnsafeRawBufferPointer, tag: UInt32, _ table: UnsafeMutablePointer<Slot>) -> Int {
        let mask = mask
        let bytes = heap.start
        var slot = Int(tag) & mask
        while true {
            let found = table[slot]
            if found.number == 0 { return slot }
            let count = Int(found.placeAndCount & (1 << Self.countBits - 1))
            if found.tag == tag, count == text.count, Self.isEqual(bytes + Int(found.placeAndCount >> Self.countBits), text) {
                return slot
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private static func isEqual(_ known: UnsafeRawPointer, _ text: UnsafeRawBufferPointer) -> Bool {
        guard let other = text.baseAddress else { return true }
        let count = text.count
        // The last word overlaps the one before, so that there is no rest.
        if count >= 8 {
            var place = 0
            while place < count - 8 {
                if known.get(UInt64.self, at: place) != other.get(UInt64.self, at: place) { return false }
                place += 8
            }
            return known.get(UInt64.self, at: count - 8) == other.get(UInt64.self, at: count - 8)
        }
        return SeededHash.short(known, count) == SeededHash.short(other, count)
    }

    @inline(never)
    private func grow() throws(StoreError) {
        let old = slots.start.array(Slot.self)
        let newMask = mask * 2 + 1
        let larger = try GrowingMemory(bytes: (newMask + 1) * Self.slotBytes)
        let table = larger.start.array(Slot.self)
        for slot in 0...mask where old[slot].number != 0 {
            var target = Int(old[slot].tag) & newMask
            while table[target].number != 0 { target = (target + 1) & newMask }
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
        let count = bytes.count
        let state = first ^ (UInt64(count) &* 0x9E37_79B9_7F4A_7C15)
        if count < 8 { return Self.fold(Self.fold(state ^ Self.short(start, count), second), second ^ 0xD6E8_FEB8_6659_FD93) }
        var running = state
        var place = 0
        while place < count - 8 {
            running = Self.fold(running ^ start.get(UInt64.self, at: place), second)
            place += 8
        }
        return Self.fold(Self.fold(running ^ start.get(UInt64.self, at: count - 8), second), second ^ 0xD6E8_FEB8_6659_FD93)
    }

    /// Fewer than eight bytes as one number; different for different bytes of one length.
    @inline(__always)
    static func short(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
        if count >= 4 {
            return UInt64(start.get(UInt32.self, at: 0)) << 32 | UInt64(start.get(UInt32.self, at: count - 4))
        }
        guard count > 0 else { return 0 }
        let middle = UInt64(start.get(UInt8.self, at: count / 2)) << 8
        return UInt64(start.get(UInt8.self, at: 0)) << 16 | middle | UInt64(start.get(UInt8.self, at: count - 1))
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
