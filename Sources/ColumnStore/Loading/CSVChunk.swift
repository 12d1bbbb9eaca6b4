// SPDX-License-Identifier: Apache-2.0

/// One field of a record: bytes without quotes, good until the next chunk is read into the same memory.
struct CSVField {
    var start: UnsafeMutablePointer<UInt8>
    var count: Int

    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
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
    private let fieldMemory: GrowingMemory
    private let countMemory: GrowingMemory

    static let readBytes = 1 << 20
    private static let fieldBytes = 4 << 20
    private static let recordsMaximum = 16_384

    init(keptFields: Int, capacity: Int? = nil) throws(StoreError) {
        self.keptFields = keptFields
        let recordBytes = max(keptFields, 1) * MemoryLayout<CSVField>.stride
        self.capacity = capacity ?? max(1, min(Self.recordsMaximum, Self.fieldBytes / recordBytes))
        window = try GrowingMemory(bytes: Limits.recordBytes + 2 * Self.readBytes)
        fieldMemory = try GrowingMemory(bytes: self.capacity * recordBytes)
        countMemory = try GrowingMemory(bytes: self.capacity * 4)
    }

    /// The fields of a record, `keptFields` places of which the first `fieldCount` hold one.
    @inline(__always)
    func fields(_ record: Int) -> UnsafeMutablePointer<CSVField> {
        fieldMemory.start.array(CSVField.self) + record * keptFields
    }

    /// How many fields each record has in the file.
    var fieldCounts: UnsafeMutablePointer<UInt32> { countMemory.start.array(UInt32.self) }

    /// Takes over the bytes that another chunk left, and forgets what it held.
    func takeRest(of other: CSVChunk?) {
        recordCount = 0
        position = 0
        failure = nil
        window.count = 0
        guard let other else { return }
        let rest = other.window.count - other.position
        window.start.copyMemory(from: other.window.start + other.position, byteCount: rest)
        window.count = rest
    }
}
