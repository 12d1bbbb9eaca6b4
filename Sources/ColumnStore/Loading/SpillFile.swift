// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// Sorted runs of rows in one sealed file that only this process can read: its key is made here and goes with it.
final class SpillFile {
    static let chunkRows = 4_096
    private static let magic = Array("YNSP".utf8)

    private struct Chunk {
        let number: Int
        let offset: Int
        let byteCount: Int
        let rows: Int
    }

    private let layout: RowLayout
    private let descriptor: Int32
    private let writer: SealedFileWriter
    private let keys: BlockKeys
    private var runs: [[Chunk]] = []
    private var chunkCount = 0
    private let scratch: GrowingMemory

    init(_ descriptor: Int32, _ layout: RowLayout) throws(StoreError) {
        self.descriptor = descriptor
        self.layout = layout
        let key = SecretKey.random()
        writer = try SealedFileWriter(
            descriptor, name: "spill", magic: Self.magic, key: key, context: Self.magic, random: .system, isDigested: false)
        keys = writer.keys
        scratch = try GrowingMemory(bytes: Self.chunkRows * layout.rowBytes)
    }

    func startRun() throws(StoreError) {
        let limit = layout.ceilings.spillRuns
        guard runs.count < limit else { throw StoreError(.limitExceeded, ["spill", String(limit)]) }
        runs.append([])
    }

    /// Appends the rows of a batch to the current run.
    func append(_ batch: RowBatch) throws(StoreError) {
        try encode(batch)
        let offset = writer.byteCount
        let byteCount = scratch.count
        try scratch.reserve(Tag.byteCount)
        try writer.write(scratch.start, count: byteCount, place: place(chunkCount, batch.count))
        runs[runs.count - 1].append(Chunk(number: chunkCount, offset: offset, byteCount: byteCount, rows: batch.count))
        chunkCount += 1
    }

    private func place(_ number: Int, _ rows: Int) -> SealedFile.Place {
        SealedFile.Place(role: .data, index: number, rows: rows, isLast: false)
    }

    /// Per column: validity, values; then for texts outside the dictionary, in order of rows, length (4 bytes) and bytes.
    private func encode(_ batch: RowBatch) throws(StoreError) {
        scratch.count = 0
        for column in layout.physical.indices {
            let valueBytes = batch.count * layout.physical[column].strideBytes
            try scratch.reserve(batch.count + valueBytes)
            (scratch.start + scratch.count).copyMemory(from: batch.validity(column), byteCount: batch.count)
            scratch.count += batch.count
            (scratch.start + scratch.count).copyMemory(from: batch.values(column), byteCount: valueBytes)
            scratch.count += valueBytes
            guard let dictionary = layout.dictionaries[column], let heap = batch.heaps[column] else { continue }
            let codes = batch.values(column).array(UInt32.self)
            for row in 0..<batch.count where batch.validity(column)[row] != 0 && Int(codes[row]) >= dictionary.count {
                let text = heap.entry(codes[row] - UInt32(dictionary.count))
                try scratch.reserve(4 + text.count)
                (scratch.start + scratch.count).copyBytes(UInt32(text.count))
                if let start = text.baseAddress { (scratch.start + scratch.count + 4).copyMemory(from: start, byteCount: text.count) }
                scratch.count += 4 + text.count
            }
        }
    }

    /// Merges the runs; rows that compare equal come in order of their runs.
    func merge(into assembler: BlockAssembler) throws(StoreError) {
        var cursors: [Cursor] = []
        for run in runs where !run.isEmpty { cursors.append(try Cursor(self, run)) }
        var heap = MergeHeap()
        for (number, cursor) in cursors.enumerated() { heap.insert(cursor.key(number)) }
        while let least = heap.removeLeast() {
            let number = Int(least & 0xFFFF_FFFF)
            let bound = heap.least ?? UInt64.max
            let cursor = cursors[number]
            let start = cursor.row
            repeat { cursor.row += 1 } while cursor.row < cursor.batch.count && cursor.key(number) <= bound
            try assembler.add(cursor.batch, start: start, count: cursor.row - start)
            if try cursor.settle(self) { heap.insert(cursor.key(number)) }
        }
    }

    /// The next rows of one run.
    private final class Cursor {
        let batch: RowBatch
        var row = 0
        private let chunks: [Chunk]
        private var next = 0
        private let opener: SealedFileOpener

        init(_ file: SpillFile, _ chunks: [Chunk]) throws(StoreError) {
            self.chunks = chunks
            batch = try RowBatch(file.layout, capacity: SpillFile.chunkRows)
            opener = SealedFileOpener(descriptor: file.descriptor, keys: file.keys)
            _ = try settle(file)
        }

        /// Entity and run in one number that orders.
        @inline(__always)
        func key(_ number: Int) -> UInt64 {
            UInt64(batch.layout.keyColumn == nil ? 0 : batch.orderKey(row)) << 32 | UInt64(number)
        }

        /// Makes sure that `row` is a row; false at the end of the run.
        func settle(_ file: SpillFile) throws(StoreError) -> Bool {
            if row < batch.count { return true }
            guard next < chunks.count else { return false }
            try file.read(chunks[next], opener, into: batch)
            next += 1
            row = 0
            return true
        }
    }

    private func read(_ chunk: Chunk, _ opener: SealedFileOpener, into batch: RowBatch) throws(StoreError) {
        scratch.count = 0
        try scratch.reserve(chunk.byteCount + Tag.byteCount)
        guard opener.open(into: scratch.start, count: chunk.byteCount, at: chunk.offset, place: place(chunk.number, chunk.rows)) else {
            throw StoreError(.fileAltered, ["spill", ""])
        }
        batch.removeAll()
        batch.count = chunk.rows
        var place = 0
        for column in layout.physical.indices {
            let valueBytes = chunk.rows * layout.physical[column].strideBytes
            UnsafeMutableRawPointer(batch.validity(column)).copyMemory(from: scratch.start + place, byteCount: chunk.rows)
            batch.values(column).copyMemory(from: scratch.start + place + chunk.rows, byteCount: valueBytes)
            place += chunk.rows + valueBytes
            guard let dictionary = layout.dictionaries[column], let heap = batch.heaps[column] else { continue }
            // Texts that were outside when the run was written still are: a full dictionary does not grow.
            let codes = batch.values(column).array(UInt32.self)
            for row in 0..<chunk.rows where batch.validity(column)[row] != 0 && Int(codes[row]) >= dictionary.count {
                let length = Int(UnsafeRawPointer(scratch.start).get(UInt32.self, at: place))
                let text = UnsafeRawBufferPointer(start: scratch.start + place + 4, count: length)
                codes[row] = UInt32(dictionary.count) + (try heap.append(text))
                place += 4 + length
            }
        }
    }
}

/// A binary heap of keys.
struct MergeHeap {
    private var keys: [UInt64] = []

    var least: UInt64? { keys.first }

    mutating func insert(_ key: UInt64) {
        keys.append(key)
        var child = keys.count - 1
        while child > 0, keys[(child - 1) / 2] > keys[child] {
            keys.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeLeast() -> UInt64? {
        guard let least = keys.first, let last = keys.popLast() else { return nil }
        guard !keys.isEmpty else { return least }
        keys[0] = last
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < keys.count else { return least }
            if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
            guard keys[child] < keys[parent] else { return least }
            keys.swapAt(child, parent)
            parent = child
        }
    }
}
