// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Encodes blocks of any column, one at a time, in memory of its own.
final class ColumnEncoder {
    private var encoder: BlockEncoder
    private let values: GrowingMemory
    private let validity: GrowingMemory
    private let localTexts: ByteInterner
    private let localCodes: GrowingMemory
    private let knownCodes: GrowingMemory
    private let found = GrowingMemory()

    init(_ hasher: SeededHash) throws(StoreError) {
        encoder = BlockEncoder(output: try GrowingMemory(bytes: 1 << 20))
        values = try GrowingMemory(bytes: Limits.blockRows * 8)
        validity = try GrowingMemory(bytes: Limits.blockRows + 64)
        localTexts = try ByteInterner(hasher)
        localCodes = try GrowingMemory(bytes: Limits.blockRows * 4)
        knownCodes = GrowingMemory()
    }

    /// The block encoded last.
    var output: GrowingMemory { encoder.output }

    /// Encodes one column of some rows, at most as many as a block has.
    func encode(_ column: Int, of ordered: OrderedRows, _ rows: Range<Int>, hasDictionary: Bool) throws(StoreError) -> Zone {
        let physical = ordered.layout.physical[column]
        try values.reserve(rows.count * physical.strideBytes)
        let validity = validity.start.array(UInt8.self)
        ordered.gather(column, rows, values: values.start, validity: validity)
        if physical == .codes, !hasDictionary {
            try encodeLocalTexts(ordered, column, rows, validity)
        } else {
            try encoder.encode(physical, values: values.start, validity: validity, count: rows.count)
        }
        return encoder.zone
    }

    private func encodeLocalTexts(
        _ ordered: OrderedRows, _ column: Int, _ rows: Range<Int>, _ validity: UnsafeMutablePointer<UInt8>
    ) throws(StoreError) {
        guard let dictionary = ordered.layout.dictionaries[column] else { return }
        let (localTexts, count) = (localTexts, rows.count)
        localTexts.removeAll()
        let codes = values.start.array(UInt32.self)
        let local = localCodes.start.array(UInt32.self)
        // A text of the dictionary is looked for once; the map is cleared behind the block.
        knownCodes.count = 0
        try knownCodes.reserve(dictionary.count * 4)
        let known = knownCodes.start.array(UInt32.self)
        let dictionaryCount = UInt32(truncatingIfNeeded: dictionary.count)
        for row in 0..<count where validity[row] != 0 && codes[row] < dictionaryCount {
            let code = Int(codes[row])
            if known[code] == 0 { known[code] = 1 + (try localTexts.intern(dictionary.heap.entry(codes[row]), limit: Limits.blockRows) ?? 0) }
            local[row] = known[code] - 1
        }
        try internOwnTexts(ordered, column, rows, validity)
        for row in 0..<count where validity[row] != 0 && codes[row] < dictionaryCount { known[Int(codes[row])] = 0 }
        try encoder.encodeLocalTexts(local, texts: localTexts.heap, validity: validity, count: count)
    }

    private struct OwnText: BitwiseCopyable {
        let row: Int
        let start: UnsafeRawPointer?
        let count: Int
    }

    /// Numbers the texts outside the dictionary. They lie anywhere in memory: first all are found, then hashed, then compared, so that
    /// memory is waited for many at a time.
    private func internOwnTexts(
        _ ordered: OrderedRows, _ column: Int, _ rows: Range<Int>, _ validity: UnsafeMutablePointer<UInt8>
    ) throws(StoreError) {
        let localTexts = localTexts
        let local = localCodes.start.array(UInt32.self)
        found.count = 0
        try found.reserve(rows.count * (MemoryLayout<OwnText>.stride + 4))
        let texts = found.start.array(OwnText.self)
        let tags = found.start.array(UInt32.self, at: rows.count * MemoryLayout<OwnText>.stride)
        var count = 0
        ordered.eachOwnText(column, rows, codes: values.start.array(UInt32.self), validity: validity) { row, text in
            texts[count] = OwnText(row: row, start: text.baseAddress, count: text.count)
            count += 1
        }
        for place in 0..<count { tags[place] = localTexts.tag(UnsafeRawBufferPointer(start: texts[place].start, count: texts[place].count)) }
        for place in 0..<count {
            let text = UnsafeRawBufferPointer(start: texts[place].start, count: texts[place].count)
            local[texts[place].row] = try localTexts.intern(text, tag: tags[place], limit: Limits.blockRows) ?? 0
        }
    }
}
