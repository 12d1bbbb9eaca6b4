// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Glibc
import Tabular

/// Collects rows in order of arrival and hands them on ordered by the first entity, rows of one entity in order of arrival.
///
/// What does not fit the memory budget is sorted and sealed into the spill descriptor as a run under a key that only this object
/// knows; in the end all runs are merged. Memory is bounded by the budget plus a few thousand rows per run.
final class RowStaging {
    private let layout: RowLayout
    private let budgetBytes: Int
    private let batchRows: Int
    private let shift: Int
    private var batches: [RowBatch] = []
    private var spare: [RowBatch] = []
    private(set) var current: RowBatch
    private(set) var rowCount: Int64 = 0
    private var spill: SpillFile?
    private let spillDescriptor: Int32?

    init(_ layout: RowLayout, budgetBytes: Int, spill: Int32?) throws(StoreError) {
        self.layout = layout
        self.budgetBytes = budgetBytes
        spillDescriptor = spill
        batchRows = layout.batchRows(bytes: budgetBytes / 8)
        shift = batchRows.trailingZeroBitCount
        current = try RowBatch(layout, capacity: batchRows)
        batches = [current]
    }

    /// Whether some rows were spilled.
    var hasSpilled: Bool { spill != nil }

    /// Room for at least one row in `current`; a caller that wrote a row then counts it by `commit`.
    @inline(__always)
    func prepare() throws(StoreError) {
        if current.count == batchRows { try startBatch() }
    }

    @inline(__always)
    func commit(_ rows: Int = 1) {
        current.count += rows
        rowCount += Int64(rows)
    }

    private func startBatch() throws(StoreError) {
        let staged = batches.reduce(0) { $0 + $1.capacityBytes } + batches.count * batchRows * 16
        if staged >= budgetBytes || batches.count << shift >= Int(Int32.max) { try spillRun() }
        if batches.count >= 1, current.count < batchRows { return }
        current = try emptyBatch()
        batches.append(current)
    }

    private func emptyBatch() throws(StoreError) -> RowBatch {
        if let batch = spare.popLast() { return batch }
        return try RowBatch(layout, capacity: batchRows)
    }

    private func spillRun() throws(StoreError) {
        let file: SpillFile
        if let spill { file = spill } else {
            guard let spillDescriptor else { throw StoreError(.spillMissing, [String(budgetBytes)]) }
            file = try SpillFile(spillDescriptor, layout)
            spill = file
        }
        try file.startRun()
        try sorted(pieceRows: SpillFile.chunkRows) { (batch) throws(StoreError) in try file.append(batch) }
        for batch in batches { batch.removeAll() }
        spare = batches
        current = try emptyBatch()
        batches = [current]
    }

    /// Hands all rows on in order. The batches it hands on are its own and are used again.
    func drain(into assembler: BlockAssembler) throws(StoreError) {
        guard let spill else {
            guard let (order, total) = try sortedPlaces() else { return }
            return try assembler.write(all: batches, order: order.start.array(UInt64.self), count: total, shift: shift)
        }
        if rowCount > 0, batches.contains(where: { $0.count > 0 }) { try spillRun() }
        spare = []
        batches = []
        try spill.merge(into: assembler)
    }

    /// Rows of memory in order, in pieces.
    private func sorted(pieceRows: Int, _ body: (RowBatch) throws(StoreError) -> Void) throws(StoreError) {
        guard let (order, total) = try sortedPlaces() else { return }
        let places = order.start.array(UInt64.self)
        let piece = try RowBatch(layout, capacity: pieceRows)
        var start = 0
        while start < total {
            let count = min(piece.capacity, total - start)
            piece.removeAll()
            try piece.append(batches, order: places + start, count: count, shift: shift)
            try body(piece)
            start += count
        }
    }

    /// For each row of memory, in order, its key in the upper half and its batch and place in the lower. Nil when there are no rows.
    private func sortedPlaces() throws(StoreError) -> (order: GrowingMemory, count: Int)? {
        let total = batches.reduce(0) { $0 + $1.count }
        guard total > 0 else { return nil }
        let order = try GrowingMemory(bytes: total * 8)
        let places = order.start.array(UInt64.self)
        var row = 0
        for (number, batch) in batches.enumerated() {
            for place in 0..<batch.count {
                places[row] = UInt64(batch.orderKey(place)) << 32 | UInt64(number << shift | place)
                row += 1
            }
        }
        if layout.keyColumn != nil { try Self.sort(places, total) }
        return (order, total)
    }

    /// Stable by the upper half: counting by 11 bits at a time; passes in which all digits agree are left out.
    private static func sort(_ places: UnsafeMutablePointer<UInt64>, _ count: Int) throws(StoreError) {
        let other = try GrowingMemory(bytes: count * 8)
        var from = places
        var to = other.start.array(UInt64.self)
        for pass in 0..<3 {
            let shift = UInt64(32 + pass * 11)
            var counts = [Int](repeating: 0, count: 2_048)
            for row in 0..<count { counts[Int(from[row] >> shift & 2_047)] += 1 }
            if counts.contains(count) { continue }
            var sum = 0
            for digit in 0..<2_048 {
                let here = counts[digit]
                counts[digit] = sum
                sum += here
            }
            for row in 0..<count {
                let digit = Int(from[row] >> shift & 2_047)
                to[counts[digit]] = from[row]
                counts[digit] += 1
            }
            swap(&from, &to)
        }
        if from != places { places.update(from: from, count: count) }
    }
}
