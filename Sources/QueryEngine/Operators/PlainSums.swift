// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Plain sums per group. Numbers that bounds prove to stay within 64 bits are added up there; before a total could leave them it moves
/// to 128 bits, and numbers of 128 bits are added up in 192. A sum is the sum of the three.
final class PlainSums {
    private let small: ArenaArray<Int64>
    private var narrow: ArenaArray<Int128>?
    private var wide: ArenaArray<WideSum>?
    /// No small total is beyond this.
    private var reach: UInt64 = 0
    /// Whether narrow totals are added to directly: there are too many groups to move them often.
    private var isDirect = false
    private let lanes: GroupLanes
    private let arena: ConfidentialArena

    init(lanes: GroupLanes, arena: ConfidentialArena) throws(EngineError) {
        self.lanes = lanes
        self.arena = arena
        small = try ArenaArray(givesBack: true, arena: arena)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        try small.reserve(groups)
        try narrow?.reserve(small.capacity)
        try wide?.reserve(small.capacity)
    }

    /// Adds the rows whose mask is 1.
    func add(
        _ vector: ColumnVector, _ groups: UnsafePointer<UInt32>, _ mask: UnsafePointer<UInt8>?, groupCount: Int
    ) throws(EngineError) {
        guard vector.type.physical == .int64 else { return addWide(vector.int128, groups, mask, vector.count, try needWide()) }
        let values = UnsafePointer(vector.int64), count = vector.count
        guard let added = Self.reach(vector), !isDirect else {
            return addDirect(values, groups, mask, count, try needNarrow())
        }
        if reach > UInt64(Int64.max) - added {
            try spill(groupCount)
            if groupCount > count * 4 {
                isDirect = true
                return addDirect(values, groups, mask, count, try needNarrow())
            }
        }
        reach += added
        lanes.sum(values, groups, mask, count, groupCount, into: small.base)
    }

    /// The largest total of any of the rows, when that has 64 bits.
    private static func reach(_ vector: ColumnVector) -> UInt64? {
        for bounds in [ValueBounds.known(vector), nil] {
            let (reach, overflow) = (bounds ?? ValueBounds.measured(vector)).magnitude.multipliedReportingOverflow(by: UInt64(vector.count))
            if !overflow, reach <= UInt64(Int64.max) { return reach }
        }
        return nil
    }

    private func addDirect(
        _ values: UnsafePointer<Int64>, _ groups: UnsafePointer<UInt32>, _ mask: UnsafePointer<UInt8>?, _ count: Int,
        _ totals: UnsafeMutablePointer<Int128>
    ) {
        if let mask {
            for row in 0..<count where mask[row] != 0 { totals[Int(groups[row])] &+= Int128(values[row]) }
        } else {
            for row in 0..<count { totals[Int(groups[row])] &+= Int128(values[row]) }
        }
    }

    private func addWide(
        _ values: UnsafePointer<Int128>, _ groups: UnsafePointer<UInt32>, _ mask: UnsafePointer<UInt8>?, _ count: Int,
        _ totals: UnsafeMutablePointer<WideSum>
    ) {
        if let mask {
            for row in 0..<count where mask[row] != 0 { totals[Int(groups[row])].add(values[row]) }
        } else {
            for row in 0..<count { totals[Int(groups[row])].add(values[row]) }
        }
    }

    private func needNarrow() throws(EngineError) -> UnsafeMutablePointer<Int128> {
        if let narrow { return narrow.base }
        let array = try ArenaArray<Int128>(capacity: small.capacity, givesBack: true, arena: arena)
        narrow = array
        return array.base
    }

    private func needWide() throws(EngineError) -> UnsafeMutablePointer<WideSum> {
        if let wide { return wide.base }
        let array = try ArenaArray<WideSum>(capacity: small.capacity, givesBack: true, arena: arena)
        wide = array
        return array.base
    }

    /// Moves small totals to 128 bits.
    private func spill(_ groupCount: Int) throws(EngineError) {
        let totals = try needNarrow(), moved = small.base
        for group in 0..<groupCount {
            totals[group] &+= Int128(moved[group])
            moved[group] = 0
        }
        reach = 0
    }

    /// Gets ready to take over groups of these, possibly on several threads.
    func prepare(toAbsorb others: [PlainSums]) throws(EngineError) {
        for other in others {
            let (sum, overflow) = reach.addingReportingOverflow(other.reach)
            reach = overflow ? .max : sum
            if other.narrow != nil { _ = try needNarrow() }
            if other.wide != nil { _ = try needWide() }
        }
        if reach > UInt64(Int64.max) { _ = try needNarrow() }
    }

    /// Takes over groups of another worker; `map`: their numbers here.
    func absorb(_ other: PlainSums, _ groups: UnsafeBufferPointer<UInt32>, _ map: UnsafeMutablePointer<UInt32>) {
        let theirs = other.small.base
        if reach <= UInt64(Int64.max) {
            let own = small.base
            for group in groups { own[Int(map[Int(group)])] &+= theirs[Int(group)] }
        } else if let own = narrow?.base {
            for group in groups { own[Int(map[Int(group)])] &+= Int128(theirs[Int(group)]) }
        }
        if let own = narrow?.base, let theirs = other.narrow?.base {
            for group in groups { own[Int(map[Int(group)])] &+= theirs[Int(group)] }
        }
        if let own = wide?.base, let theirs = other.wide?.base {
            for group in groups { own[Int(map[Int(group)])].add(theirs[Int(group)]) }
        }
    }

    /// Nil beyond 128 bits.
    @inline(__always)
    func total(_ group: Int) -> Int128? {
        let exact = Int128(small.base[group]) &+ (narrow.map { $0.base[group] } ?? 0)
        guard let wide else { return exact }
        var sum = wide.base[group]
        sum.add(exact)
        return sum.int128
    }
}
