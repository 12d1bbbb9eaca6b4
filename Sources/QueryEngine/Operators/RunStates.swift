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

/// One sum per group in half a cache line, while no value is negative and no entity's sum leaves 32 bits. What entities contribute
/// is then not negative either, so the sum of absolute contributions is the sum.
struct TinyRunSum: BitwiseCopyable {
    var lastEntity: UInt32
    var contributors: UInt32
    var valueCount: UInt32
    var pending: UInt32
    var largest: UInt32
    var second: UInt32
    var total: Int64

    @inline(__always)
    mutating func flush(_ upper: UInt32) {
        let contribution = min(pending, upper)
        total &+= Int64(contribution)
        second = max(second, min(contribution, largest))
        largest = max(largest, contribution)
        contributors &+= 1
    }

    var widened: SmallRunSum {
        SmallRunSum(
            lastEntity: UInt64(lastEntity), contributors: Int64(contributors), valueCount: Int64(valueCount), pending: Int64(pending),
            total: total, largest: Int64(largest), second: Int64(second), magnitude: total)
    }
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

extension RunSum<Int128> {
    var widened: RunSum<WideSum> {
        RunSum<WideSum>(
            lastEntity: lastEntity, contributors: contributors, valueCount: valueCount, pending: pending.wide, total: total.wide,
            largest: largest, second: second, magnitude: magnitude)
    }
}
