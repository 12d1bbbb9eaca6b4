// SPDX-License-Identifier: Apache-2.0

import Tabular

/// How many entities have each combination of values of some columns. Rows come in order of the entity.
///
/// Memory is bounded: when there are more combinations than the limit, an even part of them is kept, chosen by their hashes, and each of
/// these is counted in full. So small combinations are neither mistaken for large ones nor large ones for small.
final class CombinationTable {
    /// Positions among the measured columns.
    let columns: [Int]
    private let limit: Int
    private var slots: GrowingMemory
    private var slotCount = 1 << 10
    private var kept = 0
    /// Combinations whose hash is below are kept.
    private var threshold = UInt64.max
    private let recent: GrowingMemory

    private struct Slot: BitwiseCopyable {
        /// 0: free.
        var key: UInt64
        var lastEntity: UInt32
        var entities: UInt32
    }
    private static let slotBytes = MemoryLayout<Slot>.stride
    /// Places in which the combinations of the entity at hand are remembered.
    private static let recentPlaces = 512

    init(_ columns: [Int], limit: Int) throws(StoreError) {
        self.columns = columns
        self.limit = limit
        slots = try GrowingMemory(bytes: slotCount * Self.slotBytes)
        recent = try GrowingMemory(bytes: Self.recentPlaces * 8)
    }

    /// Counts the combinations of some rows, given as hashes, each with its entity; rows of `UInt32.max` belong to nobody.
    func add(_ hashes: UnsafePointer<UInt64>, entities: UnsafePointer<UInt32>, count: Int) throws(StoreError) {
        let recent = recent.start.array(UInt64.self)
        var threshold = threshold
        for row in 0..<count {
            // Hashes are mixed already, and so is their sum.
            let key = hashes[row] | 1
            // First, since of many combinations few are kept.
            if key >= threshold { continue }
            let entity = entities[row]
            if entity == .max { continue }
            let place = Int(truncatingIfNeeded: key >> 8) & (Self.recentPlaces - 1)
            let mark = key ^ (UInt64(entity) &* 0x9E37_79B9_7F4A_7C15)
            if recent[place] == mark { continue }
            recent[place] = mark
            try self.count(key, entity)
            threshold = self.threshold
        }
    }

    private func count(_ key: UInt64, _ entity: UInt32) throws(StoreError) {
        let table = slots.start.array(Slot.self)
        let place = place(of: key, table)
        if table[place].key == 0 {
            table[place] = Slot(key: key, lastEntity: entity, entities: 1)
            kept += 1
            if kept > limit {
                while kept > limit { try rebuild(slotCount, below: threshold / 2) }
            } else if kept * 2 > slotCount {
                try rebuild(slotCount * 2, below: threshold)
            }
        } else if table[place].lastEntity != entity {
            table[place].lastEntity = entity
            if table[place].entities < .max { table[place].entities += 1 }
        }
    }

    @inline(__always)
    private func place(of key: UInt64, _ table: UnsafeMutablePointer<Slot>) -> Int {
        let mask = slotCount - 1
        // The upper bits decide what is kept.
        var place = Int(truncatingIfNeeded: key >> 1) & mask
        while table[place].key != 0, table[place].key != key { place = (place + 1) & mask }
        return place
    }

    private func rebuild(_ newCount: Int, below newThreshold: UInt64) throws(StoreError) {
        let (old, oldCount) = (slots, slotCount)
        slots = try GrowingMemory(bytes: newCount * Self.slotBytes)
        (slotCount, threshold, kept) = (newCount, newThreshold, 0)
        let (from, to) = (old.start.array(Slot.self), slots.start.array(Slot.self))
        for index in 0..<oldCount where from[index].key != 0 && from[index].key < newThreshold {
            to[place(of: from[index].key, to)] = from[index]
            kept += 1
        }
    }

    /// What was counted, scaled up to all combinations.
    struct Sums {
        var combinations = 0.0
        /// Entities with a combination, each combination of an entity once.
        var appearances = 0.0
        /// Appearances of combinations with one entity.
        var unique = 0.0
        /// Appearances of combinations with fewer entities than the minimum.
        var below = 0.0
    }

    func sums(minimum: Int) -> Sums {
        var sums = Sums()
        let table = slots.start.array(Slot.self)
        for index in 0..<slotCount where table[index].key != 0 {
            let entities = Double(table[index].entities)
            sums.combinations += 1
            sums.appearances += entities
            if table[index].entities == 1 { sums.unique += 1 }
            if Int(table[index].entities) < minimum { sums.below += entities }
        }
        let scale = threshold == .max ? 1 : Double(UInt64.max) / Double(threshold)
        sums.combinations *= scale
        sums.appearances *= scale
        sums.unique *= scale
        sums.below *= scale
        return sums
    }
}
