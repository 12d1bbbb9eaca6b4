// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Tabular

/// Distinct texts with dense numbers, in confidential memory: how texts of different dictionaries become comparable by number.
/// Shared by workers through `internShared`; the other calls are for one thread or for a pool that no longer changes.
final class TextPool: @unchecked Sendable {
    private(set) var count = 0
    private var byteCount = 0
    private let offsets: ArenaArray<UInt32>
    private let bytes: ArenaArray<UInt8>
    /// Upper half of the hash and number + 1, 0 = free. A power of two, at most half full.
    private var slots: ArenaArray<UInt64>
    private var slotCount: Int
    private let lock = Mutex<Bool>(false)
    private let arena: ConfidentialArena
    private let bytesMaximum: Int
    private static let upper: UInt64 = 0xFFFF_FFFF_0000_0000

    init(arena: ConfidentialArena, bytesMaximum: Int = EngineLimits.textPoolBytes) throws(EngineError) {
        self.arena = arena
        self.bytesMaximum = bytesMaximum
        slotCount = 64
        offsets = try ArenaArray(capacity: 32, arena: arena)
        bytes = try ArenaArray(capacity: 256, arena: arena)
        slots = try ArenaArray(capacity: slotCount, arena: arena)
    }

    /// The numbers + 1 of some entries of a dictionary, new or known, by code; safe to call from several workers.
    func internShared(
        _ dictionary: TextDictionary, _ codes: UnsafePointer<UInt32>, _ hashes: UnsafePointer<UInt64>, _ count: Int,
        into numbers: UnsafeMutablePointer<UInt32>
    ) throws(EngineError) {
        let isDone = lock.withLock { _ in
            for place in 0..<count {
                guard let number = try? intern(dictionary.entry(codes[place]), hashes[place]) else { return false }
                numbers[Int(codes[place])] = number + 1
            }
            return true
        }
        guard isDone else { throw EngineError(.resourceExhausted) }
    }

    /// Byte order of two texts of the pool; safe while other workers add to it.
    func comparesShared(_ left: UInt32, _ right: UInt32) -> Int {
        left == right ? 0 : lock.withLock { _ in Self.compare(entry(left), entry(right)) }
    }

    /// The number of a text, new or known.
    func intern(_ text: UnsafeRawBufferPointer) throws(EngineError) -> UInt32 { try intern(text, Self.hash(text)) }

    private func intern(_ text: UnsafeRawBufferPointer, _ hash: UInt64) throws(EngineError) -> UInt32 {
        if count * 2 >= slotCount { try rehash() }
        let table = slots.base, mask = slotCount - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while table[slot] != 0 {
            if let number = Self.number(table[slot], hash), Self.areEqual(entry(number), text) { return number }
            slot = (slot + 1) & mask
        }
        guard byteCount + text.count <= bytesMaximum else { throw EngineError(.resourceExhausted) }
        try offsets.reserve(count + 2)
        try bytes.reserve(byteCount + text.count)
        if let source = text.baseAddress, text.count > 0 { memcpy(bytes.base + byteCount, source, text.count) }
        byteCount += text.count
        count += 1
        offsets.base[count] = UInt32(byteCount)
        table[slot] = hash & Self.upper | UInt64(count)
        return UInt32(count - 1)
    }

    /// The number of a text when it is known.
    func find(_ text: UnsafeRawBufferPointer) -> UInt32? {
        let hash = Self.hash(text), table = slots.base, mask = slotCount - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while table[slot] != 0 {
            if let number = Self.number(table[slot], hash), Self.areEqual(entry(number), text) { return number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The text of a slot when half of its hash is the same.
    @inline(__always)
    private static func number(_ slot: UInt64, _ hash: UInt64) -> UInt32? {
        (slot ^ hash) & upper == 0 ? UInt32(truncatingIfNeeded: slot) &- 1 : nil
    }

    /// The bytes of one text, valid until the pool grows.
    @inline(__always)
    func entry(_ number: UInt32) -> UnsafeRawBufferPointer {
        let start = Int(offsets.base[Int(number)])
        return UnsafeRawBufferPointer(start: bytes.base + start, count: Int(offsets.base[Int(number) + 1]) - start)
    }

    /// Forgets all texts; dictionaries made before lose their meaning.
    func clear() {
        count = 0
        byteCount = 0
        slots.clear(slotCount)
    }

    /// The texts so far as a dictionary whose codes are the numbers.
    /// `isLasting`: the pool is neither cleared nor added to from now on.
    func dictionary(isLasting: Bool = false) -> TextDictionary {
        TextDictionary(
            count: count, offsets: UnsafePointer(offsets.base), bytes: UnsafePointer(bytes.base), isLasting: isLasting, arena: arena)
    }

    private func rehash() throws(EngineError) {
        // Where memory ends here, other workers go on with what there is.
        let old = slots, oldCount = slotCount
        slots = try ArenaArray(capacity: oldCount * 2, givesBack: true, arena: arena)
        slotCount = oldCount * 2
        let table = slots.base, mask = slotCount - 1
        for place in 0..<oldCount where old.base[place] != 0 {
            var slot = Int(truncatingIfNeeded: old.base[place] >> 32) & mask
            while table[slot] != 0 { slot = (slot + 1) & mask }
            table[slot] = old.base[place]
        }
        old.discard()
    }

    static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
        var position = 0
        while position + 8 <= text.count {
            state = Hashing.mix(state ^ text.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        while position < text.count {
            rest = rest << 8 | UInt64(text[position])
            position += 1
        }
        return Hashing.mix(state ^ rest)
    }

    static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        guard left.count > 0, let one = left.baseAddress, let other = right.baseAddress else { return true }
        return memcmp(one, other, left.count) == 0
    }

    /// Byte by byte: negative, zero or positive.
    static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let common = min(left.count, right.count)
        if common > 0, let one = left.baseAddress, let other = right.baseAddress {
            let order = memcmp(one, other, common)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }
}

/// The hash of the engine's tables. Not keyed: its tables live in one job and their layout is never seen.
enum Hashing {
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        let folded = (product.high ^ product.low) &* 0xD6E8_FEB8_6659_FD93
        return folded ^ (folded >> 32)
    }
}
