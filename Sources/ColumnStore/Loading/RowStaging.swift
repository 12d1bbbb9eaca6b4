// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Glibc
import Tabular

/// Collects rows in order of arrival and hands them on ordered by the first entity, rows of one entity in order of arrival.
///
/// What does not fit the memory budget is sorted and sealed into the spill descriptor as a run under a key that only this object
/// knows. Memory is bounded by the budget plus a small part of it per run.
final class RowStaging {
    private let layout: RowLayout
    private let budgetBytes: Int
    private let batchRows: Int
    private let shift: Int
    private let threads: LoadThreads
    private var batches: [RowBatch] = []
    private var spare: [RowBatch] = []
    private(set) var current: RowBatch
    private(set) var rowCount: Int64 = 0
    private var spill: SpillFile?
    private let spillDescriptor: Int32?

    init(_ layout: RowLayout, budgetBytes: Int, spill: Int32?, threads: LoadThreads) throws(StoreError) {
        self.layout = layout
        self.budgetBytes = budgetBytes
        self.threads = threads
        spillDescriptor = spill
        batchRows = layout.batchRows(bytes: budgetBytes / 8)
        shift = batchRows.trailingZeroBitCount
        current = try RowBatch(layout, capacity: batchRows)
        batches = [current]
    }

    /// Whether there is no room for a row in `current`.
    var isFull: Bool { current.count == batchRows }

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
        let staged = batches.reduce(0) { $0 + $1.capacityBytes } + batches.count * batchRows * OrderedRows.orderBytes
        if staged >= budgetBytes || batches.count << shift >= Int(Int32.max) { try spillRun() }
        if current.count < batchRows { return }
        current = try emptyBatch()
        batches.append(current)
    }

    private func emptyBatch() throws(StoreError) -> RowBatch {
        if let batch = spare.popLast() { return batch }
        return try RowBatch(layout, capacity: batchRows)
    }

    private func ordered() throws(StoreError) -> OrderedRows {
        let pieces = batches.indices.map { OrderedRows.Piece(batch: $0, rows: 0..<batches[$0].count) }
        return try OrderedRows(layout, batches, pieces, shift: shift)
    }

    private func spillRun() throws(StoreError) {
        let file: SpillFile
        if let spill { file = spill } else {
            guard let spillDescriptor else { throw StoreError(.spillMissing, [String(budgetBytes)]) }
            file = try SpillFile(spillDescriptor, layout, budgetBytes: budgetBytes, threads: threads)
            spill = file
        }
        try file.write(try ordered())
        for batch in batches { batch.removeAll() }
        spare = batches
        current = try emptyBatch()
        batches = [current]
    }

    /// Hands all rows on in order.
    func drain(into assembler: BlockAssembler) throws(StoreError) {
        guard let spill else {
            _ = try assembler.write(try ordered(), isEnd: true)
            return
        }
        if batches.contains(where: { $0.count > 0 }) { try spillRun() }
        spare = []
        batches = []
        current = try RowBatch(layout, capacity: 1)
        try spill.merge(into: assembler, budgetBytes: budgetBytes)
    }
}
