// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Sorts row numbers by words: a radix sort from the least significant digit, stable, each pass on all threads.
struct RowSorter {
    private let threads: Int
    private let arena: ConfidentialArena
    private static let digitBits = 11
    /// Fewer rows than this are sorted by one thread.
    private static let parallelRows = 65_536

    init(threads: Int, arena: ConfidentialArena) {
        self.threads = max(threads, 1)
        self.arena = arena
    }

    /// The rows in the order of all words, those of the first list first. Equal rows keep their order.
    func sort(_ lists: [OrderWords], _ count: Int) throws(EngineError) -> UnsafeMutablePointer<UInt32> {
        let rows = try arena.take(UInt32.self, count)
        for row in 0..<count { rows[row] = UInt32(truncatingIfNeeded: row) }
        return try sort(rows, lists, count)
    }

    /// These rows in order.
    func sort(_ rows: UnsafeMutablePointer<UInt32>, _ lists: [OrderWords], _ count: Int) throws(EngineError) -> UnsafeMutablePointer<UInt32> {
        let parts = count < Self.parallelRows ? 1 : threads
        var state = State(
            rows: rows, keys: try arena.take(UInt64.self, count), otherRows: try arena.take(UInt32.self, count),
            otherKeys: try arena.take(UInt64.self, count), histograms: try arena.take(Int.self, parts << Self.digitBits), count: count, parts: parts)
        for list in lists.reversed() {
            for (word, bits) in zip(list.words, list.bits).reversed() {
                let source = state
                try Workers.run(threads, each: parts) { (part) throws(EngineError) in source.load(word, part) }
                var shift = 0
                while shift < bits {
                    try pass(&state, UInt64(shift))
                    shift += Self.digitBits
                }
            }
        }
        return state.rows
    }

    /// Rows among which the first `wanted` are, when that is far fewer than all: those whose leading bits come early enough.
    func candidates(_ lists: [OrderWords], _ count: Int, _ wanted: Int) throws(EngineError) -> (rows: UnsafeMutablePointer<UInt32>, count: Int)? {
        guard wanted < count / 8, let first = lists.first(where: { !$0.words.isEmpty }) else { return nil }
        let word = first.words[0], shift = UInt64(max(first.bits[0] - Self.digitBits, 0))
        let histogram = try arena.take(Int.self, 1 << Self.digitBits)
        for row in 0..<count { histogram[Int(truncatingIfNeeded: word[row] >> shift)] += 1 }
        var last = 0, found = histogram[0]
        while found < wanted {
            last += 1
            found += histogram[last]
        }
        let rows = try arena.take(UInt32.self, found)
        var next = 0
        for row in 0..<count where word[row] >> shift <= UInt64(last) {
            rows[next] = UInt32(truncatingIfNeeded: row)
            next += 1
        }
        return (rows, found)
    }

    private func pass(_ state: inout State, _ shift: UInt64) throws(EngineError) {
        let current = state
        try Workers.run(threads, each: state.parts) { (part) throws(EngineError) in current.count(part, shift) }
        state.placeDigits()
        try Workers.run(threads, each: state.parts) { (part) throws(EngineError) in current.scatter(part, shift) }
        swap(&state.rows, &state.otherRows)
        swap(&state.keys, &state.otherKeys)
    }

    private struct State: @unchecked Sendable {
        var rows: UnsafeMutablePointer<UInt32>
        var keys: UnsafeMutablePointer<UInt64>
        var otherRows: UnsafeMutablePointer<UInt32>
        var otherKeys: UnsafeMutablePointer<UInt64>
        let histograms: UnsafeMutablePointer<Int>
        let count: Int
        let parts: Int
        private static let mask: UInt64 = (1 << UInt64(RowSorter.digitBits)) - 1

        func range(_ part: Int) -> Range<Int> { (count * part / parts)..<(count * (part + 1) / parts) }

        func load(_ word: UnsafeMutablePointer<UInt64>, _ part: Int) {
            for place in range(part) { keys[place] = word[Int(rows[place])] }
        }

        func count(_ part: Int, _ shift: UInt64) {
            let histogram = histograms + (part << RowSorter.digitBits)
            histogram.update(repeating: 0, count: 1 << RowSorter.digitBits)
            for place in range(part) { histogram[Int(truncatingIfNeeded: keys[place] >> shift & Self.mask)] += 1 }
        }

        /// Histograms become the places at which each part writes each digit.
        func placeDigits() {
            var place = 0
            for digit in 0..<(1 << RowSorter.digitBits) {
                for part in 0..<parts {
                    let size = histograms[(part << RowSorter.digitBits) + digit]
                    histograms[(part << RowSorter.digitBits) + digit] = place
                    place += size
                }
            }
        }

        func scatter(_ part: Int, _ shift: UInt64) {
            let places = histograms + (part << RowSorter.digitBits)
            for place in range(part) {
                let key = keys[place], digit = Int(truncatingIfNeeded: key >> shift & Self.mask)
                let target = places[digit]
                places[digit] = target + 1
                otherKeys[target] = key
                otherRows[target] = rows[place]
            }
        }
    }
}
