// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Percentiles of values that need not fit memory, by counting: values as numbers in their order, 13 bits at a time from the highest. Each
/// pass over the rows tells the next digit of the wanted ranks, so five passes tell them all, however the values lie.
final class RankSearch {
    /// Percentiles of one search: each needs counts for two ranks at most, 64 KiB for each and worker.
    static let percentilesAtOnce = 4
    static let digitBits = 13

    /// What a pass counts: the digit that begins at `shift`, of values whose higher bits are one of `prefixes`.
    struct Digit {
        let shift: Int
        let prefixes: [UInt64]
        /// The last digit has what is left.
        var bits: Int { shift == 0 ? UInt64.bitWidth % digitBits : digitBits }
    }

    private struct Rank {
        /// Places before it among values with the same prefix.
        var place: Int64
        /// Bits above the next digit.
        var prefix: UInt64 = 0
    }

    private let percentiles: [Percentile]
    /// Two for each percentile, ascending; none before values are counted.
    private var ranks: [Rank] = []
    private var shift = UInt64.bitWidth - digitBits
    private var isDone = false
    private(set) var rowCount: Int64 = 0

    init(_ percentiles: [Percentile]) {
        self.percentiles = percentiles
        isDone = percentiles.isEmpty
    }

    /// Nil when all is known.
    var nextDigit: Digit? {
        isDone ? nil : Digit(shift: shift, prefixes: ranks.isEmpty ? [0] : Array(Set(ranks.map(\.prefix))).sorted())
    }

    /// Takes what a pass counted. All sinks count the same digit.
    func take(_ sinks: [RankCounts]) {
        guard let digit = sinks.first?.digit else {
            isDone = true
            return
        }
        if ranks.isEmpty { begin(sinks) }
        for position in ranks.indices {
            guard let place = digit.prefixes.firstIndex(of: ranks[position].prefix) else { continue }
            var value = 0
            while value < 1 << Self.digitBits - 1 {
                let count = sinks.reduce(0) { $0 + $1.count(place, value) }
                if ranks[position].place < count { break }
                ranks[position].place -= count
                value += 1
            }
            ranks[position].prefix = ranks[position].prefix << UInt64(digit.bits) | UInt64(value)
        }
        isDone = shift == 0 || ranks.isEmpty
        shift = max(shift - Self.digitBits, 0)
    }

    private func begin(_ sinks: [RankCounts]) {
        rowCount = sinks.reduce(0) { sum, sink in (0..<(1 << Self.digitBits)).reduce(sum) { $0 + sink.count(0, $1) } }
        guard rowCount > 0 else { return }
        ranks = percentiles.flatMap { percentile in
            [FloatingPointRoundingRule.down, .up].map { rule in
                let place = Int64(percentile.rank(of: rowCount).rounded(rule))
                return Rank(place: percentile.isDescending ? rowCount - 1 - place : place)
            }
        }
    }

    /// For each percentile its value; nothing when there are no rows.
    var values: [Double] {
        guard ranks.count == percentiles.count * 2 else { return [] }
        return percentiles.indices.map { position in
            percentiles[position].value(
                between: Self.value(ranks[position * 2].prefix), Self.value(ranks[position * 2 + 1].prefix), of: rowCount)
        }
    }

    static func word(_ value: Double) -> UInt64 { UInt64(bitPattern: OrderedDouble.key(value)) ^ 1 << 63 }

    private static func value(_ word: UInt64) -> Double { OrderedDouble.value(Int64(bitPattern: word ^ 1 << 63)) }
}

/// Counts how often each digit comes. One for each worker.
final class RankCounts: BatchSink {
    let digit: RankSearch.Digit
    private let argument: any VectorExpression
    private let counts: UnsafeMutablePointer<Int64>

    init(_ digit: RankSearch.Digit, of argument: any VectorExpression, arena: ConfidentialArena) throws(EngineError) {
        self.digit = digit
        self.argument = argument
        counts = try arena.take(Int64.self, digit.prefixes.count << RankSearch.digitBits)
    }

    func count(_ prefix: Int, _ value: Int) -> Int64 { counts[prefix << RankSearch.digitBits + value] }

    func beginMorsel(_ morsel: Int) throws(EngineError) {}

    func consume(_ batch: Batch) throws(EngineError) {
        let vector = try argument.evaluate(batch), values = vector.double, counts = counts
        let shift = UInt64(digit.shift), above = UInt64(digit.bits)
        let mask = UInt64(1) << above - 1
        for (place, prefix) in digit.prefixes.enumerated() {
            let own = counts + place << RankSearch.digitBits
            for row in 0..<vector.count where !vector.isNull(row) {
                let word = RankSearch.word(values[row])
                if (word >> shift) >> above == prefix { own[Int(word >> shift & mask)] += 1 }
            }
        }
    }
}
