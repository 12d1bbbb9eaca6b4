// SPDX-License-Identifier: Apache-2.0

import CryptoSuites
import Tabular

/// Decrypts, authenticates and decodes blocks of some columns of a stored table. For one thread.
///
/// A block of a column is read and opened when rows of it are first asked for; only the rows asked for are decoded.
public final class ColumnReader {
    private let columns: [ColumnBlocks]
    private let blockRows: [Int]
    private var block = 0

    init(_ columns: [ColumnBlocks], blockRows: [Int]) {
        self.columns = columns
        self.blockRows = blockRows
    }

    /// Goes to a block of the table.
    public func open(block: Int) {
        precondition(blockRows.indices.contains(block), "a block of this table")
        self.block = block
    }

    /// Rows of one of the asked columns in the open block, no more at a time than the reader was made for. The values are valid until
    /// the next call for this column.
    ///
    /// Throws `store.block-altered` with table, column and block when a block is not what was sealed in this place.
    public func read(_ column: Int, _ rows: BlockRows) throws(StoreError) -> ColumnVector { try columns[column].read(block, rows) }

    /// Which rows of the open block have a value of a 64-bit column in `range`; NULL is in none. `flags` has room for the rows rounded up to
    /// 8. Values of this column that were read before are no longer valid.
    public func select(
        _ column: Int, _ range: ValueRange, _ rows: BlockRows, into flags: UnsafeMutablePointer<UInt8>
    ) throws(StoreError) -> BlockMatch {
        try columns[column].select(block, range, rows, into: flags)
    }

    /// The asked columns of one block, in order; valid until the next call. For readers that take whole blocks at a time.
    public func read(block: Int) throws(StoreError) -> [ColumnVector] {
        open(block: block)
        var vectors: [ColumnVector] = []
        vectors.reserveCapacity(columns.count)
        for column in columns { vectors.append(try column.read(block, .range(0..<blockRows[block]))) }
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
    private let rowsAtATime: Int
    private let arena: ConfidentialArena
    /// Ciphertext, opened in place.
    private let block: UnsafeMutableRawPointer
    private let values: UnsafeMutableRawPointer
    private let validity: UnsafeMutablePointer<UInt8>
    /// The block that is open, and the dictionary its codes mean.
    private var number = -1
    private var decoder: BlockDecoder?
    private var blockDictionary: TextDictionary?

    init(
        _ file: StoredFile, dictionary: TextDictionary?, blockRows: [Int], rowsAtATime: Int, arena: ConfidentialArena
    ) throws(StoreError) {
        self.file = file
        self.dictionary = dictionary
        self.blockRows = blockRows
        self.arena = arena
        opener = SealedFileOpener(descriptor: file.descriptor, keys: file.keys)
        self.rowsAtATime = min(rowsAtATime, blockRows.max() ?? 0)
        let room = (self.rowsAtATime + 63) & ~63
        guard let block = arena.allocate(bytes: (file.entry.blockBytes.max() ?? 0) + Tag.byteCount),
            let values = arena.allocate(bytes: room * file.entry.type.physical.strideBytes + 64),
            let validity = arena.allocate(UInt8.self, count: room + 64),
            let noOffsets = arena.allocate(UInt32.self, count: 2), let noBytes = arena.allocate(UInt8.self, count: 1)
        else { throw StoreError(.outOfMemory) }
        self.block = block
        self.values = values
        self.validity = validity
        // One empty text, for blocks in which every row is NULL.
        let isText = file.entry.type.physical == .codes
        emptyDictionary = isText ? TextDictionary(count: 1, offsets: noOffsets, bytes: noBytes, arena: arena) : nil
    }

    func read(_ index: Int, _ rows: BlockRows) throws(StoreError) -> ColumnVector {
        precondition(rows.count <= rowsAtATime, "as many rows as the reader was made for")
        if number != index { try open(index) }
        guard var decoder else { throw file.altered(String(index)) }
        let start = decoder.values(rows, into: values)
        if decoder.hasNulls { decoder.validity(rows, into: validity) }
        self.decoder = decoder
        if let blockDictionary { try check(start.array(UInt32.self), rows.count, blockDictionary, index) }
        return ColumnVector(
            type: file.entry.type, count: rows.count, values: start, validity: decoder.hasNulls ? validity : nil,
            dictionary: blockDictionary, bounds: decoder.bounds, arena: arena)
    }

    func select(
        _ index: Int, _ range: ValueRange, _ rows: BlockRows, into flags: UnsafeMutablePointer<UInt8>
    ) throws(StoreError) -> BlockMatch {
        precondition(rows.count <= rowsAtATime, "as many rows as the reader was made for")
        if number != index { try open(index) }
        guard var decoder else { throw file.altered(String(index)) }
        let match = decoder.select(range, rows, scratch: values, validity: validity, into: flags)
        self.decoder = decoder
        return match
    }

    private func open(_ index: Int) throws(StoreError) {
        number = -1
        decoder = nil
        let entry = file.entry, rows = blockRows[index], byteCount = entry.blockBytes[index]
        let place = SealedFile.Place(role: .data, index: index, rows: rows, isLast: index == blockRows.count - 1)
        guard opener.open(into: block, count: byteCount, at: file.offsets[index], place: place),
            let opened = BlockDecoder(block, byteCount: byteCount, rows: rows, entry.type.physical)
        else { throw file.altered(String(index)) }
        if entry.type.physical == .codes {
            let local = opened.localTexts.map { TextDictionary(count: $0.count, offsets: $0.offsets, bytes: $0.bytes, arena: arena) }
            guard let used = local ?? dictionary ?? emptyDictionary else { throw file.altered(String(index)) }
            blockDictionary = used
        }
        decoder = opened
        number = index
    }

    /// No code may point outside its dictionary.
    private func check(
        _ codes: UnsafePointer<UInt32>, _ count: Int, _ dictionary: TextDictionary, _ index: Int
    ) throws(StoreError) {
        var greatest: UInt32 = 0
        for row in 0..<count { greatest = max(greatest, codes[row]) }
        guard Int(greatest) < max(dictionary.count, 1) else { throw file.altered(String(index)) }
    }
}
