// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Rows that were put aside, read by the next pipeline as a table is: each chunk is a block.
final class SpilledRelation: TableScan {
    let rowCount: Int
    let byteCount: Int
    let blockRowCounts: [Int]
    let partitions: [Range<Int>]
    let layout: SpillLayout
    /// Whether rows of an ordering entity stand together within a partition and in no other, as they do in the driving table.
    let isInOrder: Bool
    let chunks: [SpillChunk]
    private let space: SpillSpace

    /// `streams`: the chunks of each worker that wrote some.
    init(_ layout: SpillLayout, _ streams: [[SpillChunk]], isInOrder: Bool, space: SpillSpace) {
        self.layout = layout
        self.isInOrder = isInOrder
        self.space = space
        let chunks = streams.flatMap { $0 }
        self.chunks = chunks
        rowCount = chunks.reduce(0) { $0 + $1.rows }
        byteCount = chunks.reduce(0) { $0 + $1.byteCount }
        blockRowCounts = chunks.map(\.rows)
        var partitions: [Range<Int>] = [], start = 0
        for stream in streams where !stream.isEmpty {
            partitions.append(start..<(start + stream.count))
            start += stream.count
        }
        self.partitions = partitions
    }

    func makeReader(columns: [ScanColumn], arena: ConfidentialArena) throws -> any BlockReader {
        var fields: [Int] = []
        for column in columns {
            guard let field = layout.fields.indices.first(where: { layout.scanColumn($0) == column }) else {
                throw EngineError(.malformedPlan, ["column"])
            }
            fields.append(field)
        }
        return try SpillReader(self, fields, space, arena)
    }
}

/// Opens chunks and puts the records' values into columns, each when it is first asked for.
private final class SpillReader: BlockReader {
    private let relation: SpilledRelation
    private let channel: any SpillChannel
    private let memory: UnsafeMutablePointer<UInt8>
    private let columns: [(field: SpillLayout.Field, buffer: VectorBuffer, texts: ChunkTexts?)]
    private let arena: ConfidentialArena
    private var chunk: SpillChunk?
    /// Whole columns of the open chunk.
    private var known: [ColumnVector?]
    /// Chosen rows are copied; neighbours stay where they are.
    private var copies: [GatherBuffer?]

    init(_ relation: SpilledRelation, _ fields: [Int], _ space: SpillSpace, _ arena: ConfidentialArena) throws(EngineError) {
        self.relation = relation
        self.arena = arena
        channel = try space.makeChannel()
        let rows = max(relation.blockRowCounts.max() ?? 0, 1), bytes = relation.chunks.map(\.byteCount).max() ?? 0
        memory = try arena.take(UInt8.self, bytes + space.store.sealBytes)
        var columns: [(SpillLayout.Field, VectorBuffer, ChunkTexts?)] = []
        for position in fields {
            let field = relation.layout.fields[position]
            columns.append(
                (field, try VectorBuffer(field.type, capacity: rows, arena: arena), field.isText ? try ChunkTexts(rows: rows, arena: arena) : nil))
        }
        self.columns = columns
        known = Array(repeating: nil, count: columns.count)
        copies = Array(repeating: nil, count: columns.count)
    }

    func open(block: Int) throws {
        let next = relation.chunks[block]
        for column in known.indices { known[column] = nil }
        do { try channel.read(next, into: memory) } catch { throw EngineError(.spillFailed, cause: error) }
        chunk = next
    }

    func read(_ column: Int, _ rows: BlockRows) throws -> ColumnVector {
        let whole = try decoded(column)
        switch rows {
        case .range(let range): return whole.slice(from: range.lowerBound, count: range.count)
        case .chosen(let chosen, let count):
            let copy = try copies[column] ?? GatherBuffer(whole.type, arena: arena)
            copies[column] = copy
            return copy.gather(whole, chosen, count)
        }
    }

    private func decoded(_ column: Int) throws(EngineError) -> ColumnVector {
        if let known = known[column] { return known }
        guard let chunk else { throw EngineError(.malformedPlan, ["block"]) }
        let (field, buffer, texts) = columns[column]
        let hasNulls = readValidity(field, buffer, chunk)
        switch field.type.physical {
        case .bool: copy(field, to: buffer.bool, chunk)
        case .int64, .double: copy(field, to: buffer.int64, chunk)
        case .int128: copy(field, to: buffer.int128, chunk)
        case .entity: copy(field, to: buffer.codes, chunk)
        case .codes: break
        }
        let dictionary = try texts?.read(memory, field, relation.layout.recordBytes, chunk, into: buffer)
        let vector = buffer.vector(chunk.rows, hasValidity: hasNulls, dictionary: dictionary)
        known[column] = vector
        return vector
    }

    private func readValidity(_ field: SpillLayout.Field, _ buffer: VectorBuffer, _ chunk: SpillChunk) -> Bool {
        let stride = relation.layout.recordBytes, validity = buffer.validity
        let source = memory + field.place + field.valueBytes
        var all: UInt8 = 1
        for row in 0..<chunk.rows {
            validity[row] = source[row * stride]
            all &= source[row * stride]
        }
        return all == 0
    }

    @inline(__always)
    private func copy<T: BitwiseCopyable>(_ field: SpillLayout.Field, to target: UnsafeMutablePointer<T>, _ chunk: SpillChunk) {
        let stride = relation.layout.recordBytes, source = UnsafeRawPointer(memory) + field.place
        for row in 0..<chunk.rows { target[row] = source.loadUnaligned(fromByteOffset: row * stride, as: T.self) }
    }
}

/// The texts of one column of a chunk as a dictionary without repetitions.
private final class ChunkTexts {
    private let offsets: UnsafeMutablePointer<UInt32>
    private let slots: UnsafeMutablePointer<UInt32>
    private let slotCount: Int
    private var bytes: ArenaArray<UInt8>
    private let arena: ConfidentialArena

    init(rows: Int, arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        var slotCount = 64
        while slotCount < rows * 2 { slotCount *= 2 }
        self.slotCount = slotCount
        offsets = try arena.take(UInt32.self, rows + 1)
        slots = try arena.take(UInt32.self, slotCount)
        bytes = try ArenaArray(givesBack: true, arena: arena)
    }

    func read(
        _ memory: UnsafeMutablePointer<UInt8>, _ field: SpillLayout.Field, _ stride: Int, _ chunk: SpillChunk, into buffer: VectorBuffer
    ) throws(EngineError) -> TextDictionary {
        try bytes.reserve(chunk.byteCount - chunk.rows * stride)
        slots.update(repeating: 0, count: slotCount)
        let codes = buffer.codes, validity = buffer.validity, target = bytes.base
        let end = UnsafeRawPointer(memory) + chunk.byteCount, records = UnsafeRawPointer(memory) + field.place
        var count = 0
        for row in 0..<chunk.rows {
            guard validity[row] != 0 else {
                codes[row] = 0
                continue
            }
            let from = Int(records.loadUnaligned(fromByteOffset: row * stride, as: UInt32.self))
            let length = Int(records.loadUnaligned(fromByteOffset: row * stride + 4, as: UInt32.self))
            let text = UnsafeRawBufferPointer(start: end - from, count: length)
            var slot = Int(truncatingIfNeeded: TextPool.hash(text)) & (slotCount - 1)
            while slots[slot] != 0, !isEqual(slots[slot] - 1, text) { slot = (slot + 1) & (slotCount - 1) }
            if slots[slot] == 0 {
                if let base = text.baseAddress, length > 0 { memcpy(target + Int(offsets[count]), base, length) }
                offsets[count + 1] = offsets[count] + UInt32(truncatingIfNeeded: length)
                count += 1
                slots[slot] = UInt32(truncatingIfNeeded: count)
            }
            codes[row] = slots[slot] - 1
        }
        return TextDictionary(count: count, offsets: UnsafePointer(offsets), bytes: UnsafePointer(target), arena: arena)
    }

    private func isEqual(_ code: UInt32, _ text: UnsafeRawBufferPointer) -> Bool {
        let start = Int(offsets[Int(code)])
        let known = UnsafeRawBufferPointer(start: bytes.base + start, count: Int(offsets[Int(code) + 1]) - start)
        return TextPool.areEqual(known, text)
    }
}

extension PreparedScan {
    /// A scan of rows that were put aside, as if it were the relation that made them.
    init(_ relation: SpilledRelation) {
        let layout = relation.layout
        var places = [Int?](repeating: nil, count: layout.columnCount)
        var entities = [EntityPlace](repeating: .elsewhere, count: layout.dimensionCount)
        for (place, field) in layout.fields.enumerated() {
            switch field.source {
            case .column(let position): places[position] = place
            case .entity(let dimension): entities[dimension] = .column(place)
            }
        }
        var starts: [Int] = [], total = 0
        for count in relation.blockRowCounts {
            starts.append(total)
            total += count
        }
        self.init(
            table: "", scan: relation, columns: layout.fields.indices.map { layout.scanColumn($0) }, places: places, entities: entities,
            required: [], blockStarts: starts)
    }
}

extension PreparedRelation {
    /// Whether rows come as the driving table has them, those of an ordering entity together.
    var isInOrder: Bool { (drivingFilteredScan.scan.scan as? SpilledRelation)?.isInOrder ?? true }
}
