// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Synchronization
import Tabular

/// Sorted runs of rows in one sealed file that only this process can read: its key is made here and goes with it.
///
/// In the end the order is cut into parts that fit into memory; the rows of a part are read from all runs and sorted there.
final class SpillFile {
    private static let magic = Array("YNSP".utf8)
    private static let chunkRowsMaximum = 16_384
    /// A chunk takes at most this part of the budget, so that one of each run is little.
    private static let chunksOfBudget = 256

    /// Rows of a run that are sealed together.
    struct Chunk {
        let number: Int
        let run: Int
        let offset: Int
        let byteCount: Int
        let rows: Int
        /// Place in the order of the first row and of the last: key and run.
        let first: UInt64
        let last: UInt64

        static let none = Chunk(number: 0, run: 0, offset: 0, byteCount: 0, rows: 0, first: 0, last: 0)
    }

    private let layout: RowLayout
    private let descriptor: Int32
    private let keys: BlockKeys
    private let threads: LoadThreads
    private var runCount = 0
    private var chunks: [Chunk] = []
    private let end: Atomic<Int>
    private let workers: [SpillWorker]
    /// Rows of a chunk: a power of two.
    let chunkRows: Int

    init(_ descriptor: Int32, _ layout: RowLayout, budgetBytes: Int, threads: LoadThreads) throws(StoreError) {
        self.descriptor = descriptor
        self.layout = layout
        self.threads = threads
        chunkRows = min(Self.chunkRowsMaximum, layout.batchRows(bytes: budgetBytes / Self.chunksOfBudget))
        let writer = try SealedFileWriter(
            descriptor, name: "spill", magic: Self.magic, key: .random(), context: Self.magic, random: .system, isDigested: false)
        keys = writer.keys
        end = Atomic(writer.byteCount)
        var workers: [SpillWorker] = []
        for _ in 0..<threads.count { workers.append(try SpillWorker(layout, writer.keys, descriptor, rows: chunkRows)) }
        self.workers = workers
    }

    /// Orders the rows of some batches and seals them as the next run, while the caller does something else. One run at a time.
    func beginRun(_ batches: [RowBatch], shift: Int) throws(StoreError) -> LoadWork {
        let limit = layout.ceilings.spillRuns
        guard runCount < limit else { throw StoreError(.limitExceeded, ["spill", String(limit)]) }
        let (layout, chunkRows, workers, file, ownTextCodes) = (layout, chunkRows, workers, self, layout.ownTextCodes)
        let sources = batches.indices.map { OrderedRows.Piece(batch: $0, rows: 0..<batches[$0].count) }
        let count = sources.reduce(0) { $0 + $1.rows.count }
        let (run, firstNumber, pieces) = (UInt64(runCount), chunks.count, (count + chunkRows - 1) / chunkRows)
        runCount += 1
        chunks.append(contentsOf: repeatElement(Chunk.none, count: pieces))
        let made = ChunkList(pieces)
        let ordered = Later<OrderedRows>()
        let order: LoadWork.Body = { (_, _) throws(StoreError) in
            ordered.value = try OrderedRows(layout, batches, sources, shift: shift, ownTextCodes: ownTextCodes)
        }
        let seal: LoadWork.Body = { (piece, thread) throws(StoreError) in
            guard let rows = ordered.value else { return }
            let range = (piece * chunkRows)..<min(rows.count, (piece + 1) * chunkRows)
            let number = firstNumber + piece
            let byteCount = try workers[thread].seal(rows, range, number: number)
            let offset = file.end.add(byteCount + Tag.byteCount, ordering: .relaxed).oldValue
            try workers[thread].write(byteCount, at: offset)
            made.set(
                piece,
                Chunk(
                    number: number, run: Int(run), offset: offset, byteCount: byteCount, rows: range.count,
                    first: UInt64(rows.key(range.lowerBound)) << 32 | run, last: UInt64(rows.key(range.upperBound - 1)) << 32 | run))
        }
        let keep: LoadWork.Body = { (_, _) throws(StoreError) in
            ordered.value = nil
            file.chunks.replaceSubrange(firstNumber..<(firstNumber + pieces), with: made.chunks)
        }
        return threads.begin([(1, order), (pieces, seal), (1, keep)])
    }

    /// Set by one piece of work and read by later ones.
    private final class Later<Value> {
        var value: Value?
    }

    /// Each chunk is set by the thread that made it, and read when all have ended.
    private final class ChunkList {
        private let memory: UnsafeMutableBufferPointer<Chunk>

        init(_ count: Int) {
            memory = .allocate(capacity: count)
            memory.initialize(repeating: .none)
        }

        deinit { memory.deallocate() }

        func set(_ place: Int, _ chunk: Chunk) { memory[place] = chunk }

        var chunks: [Chunk] { Array(memory) }
    }

    /// Rows between two places of the order, read and ordered.
    private struct Part {
        let batches: [RowBatch]
        let rows: Later<OrderedRows>
        let work: LoadWork
    }

    /// Hands the rows of all runs on in order; rows of one key come in order of their runs. While one part is written, the next is read:
    /// each takes about half of `budgetBytes`.
    func merge(into assembler: BlockAssembler, budgetBytes: Int) throws(StoreError) {
        chunks.sort { ($0.first, $0.number) < ($1.first, $1.number) }
        let bounds = partBounds(budgetBytes: budgetBytes / 2)
        var spare: [RowBatch] = []
        var part = try beginPart(0, bounds, rest: [], &spare)
        for number in bounds.indices {
            try threads.finish(part.work)
            guard let rows = part.rows.value else { return }
            let isEnd = number == bounds.count - 1
            let cut = try assembler.cut(rows, isEnd: isEnd)
            if isEnd { return try assembler.write(cut) }
            var rest: [RowBatch] = []
            for first in stride(from: cut.count, to: rows.count, by: chunkRows) {
                let batch = try emptyBatch(&spare)
                try rows.copy(first..<min(rows.count, first + chunkRows), into: batch)
                rest.append(batch)
            }
            let next = try beginPart(number + 1, bounds, rest: rest, &spare)
            try assembler.write(cut)
            spare += part.batches
            part = next
        }
    }

    /// Begins to read a part behind the rows that the one before left.
    private func beginPart(
        _ part: Int, _ bounds: [UInt64], rest: [RowBatch], _ spare: inout [RowBatch]
    ) throws(StoreError) -> Part {
        let (lower, upper, isEnd) = (part == 0 ? 0 : bounds[part - 1], bounds[part], part == bounds.count - 1)
        // In order of runs, and of places within a run.
        let here = chunks.filter { $0.first < upper && $0.last >= lower }.sorted { $0.number < $1.number }
        var all = rest
        for _ in here { all.append(try emptyBatch(&spare)) }
        let (batches, layout, workers, shift) = (all, layout, workers, chunkRows.trailingZeroBitCount)
        let rows = Later<OrderedRows>()
        let read: LoadWork.Body = { (piece, thread) throws(StoreError) in
            try workers[thread].read(here[piece], into: batches[rest.count + piece])
        }
        let order: LoadWork.Body = { (_, _) throws(StoreError) in
            var pieces = rest.indices.map { OrderedRows.Piece(batch: $0, rows: 0..<batches[$0].count) }
            for (piece, chunk) in here.enumerated() {
                let batch = batches[rest.count + piece]
                let from = Self.firstRow(batch, UInt64(chunk.run), notBefore: lower)
                let to = isEnd ? batch.count : Self.firstRow(batch, UInt64(chunk.run), notBefore: upper)
                if from < to { pieces.append(OrderedRows.Piece(batch: rest.count + piece, rows: from..<to)) }
            }
            rows.value = try OrderedRows(layout, batches, pieces, shift: shift, ownTextCodes: layout.ownTextCodes)
        }
        return Part(batches: batches, rows: rows, work: threads.begin([(here.count, read), (1, order)]))
    }

    private func emptyBatch(_ spare: inout [RowBatch]) throws(StoreError) -> RowBatch {
        if let batch = spare.popLast() { return batch }
        return try RowBatch(layout, capacity: chunkRows)
    }

    /// Where the order is cut: the rows of each part lie before its bound and not before that of the part in front of it.
    private func partBounds(budgetBytes: Int) -> [UInt64] {
        var bounds: [UInt64] = []
        var bytes = 0
        var previous: UInt64 = 0
        for chunk in chunks {
            if bytes >= budgetBytes, chunk.first > previous {
                bounds.append(chunk.first)
                previous = chunk.first
                bytes = 0
            }
            bytes += chunk.byteCount + chunk.rows * (layout.rowBytes + OrderedRows.orderBytes)
        }
        return bounds + [UInt64.max]
    }

    /// The first row of a run's chunk whose place in the order is not before the bound; the number of rows when there is none.
    private static func firstRow(_ batch: RowBatch, _ run: UInt64, notBefore bound: UInt64) -> Int {
        var (from, to) = (0, batch.count)
        while from < to {
            let middle = (from + to) / 2
            if UInt64(batch.orderKey(middle)) << 32 | run < bound { from = middle + 1 } else { to = middle }
        }
        return from
    }
}
