// SPDX-License-Identifier: Apache-2.0

/// One field of a record: where its bytes lie in the window of its chunk, without quotes.
struct CSVField: BitwiseCopyable {
    var start: UInt32
    var count: UInt32
}

/// Consecutive records with the memory that their fields lie in.
final class CSVChunk {
    /// Bytes of the file, and where those that no record of the chunk took begin.
    let window: GrowingMemory
    var position = 0
    /// Records in the chunk.
    var recordCount = 0
    /// Fields that are kept of each record; further ones are only counted.
    let keptFields: Int
    /// Most records.
    let capacity: Int
    /// Why reading stopped behind the last record.
    var failure: StoreError?
    /// From the places of one field to those of the next.
    let fieldStride: Int
    private let fieldMemory: GrowingMemory
    private let countMemory: GrowingMemory

    static let readBytes = 4 << 20
    /// Words may be read up to here behind the bytes of the file.
    static let slackBytes = 16
    private static let fieldBytes = 16 << 20
    private static let recordsMaximum = 65_536

    init(keptFields: Int, capacity: Int? = nil) throws(StoreError) {
        self.keptFields = keptFields
        let recordBytes = max(keptFields, 1) * MemoryLayout<CSVField>.stride
        self.capacity = capacity ?? max(1, min(Self.recordsMaximum, Self.fieldBytes / recordBytes))
        // Not a power of two, so that the fields of one record do not share a set of the cache.
        fieldStride = self.capacity + (self.capacity > 1_024 ? 72 : 0)
        window = try GrowingMemory(bytes: 2 * Self.readBytes + Self.slackBytes)
        fieldMemory = try GrowingMemory(bytes: fieldStride * recordBytes)
        countMemory = try GrowingMemory(bytes: self.capacity * 4)
    }

    /// The places of all records' fields of one column, next to each other. Those of the next column are `fieldStride` further on.
    @inline(__always)
    func fields(_ column: Int) -> UnsafeMutablePointer<CSVField> { fieldMemory.start.array(CSVField.self) + column * fieldStride }

    /// The bytes of a field, good until the next chunk is read into the same memory.
    @inline(__always)
    func bytes(_ column: Int, _ record: Int) -> UnsafeRawBufferPointer {
        let field = fields(column)[record]
        return UnsafeRawBufferPointer(start: window.start + Int(field.start), count: Int(field.count))
    }

    /// How many fields each record has in the file.
    var fieldCounts: UnsafeMutablePointer<UInt32> { countMemory.start.array(UInt32.self) }

    /// Takes over the bytes that another chunk left, and forgets what it held.
    func takeRest(of other: CSVChunk?) throws(StoreError) {
        recordCount = 0
        position = 0
        failure = nil
        window.count = 0
        guard let other else { return }
        let rest = other.window.count - other.position
        try window.reserve(rest + Self.slackBytes)
        window.start.copyMemory(from: other.window.start + other.position, byteCount: rest)
        window.count = rest
    }
}
