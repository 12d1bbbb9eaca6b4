// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The values of a single key that may be looked up by value: whole numbers of one of two widths.
struct KeyRun {
    enum Values {
        case wide(UnsafePointer<Int64>)
        case narrow(UnsafePointer<UInt32>)
    }

    let values: Values
    let validity: UnsafeMutablePointer<UInt8>?
    let count: Int

    init?(_ type: PhysicalType, _ values: UnsafeRawPointer, _ validity: UnsafeMutablePointer<UInt8>?, _ count: Int) {
        switch type {
        case .int64: self.values = .wide(values.assumingMemoryBound(to: Int64.self))
        case .codes, .entity: self.values = .narrow(values.assumingMemoryBound(to: UInt32.self))
        case .bool, .int128, .double: return nil
        }
        self.validity = validity
        self.count = count
    }

    /// Lowest and highest value, or nil without any.
    var range: ClosedRange<Int64>? {
        switch values {
        case .wide(let values): Self.range(values, validity, count)
        case .narrow(let values): Self.range(values, validity, count)
        }
    }

    private static func range<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ validity: UnsafeMutablePointer<UInt8>?, _ count: Int
    ) -> ClosedRange<Int64>? {
        var low = Value.max, high = Value.min
        if let validity {
            for row in 0..<count where validity[row] != 0 {
                low = min(low, values[row])
                high = max(high, values[row])
            }
        } else {
            for row in 0..<count {
                low = min(low, values[row])
                high = max(high, values[row])
            }
        }
        return low <= high ? Int64(truncatingIfNeeded: low)...Int64(truncatingIfNeeded: high) : nil
    }
}

/// The range of a key's values, and how it may be looked up by value.
struct KeyWindow {
    let low: UInt64
    /// Highest value, counted from `low`.
    let last: UInt64
    let form: JoinIndex.Form

    /// An array over the range has at most so many places for each row, or this many.
    private static let placesPerRow: UInt64 = 4
    private static let fewPlaces: UInt64 = 16_384
    /// Bits over the range: as large as a hash table would be, or one mebibyte.
    private static let bitsPerRow: UInt64 = 128
    private static let fewBits: UInt64 = 1 << 23

    /// Nil where only a hash table will do. `rows`: of the right side.
    init?(_ range: ClosedRange<Int64>, rows: Int) {
        low = UInt64(bitPattern: range.lowerBound)
        last = UInt64(bitPattern: range.upperBound) &- low
        if last < max(Self.placesPerRow * UInt64(rows), Self.fewPlaces) {
            form = .direct
        } else if last < max(Self.bitsPerRow * UInt64(rows), Self.fewBits) {
            form = .ranked
        } else {
            return nil
        }
    }

    /// Words that hold one bit for each value and one more, rounded up to whole runs.
    var words: Int { (Int((last + 1) >> 6) / JoinIndex.rankWords + 1) * JoinIndex.rankWords }
}

extension JoinIndex {
    /// By value, of one key.
    init(_ run: KeyRun, _ window: KeyWindow, arena: ConfidentialArena) throws(EngineError) {
        switch run.values {
        case .wide(let values): self = try Self.make(values, run, window, arena)
        case .narrow(let values): self = try Self.make(values, run, window, arena)
        }
    }

    /// By hash.
    init(_ keys: JoinKeys, _ count: Int, arena: ConfidentialArena) throws(EngineError) {
        form = .hashed
        var buckets = 64
        while buckets < count * 2 { buckets *= 2 }
        let heads = try arena.take(UInt32.self, buckets), next = try arena.take(UInt32.self, count)
        last = UInt64(buckets - 1)
        let isUsable = keys.isUsable.base, hashes = keys.hashes.base, mask = last
        // From the last row to the first, so that chains run upwards.
        for row in stride(from: count - 1, through: 0, by: -1) where isUsable[row] != 0 {
            let bucket = Int(truncatingIfNeeded: hashes[row] & mask)
            next[row] = heads[bucket]
            heads[bucket] = UInt32(truncatingIfNeeded: row + 1)
        }
        self.heads = UnsafePointer(heads)
        self.next = UnsafePointer(next)
        self.keys = keys.view()
    }

    /// Which values there are; bits of `window.words` words are in `bits`.
    init(_ window: KeyWindow, bits: UnsafePointer<UInt64>) {
        form = .existence
        low = window.low
        last = window.last
        self.bits = bits
    }

    private static func make<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ run: KeyRun, _ window: KeyWindow, _ arena: ConfidentialArena
    ) throws(EngineError) -> JoinIndex {
        var index = JoinIndex(form: window.form, last: window.last, low: window.low)
        if window.form == .direct {
            let heads = try arena.take(UInt32.self, Int(window.last) + 2), next = try arena.take(UInt32.self, run.count)
            let low = window.low
            let hasRepeats = link(run, heads, next) { Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: values[$0]) &- low) }
            index.heads = UnsafePointer(heads)
            index.next = hasRepeats ? UnsafePointer(next) : nil
            return index
        }
        let bits = try arena.take(UInt64.self, window.words)
        let met = set(values, run, window.low, bits)
        let (ranks, distinct) = try ranks(bits, window.words, arena)
        index.bits = UnsafePointer(bits)
        index.ranks = ranks
        if met.isRising { return index }
        let heads = try arena.take(UInt32.self, distinct)
        let next = try arena.take(UInt32.self, met.hasRepeats ? run.count : 1)
        let low = window.low
        _ = link(run, heads, next) { row in
            Int(rank(UInt64(truncatingIfNeeded: values[row]) &- low, UnsafePointer(bits), ranks))
        }
        index.heads = UnsafePointer(heads)
        index.next = met.hasRepeats ? UnsafePointer(next) : nil
        return index
    }

    /// From the last row to the first, so that chains run upwards. Whether any bucket has two rows.
    @inline(__always)
    private static func link(
        _ run: KeyRun, _ heads: UnsafeMutablePointer<UInt32>, _ next: UnsafeMutablePointer<UInt32>, _ bucket: (Int) -> Int
    ) -> Bool {
        let validity = run.validity
        var repeats: UInt32 = 0
        for row in stride(from: run.count - 1, through: 0, by: -1) {
            if let validity, validity[row] == 0 { continue }
            let place = bucket(row), old = heads[place]
            repeats |= old
            // What is not written needs no memory.
            if old != 0 { next[row] = old }
            heads[place] = UInt32(truncatingIfNeeded: row + 1)
        }
        return repeats != 0
    }

    /// Sets the bit of each value. Whether one comes twice, and whether each row has a value above that of the row before.
    @inline(__always)
    private static func set<Value: FixedWidthInteger>(
        _ values: UnsafePointer<Value>, _ run: KeyRun, _ low: UInt64, _ bits: UnsafeMutablePointer<UInt64>
    ) -> (hasRepeats: Bool, isRising: Bool) {
        var hasRepeats = false, isRising = true
        var least: UInt64 = 0
        for row in 0..<run.count {
            if let validity = run.validity, validity[row] == 0 {
                isRising = false
                continue
            }
            let offset = UInt64(truncatingIfNeeded: values[row]) &- low
            let word = Int(truncatingIfNeeded: offset >> 6), bit: UInt64 = 1 << (offset & 63)
            if bits[word] & bit != 0 { hasRepeats = true }
            bits[word] |= bit
            if offset < least { isRising = false }
            least = offset + 1
        }
        return (hasRepeats, isRising)
    }

    /// Sets the bit of each value.
    static func set(_ run: KeyRun, _ window: KeyWindow, _ bits: UnsafeMutablePointer<UInt64>) {
        switch run.values {
        case .wide(let values): _ = set(values, run, window.low, bits)
        case .narrow(let values): _ = set(values, run, window.low, bits)
        }
    }

    private static func ranks(
        _ bits: UnsafeMutablePointer<UInt64>, _ words: Int, _ arena: ConfidentialArena
    ) throws(EngineError) -> (UnsafePointer<UInt32>, distinct: Int) {
        let ranks = try arena.take(UInt32.self, words / rankWords)
        var total = 0
        for run in 0..<(words / rankWords) {
            ranks[run] = UInt32(truncatingIfNeeded: total)
            for word in (run * rankWords)..<((run + 1) * rankWords) { total += bits[word].nonzeroBitCount }
        }
        return (UnsafePointer(ranks), total)
    }
}
