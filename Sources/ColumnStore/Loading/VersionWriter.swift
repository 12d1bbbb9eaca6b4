// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// Writes the column files of one version, block by block. Columns are independent: each may be written by another thread.
final class VersionWriter {
    private let layout: RowLayout
    private let files: [FileState]
    private let encoders: [ColumnEncoder]

    /// What is known of one file; only the thread that writes its column touches it.
    private final class FileState {
        let writer: SealedFileWriter
        /// Whether codes are those of a dictionary for the whole column, except in blocks with texts that it did not take any more.
        let hasDictionary: Bool
        var blockBytes: [Int] = []
        var zones: [Zone] = []
        var dictionaryBytes: Int?
        var zonesBytes = 0

        init(_ writer: SealedFileWriter, hasDictionary: Bool) {
            self.writer = writer
            self.hasDictionary = hasDictionary
        }
    }

    /// Dictionaries of at most this many texts always serve the whole column.
    private static let smallDictionaryEntries = 4_096

    /// - Parameters:
    ///   - rows: how many rows the dictionaries were made from.
    ///   - threads: how many threads will write columns.
    init(
        _ plan: LoadPlan, _ layout: RowLayout, outputs: [Int32], key versionKey: SecretKey, rows: Int, hasher: SeededHash,
        random: RandomBytes, threads: Int
    ) throws(StoreError) {
        self.layout = layout
        var encoders: [ColumnEncoder] = []
        for _ in 0..<threads { encoders.append(try ColumnEncoder(hasher)) }
        self.encoders = encoders
        var files: [FileState] = []
        for (position, column) in layout.columns.enumerated() {
            let writer = try SealedFileWriter(
                outputs[position], name: column.name, magic: SealedFile.columnMagic, key: ColumnKeys.key(versionKey, of: column),
                context: StoredFile.context(plan.identity, column, layout.types[position]), random: random)
            let dictionary = layout.dictionaries[position]
            let pays = dictionary.map { Self.pays($0, rows) } ?? false
            if !pays { dictionary?.close() }
            files.append(FileState(writer, hasDictionary: pays))
        }
        self.files = files
    }

    /// A dictionary for the whole column pays while texts repeat; else each block brings its own texts.
    private static func pays(_ dictionary: ColumnDictionary, _ rows: Int) -> Bool {
        !dictionary.isFull
            && (dictionary.count <= smallDictionaryEntries || dictionary.count * 2 <= rows)
    }

    /// Seals some rows as the next block of one column.
    func write(
        column position: Int, of ordered: OrderedRows, _ rows: Range<Int>, index: Int, isLast: Bool, thread: Int
    ) throws(StoreError) {
        let file = files[position]
        let encoder = encoders[thread]
        let zone = try encoder.encode(position, of: ordered, rows, hasDictionary: file.hasDictionary && !ordered.mayHaveOwnTexts(position))
        let output = encoder.output
        let byteCount = output.count
        try output.reserve(Tag.byteCount)
        let place = SealedFile.Place(role: .data, index: index, rows: rows.count, isLast: isLast)
        try file.writer.write(output.start, count: byteCount, place: place)
        file.blockBytes.append(byteCount)
        file.zones.append(zone)
    }

    /// Writes dictionaries and zone maps behind the blocks; nothing may follow.
    func finish(_ threads: LoadThreads) throws(StoreError) -> [Manifest.File] {
        let writer = self
        try threads.run(files.count) { (position, _) throws(StoreError) in
            let file = writer.files[position]
            // Without texts all blocks say that they are NULL.
            if file.hasDictionary, writer.layout.dictionaries[position]?.count != 0 { file.dictionaryBytes = try writer.writeDictionary(position) }
            file.zonesBytes = try writer.writeZones(file)
        }
        return files.indices.map { position in
            let file = files[position]
            return Manifest.File(
                column: layout.columns[position], type: layout.types[position], digest: file.writer.finish(),
                byteCount: file.writer.byteCount, commitment: file.writer.commitment, blockBytes: file.blockBytes,
                dictionaryBytes: file.dictionaryBytes, zonesBytes: file.zonesBytes)
        }
    }

    /// Rows of a column without a value.
    func nullCount(of position: Int) -> Int64 { files[position].zones.reduce(0) { $0 + Int64($1.nullCount) } }

    /// Least and greatest value of a column of whole numbers or decimals.
    func bounds(of position: Int) -> (least: Int128, greatest: Int128)? {
        let bounds = files[position].zones.compactMap(\.bounds)
        guard let least = bounds.map(\.least).min(), let greatest = bounds.map(\.greatest).max() else { return nil }
        return (least, greatest)
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
