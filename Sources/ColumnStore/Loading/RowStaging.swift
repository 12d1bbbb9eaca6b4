// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Glibc
import Tabular

/// Collects rows in order of arrival and hands them on ordered by the first entity, rows of one entity in order of arrival.
///
/// What does not fit the memory budget leaves while more is read: without an entity as finished blocks, else sorted and sealed into the
/// spill descriptor as a run under a key that only this object knows. Memory is bounded by the budget plus a small part of it per run.
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
    /// Batches that leave, and the work that they wait for.
    private var leaving: (work: LoadWork, batches: [RowBatch])?
    private var assembler: BlockAssembler?
    /// Makes what takes blocks, given how many rows the dictionaries were made from.
    private let makeAssembler: (_ rows: Int) throws(StoreError) -> BlockAssembler

    init(
        _ layout: RowLayout, budgetBytes: Int, spill: Int32?, threads: LoadThreads,
        makeAssembler: @escaping (_ rows: Int) throws(StoreError) -> BlockAssembler
    ) throws(StoreError) {
        self.layout = layout
        self.budgetBytes = budgetBytes
        self.threads = threads
        self.makeAssembler = makeAssembler
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
        if isFull { try startBatch() }
    }

    @inline(__always)
    func commit(_ rows: Int = 1) {
        current.count += rows
        rowCount += Int64(rows)
    }

    /// Three quarters of the budget leave at once, while the fourth is filled anew; of blocks a quarter, once there are rows enough to know
    /// which dictionaries pay.
    private func startBatch() throws(StoreError) {
        if leaving != nil, bytes(batches) >= budgetBytes / 4 { try waitForLeaving() }
        let isKnown = layout.keyColumn == nil && (assembler != nil || rowCount >= 4 * layout.ceilings.dictionaryTrialRows)
        let most = isKnown ? budgetBytes / 4 : budgetBytes / 4 * 3
        if leaving == nil, bytes(batches) >= most || batches.count << shift >= Int(Int32.max) { try leave() }
        if !isFull { return }
        current = try emptyBatch()
        batches.append(current)
    }

    private func bytes(_ batches: [RowBatch]) -> Int {
        batches.reduce(0) { $0 + $1.capacityBytes } + batches.count * batchRows * OrderedRows.orderBytes
    }

    private func emptyBatch() throws(StoreError) -> RowBatch {
        if let batch = spare.popLast() { return batch }
        return try RowBatch(layout, capacity: batchRows)
    }

    private func waitForLeaving() throws(StoreError) {
        guard let leaving else { return }
        self.leaving = nil
        try threads.finish(leaving.work)
        for batch in leaving.batches { batch.removeAll() }
        spare += leaving.batches
    }

    private func leave() throws(StoreError) {
        let gone = batches
        if layout.keyColumn == nil {
            let assembler = try openAssembler()
            let cut = try assembler.cut(try ordered(), isEnd: false)
            batches = []
            for first in stride(from: cut.count, to: cut.rows.count, by: batchRows) {
                let batch = try emptyBatch()
                try cut.rows.copy(first..<min(cut.rows.count, first + batchRows), into: batch)
                batches.append(batch)
            }
            leaving = (threads.begin([assembler.writing(cut)]), gone)
        } else {
            leaving = (try openSpill().beginRun(batches, shift: shift), gone)
            batches = []
        }
        if batches.isEmpty { batches.append(try emptyBatch()) }
        current = batches[batches.count - 1]
    }

    private func openAssembler() throws(StoreError) -> BlockAssembler {
        if let assembler { return assembler }
        let made = try makeAssembler(Int(rowCount))
        assembler = made
        return made
    }

    private func openSpill() throws(StoreError) -> SpillFile {
        if let spill { return spill }
        guard let spillDescriptor else { throw StoreError(.spillMissing, [String(budgetBytes)]) }
        let file = try SpillFile(spillDescriptor, layout, budgetBytes: budgetBytes, threads: threads)
        spill = file
        return file
    }

    private func ordered() throws(StoreError) -> OrderedRows {
        let pieces = batches.indices.map { OrderedRows.Piece(batch: $0, rows: 0..<batches[$0].count) }
        return try OrderedRows(layout, batches, pieces, shift: shift, ownTextCodes: layout.ownTextCodes)
    }

    /// Hands all rows on in order, and returns what took them.
    func drain() throws(StoreError) -> BlockAssembler {
        try waitForLeaving()
        let assembler = try openAssembler()
        guard let spill else {
            try assembler.write(try assembler.cut(try ordered(), isEnd: true))
            return assembler
        }
        if batches.contains(where: { $0.count > 0 }) { try threads.finish(spill.beginRun(batches, shift: shift)) }
        spare = []
        batches = []
        current = try RowBatch(layout, capacity: 1)
        try spill.merge(into: assembler, budgetBytes: budgetBytes)
        return assembler
    }
}
