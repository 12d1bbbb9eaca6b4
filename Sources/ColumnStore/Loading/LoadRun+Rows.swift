// SPDX-License-Identifier: Apache-2.0

/// How the rows of the file are judged and staged: many at a time, column by column on all threads.
extension LoadRun {
    private static let progressRows: Int64 = 65_536

    /// Reads the file in chunks. While a slice is judged, the one before is numbered and the next chunk read: three chunks are in use.
    func readRows(_ reader: CSVReader, after header: CSVChunk, _ progress: (Int64) -> Void) throws(StoreError) -> Int64 {
        var chunks: [CSVChunk] = []
        var notes: [SliceNotes] = []
        for _ in 0..<3 { chunks.append(try CSVChunk(keptFields: reader.expectedFields)) }
        for _ in 0..<2 { notes.append(SliceNotes(columns: converters.map { _ in ColumnNotes() }, kept: GrowingMemory())) }
        reader.read(into: chunks[0], after: header)
        var (place, first, isAhead, slices) = (0, 0, false, 0)
        var row: Int64 = 0
        var judged: RowSlice?
        while true {
            let chunk = chunks[place % 3]
            if first == chunk.recordCount {
                guard isAhead else { break }
                (place, first, isAhead) = (place + 1, 0, false)
                continue
            }
            // Whole batches may be put aside now, so that every row of them must be numbered.
            if staging.isFull, let last = judged {
                try step(numbering: last)
                judged = nil
            }
            try staging.prepare()
            let count = min(chunk.recordCount - first, staging.current.capacity - staging.current.count)
            let note = notes[slices % 2]
            let slice = RowSlice(chunk, first: first, count: count, row: row, staging.current, note.columns, note.kept)
            let following = isAhead || chunk.failure != nil ? nil : chunks[(place + 1) % 3]
            try step(judging: slice, numbering: judged, besides: following.map { next in { reader.read(into: next, after: chunk) } })
            judged = try settle(slice) ? slice : nil
            if upsertKeys != nil, let last = judged {
                try step(numbering: last)
                judged = nil
            }
            isAhead = isAhead || following != nil
            (first, slices) = (first + count, slices + 1)
            let steps = row / Self.progressRows
            row += Int64(count)
            if row / Self.progressRows > steps { progress(row / Self.progressRows * Self.progressRows) }
        }
        if let last = judged { try step(numbering: last) }
        if let failure = chunks[place % 3].failure { throw failure }
        progress(row)
        return row
    }

    private struct SliceNotes {
        let columns: [ColumnNotes]
        let kept: GrowingMemory
    }

    /// Judges one slice, numbers the texts of the one before, and does `other`, all at the same time.
    private func step(
        judging slice: RowSlice? = nil, numbering last: RowSlice?, besides other: (() -> Void)? = nil
    ) throws(StoreError) {
        let (converters, numbering) = (converters, last == nil ? [] : numbering)
        let others = other == nil ? 0 : 1
        let numberings = others + numbering.count
        try threads.run(numberings + (slice == nil ? 0 : converters.count)) { (piece, _) throws(StoreError) in
            if piece < others {
                other?()
            } else if piece < numberings {
                if let last { try Self.number(numbering[piece - others], converters, last) }
            } else if let slice {
                try converters[piece - numberings].check(slice, slice.notes[piece - numberings])
            }
        }
        if let last {
            followLinks(last)
            try dropRepeatedKeys(last)
        }
    }

    /// Columns of one entity type are numbered row by row, so that numbers do not depend on how the file was cut into slices.
    private static func number(_ group: [Int], _ converters: [ColumnConverter], _ slice: RowSlice) throws(StoreError) {
        if group.count == 1 { return try converters[group[0]].number(slice, slice.notes[group[0]], 0..<slice.keptCount) }
        for row in 0..<slice.keptCount {
            for position in group { try converters[position].number(slice, slice.notes[position], row..<(row + 1)) }
        }
    }
}
