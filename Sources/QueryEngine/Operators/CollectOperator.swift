// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Keeps rows: the right side of a join, what a breaker reads, or open rows.
final class CollectOperator: BatchSink {
    private let layout: CollectLayout
    private(set) var segments: [Segment] = []
    private(set) var count = 0
    let columns: [ColumnStore]

    /// The rows of one morsel.
    struct Segment {
        let morsel: Int
        let start: Int
        var count: Int
    }

    init(_ layout: CollectLayout, arena: ConfidentialArena) throws(EngineError) {
        self.layout = layout
        var columns: [ColumnStore] = []
        for field in layout.fields { columns.append(try ColumnStore(field.type, pool: field.pool, isMapped: field.isMapped, arena: arena)) }
        self.columns = columns
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) { segments.append(Segment(morsel: morsel, start: count, count: 0)) }

    func consume(_ batch: Batch) throws(EngineError) {
        guard count + batch.count <= layout.rowsMaximum else { throw EngineError(.resourceExhausted) }
        for (position, field) in layout.fields.enumerated() { try columns[position].append(try layout.vector(field, batch)) }
        count += batch.count
        if segments.isEmpty { segments.append(Segment(morsel: 0, start: 0, count: 0)) }
        segments[segments.count - 1].count += batch.count
    }
}

/// Which columns are kept.
final class CollectLayout {
    struct Field {
        let source: Source
        let type: LogicalType
        /// Of texts.
        let pool: TextPool?
        /// Whether texts must be numbers of `pool`; else they may keep the codes of a lasting dictionary.
        let isMapped: Bool
    }

    enum Source {
        case column(Int)
        case entity(Int)
    }

    let fields: [Field]
    let rowsMaximum: Int

    /// `mapped`: fields whose texts must be numbers of their pool.
    init(
        _ sources: [(Source, LogicalType)], mapped: Set<Int> = [], rowsMaximum: Int, textBytesMaximum: Int, arena: ConfidentialArena
    ) throws(EngineError) {
        var fields: [Field] = []
        for (position, (source, type)) in sources.enumerated() {
            // Memory of its own: a dictionary that is handed on must not keep everything else.
            let own = ConfidentialArena(budget: arena.budget)
            let pool = type.physical == .codes ? try TextPool(arena: own, bytesMaximum: textBytesMaximum) : nil
            fields.append(Field(source: source, type: type, pool: pool, isMapped: mapped.contains(position)))
        }
        self.fields = fields
        self.rowsMaximum = rowsMaximum
    }

    func vector(_ field: Field, _ batch: Batch) throws(EngineError) -> ColumnVector {
        switch field.source {
        case .column(let position): return try batch.column(position)
        case .entity(let dimension):
            guard let vector = batch.entities[dimension] else { throw EngineError(.malformedPlan, ["dimension"]) }
            return vector
        }
    }

    /// All rows in the order of their inputs and morsels, as one vector for each field. `inputs`: for each input its workers.
    /// Fields from `passing` on stand in `scratch`.
    func assemble(
        _ inputs: [[CollectOperator]], threads: Int, arena: ConfidentialArena, passing: Int = .max, scratch: ConfidentialArena? = nil
    ) throws(EngineError) -> (count: Int, vectors: [ColumnVector]) {
        var parts: [(worker: CollectOperator, segment: CollectOperator.Segment)] = []
        for workers in inputs {
            parts += workers.flatMap { worker in worker.segments.map { (worker, $0) } }.sorted { $0.1.morsel < $1.1.morsel }
        }
        let count = parts.reduce(0) { $0 + $1.segment.count }
        guard count <= rowsMaximum else { throw EngineError(.resourceExhausted) }
        var starts: [Int] = [], row = 0
        for part in parts {
            starts.append(row)
            row += part.segment.count
        }
        let stores = inputs.flatMap { $0 }
        var targets: [CollectedColumn] = []
        for (position, field) in fields.enumerated() {
            targets.append(try CollectedColumn(field, stores.map { $0.columns[position] }, count, position < passing ? arena : scratch ?? arena))
        }
        let split = parts, places = starts
        try Workers.run(count < EngineLimits.batchRows ? 1 : threads, each: fields.count) { (position) throws(EngineError) in
            for (part, start) in zip(split, places) {
                part.worker.columns[position].copy(from: part.segment.start, count: part.segment.count, to: targets[position], at: start)
            }
        }
        return (count, targets.map { $0.vector(count) })
    }

    func assemble(_ workers: [CollectOperator], threads: Int, arena: ConfidentialArena) throws(EngineError) -> (count: Int, vectors: [ColumnVector]) {
        try assemble([workers], threads: threads, arena: arena)
    }
}

/// One field of all workers, put together.
struct CollectedColumn {
    let type: LogicalType
    let values: UnsafeMutableRawPointer
    /// Nil when no worker met a NULL.
    let validity: UnsafeMutablePointer<UInt8>?
    let dictionary: TextDictionary?
    private let arena: ConfidentialArena

    init(_ field: CollectLayout.Field, _ stores: [ColumnStore], _ count: Int, _ arena: ConfidentialArena) throws(EngineError) {
        type = field.type
        self.arena = arena
        values = UnsafeMutableRawPointer(try arena.take(UInt8.self, count * field.type.physical.strideBytes))
        validity = stores.contains(where: \.hasNulls) ? try arena.take(UInt8.self, count) : nil
        guard let pool = field.pool else {
            dictionary = nil
            return
        }
        let kept = stores.compactMap(\.lasting)
        let isMapped = stores.contains(where: \.isMapped)
        if !isMapped, let first = kept.first, kept.allSatisfy({ $0 === first }) {
            dictionary = first
            return
        }
        for store in stores { try store.mapCodes() }
        dictionary = pool.dictionary(isLasting: true)
    }

    func vector(_ count: Int) -> ColumnVector {
        ColumnVector(type: type, count: count, values: values, validity: validity, dictionary: dictionary, arena: arena)
    }
}
