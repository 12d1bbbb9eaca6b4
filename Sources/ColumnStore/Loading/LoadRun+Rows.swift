// SPDX-License-Identifier: Apache-2.0

/// How the rows of the file are judged and staged: many at a time, column by column on all threads.
extension LoadRun {
    private static let progressRows: Int64 = 65_536

    /// Reads the file in chunks; while one is worked on, the next is read.
    func readRows(_ reader: CSVReader, after header: CSVChunk, _ progress: (Int64) -> Void) throws(StoreError) -> Int64 {
        var row: Int64 = 0
        var current = try CSVChunk(keptFields: reader.expectedFields)
        var next = try CSVChunk(keptFields: reader.expectedFields)
        reader.read(into: current, after: header)
        while current.recordCount > 0 || current.failure != nil {
            var first = 0
            var isNextRead = current.failure != nil
            while first < current.recordCount {
                try staging.prepare()
                let count = min(current.recordCount - first, staging.current.capacity - staging.current.count)
                let (chunk, following) = (current, next)
                let slice = RowSlice(chunk: chunk, first: first, count: count, row: row)
                try load(slice, besides: isNextRead ? nil : { reader.read(into: following, after: chunk) })
                isNextRead = true
                let steps = row / Self.progressRows
                row += Int64(count)
                if row / Self.progressRows > steps { progress(row / Self.progressRows * Self.progressRows) }
                first += count
            }
            if let failure = current.failure { throw failure }
            swap(&current, &next)
        }
        progress(row)
        return row
    }

    /// Records that fit into the current batch.
    private struct RowSlice {
        let chunk: CSVChunk
        let first: Int
        let count: Int
        /// Rows of the file before it.
        let row: Int64
    }

    /// Judges a slice, numbers the texts of the rows that stay, and counts them. `other` is done on one of the threads meanwhile.
    private func load(_ slice: RowSlice, besides other: (() -> Void)?) throws(StoreError) {
        let (batch, converters, extra) = (staging.current, converters, other == nil ? 0 : 1)
        try threads.run(converters.count + extra) { (piece, _) throws(StoreError) in
            if let other, piece == 0 { return other() }
            try converters[piece - extra].check(slice.chunk, first: slice.first, count: slice.count, batch)
        }
        var bad = badFields(slice)
        var keptCount = slice.count
        let kept = try keptRows(slice.count, except: bad, &keptCount)
        if !rejects.refuses {
            if bad.isEmpty == false { batch.compact(kept, count: keptCount, columns: Array(layout.physical.indices)) }
            let numbering = numbering
            try threads.run(numbering.count) { (piece, _) throws(StoreError) in
                try Self.number(numbering[piece].map { converters[$0] }, kept, keptCount, batch)
            }
            followLinks(batch, keptCount)
            try dropRepeatedKeys(slice, batch, kept, &keptCount, &bad)
        }
        for fault in bad.sorted(by: { ($0.row, $0.position) < ($1.row, $1.position) }) {
            try rejects.add(BadValue(row: slice.row + Int64(fault.row) + 1, column: fault.column, reason: fault.reason))
        }
        rejectedRows += Int64(Set(bad.map(\.row)).count)
        if !rejects.refuses { staging.commit(keptCount) }
    }

    /// Columns of one entity type are numbered row by row, so that numbers do not depend on how the file was cut into slices.
    private static func number(
        _ converters: [ColumnConverter], _ kept: UnsafePointer<UInt32>, _ count: Int, _ batch: RowBatch
    ) throws(StoreError) {
        if converters.count == 1 { return try converters[0].number(kept, 0..<count, batch) }
        for row in 0..<count {
            for converter in converters { try converter.number(kept, row..<(row + 1), batch) }
        }
    }

    private struct Fault {
        let row: Int
        /// Order among the faults of a row.
        let position: Int
        let column: String
        let reason: BadValueReason
    }

    private func badFields(_ slice: RowSlice) -> [Fault] {
        var faults: [Fault] = []
        let expected = UInt32(truncatingIfNeeded: slice.chunk.keptFields)
        for row in 0..<slice.count where slice.chunk.fieldCounts[slice.first + row] != expected {
            faults.append(Fault(row: row, position: -1, column: "", reason: .fieldCount))
        }
        for (position, converter) in converters.enumerated() {
            for (row, reason) in converter.bad {
                faults.append(Fault(row: row, position: position, column: converter.column.name, reason: reason))
            }
        }
        return faults
    }

    /// The rows without fault; where one fault refuses everything, only those before the first.
    private func keptRows(_ count: Int, except faults: [Fault], _ keptCount: inout Int) throws(StoreError) -> UnsafeMutablePointer<UInt32> {
        keptMemory.count = 0
        try keptMemory.reserve(count * 4)
        let kept = keptMemory.start.array(UInt32.self)
        guard !faults.isEmpty else {
            for row in 0..<count { kept[row] = UInt32(truncatingIfNeeded: row) }
            return kept
        }
        let rows = Set(faults.map(\.row))
        let end = resources.reject == nil ? rows.min() ?? count : count
        keptCount = 0
        for row in 0..<end where !rows.contains(row) {
            kept[keptCount] = UInt32(truncatingIfNeeded: row)
            keptCount += 1
        }
        return kept
    }

    /// Entities that come by another table's key.
    private func followLinks(_ batch: RowBatch, _ count: Int) {
        for (lookup, from, to) in lookups {
            for row in batch.count..<(batch.count + count) {
                let entity = ValueKey.bytes(batch, from, row).flatMap { lookup.entity($0) }
                batch.validity(to)[row] = entity == nil ? 0 : 1
                if entity == nil { batch.setNulls(to) }
                batch.values(to).array(UInt32.self)[row] = entity ?? 0
            }
        }
    }

    /// Rows whose key stands in an earlier row of the file.
    private func dropRepeatedKeys(
        _ slice: RowSlice, _ batch: RowBatch, _ kept: UnsafeMutablePointer<UInt32>, _ keptCount: inout Int, _ faults: inout [Fault]
    ) throws(StoreError) {
        guard upsertKeys != nil else { return }
        var places: [UInt32] = []
        for row in 0..<keptCount {
            if try upsertKeys?.insert(batch, batch.count + row) == false {
                let column = plan.upsertKey.joined(separator: " ")
                faults.append(Fault(row: Int(kept[row]), position: converters.count, column: column, reason: .repeatedKey))
                if resources.reject == nil { return }
            } else {
                places.append(UInt32(truncatingIfNeeded: row))
            }
        }
        guard places.count < keptCount else { return }
        keptCount = places.count
        places.withUnsafeBufferPointer { places in
            if let places = places.baseAddress { batch.compact(places, count: keptCount, columns: Array(layout.physical.indices)) }
        }
    }
}
