// SPDX-License-Identifier: Apache-2.0

/// Records of one chunk on their way into one batch: first all fields are judged, then the texts of the rows that stay are numbered.
final class RowSlice {
    let chunk: CSVChunk
    let first: Int
    let count: Int
    /// Rows of the file before it.
    let row: Int64
    let batch: RowBatch
    /// Rows of the batch before it.
    let base: Int
    /// What the converters noted, one for each.
    let notes: [ColumnNotes]
    /// The rows that stay, counted from `first`, once all are judged.
    let kept: GrowingMemory
    var keptCount: Int

    init(_ chunk: CSVChunk, first: Int, count: Int, row: Int64, _ batch: RowBatch, _ notes: [ColumnNotes], _ kept: GrowingMemory) {
        self.chunk = chunk
        self.first = first
        self.count = count
        self.row = row
        self.batch = batch
        base = batch.count
        self.notes = notes
        self.kept = kept
        keptCount = count
    }

    var keptRows: UnsafeMutablePointer<UInt32> { kept.start.array(UInt32.self) }

    /// Notes which rows stay: those without fault, or, where one fault refuses everything, those before the first.
    func keep(except faults: [RowFault], stopping: Bool) throws(StoreError) {
        kept.count = 0
        try kept.reserve(count * 4)
        let kept = keptRows
        guard !faults.isEmpty else {
            for row in 0..<count { kept[row] = UInt32(truncatingIfNeeded: row) }
            return
        }
        let rows = Set(faults.map(\.row))
        let end = stopping ? rows.min() ?? count : count
        keptCount = 0
        for row in 0..<end where !rows.contains(row) {
            kept[keptCount] = UInt32(truncatingIfNeeded: row)
            keptCount += 1
        }
        batch.compact(kept, count: keptCount, at: base)
    }
}

/// What is wrong with a row of a slice.
struct RowFault {
    let row: Int
    /// Order among the faults of a row.
    let position: Int
    let column: String
    let reason: BadValueReason
}

/// What a converter knows of the rows of one slice between judging and numbering them.
final class ColumnNotes {
    /// Fields that cannot be stored.
    var bad: [(row: Int, reason: BadValueReason)] = []
    /// For each row the text to number; without a start in the file it lies in `scratch`, and -1 bytes mean NULL.
    let pending = GrowingMemory()
    let scratch = GrowingMemory()

    struct PendingText {
        var start: UnsafeRawPointer?
        /// Where it begins in `scratch` when `start` is nil.
        var place: Int32
        var count: Int32
    }
}
