// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The stored columns of a load, and what their texts are numbered by.
final class RowLayout {
    let columns: [StoredColumn]
    let types: [LogicalType]
    let physical: [PhysicalType]
    /// For text columns.
    let dictionaries: [ColumnDictionary?]
    /// Position of the entity numbers that order the rows.
    let keyColumn: Int?
    /// Bytes of one row in a batch.
    let rowBytes: Int
    let ceilings: Limits.Ceilings

    init(_ plan: LoadPlan, hasher: SeededHash, _ ceilings: Limits.Ceilings) throws(StoreError) {
        self.ceilings = ceilings
        columns = plan.storedColumns
        types = columns.map { column in
            switch column {
            case .entity(let type): .entity(type)
            case .column(let name): plan.columns.first { $0.name == name }?.storedType ?? .text
            }
        }
        physical = types.map(\.physical)
        keyColumn = plan.entities.isEmpty ? nil : columns.firstIndex(of: .entity(plan.entities[0].type))
        var dictionaries: [ColumnDictionary?] = []
        for type in physical { dictionaries.append(type == .codes ? try ColumnDictionary(hasher, ceilings) : nil) }
        self.dictionaries = dictionaries
        rowBytes = physical.reduce(0) { $0 + $1.strideBytes + 1 }
    }

    /// For each text column with a full dictionary: the least code of texts outside it.
    var ownTextCodes: [UInt32?] { dictionaries.map { $0.flatMap { $0.isFull ? UInt32(truncatingIfNeeded: $0.count) : nil } } }

    /// Rows of a batch that takes at most `bytes`: a power of two from 256 to the rows of a block.
    func batchRows(bytes: Int) -> Int {
        var rows = Limits.blockRows
        while rows > 256, rows * rowBytes > bytes { rows /= 2 }
        return rows
    }
}

/// The distinct texts of a column while they repeat and are few enough; then it stops growing, and further texts stay with their rows.
final class ColumnDictionary {
    let interner: ByteInterner
    private(set) var isFull = false
    /// Texts hardly repeat, so that it is not worth while to look for one.
    private(set) var isHopeless = false
    private var trialRows: Int
    private let ceilings: Limits.Ceilings

    init(_ hasher: SeededHash, _ ceilings: Limits.Ceilings) throws(StoreError) {
        interner = try ByteInterner(hasher)
        trialRows = ceilings.dictionaryTrialRows
        self.ceilings = ceilings
    }

    var heap: TextHeap { interner.heap }
    var count: Int { interner.count }
    var capacityBytes: Int { interner.capacityBytes }

    /// Takes no further texts, and is not looked into for them.
    func close() {
        isFull = true
        isHopeless = true
    }

    /// The code of a text; nil when the dictionary is full and does not have it.
    func code(_ text: UnsafeRawBufferPointer) throws(StoreError) -> UInt32? {
        isHopeless ? nil : try code(text, tag: interner.tag(text))
    }

    /// As `code`, with the tag that `interner` gave for the text.
    @inline(__always)
    func code(_ text: UnsafeRawBufferPointer, tag: UInt32) throws(StoreError) -> UInt32? {
        if isFull { return isHopeless ? nil : interner.find(text, tag: tag) }
        let hasRoom = interner.heap.byteCount + text.count <= ceilings.dictionaryBytes
        let code = try interner.intern(text, tag: tag, limit: hasRoom ? ceilings.dictionaryEntries : 0)
        if code == nil { isFull = true }
        if trialRows > 0 {
            trialRows -= 1
            // Seven of eight texts were new: the rest will hardly repeat either.
            if trialRows == 0, interner.count * 8 >= ceilings.dictionaryTrialRows * 7 {
                isFull = true
                isHopeless = true
            }
        }
        return code
    }
}

/// Rows in columns, in confidential memory. Text codes from the dictionary's count upwards mean texts of the batch's own heap.
final class RowBatch {
    let layout: RowLayout
    let capacity: Int
    var count = 0
    private let memory: GrowingMemory
    private let valueOffsets: [Int]
    private let validityOffsets: [Int]
    let heaps: [TextHeap?]
    private let nulls: UnsafeMutablePointer<Bool>

    init(_ layout: RowLayout, capacity: Int) throws(StoreError) {
        self.layout = layout
        self.capacity = capacity
        var offset = 0
        var valueOffsets: [Int] = []
        var validityOffsets: [Int] = []
        var heaps: [TextHeap?] = []
        for type in layout.physical {
            valueOffsets.append(offset)
            offset += (capacity * type.strideBytes + 63) & ~63
            validityOffsets.append(offset)
            offset += (capacity + 63) & ~63
            heaps.append(type == .codes ? try TextHeap() : nil)
        }
        self.valueOffsets = valueOffsets
        self.validityOffsets = validityOffsets
        self.heaps = heaps
        memory = try GrowingMemory(bytes: offset)
        nulls = .allocate(capacity: layout.physical.count)
        nulls.initialize(repeating: false, count: layout.physical.count)
    }

    deinit { nulls.deallocate() }

    @inline(__always)
    func values(_ column: Int) -> UnsafeMutableRawPointer { memory.start + valueOffsets[column] }

    @inline(__always)
    func validity(_ column: Int) -> UnsafeMutablePointer<UInt8> { memory.start.array(UInt8.self, at: validityOffsets[column]) }

    /// Whether a column may hold NULLs.
    func mayHaveNulls(_ column: Int) -> Bool { nulls[column] }

    /// Called by the thread that fills a column, when there is a NULL among the values or nobody looked.
    func setNulls(_ column: Int) { nulls[column] = true }

    /// The text of a code.
    @inline(__always)
    func text(_ column: Int, _ code: UInt32) -> UnsafeRawBufferPointer? {
        guard let dictionary = layout.dictionaries[column] else { return nil }
        if Int(code) < dictionary.count { return dictionary.heap.entry(code) }
        return heaps[column]?.entry(code - UInt32(dictionary.count))
    }

    /// Code for a text of this batch.
    @inline(__always)
    func code(_ column: Int, _ text: UnsafeRawBufferPointer) throws(StoreError) -> UInt32 {
        guard let dictionary = layout.dictionaries[column], let heap = heaps[column] else { return 0 }
        if let code = try dictionary.code(text) { return code }
        return UInt32(dictionary.count) + (try heap.append(text))
    }

    var heapBytes: Int { heaps.reduce(0) { $0 + ($1?.byteCount ?? 0) } }
    var capacityBytes: Int { memory.capacityBytes + heaps.reduce(0) { $0 + ($1?.capacityBytes ?? 0) } }

    func removeAll() {
        count = 0
        nulls.update(repeating: false, count: layout.physical.count)
        for heap in heaps { heap?.removeAll() }
    }

    /// The entity number that orders a row; NULL comes last.
    @inline(__always)
    func orderKey(_ row: Int) -> UInt32 {
        guard let column = layout.keyColumn, validity(column)[row] != 0 else { return UInt32.max }
        return values(column).array(UInt32.self)[row]
    }
}
