// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The directly indexed form: one cell for each combination of values in a window of each key.
final class DirectTable {
    /// Group + 1 of each cell, 0 = none.
    private(set) var table: ArenaArray<UInt32>
    private let places: [Int]
    private let nullWordCount: Int
    /// Smallest value of each key's window; 0 in a window stands for NULL, 1 for this value.
    private var lows: [Int64]
    private var bits: [Int]
    private var isEmpty = true
    private let arena: ConfidentialArena
    /// Largest table: 4 MiB, so that it stays in the cache.
    private static let mostBits = 20

    init(_ places: [Int], nullWordCount: Int, arena: ConfidentialArena) throws(EngineError) {
        self.places = places
        self.nullWordCount = nullWordCount
        self.arena = arena
        lows = places.map { _ in 0 }
        bits = places.map { _ in 0 }
        table = try ArenaArray(capacity: 1, arena: arena)
    }

    /// The cell of each row; false when the values do not fit any table.
    func cells(_ keys: KeyTokens, _ rows: Int, known: GroupIndex, into out: UnsafeMutablePointer<UInt32>) throws(EngineError) -> Bool {
        if !isEmpty, fill(keys, rows, out) { return true }
        guard try widen(keys, rows, known) else { return false }
        return fill(keys, rows, out)
    }

    private func fill(_ keys: KeyTokens, _ rows: Int, _ out: UnsafeMutablePointer<UInt32>) -> Bool {
        var outside: UInt64 = 0
        var shift: UInt32 = 0
        for (position, place) in places.enumerated() {
            let values = keys.words[place], low = UInt64(bitPattern: lows[position]), width = UInt64(1) << UInt64(bits[position]) &- 1
            let nulls = keys.words[position / 64], bit = UInt64(position % 64)
            let isFirst = position == 0
            if keys.hasNulls {
                for row in 0..<rows {
                    let isValue = ~(nulls[row] >> bit) & 1
                    let offset = (values[row] &- low) & (0 &- isValue)
                    outside |= offset >= width ? 1 : 0
                    let cell = UInt32(truncatingIfNeeded: offset &+ isValue) << shift
                    out[row] = isFirst ? cell : out[row] | cell
                }
            } else {
                for row in 0..<rows {
                    let offset = values[row] &- low
                    outside |= offset >= width ? 1 : 0
                    let cell = UInt32(truncatingIfNeeded: offset &+ 1) << shift
                    out[row] = isFirst ? cell : out[row] | cell
                }
            }
            shift += UInt32(bits[position])
        }
        return outside == 0
    }

    private func widen(_ keys: KeyTokens, _ rows: Int, _ known: GroupIndex) throws(EngineError) -> Bool {
        var total = 0
        for (position, place) in places.enumerated() {
            let bit = UInt64(position % 64)
            var range = Range(low: .max, high: .min)
            range.add(keys.words[place], keys.hasNulls ? keys.words[position / 64] : nil, bit, rows)
            range.add(known.words[place].base, known.words[position / 64].base, bit, known.count)
            if range.low > range.high { range = Range(low: 0, high: 0) }
            let (span, overflow) = range.high.subtractingReportingOverflow(range.low)
            guard !overflow, span < 1 << Self.mostBits else { return false }
            bits[position] = 64 - (span + 1).leadingZeroBitCount
            // Room grows downwards when the window was left downwards.
            let width = Int64(1) << Int64(bits[position])
            lows[position] = !isEmpty && range.low < lows[position] ? max(range.high, .min + width) - width + 2 : range.low
            total += bits[position]
        }
        guard total <= Self.mostBits else { return false }
        isEmpty = false
        table.discard()
        table = try ArenaArray(capacity: 1 << total, arena: arena)
        for group in 0..<known.count { table.base[cell(known, group)] = UInt32(truncatingIfNeeded: group + 1) }
        return true
    }

    private func cell(_ known: GroupIndex, _ group: Int) -> Int {
        var cell = 0, shift = 0
        for (position, place) in places.enumerated() {
            let isNull = known.words[position / 64].base[group] >> UInt64(position % 64) & 1 != 0
            if !isNull { cell |= Int(truncatingIfNeeded: Int64(bitPattern: known.words[place].base[group]) &- lows[position] &+ 1) << shift }
            shift += bits[position]
        }
        return cell
    }

    private struct Range {
        var low: Int64
        var high: Int64

        mutating func add(_ values: UnsafeMutablePointer<UInt64>, _ nulls: UnsafeMutablePointer<UInt64>?, _ bit: UInt64, _ count: Int) {
            for row in 0..<count {
                if let nulls, nulls[row] >> bit & 1 != 0 { continue }
                let value = Int64(bitPattern: values[row])
                low = min(low, value)
                high = max(high, value)
            }
        }
    }
}
