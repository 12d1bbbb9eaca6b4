// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Encodes blocks of any column, one at a time, in memory of its own.
final class ColumnEncoder {
    private var encoder: BlockEncoder
    private let localTexts: ByteInterner
    private let localCodes: GrowingMemory
    private let knownCodes: GrowingMemory

    init(_ hasher: SeededHash) throws(StoreError) {
        encoder = BlockEncoder(output: try GrowingMemory(bytes: 1 << 20))
        localTexts = try ByteInterner(hasher)
        localCodes = try GrowingMemory(bytes: Limits.blockRows * 4)
        knownCodes = try GrowingMemory(bytes: 4096)
    }

    /// The block encoded last.
    var output: GrowingMemory { encoder.output }

    /// Encodes the first rows of a column. Slots of NULL rows are overwritten.
    func encode(_ column: Int, of batch: RowBatch, rows: Int, hasDictionary: Bool) throws(StoreError) -> Zone {
        let physical = batch.layout.physical[column]
        if physical == .codes, !hasDictionary {
            try encodeLocalTexts(batch, column, rows)
        } else {
            try encoder.encode(physical, values: batch.values(column), validity: batch.validity(column), count: rows)
        }
        return encoder.zone
    }

    private func encodeLocalTexts(_ batch: RowBatch, _ column: Int, _ rows: Int) throws(StoreError) {
        guard let dictionary = batch.layout.dictionaries[column] else { return }
        localTexts.removeAll()
        // A text of the dictionary is looked for once; the map is cleared behind the block.
        knownCodes.count = 0
        try knownCodes.reserve(dictionary.count * 4)
        let known = knownCodes.start.array(UInt32.self)
        let codes = batch.values(column).array(UInt32.self)
        let validity = batch.validity(column)
        let local = localCodes.start.array(UInt32.self)
        let dictionaryCount = dictionary.count
        for row in 0..<rows where validity[row] != 0 {
            let code = codes[row]
            if Int(code) < dictionaryCount, known[Int(code)] != 0 {
                local[row] = known[Int(code)] - 1
                continue
            }
            guard let text = batch.text(column, code) else { continue }
            let new = try localTexts.intern(text, limit: Limits.blockRows) ?? 0
            local[row] = new
            if Int(code) < dictionaryCount { known[Int(code)] = new + 1 }
        }
        for row in 0..<rows where validity[row] != 0 && Int(codes[row]) < dictionaryCount { known[Int(codes[row])] = 0 }
        try encoder.encodeLocalTexts(local, texts: localTexts.heap, validity: validity, count: rows)
    }
}
