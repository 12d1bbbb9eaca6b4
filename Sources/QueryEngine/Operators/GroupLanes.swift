// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Loops that add up a batch per group. With few groups each has four counters that rows take turns with, so that rows of one group
/// need not wait for each other's store; a single group is a plain sum.
final class GroupLanes {
    /// Most groups that count as few.
    static let fewGroups = 64
    private let lanes: UnsafeMutablePointer<Int64>

    init(arena: ConfidentialArena) throws(EngineError) { lanes = try arena.take(Int64.self, Self.fewGroups * 4) }

    /// Adds values to the totals of their groups; the caller knows that no total leaves 64 bits.
    func sum(
        _ values: UnsafePointer<Int64>, _ groups: UnsafePointer<UInt32>, _ mask: UnsafePointer<UInt8>?, _ count: Int, _ groupCount: Int,
        into totals: UnsafeMutablePointer<Int64>
    ) {
        if let mask {
            add(groups, count, groupCount, into: totals) { values[$0] & (0 &- Int64(mask[$0] & 1)) }
        } else {
            add(groups, count, groupCount, into: totals) { values[$0] }
        }
    }

    /// Counts the rows of each group.
    func countRows(_ groups: UnsafePointer<UInt32>, _ count: Int, _ groupCount: Int, into totals: UnsafeMutablePointer<Int64>) {
        if groupCount == 1 {
            totals[0] += Int64(count)
        } else {
            add(groups, count, groupCount, into: totals) { _ in 1 }
        }
    }

    /// Counts the rows of each group whose mask is 0.
    func countMissing(
        _ mask: UnsafePointer<UInt8>, _ groups: UnsafePointer<UInt32>, _ count: Int, _ groupCount: Int, into totals: UnsafeMutablePointer<Int64>
    ) {
        if groupCount > Self.fewGroups {
            for row in 0..<count where mask[row] & 1 == 0 { totals[Int(groups[row])] &+= 1 }
        } else {
            add(groups, count, groupCount, into: totals) { Int64(mask[$0] & 1 ^ 1) }
        }
    }

    @inline(__always)
    private func add(
        _ groups: UnsafePointer<UInt32>, _ count: Int, _ groupCount: Int, into totals: UnsafeMutablePointer<Int64>, _ value: (Int) -> Int64
    ) {
        if groupCount == 1 {
            var total: Int64 = 0
            for row in 0..<count { total &+= value(row) }
            totals[0] &+= total
        } else if groupCount <= Self.fewGroups {
            addFew(groups, count, groupCount, into: totals, value)
        } else {
            for row in 0..<count { totals[Int(groups[row])] &+= value(row) }
        }
    }

    @inline(__always)
    private func addFew(
        _ groups: UnsafePointer<UInt32>, _ count: Int, _ groupCount: Int, into totals: UnsafeMutablePointer<Int64>, _ value: (Int) -> Int64
    ) {
        let lanes = lanes
        var row = 0
        while row &+ 4 <= count {
            lanes[Int(groups[row]) &* 4] &+= value(row)
            lanes[Int(groups[row &+ 1]) &* 4 &+ 1] &+= value(row &+ 1)
            lanes[Int(groups[row &+ 2]) &* 4 &+ 2] &+= value(row &+ 2)
            lanes[Int(groups[row &+ 3]) &* 4 &+ 3] &+= value(row &+ 3)
            row &+= 4
        }
        while row < count {
            lanes[Int(groups[row]) &* 4] &+= value(row)
            row &+= 1
        }
        for group in 0..<groupCount {
            let first = group &* 4
            totals[group] &+= lanes[first] &+ lanes[first &+ 1] &+ lanes[first &+ 2] &+ lanes[first &+ 3]
            for lane in first..<first &+ 4 { lanes[lane] = 0 }
        }
    }
}
