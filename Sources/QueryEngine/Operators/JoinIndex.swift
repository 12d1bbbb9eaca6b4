// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Where the right rows of a join stand. Plain pointers: loops over rows touch no objects.
///
/// A single key whose values lie close together is looked up by value: in an array over the range, or, where that would be mostly
/// empty, in bits over the range whose count up to a value numbers the values that there are. All else is a hash table.
struct JoinIndex {
    enum Form {
        /// `heads` by hash.
        case hashed
        /// `heads` by value, counted from `low`.
        case direct
        /// `heads` by the place of a value among those that there are.
        case ranked
        /// Bits only: whether there is a row.
        case existence
    }

    let form: Form
    /// Hashed: which bits of a hash choose a bucket. Else the last value, counted from `low`.
    var last: UInt64 = 0
    var low: UInt64 = 0
    /// First row + 1 of each bucket, 0 = none; by value, one more bucket that is empty. Nil where the rows stand in the order of their values.
    var heads: UnsafePointer<UInt32>?
    /// Next row + 1 of the same bucket. Nil where no bucket has two rows.
    var next: UnsafePointer<UInt32>?
    /// One bit for each value, and one behind them that is not set.
    var bits: UnsafePointer<UInt64>?
    /// How many values there are before each run of `rankWords` words of bits.
    var ranks: UnsafePointer<UInt32>?
    /// Keys of the hashed form.
    var keys: JoinKeys.View?

    static let rankWords = 4

    /// Whether equal buckets are equal keys and no two rows have one.
    var isUnique: Bool { form != .hashed && next == nil }

    /// First row + 1 with the key of each probing row, 0 = none. For all forms but the hashed one.
    func find<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ validity: UnsafeMutablePointer<UInt8>?, _ count: Int, into out: UnsafeMutablePointer<UInt32>
    ) {
        switch form {
        case .direct: findDirect(values, count, out)
        case .ranked: findRanked(values, count, out)
        case .existence: findBits(values, count, out)
        case .hashed: out.update(repeating: 0, count: count)
        }
        if let validity { for row in 0..<count { out[row] &= 0 &- UInt32(validity[row] & 1) } }
    }

    /// The same for the hashed form.
    func find(_ probe: JoinKeys.View, _ count: Int, into out: UnsafeMutablePointer<UInt32>) {
        guard let heads, let keys else { return out.update(repeating: 0, count: count) }
        for row in 0..<count {
            out[row] = probe.isUsable[row] == 0 ? 0 : match(heads[Int(truncatingIfNeeded: probe.hashes[row] & last)], keys, probe, row)
        }
    }

    /// Which values are keys, as 1 and 0, and how many. For all forms but the hashed one.
    func has<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ validity: UnsafeMutablePointer<UInt8>?, _ count: Int, into out: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let low = low, last = last
        if let bits {
            // What stands behind the last value is never set: it answers for all values outside, without a branch.
            for row in 0..<count {
                let offset = min(UInt64(truncatingIfNeeded: values[row]) &- low, last + 1)
                out[row] = UInt8(truncatingIfNeeded: bits[Int(truncatingIfNeeded: offset >> 6)] >> (offset & 63)) & 1
            }
        } else if let heads {
            for row in 0..<count {
                let offset = min(UInt64(truncatingIfNeeded: values[row]) &- low, last + 1)
                out[row] = heads[Int(truncatingIfNeeded: offset)] != 0 ? 1 : 0
            }
        }
        if let validity { for row in 0..<count { out[row] &= validity[row] } }
        var found = 0
        for row in 0..<count { found += Int(out[row]) }
        return found
    }

    /// The row + 1 that follows `current` - 1 with the same key.
    @inline(__always)
    func following(_ current: UInt32, _ probe: JoinKeys.View, _ row: Int) -> UInt32 {
        guard let next else { return 0 }
        guard let keys else { return next[Int(current - 1)] }
        return match(next[Int(current - 1)], keys, probe, row)
    }

    @inline(__always)
    private func match(_ start: UInt32, _ keys: JoinKeys.View, _ probe: JoinKeys.View, _ row: Int) -> UInt32 {
        var candidate = start
        while candidate != 0 {
            if keys.isEqual(Int(candidate - 1), probe, row) { return candidate }
            candidate = next.map { $0[Int(candidate - 1)] } ?? 0
        }
        return 0
    }

    private func findDirect<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ count: Int, _ out: UnsafeMutablePointer<UInt32>
    ) {
        guard let heads else { return }
        let low = low, last = last
        for row in 0..<count {
            let offset = min(UInt64(truncatingIfNeeded: values[row]) &- low, last + 1)
            out[row] = heads[Int(truncatingIfNeeded: offset)]
        }
    }

    private func findBits<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ count: Int, _ out: UnsafeMutablePointer<UInt32>
    ) {
        guard let bits else { return }
        let low = low, last = last
        for row in 0..<count {
            let offset = min(UInt64(truncatingIfNeeded: values[row]) &- low, last + 1)
            out[row] = UInt32(truncatingIfNeeded: bits[Int(truncatingIfNeeded: offset >> 6)] >> (offset & 63)) & 1
        }
    }

    private func findRanked<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ count: Int, _ out: UnsafeMutablePointer<UInt32>
    ) {
        guard let bits, let ranks else { return }
        let low = low, last = last
        for row in 0..<count {
            let offset = UInt64(truncatingIfNeeded: values[row]) &- low
            guard offset <= last, bits[Int(truncatingIfNeeded: offset >> 6)] >> (offset & 63) & 1 != 0 else {
                out[row] = 0
                continue
            }
            let rank = Self.rank(offset, bits, ranks)
            out[row] = heads.map { $0[Int(rank)] } ?? rank + 1
        }
    }

    /// How many values come before this one.
    @inline(__always)
    static func rank(_ offset: UInt64, _ bits: UnsafePointer<UInt64>, _ ranks: UnsafePointer<UInt32>) -> UInt32 {
        let word = Int(truncatingIfNeeded: offset >> 6)
        var start = word & ~(rankWords - 1), rank = ranks[word / rankWords]
        while start < word {
            rank &+= UInt32(truncatingIfNeeded: bits[start].nonzeroBitCount)
            start += 1
        }
        return rank &+ UInt32(truncatingIfNeeded: (bits[word] & (1 << (offset & 63) &- 1)).nonzeroBitCount)
    }
}
