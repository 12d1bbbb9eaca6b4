// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Loops over the rows of a batch that update run states.
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

    /// Takes rows until an entity's sum would leave 32 bits; where it stopped.
    @inline(__always)
    static func sum(
        _ states: UnsafeMutablePointer<TinyRunSum>, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ values: UnsafePointer<Int64>, _ mask: UnsafePointer<UInt8>?, _ rows: Range<Int>, _ upper: UInt32
    ) -> Int {
        for row in rows {
            if let mask, mask[row] == 0 { continue }
            let state = states + Int(groups[row])
            let number = entities[row] &+ 1, value = UInt32(truncatingIfNeeded: values[row])
            if state.pointee.lastEntity != number {
                if state.pointee.lastEntity != 0 { state.pointee.flush(upper) }
                state.pointee.lastEntity = number
                state.pointee.pending = value
            } else {
                let (sum, overflow) = state.pointee.pending.addingReportingOverflow(value)
                if overflow { return row }
                state.pointee.pending = sum
            }
            state.pointee.valueCount &+= 1
        }
        return rows.upperBound
    }

    @inline(__always)
    static func sum(
        _ states: UnsafeMutablePointer<SmallRunSum>, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ values: UnsafePointer<Int64>, _ mask: UnsafePointer<UInt8>?, _ rows: Range<Int>, _ lower: Int64, _ upper: Int64
    ) {
        for row in rows {
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

    @inline(__always)
    static func sum<Accumulator: SumAccumulator>(
        _ states: UnsafeMutablePointer<RunSum<Accumulator>>, _ groups: UnsafePointer<UInt32>, _ entities: UnsafePointer<UInt32>,
        _ value: (Int) -> Accumulator.Input, _ mask: UnsafePointer<UInt8>?, _ rows: Range<Int>, _ bounds: ClosedRange<Int128>?
    ) {
        let lower = bounds?.lowerBound ?? .min, upper = bounds?.upperBound ?? .max
        let isClamped = bounds != nil
        for row in rows {
            if let mask, mask[row] == 0 { continue }
            let state = states + Int(groups[row])
            let number = UInt64(entities[row]) + 1
            if state.pointee.lastEntity != number {
                if state.pointee.lastEntity != 0 { state.pointee.flush(lower, upper, isClamped) }
                state.pointee.lastEntity = number
                state.pointee.pending = .zero
            }
            state.pointee.pending.add(value(row))
            state.pointee.valueCount += 1
        }
    }
}
