// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// Seals and opens chunks of the spill file for one thread, in memory of its own.
final class SpillWorker {
    private let layout: RowLayout
    private let keys: BlockKeys
    private let sealing: SealingContext
    private let opener: SealedFileOpener
    private let scratch: GrowingMemory
    /// Codes of the texts of one column, and whether they are there.
    private let codes: GrowingMemory

    init(_ layout: RowLayout, _ keys: BlockKeys, _ descriptor: Int32, rows: Int) throws(StoreError) {
        self.layout = layout
        self.keys = keys
        sealing = keys.makeContext()
        opener = SealedFileOpener(descriptor: descriptor, keys: keys)
        scratch = try GrowingMemory(bytes: rows * layout.rowBytes + Tag.byteCount)
        codes = try GrowingMemory(bytes: rows * 5)
    }

    private static func place(_ number: Int, _ rows: Int) -> SealedFile.Place {
        SealedFile.Place(role: .data, index: number, rows: rows, isLast: false)
    }

    /// Puts rows together and seals them, and returns their length without the tag.
    func seal(_ ordered: OrderedRows, _ rows: Range<Int>, number: Int) throws(StoreError) -> Int {
        try encode(ordered, rows)
        try scratch.reserve(Tag.byteCount)
        let count = scratch.count
        let place = Self.place(number, rows.count)
        do throws(CryptoError) {
            let tag = try sealing.seal(
                UnsafeRawBufferPointer(start: scratch.start, count: count),
                into: UnsafeMutableRawBufferPointer(start: scratch.start, count: count), nonce: keys.nonce(block: place.nonceNumber),
                associated: place.associated(byteCount: count))
            tag.withUnsafeBytes { bytes in
                if let from = bytes.baseAddress { (scratch.start + count).copyMemory(from: from, byteCount: bytes.count) }
            }
        } catch { throw StoreError(.cryptography, ["spill"]) }
        return count
    }

    /// Writes what was sealed last.
    func write(_ byteCount: Int, at offset: Int) throws(StoreError) {
        try Descriptor.write(opener.descriptor, scratch.start, count: byteCount + Tag.byteCount, at: offset, name: "spill")
    }

    /// Per column: validity, values; then for texts outside the dictionary, in order of rows, length (4 bytes) and bytes.
    private func encode(_ ordered: OrderedRows, _ rows: Range<Int>) throws(StoreError) {
        scratch.count = 0
        for column in layout.physical.indices {
            let valueBytes = rows.count * layout.physical[column].strideBytes
            let valuesStart = (scratch.count + rows.count + 15) & ~15
            try scratch.reserve(valuesStart - scratch.count + valueBytes)
            ordered.gather(
                column, rows, values: scratch.start + valuesStart, validity: scratch.start.array(UInt8.self, at: scratch.count))
            let validityStart = scratch.count
            scratch.count = valuesStart + valueBytes
            guard layout.dictionaries[column]?.isFull == true else { continue }
            // The scratch may move while texts are put behind the values.
            let (scratch, codes) = (scratch, codes.start)
            codes.copyMemory(from: scratch.start + valuesStart, byteCount: valueBytes)
            (codes + valueBytes).copyMemory(from: scratch.start + validityStart, byteCount: rows.count)
            var failure: StoreError?
            ordered.eachOwnText(
                column, rows, codes: codes.array(UInt32.self), validity: codes.array(UInt8.self, at: valueBytes)
            ) { _, text in
                do throws(StoreError) { try scratch.reserve(4 + text.count) } catch { return failure = error }
                (scratch.start + scratch.count).copyBytes(UInt32(text.count))
                if let start = text.baseAddress { (scratch.start + scratch.count + 4).copyShort(from: start, byteCount: text.count) }
                scratch.count += 4 + text.count
            }
            if let failure { throw failure }
        }
    }

    /// Opens a chunk and takes it apart into an empty batch.
    func read(_ chunk: SpillFile.Chunk, into batch: RowBatch) throws(StoreError) {
        scratch.count = 0
        try scratch.reserve(chunk.byteCount + Tag.byteCount)
        guard opener.open(into: scratch.start, count: chunk.byteCount, at: chunk.offset, place: Self.place(chunk.number, chunk.rows)) else {
            throw StoreError(.fileAltered, ["spill", ""])
        }
        batch.removeAll()
        batch.count = chunk.rows
        var place = 0
        for column in layout.physical.indices {
            let valueBytes = chunk.rows * layout.physical[column].strideBytes
            let valuesStart = (place + chunk.rows + 15) & ~15
            let (validity, values) = (batch.validity(column), batch.values(column))
            UnsafeMutableRawPointer(validity).copyMemory(from: scratch.start + place, byteCount: chunk.rows)
            values.copyMemory(from: scratch.start + valuesStart, byteCount: valueBytes)
            batch.setNulls(column)
            place = valuesStart + valueBytes
            guard let dictionary = layout.dictionaries[column], let heap = batch.heaps[column] else { continue }
            // Texts that were outside when the run was written still are: a full dictionary does not grow.
            let known = UInt32(truncatingIfNeeded: dictionary.count)
            let codes = values.array(UInt32.self)
            for row in 0..<chunk.rows where validity[row] != 0 && codes[row] >= known {
                let length = Int(UnsafeRawPointer(scratch.start).get(UInt32.self, at: place))
                codes[row] = known + (try heap.append(UnsafeRawBufferPointer(start: scratch.start + place + 4, count: length)))
                place += 4 + length
            }
        }
    }
}
