// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Keeps rows: the right side of a join, or open rows. Texts are numbered in pools that all workers share.
final class CollectOperator: BatchSink {
    private let layout: CollectLayout
    private let arena: ConfidentialArena
    private let values: [ArenaArray<UInt8>]
    private let validities: [ArenaArray<UInt8>]
    private let mappers: [CodeMapper?]
    private(set) var segments: [Segment] = []
    private var count = 0

    /// The rows of one morsel.
    struct Segment {
        let morsel: Int
        let start: Int
        var count: Int
    }

    init(_ layout: CollectLayout, arena: ConfidentialArena) throws(EngineError) {
        self.layout = layout
        self.arena = arena
        var values: [ArenaArray<UInt8>] = []
        var validities: [ArenaArray<UInt8>] = []
        var mappers: [CodeMapper?] = []
        for field in layout.fields {
            values.append(try ArenaArray(capacity: 1024, arena: arena))
            validities.append(try ArenaArray(capacity: 128, arena: arena))
            mappers.append(try field.pool.map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: false, arena: arena) })
        }
        self.values = values
        self.validities = validities
        self.mappers = mappers
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) { segments.append(Segment(morsel: morsel, start: count, count: 0)) }

    func consume(_ batch: Batch) throws(EngineError) {
        guard count + batch.count <= layout.rowsMaximum else { throw EngineError(.resourceExhausted) }
        for (position, field) in layout.fields.enumerated() {
            let vector = try layout.vector(field, batch)
            let stride = field.type.physical.strideBytes
            try values[position].reserve((count + batch.count) * stride)
            try validities[position].reserve(count + batch.count)
            let target = values[position].base + count * stride
            if let mapper = mappers[position] {
                try mapper.map(vector, into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt32.self))
            } else {
                memcpy(target, vector.values, batch.count * stride)
            }
            Validity.merge(vector.validity, nil, into: validities[position].base + count, batch.count)
        }
        count += batch.count
        if segments.isEmpty { segments.append(Segment(morsel: 0, start: 0, count: 0)) }
        segments[segments.count - 1].count += batch.count
    }

    fileprivate func copy(_ segment: Segment, _ field: Int, to target: CollectedColumn, at row: Int) {
        let stride = layout.fields[field].type.physical.strideBytes
        memcpy(target.values + row * stride, values[field].base + segment.start * stride, segment.count * stride)
        memcpy(target.validity + row, validities[field].base + segment.start, segment.count)
    }
}

private struct CollectedColumn {
    let values: UnsafeMutableRawPointer
    let validity: UnsafeMutablePointer<UInt8>
}

/// Which columns are kept.
final class CollectLayout {
    struct Field {
        let source: Source
        let type: LogicalType
        let pool: TextPool?
    }

    enum Source {
        case column(Int)
        case entity(Int)
    }

    let fields: [Field]
    let rowsMaximum: Int

    init(_ sources: [(Source, LogicalType)], rowsMaximum: Int, textBytesMaximum: Int, arena: ConfidentialArena) throws(EngineError) {
        var fields: [Field] = []
        for (source, type) in sources {
            let pool = type.physical == .codes ? try TextPool(arena: arena, bytesMaximum: textBytesMaximum) : nil
            fields.append(Field(source: source, type: type, pool: pool))
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

    /// All rows in the order of their morsels, as one vector for each field.
    func assemble(_ workers: [CollectOperator], arena: ConfidentialArena) throws(EngineError) -> (count: Int, vectors: [ColumnVector]) {
        let parts = workers.flatMap { worker in worker.segments.map { (worker, $0) } }.sorted { $0.1.morsel < $1.1.morsel }
        let count = parts.reduce(0) { $0 + $1.1.count }
        guard count <= rowsMaximum else { throw EngineError(.resourceExhausted) }
        var vectors: [ColumnVector] = []
        for (position, field) in fields.enumerated() {
            let column = CollectedColumn(
                values: UnsafeMutableRawPointer(try arena.take(UInt8.self, count * field.type.physical.strideBytes)),
                validity: try arena.take(UInt8.self, count))
            var row = 0
            for (worker, segment) in parts {
                worker.copy(segment, position, to: column, at: row)
                row += segment.count
            }
            vectors.append(
                ColumnVector(
                    type: field.type, count: count, values: column.values, validity: column.validity,
                    dictionary: field.pool?.dictionary(), arena: arena))
        }
        return (count, vectors)
    }
}
