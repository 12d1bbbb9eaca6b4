// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Evidence in a dimension whose entities come in runs: all rows of an entity stand together in the driving order, and no entity
/// is seen by two workers. So one remembered entity per group is enough, without hashing, and workers merge by addition.

/// Distinct entities per group.
struct RunCount: BitwiseCopyable {
    /// Entity number + 1 of the run that is under way, 0 = none.
    var lastEntity: UInt64
    var contributors: Int64
}

/// One sum per group in one cache line, while nothing can leave 64 bits.
struct SmallRunSum: BitwiseCopyable {
    var lastEntity: UInt64
    var contributors: Int64
    var valueCount: Int64
    var pending: Int64
    var total: Int64
    var largest: Int64
    var second: Int64
    var magnitude: Int64

    @inline(__always)
    mutating func flush(_ lower: Int64, _ upper: Int64) {
        let contribution = min(max(pending, lower), upper)
        total &+= contribution
        let size = abs(contribution)
        second = max(second, min(size, largest))
        largest = max(largest, size)
        magnitude &+= size
        contributors &+= 1
    }

    var widened: RunSum<Int128> {
        RunSum(
            lastEntity: lastEntity, contributors: contributors, valueCount: valueCount, pending: Int128(pending), total: Int128(total),
            largest: Int128(largest), second: Int128(second), magnitude: Int128(magnitude))
    }
}

/// One sum per group.
struct RunSum<Accumulator: SumAccumulator>: BitwiseCopyable {
    var lastEntity: UInt64
    var contributors: Int64
    var valueCount: Int64
    /// The entity's sum so far.
    var pending: Accumulator
    var total: Accumulator
    var largest: Int128
    var second: Int128
    var magnitude: Int128

    /// Folds in the run that is under way.
    @inline(__always)
    mutating func flush(_ lower: Int128, _ upper: Int128, _ isClamped: Bool) {
        let contribution = isClamped ? pending.clamped(lower, upper) : pending
        total.add(contribution)
        let size = contribution.magnitudeSaturated
        if size > second {
            if size > largest {
                second = largest
                largest = size
            } else {
                second = size
            }
        }
        magnitude = SumFold.saturating(magnitude, size)
        contributors += 1
    }

    /// The state at the end, after a last flush.
    var fold: SumFold {
        SumFold(
            total: total.wide, largest: largest, second: second, magnitude: magnitude, contributors: contributors,
            valueCount: valueCount)
    }
}

enum RunLoops {
    static func count(
        _ states: UnsafeMutablePointer<RunCount>, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ mask: UnsafePointer<UInt8>?, _ count: Int
    ) {
        if let mask {
            for row in 0..<count where mask[row] != 0 { note(states + Int(groups[row]), entities[row]) }
        } else {
            for row in 0..<count { note(states + Int(groups[row]), entities[row]) }
        }
    }

    @inline(__always)
    private static func note(_ state: UnsafeMutablePointer<RunCount>, _ entity: UInt32) {
        let number = UInt64(entity) + 1
        state.pointee.contributors += state.pointee.lastEntity == number ? 0 : 1
        state.pointee.lastEntity = number
    }

    static func sum(
        _ states: UnsafeMutablePointer<SmallRunSum>, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ values: UnsafePointer<Int64>, _ mask: UnsafePointer<UInt8>?, _ count: Int, _ lower: Int64, _ upper: Int64
    ) {
        for row in 0..<count {
            if let mask, mask[row] == 0 { continue }
            let state = states + Int(groups[row])
            let number = UInt64(entities[row]) + 1
            if state.pointee.lastEntity != number {
                if state.pointee.lastEntity != 0 { state.pointee.flush(lower, upper) }
                state.pointee.lastEntity = number
                state.pointee.pending = 0
            }
            state.pointee.pending &+= values[row]
            state.pointee.valueCount &+= 1
        }
    }

    /// Greatest absolute value of the counted rows, at most Int64.max.
    static func greatest(_ values: UnsafePointer<Int64>, _ count: Int) -> Int64 {
        var low: Int64 = 0, high: Int64 = 0
        for row in 0..<count {
            low = min(low, values[row])
            high = max(high, values[row])
        }
        return max(low == .min ? .max : -low, high)
    }

    @inline(__always)
    static func sum<Accumulator: SumAccumulator>(
        _ states: UnsafeMutablePointer<RunSum<Accumulator>>, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ values: UnsafePointer<Accumulator.Input>, _ mask: UnsafePointer<UInt8>?, _ count: Int, _ bounds: ClosedRange<Int128>?
    ) {
        let lower = bounds?.lowerBound ?? .min, upper = bounds?.upperBound ?? .max
        let isClamped = bounds != nil
        for row in 0..<count {
            if let mask, mask[row] == 0 { continue }
            let state = states + Int(groups[row])
            let number = UInt64(entities[row]) + 1
            if state.pointee.lastEntity != number {
                if state.pointee.lastEntity != 0 { state.pointee.flush(lower, upper, isClamped) }
                state.pointee.lastEntity = number
                state.pointee.pending = .zero
            }
            state.pointee.pending.add(values[row])
            state.pointee.valueCount += 1
        }
    }
}
