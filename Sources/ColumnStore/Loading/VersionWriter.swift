// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// Writes the column files of one version, block by block.
final class VersionWriter {
    private let layout: RowLayout
    private var files: [FileState] = []
    private var encoder: BlockEncoder
    private let localTexts: ByteInterner
    private let localCodes: GrowingMemory
    private let knownCodes: GrowingMemory

    private struct FileState {
        let writer: SealedFileWriter
        /// Whether the codes are those of a dictionary for the whole column.
        let hasDictionary: Bool
        var blockBytes: [Int] = []
        var zones: [Zone] = []
    }

    /// Dictionaries of at most this many texts always serve the whole column.
    private static let smallDictionaryEntries = 4_096

    init(
        _ plan: LoadPlan, _ layout: RowLayout, outputs: [Int32], key versionKey: SecretKey, totalRows: Int, hasher: SeededHash,
        random: RandomBytes
    ) throws(StoreError) {
        self.layout = layout
        encoder = BlockEncoder(output: try GrowingMemory(bytes: 1 << 20))
        localTexts = try ByteInterner(hasher)
        localCodes = try GrowingMemory(bytes: Limits.blockRows * 4)
        knownCodes = try GrowingMemory(bytes: 4096)
        for (position, column) in layout.columns.enumerated() {
            let writer = try SealedFileWriter(
                outputs[position], name: column.name, magic: SealedFile.columnMagic, key: ColumnKeys.key(versionKey, of: column),
                context: StoredFile.context(plan.identity, column, layout.types[position]), random: random)
            let dictionary = layout.dictionaries[position]
            files.append(FileState(writer: writer, hasDictionary: dictionary.map { Self.pays($0, totalRows) } ?? false))
        }
    }

    /// A dictionary for the whole column pays while texts repeat; else each block brings its own texts.
    private static func pays(_ dictionary: ColumnDictionary, _ totalRows: Int) -> Bool {
        !dictionary.isFull && dictionary.count > 0
            && (dictionary.count <= smallDictionaryEntries || dictionary.count * 2 <= totalRows)
    }

    /// Seals the first rows of a batch as the next block of every column. Slots of NULL rows in the batch are overwritten.
    func writeBlock(_ batch: RowBatch, rows: Int, index: Int, isLast: Bool) throws(StoreError) {
        for position in files.indices {
            let physical = layout.physical[position]
            if physical == .codes, !files[position].hasDictionary {
                try encodeLocalTexts(batch, position, rows)
            } else {
                try encoder.encode(physical, values: batch.values(position), validity: batch.validity(position), count: rows)
            }
            let byteCount = encoder.output.count
            try encoder.output.reserve(Tag.byteCount)
            let place = SealedFile.Place(role: .data, index: index, rows: rows, isLast: isLast)
            try files[position].writer.write(encoder.output.start, count: byteCount, place: place)
            files[position].blockBytes.append(byteCount)
            files[position].zones.append(encoder.zone)
        }
    }

    private func encodeLocalTexts(_ batch: RowBatch, _ position: Int, _ rows: Int) throws(StoreError) {
        guard let dictionary = layout.dictionaries[position] else { return }
        localTexts.removeAll()
        // A text of the dictionary is looked for once; the map is cleared behind the block.
        knownCodes.count = 0
        try knownCodes.reserve(dictionary.count * 4)
        let known = knownCodes.start.array(UInt32.self)
        let codes = batch.values(position).array(UInt32.self)
        let validity = batch.validity(position)
        let local = localCodes.start.array(UInt32.self)
        let dictionaryCount = dictionary.count
        for row in 0..<rows where validity[row] != 0 {
            let code = codes[row]
            if Int(code) < dictionaryCount, known[Int(code)] != 0 {
                local[row] = known[Int(code)] - 1
                continue
            }
            guard let text = batch.text(position, code) else { continue }
            let new = try localTexts.intern(text, limit: Limits.blockRows) ?? 0
            local[row] = new
            if Int(code) < dictionaryCount { known[Int(code)] = new + 1 }
        }
        for row in 0..<rows where validity[row] != 0 && Int(codes[row]) < dictionaryCount { known[Int(codes[row])] = 0 }
        try encoder.encodeLocalTexts(local, texts: localTexts.heap, validity: validity, count: rows)
    }

    /// Writes dictionaries and zone maps behind the blocks; nothing may follow.
    func finish() throws(StoreError) -> [Manifest.File] {
        var entries: [Manifest.File] = []
        for position in files.indices {
            let file = files[position]
            let dictionaryBytes = file.hasDictionary ? try writeDictionary(position) : nil
            let zonesBytes = try writeZones(file)
            entries.append(
                Manifest.File(
                    column: layout.columns[position], type: layout.types[position], digest: file.writer.finish(),
                    byteCount: file.writer.byteCount, commitment: file.writer.commitment, blockBytes: file.blockBytes,
                    dictionaryBytes: dictionaryBytes, zonesBytes: zonesBytes))
        }
        return entries
    }

    /// Number of texts, their offsets (one more than texts), their bytes.
    private func writeDictionary(_ position: Int) throws(StoreError) -> Int {
        guard let heap = layout.dictionaries[position]?.heap else { return 0 }
        let byteCount = 4 + (heap.count + 1) * 4 + heap.byteCount
        let memory = try GrowingMemory(bytes: byteCount + Tag.byteCount)
        memory.start.put(UInt32(heap.count).littleEndian, at: 0)
        let bytesStart = 4 + (heap.count + 1) * 4
        var length = 0
        for entry in 0..<heap.count {
            let text = heap.entry(UInt32(entry))
            memory.start.put(UInt32(length).littleEndian, at: 4 + entry * 4)
            if let start = text.baseAddress { (memory.start + bytesStart + length).copyMemory(from: start, byteCount: text.count) }
            length += text.count
        }
        memory.start.put(UInt32(length).littleEndian, at: 4 + heap.count * 4)
        let place = SealedFile.Place(role: .dictionary, index: 0, rows: 0, isLast: true)
        try files[position].writer.write(memory.start, count: byteCount, place: place)
        return byteCount
    }

    private func writeZones(_ file: FileState) throws(StoreError) -> Int {
        let byteCount = file.zones.count * Zone.byteCount
        let memory = try GrowingMemory(bytes: byteCount + Tag.byteCount)
        for (block, zone) in file.zones.enumerated() { zone.write(to: memory.start + block * Zone.byteCount) }
        let place = SealedFile.Place(role: .zones, index: 0, rows: file.zones.count, isLast: true)
        try file.writer.write(memory.start, count: byteCount, place: place)
        return byteCount
    }
}
