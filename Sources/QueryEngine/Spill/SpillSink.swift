// SPDX-License-Identifier: Apache-2.0

import Glibc
import QueryPlan
import Tabular

/// Deals rows out to parts by the hash of their keys and puts them aside. One for each worker; the rows of a part keep their order.
final class SpillSink: BatchSink {
    /// For each part its chunks. One more for rows with a NULL in their key, where those are kept apart.
    private(set) var chunks: [[SpillChunk]]
    private let layout: SpillLayout
    private let dealing: Dealing?
    private let channel: any SpillChannel
    private let sealBytes: Int
    private var parts: [Part]
    private let arena: ConfidentialArena
    /// Part of each row of a batch.
    private let numbers: UnsafeMutablePointer<UInt32>
    /// Bytes of all texts of a row.
    private let textBytes: UnsafeMutablePointer<UInt32>
    /// For the rows under way their record, the end of their buffer, and the bytes of texts before it.
    private let records: UnsafeMutablePointer<UnsafeMutableRawPointer>
    private let ends: UnsafeMutablePointer<UnsafeMutableRawPointer>
    private let places: UnsafeMutablePointer<UInt32>
    private let hasTexts: Bool

    /// How rows are dealt out.
    struct Dealing {
        let keys: [any VectorExpression]
        let hasher: KeyHasher
        let partCount: Int
        let keepsNullsApart: Bool
    }

    /// Rows of one part that are not written yet: records from the front, texts from the back.
    private struct Part {
        var memory: UnsafeMutableRawPointer
        var capacity: Int
        var rows = 0
        var textBytes = 0
    }

    /// `bufferBytes`: of each part.
    init(_ layout: SpillLayout, _ dealing: Dealing?, _ space: SpillSpace, bufferBytes: Int, arena: ConfidentialArena) throws(EngineError) {
        self.layout = layout
        self.dealing = dealing
        self.arena = arena
        channel = try space.makeChannel()
        sealBytes = space.store.sealBytes
        let capacity = max(bufferBytes, layout.recordBytes)
        var parts: [Part] = []
        for _ in 0..<((dealing?.partCount ?? 1) + (dealing?.keepsNullsApart == true ? 1 : 0)) {
            parts.append(Part(memory: UnsafeMutableRawPointer(try arena.take(UInt8.self, capacity + sealBytes)), capacity: capacity))
        }
        self.parts = parts
        chunks = Array(repeating: [], count: parts.count)
        numbers = try arena.take(UInt32.self, EngineLimits.batchRows)
        textBytes = try arena.take(UInt32.self, EngineLimits.batchRows)
        places = try arena.take(UInt32.self, EngineLimits.batchRows)
        records = try arena.take(UnsafeMutableRawPointer.self, EngineLimits.batchRows)
        ends = try arena.take(UnsafeMutableRawPointer.self, EngineLimits.batchRows)
        hasTexts = layout.fields.contains(where: \.isText)
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) {}

    func consume(_ batch: Batch) throws(EngineError) {
        var vectors: [ColumnVector] = []
        for field in layout.fields { vectors.append(try layout.vector(field, batch)) }
        try number(batch)
        if hasTexts { measure(vectors, batch.count) }
        var start = 0
        while start < batch.count {
            let end = place(start, batch.count)
            for (position, field) in layout.fields.enumerated() { write(field, vectors[position], start, end) }
            start = end
            if start < batch.count { try makeRoom(in: Int(numbers[start]), for: layout.recordBytes + (hasTexts ? Int(textBytes[start]) : 0)) }
        }
    }

    /// Writes what is left.
    func finish() throws(EngineError) { for part in parts.indices { try flush(part) } }

    private func number(_ batch: Batch) throws(EngineError) {
        guard let dealing else { return numbers.update(repeating: 0, count: batch.count) }
        var keys: [ColumnVector] = []
        for key in dealing.keys { keys.append(try key.evaluate(batch)) }
        try dealing.hasher.compute(keys, batch.count)
        let hashes = dealing.hasher.hashes, hasNull = dealing.hasher.hasNull, count = UInt64(dealing.partCount), numbers = numbers
        for row in 0..<batch.count {
            // The upper half times the number of parts, so that any number of parts is met evenly.
            numbers[row] = UInt32(truncatingIfNeeded: ((hashes[row] >> 32) &* count) >> 32)
        }
        guard dealing.keepsNullsApart else { return }
        for row in 0..<batch.count where hasNull[row] != 0 { numbers[row] = UInt32(dealing.partCount) }
    }

    private func measure(_ vectors: [ColumnVector], _ count: Int) {
        textBytes.update(repeating: 0, count: count)
        for vector in vectors {
            guard let dictionary = vector.dictionary, dictionary.count > 0 else { continue }
            let offsets = dictionary.offsets, codes = vector.codes, validity = vector.validity, textBytes = textBytes
            for row in 0..<count where validity == nil || validity?[row] != 0 {
                textBytes[row] += offsets[Int(codes[row]) + 1] - offsets[Int(codes[row])]
            }
        }
    }

    /// Gives rows from `start` on their places, up to the first one whose part has no room for it.
    private func place(_ start: Int, _ count: Int) -> Int {
        let recordBytes = layout.recordBytes
        for row in start..<count {
            let number = Int(numbers[row]), texts = hasTexts ? Int(textBytes[row]) : 0
            let part = parts[number]
            let used = part.rows * recordBytes
            guard used + part.textBytes + recordBytes + texts <= part.capacity, part.rows < SpillLayout.chunkRows else { return row }
            records[row] = part.memory + used
            ends[row] = part.memory + part.capacity
            places[row] = UInt32(truncatingIfNeeded: part.textBytes)
            parts[number].rows += 1
            parts[number].textBytes += texts
        }
        return count
    }

    private func write(_ field: SpillLayout.Field, _ vector: ColumnVector, _ start: Int, _ end: Int) {
        let records = records, place = field.place, validityPlace = place + field.valueBytes
        if let validity = vector.validity {
            for row in start..<end { records[row].storeBytes(of: validity[row], toByteOffset: validityPlace, as: UInt8.self) }
        } else {
            for row in start..<end { records[row].storeBytes(of: 1, toByteOffset: validityPlace, as: UInt8.self) }
        }
        switch vector.type.physical {
        case .bool: store(vector.bool, place, start, end)
        case .int64, .double: store(vector.int64, place, start, end)
        case .int128: store(vector.int128, place, start, end)
        case .entity: store(vector.entities, place, start, end)
        case .codes: storeTexts(vector, place, validityPlace, start, end)
        }
    }

    @inline(__always)
    private func store<T: BitwiseCopyable>(_ values: UnsafeMutablePointer<T>, _ place: Int, _ start: Int, _ end: Int) {
        let records = records
        for row in start..<end { records[row].storeBytes(of: values[row], toByteOffset: place, as: T.self) }
    }

    private func storeTexts(_ vector: ColumnVector, _ place: Int, _ validityPlace: Int, _ start: Int, _ end: Int) {
        let records = records, codes = vector.codes, validity = vector.validity
        guard let dictionary = vector.dictionary, dictionary.count > 0 else {
            // Nothing but NULLs.
            for row in start..<end { records[row].storeBytes(of: 0, toByteOffset: validityPlace, as: UInt8.self) }
            return
        }
        for row in start..<end where validity == nil || validity?[row] != 0 {
            let text = dictionary.entry(codes[row])
            let from = places[row] + UInt32(truncatingIfNeeded: text.count)
            if let base = text.baseAddress, text.count > 0 { memcpy(ends[row] - Int(from), base, text.count) }
            places[row] = from
            records[row].storeBytes(of: from, toByteOffset: place, as: UInt32.self)
            records[row].storeBytes(of: UInt32(truncatingIfNeeded: text.count), toByteOffset: place + 4, as: UInt32.self)
        }
    }

    private func makeRoom(in part: Int, for bytes: Int) throws(EngineError) {
        try flush(part)
        guard bytes > parts[part].capacity else { return }
        // One row is larger than the buffer.
        let larger = UnsafeMutableRawPointer(try arena.take(UInt8.self, bytes + sealBytes))
        arena.giveBack(parts[part].memory)
        parts[part] = Part(memory: larger, capacity: bytes)
    }

    private func flush(_ number: Int) throws(EngineError) {
        let part = parts[number]
        guard part.rows > 0 else { return }
        let used = part.rows * layout.recordBytes
        memmove(part.memory + used, part.memory + part.capacity - part.textBytes, part.textBytes)
        let chunk: SpillChunk?
        do { chunk = try channel.write(part.memory, count: used + part.textBytes, rows: part.rows) } catch {
            throw EngineError(.spillFailed, cause: error)
        }
        guard let chunk else { throw EngineError(.resourceExhausted) }
        chunks[number].append(chunk)
        parts[number].rows = 0
        parts[number].textBytes = 0
    }
}
