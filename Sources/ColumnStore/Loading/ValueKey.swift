// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The bytes under which a stored value is compared with others of its type; nil for NULL.
enum ValueKey {
    @inline(__always)
    static func bytes(_ batch: RowBatch, _ column: Int, _ row: Int) -> UnsafeRawBufferPointer? {
        guard batch.validity(column)[row] != 0 else { return nil }
        let physical = batch.layout.physical[column]
        let values = batch.values(column)
        if physical == .codes { return batch.text(column, values.array(UInt32.self)[row]) }
        return UnsafeRawBufferPointer(start: values + row * physical.strideBytes, count: physical.strideBytes)
    }

    @inline(__always)
    static func bytes(_ vector: ColumnVector, _ row: Int) -> UnsafeRawBufferPointer? {
        guard !vector.isNull(row) else { return nil }
        let physical = vector.type.physical
        if physical == .codes { return vector.dictionary?.entry(vector.codes[row]) }
        return UnsafeRawBufferPointer(start: vector.values + row * physical.strideBytes, count: physical.strideBytes)
    }
}

/// The keys of the rows of an upsert, as two keyed hashes of 64 bits each: that two keys meet is out of the question.
struct UpsertKeys {
    private struct Pair: Hashable {
        let first: UInt64
        let second: UInt64
    }
    private var seen: Set<Pair> = []
    private let columns: [Int]
    private let first: SeededHash
    private let second: SeededHash
    private let scratch: GrowingMemory

    init(columns: [Int], first: SeededHash, second: SeededHash) throws(StoreError) {
        self.columns = columns
        self.first = first
        self.second = second
        scratch = try GrowingMemory(bytes: 4096)
    }

    /// Remembers the key of the batch's row; false when it was seen before.
    mutating func insert(_ batch: RowBatch, _ row: Int) throws(StoreError) -> Bool {
        scratch.count = 0
        for column in columns { try add(ValueKey.bytes(batch, column, row)) }
        return seen.insert(pair).inserted
    }

    /// Whether a stored row gives way to a new one. The vectors are those of the key columns.
    func contains(_ vectors: [ColumnVector], _ row: Int) throws(StoreError) -> Bool {
        scratch.count = 0
        for column in columns { try add(ValueKey.bytes(vectors[column], row)) }
        return seen.contains(pair)
    }

    private var pair: Pair {
        let bytes = UnsafeRawBufferPointer(start: scratch.start, count: scratch.count)
        return Pair(first: first.hash(bytes), second: second.hash(bytes))
    }

    /// Length (4 bytes; all ones for NULL) and bytes.
    private func add(_ bytes: UnsafeRawBufferPointer?) throws(StoreError) {
        let count = bytes?.count ?? 0
        try scratch.reserve(4 + count)
        (scratch.start + scratch.count).copyBytes(bytes == nil ? UInt32.max : UInt32(count))
        if let start = bytes?.baseAddress { (scratch.start + scratch.count + 4).copyMemory(from: start, byteCount: count) }
        scratch.count += 4 + count
    }
}
