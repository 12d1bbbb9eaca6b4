// SPDX-License-Identifier: Apache-2.0

import QueryPlan

/// Comparisons of whole columns: one loop for each operator, without branches, so that the compiler can use vector instructions.
enum ComparisonLoops {
    @inline(__always)
    static func run<T: Comparable>(
        _ symbol: ComparisonOperator, _ out: UnsafeMutablePointer<UInt8>, _ count: Int, _ left: (Int) -> T, _ right: (Int) -> T
    ) {
        switch symbol {
        case .equal: for row in 0..<count { out[row] = left(row) == right(row) ? 1 : 0 }
        case .notEqual: for row in 0..<count { out[row] = left(row) == right(row) ? 0 : 1 }
        case .less: for row in 0..<count { out[row] = left(row) < right(row) ? 1 : 0 }
        case .lessOrEqual: for row in 0..<count { out[row] = left(row) <= right(row) ? 1 : 0 }
        case .greater: for row in 0..<count { out[row] = left(row) > right(row) ? 1 : 0 }
        case .greaterOrEqual: for row in 0..<count { out[row] = left(row) >= right(row) ? 1 : 0 }
        }
    }

    /// 64-bit numbers. Where bounds show that all of them have 32 bits only these are compared.
    static func whole(
        _ symbol: ComparisonOperator, _ left: UnsafePointer<Int64>, _ x: ClosedRange<Int64>?, _ right: UnsafePointer<Int64>,
        _ y: ClosedRange<Int64>?, _ out: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        let isShort = x.map(isShort) ?? false && y.map(isShort) ?? false
        if let constant = y?.single {
            if isShort {
                let short = Int32(truncatingIfNeeded: constant)
                run(symbol, out, count, { Int32(truncatingIfNeeded: left[$0]) }, { _ in short })
            } else {
                run(symbol, out, count, { left[$0] }, { _ in constant })
            }
        } else if isShort {
            run(symbol, out, count, { Int32(truncatingIfNeeded: left[$0]) }, { Int32(truncatingIfNeeded: right[$0]) })
        } else {
            run(symbol, out, count, { left[$0] }, { right[$0] })
        }
    }

    static func isShort(_ bounds: ClosedRange<Int64>) -> Bool { bounds.lowerBound >= Int64(Int32.min) && bounds.upperBound <= Int64(Int32.max) }

    /// Whether each number lies in `range`, by one comparison without a sign.
    static func within(
        _ range: ClosedRange<Int64>, _ values: UnsafePointer<Int64>, _ known: ClosedRange<Int64>?, _ out: UnsafeMutablePointer<UInt8>,
        _ count: Int
    ) {
        if let known, isShort(known) {
            let shorts = range.clamped(to: Int64(Int32.min)...Int64(Int32.max))
            guard range.overlaps(known) else { return out.update(repeating: 0, count: count) }
            let low = Int32(shorts.lowerBound), width = UInt32(bitPattern: Int32(shorts.upperBound) &- low)
            for row in 0..<count { out[row] = UInt32(bitPattern: Int32(truncatingIfNeeded: values[row]) &- low) <= width ? 1 : 0 }
        } else {
            let low = range.lowerBound, width = UInt64(bitPattern: range.upperBound &- low)
            for row in 0..<count { out[row] = UInt64(bitPattern: values[row] &- low) <= width ? 1 : 0 }
        }
    }
}
