// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Walks the partitions that one thread has, row by row in order.
final class WindowWalk {
    private let run: WindowFunctionRun
    private let rows: UnsafeMutablePointer<UInt32>
    private let order: OrderWords
    private let output: WindowOutput
    private let state: WindowState

    init(
        _ run: WindowFunctionRun, _ rows: UnsafeMutablePointer<UInt32>, _ order: OrderWords, _ output: WindowOutput, longest: Int,
        arena: ConfidentialArena
    ) throws(EngineError) {
        self.run = run
        self.rows = rows
        self.order = order
        self.output = output
        state = try WindowState(run, rows, output, longest: longest, arena: arena)
    }

    func run(_ partition: Range<Int>) {
        switch run.function {
        case .rowNumber, .rank, .denseRank: rank(partition)
        case .countRows, .count, .sum, .average, .minimum, .maximum: aggregate(partition)
        }
    }

    private func rank(_ partition: Range<Int>) {
        let out = output.buffer
        var rank: Int64 = 0, dense: Int64 = 0
        for place in partition {
            let row = Int(rows[place])
            let number = Int64(place - partition.lowerBound + 1)
            if place == partition.lowerBound || !order.areEqual(row, Int(rows[place - 1])) {
                rank = number
                dense += 1
            }
            out.int64[row] = run.function == .rowNumber ? number : (run.function == .rank ? rank : dense)
            out.validity[row] = 1
        }
    }

    private func aggregate(_ partition: Range<Int>) {
        state.reset(at: partition.lowerBound)
        var peers = partition.lowerBound..<partition.lowerBound
        for place in partition {
            if run.frame.unit == .range, place >= peers.upperBound { peers = self.peers(place, partition) }
            let start = bound(run.frame.start, place, partition, peers, isStart: true)
            let end = max(bound(run.frame.end, place, partition, peers, isStart: false), start)
            state.move(to: start..<end)
            state.write(Int(rows[place]))
        }
    }

    private func peers(_ place: Int, _ partition: Range<Int>) -> Range<Int> {
        var end = place + 1
        while end < partition.upperBound, order.areEqual(Int(rows[end]), Int(rows[place])) { end += 1 }
        return place..<end
    }

    /// First place of the frame, or the one behind its last, inside the partition.
    private func bound(_ bound: WindowFrame.Bound, _ place: Int, _ partition: Range<Int>, _ peers: Range<Int>, isStart: Bool) -> Int {
        let isRows = run.frame.unit == .rows
        switch bound {
        case .unboundedPreceding: return partition.lowerBound
        case .unboundedFollowing: return partition.upperBound
        case .currentRow: return isStart ? (isRows ? place : peers.lowerBound) : (isRows ? place + 1 : peers.upperBound)
        case .preceding(let distance):
            let back = Int(min(max(distance, 0), Int64(place - partition.lowerBound) + 1))
            return max(place - back + (isStart ? 0 : 1), partition.lowerBound)
        case .following(let distance):
            let forth = Int(min(max(distance, 0), Int64(partition.upperBound - place)))
            return min(place + forth + (isStart ? 0 : 1), partition.upperBound)
        }
    }
}

/// What is known of the rows in the frame. Its ends only move forward.
final class WindowState {
    private let run: WindowFunctionRun
    private let rows: UnsafeMutablePointer<UInt32>
    private let output: WindowOutput
    private let result: ExactResult
    private var frame = 0..<0
    /// Rows with a value, and those whose double is not finite.
    private var count: Int64 = 0
    private var brokenCount: Int64 = 0
    private var total = WideSum.zero
    private let doubles: UnsafeMutablePointer<Int64>?
    private let copy: UnsafeMutablePointer<Int64>
    private var additions: Int64 = 0
    private var rounded: Double?
    private var isRoundedKnown = false
    /// Places in the frame that may still become the extreme, the best first.
    private let candidates: UnsafeMutablePointer<UInt32>
    private var firstCandidate = 0
    private var candidateEnd = 0

    init(
        _ run: WindowFunctionRun, _ rows: UnsafeMutablePointer<UInt32>, _ output: WindowOutput, longest: Int, arena: ConfidentialArena
    ) throws(EngineError) {
        self.run = run
        self.rows = rows
        self.output = output
        result = ExactResult(isAverage: run.function == .average, scale: run.argument?.type.scale ?? 0, type: run.type)
        let isDouble = run.argument?.type == .double && (run.function == .sum || run.function == .average)
        doubles = isDouble ? try arena.take(Int64.self, ExactDoubleSum.words) : nil
        copy = try arena.take(Int64.self, ExactDoubleSum.words)
        candidates = try arena.take(UInt32.self, output.chosen == nil ? 1 : longest)
    }

    func reset(at place: Int) {
        frame = place..<place
        (count, brokenCount, total, additions, isRoundedKnown) = (0, 0, .zero, 0, false)
        doubles?.update(repeating: 0, count: ExactDoubleSum.words)
        (firstCandidate, candidateEnd) = (0, 0)
    }

    func move(to next: Range<Int>) {
        guard next != frame else { return }
        isRoundedKnown = false
        if next.lowerBound >= frame.upperBound {
            reset(at: next.lowerBound)
        } else {
            for place in frame.lowerBound..<next.lowerBound { leave(place) }
        }
        for place in max(frame.upperBound, next.lowerBound)..<max(next.upperBound, frame.upperBound) { enter(place) }
        frame = next
    }

    private func enter(_ place: Int) {
        let row = Int(rows[place])
        guard let argument = run.argument else {
            count += 1
            return
        }
        if argument.isNull(row) { return }
        count += 1
        if let ranks = output.ranks {
            while candidateEnd > firstCandidate, ranks.compare(row, Int(rows[Int(candidates[candidateEnd - 1])])) < 0 { candidateEnd -= 1 }
            candidates[candidateEnd] = UInt32(truncatingIfNeeded: place)
            candidateEnd += 1
        } else {
            add(argument, row, isLeaving: false)
        }
    }

    private func leave(_ place: Int) {
        let row = Int(rows[place])
        guard let argument = run.argument else {
            count -= 1
            return
        }
        if argument.isNull(row) { return }
        count -= 1
        if output.ranks != nil {
            if firstCandidate < candidateEnd, Int(candidates[firstCandidate]) == place { firstCandidate += 1 }
        } else {
            add(argument, row, isLeaving: true)
        }
    }

    private func add(_ argument: ColumnVector, _ row: Int, isLeaving: Bool) {
        guard run.function == .sum || run.function == .average else { return }
        if let doubles {
            let value = argument.double[row]
            if value.isFinite { ExactDoubleSum.add(isLeaving ? -value : value, to: doubles) } else { brokenCount += isLeaving ? -1 : 1 }
            additions += 1
            if additions % ExactDoubleSum.additionsMaximum == 0 { ExactDoubleSum.normalise(doubles) }
            return
        }
        let value = argument.type.physical == .int128 ? argument.int128[row] : Int128(argument.int64[row])
        if isLeaving { total.subtract(value) } else { total.add(value) }
    }

    /// The value of the frame for a row.
    func write(_ row: Int) {
        let out = output.buffer
        switch run.function {
        case .countRows, .count:
            out.int64[row] = count
            out.validity[row] = 1
        case .minimum, .maximum:
            output.chosen?[row] = firstCandidate < candidateEnd ? rows[Int(candidates[firstCandidate])] : GatherBuffer.nullRow
        case .sum, .average:
            if doubles != nil {
                out.double[row] = sumOfDoubles() ?? 0
                out.validity[row] = sumOfDoubles() == nil ? 0 : 1
                return
            }
            let value = count > 0 ? total.int128.flatMap { result.value($0, over: count) } : nil
            if out.type.physical == .int128 { out.int128[row] = value ?? 0 } else { out.int64[row] = Int64(truncatingIfNeeded: value ?? 0) }
            out.validity[row] = value == nil ? 0 : 1
        case .rowNumber, .rank, .denseRank: return
        }
    }

    private func sumOfDoubles() -> Double? {
        if isRoundedKnown { return rounded }
        isRoundedKnown = true
        rounded = nil
        if let doubles, count > 0, brokenCount == 0 {
            copy.update(from: doubles, count: ExactDoubleSum.words)
            let sum = ExactDoubleSum.rounded(copy)
            rounded = run.function == .average ? sum.map { $0 / Double(count) } : sum
        }
        return rounded
    }
}
