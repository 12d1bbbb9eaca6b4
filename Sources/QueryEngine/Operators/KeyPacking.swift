// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Several keys of whole numbers as one: each counted from the lowest value of the build side, in the mixed base of their ranges. Other
/// values have no partner there.
struct KeyPacking {
    private struct Part {
        let low: UInt64
        /// Highest value, counted from `low`.
        let last: UInt64
        let stride: UInt64
    }

    private let parts: [Part]
    /// How many numbers there are.
    let span: UInt64

    /// Numbers fit into a positive Int64.
    private static let spanMaximum: UInt64 = 1 << 62

    /// Nil for one key, keys of other types, and ranges whose product is too large.
    init?(_ vectors: [ColumnVector], _ count: Int) {
        guard vectors.count > 1 else { return nil }
        var parts: [Part] = [], span: UInt64 = 1
        for vector in vectors {
            guard vector.type.physical == .int64, let run = KeyRun(.int64, vector.values, vector.validity, count) else { return nil }
            let range = run.range ?? 0...0
            let low = UInt64(bitPattern: range.lowerBound), last = UInt64(bitPattern: range.upperBound) &- low
            guard last < Self.spanMaximum else { return nil }
            parts.append(Part(low: low, last: last, stride: span))
            let (product, overflow) = span.multipliedReportingOverflow(by: last + 1)
            guard !overflow, product <= Self.spanMaximum else { return nil }
            span = product
        }
        self.parts = parts
        self.span = span
    }

    /// The number of each row, and 1 where it has one: no part is NULL or outside its range.
    func pack(
        _ vectors: [ColumnVector], _ count: Int, into numbers: UnsafeMutablePointer<Int64>, _ validity: UnsafeMutablePointer<UInt8>
    ) throws(EngineError) {
        guard vectors.count == parts.count else { throw EngineError(.malformedPlan, ["join key"]) }
        numbers.update(repeating: 0, count: count)
        validity.update(repeating: 1, count: count)
        for (vector, part) in zip(vectors, parts) {
            guard vector.type.physical == .int64 else { throw EngineError(.malformedPlan, ["join key"]) }
            let values = UnsafePointer(vector.int64), low = part.low, last = part.last, stride = part.stride
            for row in 0..<count {
                let offset = UInt64(bitPattern: values[row]) &- low
                validity[row] &= offset <= last ? 1 : 0
                numbers[row] &+= Int64(truncatingIfNeeded: offset &* stride)
            }
            if let known = vector.validity { for row in 0..<count { validity[row] &= known[row] & 1 } }
        }
    }
}
