// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// Decrypts, authenticates and decodes blocks of some columns of a stored table. For one thread.
public final class ColumnReader {
    private let columns: [ColumnBlocks]
    private let blockCount: Int

    init(_ columns: [ColumnBlocks], blockCount: Int) {
        self.columns = columns
        self.blockCount = blockCount
    }

    /// The asked columns of one block, in order; valid until the next call.
    ///
    /// Throws `store.block-altered` with table, column and block when a block is not what was sealed in this place.
    public func read(block: Int) throws(StoreError) -> [ColumnVector] {
        precondition((0..<blockCount).contains(block), "a block of this table")
        var vectors: [ColumnVector] = []
        vectors.reserveCapacity(columns.count)
        for column in columns { vectors.append(try column.read(block)) }
        return vectors
    }
}

/// The blocks of one column with the buffers of one thread.
final class ColumnBlocks {
    private let file: StoredFile
    private let opener: SealedFileOpener
    private let dictionary: TextDictionary?
    private let emptyDictionary: TextDictionary?
    private let blockRows: [Int]
    private let arena: ConfidentialArena
    /// Ciphertext, opened in place.
    private let block: UnsafeMutableRawPointer
    private let values: UnsafeMutableRawPointer
    private let validity: UnsafeMutablePointer<UInt8>

    init(
        _ file: StoredFile, dictionary: TextDictionary?, blockRows: [Int], arena: ConfidentialArena
    ) throws(StoreError) {
        self.file = file
        self.dictionary = dictionary
        self.blockRows = blockRows
        self.arena = arena
        opener = SealedFileOpener(descriptor: file.descriptor, keys: file.keys)
        let rows = ((blockRows.max() ?? 0) + 63) & ~63
        guard let block = arena.allocate(bytes: (file.entry.blockBytes.max() ?? 0) + Tag.byteCount),
            let values = arena.allocate(bytes: rows * file.entry.type.physical.strideBytes + 64),
            let validity = arena.allocate(UInt8.self, count: rows + 64),
            let noOffsets = arena.allocate(UInt32.self, count: 2), let noBytes = arena.allocate(UInt8.self, count: 1)
        else { throw StoreError(.outOfMemory) }
        self.block = block
        self.values = values
        self.validity = validity
        // One empty text, for blocks in which every row is NULL.
        let isText = file.entry.type.physical == .codes
        emptyDictionary = isText ? TextDictionary(count: 1, offsets: noOffsets, bytes: noBytes, arena: arena) : nil
    }

    func read(_ index: Int) throws(StoreError) -> ColumnVector {
        let entry = file.entry
        let rows = blockRows[index]
        let byteCount = entry.blockBytes[index]
        let place = SealedFile.Place(role: .data, index: index, rows: rows, isLast: index == blockRows.count - 1)
        guard opener.open(into: block, count: byteCount, at: file.offsets[index], place: place),
            let decoded = BlockDecoder(block, byteCount: byteCount, rows: rows)?
                .decode(entry.type.physical, values: values, validity: validity)
        else { throw file.altered(String(index)) }
        let dictionary = try dictionary(for: decoded, rows, index)
        return ColumnVector(
            type: entry.type, count: rows, values: decoded.start, validity: decoded.hasNulls ? validity : nil, dictionary: dictionary,
            arena: arena)
    }

    /// The dictionary that the codes of a block mean, after making sure that none points outside it.
    private func dictionary(for decoded: BlockDecoder.Values, _ rows: Int, _ index: Int) throws(StoreError) -> TextDictionary? {
        guard file.entry.type.physical == .codes else { return nil }
        let local = decoded.localTexts.map { TextDictionary(count: $0.count, offsets: $0.offsets, bytes: $0.bytes, arena: arena) }
        guard let used = local ?? dictionary ?? emptyDictionary else { throw file.altered(String(index)) }
        let codes = decoded.start.array(UInt32.self)
        var greatest: UInt32 = 0
        for row in 0..<rows { greatest = max(greatest, codes[row]) }
        guard Int(greatest) < max(used.count, 1) else { throw file.altered(String(index)) }
        return used
    }
}
