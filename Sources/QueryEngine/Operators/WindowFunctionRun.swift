// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// One window function over rows in memory: rows are put in order of partition and order keys, then each partition is walked once
/// with a frame whose ends only move forward. Partitions are spread over threads.
struct WindowFunctionRun {
    let function: WindowFunction
    let frame: WindowFrame
    let type: LogicalType
    let partitions: [ColumnVector]
    let order: [OrderWords.Key]
    /// Nil for ranking functions and COUNT(*).
    let argument: ColumnVector?
    /// What decides among rows that are equal in the order, so that results do not depend on how rows lie.
    let ties: [ColumnVector]

    /// Rows in the order of a window, which calls with the same partitions and order share.
    struct Ordered {
        let rows: UnsafeMutablePointer<UInt32>
        let partitionWords: OrderWords
        let orderWords: OrderWords
    }

    /// The rows in the order of this window.
    func ordered(_ count: Int, threads: Int, scratch: ConfidentialArena) throws(EngineError) -> Ordered {
        let rising = { (vector: ColumnVector) in OrderWords.Key(vector: vector, isDescending: false, nullsFirst: false) }
        let partitionWords = try OrderWords(partitions.map(rising), count, arena: scratch)
        let orderWords = try OrderWords(order, count, arena: scratch)
        let tieWords = try OrderWords(dependsOnTies ? ties.map(rising) : [], count, arena: scratch)
        let rows = try RowSorter(threads: threads, arena: scratch).sort([partitionWords, orderWords, tieWords], count)
        return Ordered(rows: rows, partitionWords: partitionWords, orderWords: orderWords)
    }

    /// The result for each row, in the order of the rows. `known`: the order, when it is known.
    func compute(
        _ count: Int, threads: Int, scratch: ConfidentialArena, into arena: ConfidentialArena, known: Ordered? = nil
    ) throws(EngineError) -> ColumnVector {
        guard frame.unit == .rows || (Self.isWhole(frame.start) && Self.isWhole(frame.end)) else { throw EngineError(.malformedPlan, ["frame"]) }
        let ordered: Ordered
        if let known { ordered = known } else { ordered = try self.ordered(count, threads: threads, scratch: scratch) }
        let rows = ordered.rows, partitionWords = ordered.partitionWords, orderWords = ordered.orderWords
        let parts = Self.parts(rows, partitionWords, count, threads)
        let output = try WindowOutput(self, count, scratch: scratch, arena: arena)
        try Workers.run(threads, each: parts.count) { (part) throws(EngineError) in
            let walk = try WindowWalk(self, rows, orderWords, output, longest: parts[part].count, arena: scratch)
            var start = parts[part].lowerBound
            while start < parts[part].upperBound {
                var end = start + 1
                while end < count, partitionWords.areEqual(Int(rows[end]), Int(rows[start])) { end += 1 }
                walk.run(start..<end)
                start = end
            }
        }
        return try output.vector(count)
    }

    private static func isWhole(_ bound: WindowFrame.Bound) -> Bool {
        switch bound {
        case .unboundedPreceding, .currentRow, .unboundedFollowing: true
        case .preceding, .following: false
        }
    }

    var dependsOnTies: Bool {
        switch function {
        case .rowNumber: true
        case .rank, .denseRank: false
        case .countRows, .count, .sum, .average, .minimum, .maximum: frame.unit == .rows
        }
    }

    /// Runs of whole partitions, about as long as each other.
    private static func parts(
        _ rows: UnsafeMutablePointer<UInt32>, _ words: OrderWords, _ count: Int, _ threads: Int
    ) -> [Range<Int>] {
        let wanted = max(count / max(threads * 4, 1), EngineLimits.batchRows)
        var parts: [Range<Int>] = []
        var start = 0
        while start < count {
            var end = min(start + wanted, count)
            while end < count, words.areEqual(Int(rows[end]), Int(rows[end - 1])) { end += 1 }
            parts.append(start..<end)
            start = end
        }
        return parts
    }
}

/// Where the results of a window function go.
final class WindowOutput: @unchecked Sendable {
    let buffer: VectorBuffer
    /// Of minima and maxima: the row whose argument it is.
    let chosen: UnsafeMutablePointer<UInt32>?
    /// Order of the arguments of minima and maxima.
    let ranks: OrderWords?
    private let argument: ColumnVector?
    private let arena: ConfidentialArena

    init(_ run: WindowFunctionRun, _ count: Int, scratch: ConfidentialArena, arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        argument = run.argument
        let isExtreme = run.function == .minimum || run.function == .maximum
        // An extreme takes the place of the greatest word; a maximum is one in the opposite order.
        let key = run.argument.map { OrderWords.Key(vector: $0, isDescending: run.function == .maximum, nullsFirst: false) }
        ranks = isExtreme ? try OrderWords([key].compactMap(\.self), count, arena: scratch) : nil
        chosen = isExtreme ? try scratch.take(UInt32.self, count) : nil
        buffer = try VectorBuffer(run.type, capacity: isExtreme ? 1 : max(count, 1), arena: arena)
    }

    func vector(_ count: Int) throws(EngineError) -> ColumnVector {
        guard let chosen else { return buffer.vector(count, hasValidity: true) }
        guard let argument else { throw EngineError(.malformedPlan, ["window"]) }
        return try GatherBuffer(argument.type, capacity: count, arena: arena).gatherOptional(argument, chosen, count)
    }
}
