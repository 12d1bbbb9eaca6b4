// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Chooses rows of a batch and copies the columns that are needed later.
final class Selection {
    private let flags: UnsafeMutablePointer<UInt8>
    private let rows: UnsafeMutablePointer<UInt32>
    private let compaction: Compaction
    private let live: Set<Int>?
    private var columnBuffers: [GatherBuffer?] = []
    private var entityBuffers: [GatherBuffer?] = []
    private let arena: ConfidentialArena

    /// `live`: the columns that are needed later; nil: all.
    init(live: Set<Int>?, arena: ConfidentialArena) throws(EngineError) {
        self.live = live
        self.arena = arena
        flags = try arena.take(UInt8.self, EngineLimits.batchRows)
        rows = try arena.take(UInt32.self, EngineLimits.batchRows + Compaction.slack)
        compaction = Compaction()
    }

    func begin(_ count: Int) { flags.update(repeating: 1, count: count) }

    /// Keeps only rows whose flag is 1.
    func keep(_ wanted: UnsafeMutablePointer<UInt8>, _ count: Int) {
        for row in 0..<count { flags[row] &= wanted[row] }
    }

    /// The kept rows; the batch itself when that is all of them, nil when none.
    func apply(_ batch: Batch) throws(EngineError) -> Batch? {
        let kept = compaction.keep(batch.count, flags, nil, into: rows, from: 0)
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
