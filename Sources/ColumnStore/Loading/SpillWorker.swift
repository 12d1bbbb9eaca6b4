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
    /// Values of one column, and whether they are there.
    private let values: GrowingMemory
    private let validity: GrowingMemory
    private var encoder: BlockEncoder

    init(_ layout: RowLayout, _ keys: BlockKeys, _ descriptor: Int32, rows: Int) throws(StoreError) {
        self.layout = layout
        self.keys = keys
        sealing = keys.makeContext()
        opener = SealedFileOpener(descriptor: descriptor, keys: keys)
        scratch = try GrowingMemory(bytes: rows * layout.rowBytes + Tag.byteCount)
        values = try GrowingMemory(bytes: rows * 16)
        validity = try GrowingMemory(bytes: rows)
        encoder = BlockEncoder(output: try GrowingMemory(bytes: rows * 16))
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

    /// Columns begin at multiples of 16 bytes, so that values can be read where they lie.
    private static let headBytes = 16

    private static func padded(_ bytes: Int) -> Int { (bytes + headBytes - 1) & ~(headBytes - 1) }

    /// Per column: the length of its block (8 bytes, then 8 of zero), the block as in a column file, without texts of its own; then for
    /// texts outside the dictionary, in order of rows, length (4 bytes) and bytes.
    private func encode(_ ordered: OrderedRows, _ rows: Range<Int>) throws(StoreError) {
        let (scratch, values, validity) = (scratch, values.start, validity.start.array(UInt8.self))
        scratch.count = 0
        for column in layout.physical.indices {
            let physical = layout.physical[column]
            ordered.gather(column, rows, values: values, validity: validity)
            try encoder.encode(physical, values: values, validity: validity, count: rows.count)
            let block = encoder.output
            try scratch.reserve(2 * Self.headBytes + block.count)
            let start = Self.padded(scratch.count)
            scratch.start.put(UInt64(block.count), at: start)
            scratch.start.put(UInt64(0), at: start + 8)
            (scratch.start + start + Self.headBytes).copyMemory(from: block.start, byteCount: block.count)
            scratch.count = start + Self.headBytes + block.count
            guard ordered.mayHaveOwnTexts(column) else { continue }
            var failure: StoreError?
            ordered.eachOwnText(column, rows, codes: values.array(UInt32.self), validity: validity) { _, text in
                do throws(StoreError) { try scratch.reserve(4 + text.count) } catch { return failure = error }
                (scratch.start + scratch.count).copyBytes(UInt32(text.count))
                if let start = text.baseAddress { (scratch.start + scratch.count + 4).copyShort(from: start, byteCount: text.count) }
                scratch.count += 4 + text.count
            }
            if let failure { throw failure }
        }
    }

    private static var altered: StoreError { StoreError(.fileAltered, ["spill", ""]) }

    /// Opens a chunk and takes it apart into an empty batch.
    func read(_ chunk: SpillFile.Chunk, into batch: RowBatch) throws(StoreError) {
        scratch.count = 0
        try scratch.reserve(chunk.byteCount + Tag.byteCount)
        let memory = scratch.start
        guard opener.open(into: memory, count: chunk.byteCount, at: chunk.offset, place: Self.place(chunk.number, chunk.rows)) else {
            throw Self.altered
        }
        batch.removeAll()
        batch.count = chunk.rows
        var place = 0
        for column in layout.physical.indices {
            let physical = layout.physical[column]
            place = Self.padded(place)
            let blockBytes = Int(UnsafeRawPointer(memory).get(UInt64.self, at: place))
            let (validity, values) = (batch.validity(column), batch.values(column))
            guard
                var decoder = BlockDecoder(memory + place + Self.headBytes, byteCount: blockBytes, rows: chunk.rows, physical)
            else { throw Self.altered }
            let decoded = decoder.values(.range(0..<chunk.rows), into: values)
            if decoded != values { values.copyMemory(from: decoded, byteCount: chunk.rows * physical.strideBytes) }
            decoder.validity(.range(0..<chunk.rows), into: validity)
            if decoder.hasNulls { batch.setNulls(column) }
            place += Self.headBytes + blockBytes
            guard let dictionary = layout.dictionaries[column], let heap = batch.heaps[column] else { continue }
            // Texts that were outside when the run was written still are: a full dictionary does not grow.
            let known = UInt32(truncatingIfNeeded: dictionary.count)
            let codes = values.array(UInt32.self)
            for row in 0..<chunk.rows where validity[row] != 0 && codes[row] >= known {
                let length = Int(UnsafeRawPointer(memory).get(UInt32.self, at: place))
                codes[row] = known + (try heap.append(UnsafeRawBufferPointer(start: memory + place + 4, count: length)))
                place += 4 + length
            }
        }
    }
}
