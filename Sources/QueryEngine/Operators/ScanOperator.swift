// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Reads the blocks of morsels, drops rows that lack a required entity, and hands batches on.
final class ScanOperator {
    private let prepared: PreparedScan
    private let output: any BatchSink
    private let arena: ConfidentialArena
    private let rowNumbers: UnsafeMutablePointer<UInt32>?
    private let selection: Selection

    init(_ prepared: PreparedScan, output: any BatchSink, arena: ConfidentialArena) throws(EngineError) {
        self.prepared = prepared
        self.output = output
        self.arena = arena
        let needsRowNumbers = prepared.entities.contains { if case .rowNumber = $0 { true } else { false } }
        rowNumbers = needsRowNumbers ? try arena.take(UInt32.self, EngineLimits.batchRows) : nil
        selection = try Selection(live: nil, arena: arena)
    }

    func run(_ queue: MorselQueue) throws(EngineError) {
        guard let first = queue.take() else { return }
        let reader = try open()
        var current: Int? = first
        while let morsel = current {
            try output.beginMorsel(morsel)
            for block in queue.morsels[morsel] { try scan(block, reader) }
            current = queue.take()
        }
    }

    private func open() throws(EngineError) -> any BlockReader {
        do {
            // Its memory is its own: what a store keeps for later readers must not keep the operators' memory.
            return try prepared.scan.makeReader(columns: prepared.columns, arena: ConfidentialArena(budget: arena.budget))
        } catch {
            throw EngineError(.scanFailed, [prepared.table], cause: error)
        }
    }

    private func scan(_ block: Int, _ reader: any BlockReader) throws(EngineError) {
        let rows = prepared.scan.blockRowCounts[block]
        let vectors: [ColumnVector]
        do {
            vectors = try reader.read(block: block)
        } catch {
            throw EngineError(.scanFailed, [prepared.table], cause: error)
        }
        guard vectors.count == prepared.columns.count, vectors.allSatisfy({ $0.count == rows }) else {
            throw EngineError(.malformedPlan, ["block"])
        }
        var start = 0
        while start < rows {
            let count = min(EngineLimits.batchRows, rows - start)
            try emit(vectors.map { $0.slice(from: start, count: count) }, count, firstRow: prepared.blockStarts[block] + start)
            start += count
        }
    }

    private func emit(_ vectors: [ColumnVector], _ count: Int, firstRow: Int) throws(EngineError) {
        let columns = prepared.places.map { $0.map { vectors[$0] } }
        let entities = prepared.entities.map { place -> ColumnVector? in
            switch place {
            case .elsewhere: nil
            case .column(let position): vectors[position]
            case .rowNumber: numbers(firstRow, count)
            }
        }
        let batch = Batch(count: count, columns: columns, entities: entities)
        let validities = prepared.required.compactMap { vectors[$0].validity }
        guard !validities.isEmpty else { return try output.consume(batch) }
        selection.begin(count)
        for validity in validities { selection.keep(validity, count) }
        if let kept = try selection.apply(batch) { try output.consume(kept) }
    }

    private func numbers(_ firstRow: Int, _ count: Int) -> ColumnVector? {
        guard let rowNumbers else { return nil }
        for row in 0..<count { rowNumbers[row] = UInt32(truncatingIfNeeded: firstRow + row) }
        return ColumnVector(type: .entity("row"), count: count, values: rowNumbers, validity: nil, arena: arena)
    }
}

/// Chooses rows of a batch and copies the columns that are needed later.
final class Selection {
    private let flags: UnsafeMutablePointer<UInt8>
    private let rows: UnsafeMutablePointer<UInt32>
    private let live: Set<Int>?
    private var columnBuffers: [GatherBuffer?] = []
    private var entityBuffers: [GatherBuffer?] = []
    private let arena: ConfidentialArena

    /// `live`: the columns that are needed later; nil: all.
    init(live: Set<Int>?, arena: ConfidentialArena) throws(EngineError) {
        self.live = live
        self.arena = arena
        flags = try arena.take(UInt8.self, EngineLimits.batchRows)
        rows = try arena.take(UInt32.self, EngineLimits.batchRows)
    }

    func begin(_ count: Int) { flags.update(repeating: 1, count: count) }

    /// Keeps only rows whose flag is 1.
    func keep(_ wanted: UnsafeMutablePointer<UInt8>, _ count: Int) {
        for row in 0..<count { flags[row] &= wanted[row] }
    }

    /// The kept rows; the batch itself when that is all of them, nil when none.
    func apply(_ batch: Batch) throws(EngineError) -> Batch? {
        var kept = 0
        for row in 0..<batch.count {
            rows[kept] = UInt32(truncatingIfNeeded: row)
            kept += Int(flags[row] & 1)
        }
        if kept == batch.count { return batch }
        return kept == 0 ? nil : try gather(batch, rows, kept)
    }

    /// These rows of a batch, in this order.
    func gather(_ batch: Batch, _ rows: UnsafePointer<UInt32>, _ count: Int) throws(EngineError) -> Batch {
        var result = batch
        result.count = count
        for (position, column) in batch.columns.enumerated() {
            guard let column, live?.contains(position) ?? true else {
                result.columns[position] = nil
                continue
            }
            result.columns[position] = try buffer(&columnBuffers, position, column.type).gather(column, rows, count)
        }
        for (position, column) in batch.entities.enumerated() {
            if let column { result.entities[position] = try buffer(&entityBuffers, position, column.type).gather(column, rows, count) }
        }
        return result
    }

    private func buffer(_ buffers: inout [GatherBuffer?], _ position: Int, _ type: LogicalType) throws(EngineError) -> GatherBuffer {
        while buffers.count <= position { buffers.append(nil) }
        if let known = buffers[position] { return known }
        let made = try GatherBuffer(type, arena: arena)
        buffers[position] = made
        return made
    }
}
