// SPDX-License-Identifier: Apache-2.0

/// Cuts ordered rows into blocks: at most `Limits.blockRows` rows, ended where the entity changes whenever a block has such a place.
/// Where blocks fall depends on the rows alone, not on how they were staged.
final class BlockAssembler {
    private let writer: VersionWriter
    private let layout: RowLayout
    private let threads: LoadThreads
    private let totalRows: Int
    private let capacity: Int
    private var block: RowBatch
    private var other: RowBatch
    private var writtenRows = 0
    private(set) var blockRows: [Int] = []
    private(set) var partitionEnds: [Int] = []

    /// The rows between two looks at the size of a block's texts.
    private static let stepRows = 256

    init(_ writer: VersionWriter, _ layout: RowLayout, totalRows: Int, threads: LoadThreads) throws(StoreError) {
        self.writer = writer
        self.threads = threads
        self.layout = layout
        self.totalRows = totalRows
        capacity = layout.batchRows(bytes: layout.ceilings.blockRowBytes)
        let rows = min(capacity, max(totalRows, 1))
        block = try RowBatch(layout, capacity: rows)
        other = try RowBatch(layout, capacity: rows)
    }

    /// Takes rows, which continue the order.
    func add(_ source: RowBatch, start: Int, count: Int) throws(StoreError) {
        var next = start
        let end = start + count
        while next < end {
            if isFull { try flush(nextKey: source.orderKey(next)) }
            let step = min(end - next, block.capacity - block.count, Self.stepRows - block.count % Self.stepRows)
            try block.append(source, start: next, count: step)
            next += step
        }
    }

    /// Writes what is left. All rows must have come.
    func finish() throws(StoreError) {
        if block.count > 0 { try write(block.count, isPartitionEnd: true) }
    }

    private var isFull: Bool {
        block.count == block.capacity
            || (block.count > 0 && block.count % Self.stepRows == 0 && block.heapBytes > layout.ceilings.blockTextBytes)
    }

    private func flush(nextKey: UInt32) throws(StoreError) {
        let cut = cutPlace(nextKey)
        let isPartitionEnd = cut < block.count || hasChange(at: block.count, nextKey)
        let rest = block.count - cut
        other.removeAll()
        if rest > 0 { try other.append(block, start: cut, count: rest) }
        try write(cut, isPartitionEnd: isPartitionEnd)
        swap(&block, &other)
    }

    /// The last place at which another entity begins, or the end when there is none.
    private func cutPlace(_ nextKey: UInt32) -> Int {
        var place = block.count
        while place > 0 {
            if hasChange(at: place, place == block.count ? nextKey : block.orderKey(place)) { return place }
            place -= 1
        }
        return block.count
    }

    /// Whether no entity has rows on both sides of a place.
    private func hasChange(at place: Int, _ key: UInt32) -> Bool { Self.isChange(block.orderKey(place - 1), key) }

    /// Whether an entity ends before a row with this key. Rows without entity belong to nobody.
    private static func isChange(_ before: UInt32, _ key: UInt32) -> Bool { key == UInt32.max || before != key }

    private func write(_ rows: Int, isPartitionEnd: Bool) throws(StoreError) {
        try write(rows, isPartitionEnd: isPartitionEnd) { (_: Int) throws(StoreError) in }
    }

    /// Writes the columns of the block on all threads, each after `prepare` was called for it.
    private func write(
        _ rows: Int, isPartitionEnd: Bool, _ prepare: @escaping (_ column: Int) throws(StoreError) -> Void
    ) throws(StoreError) {
        writtenRows += rows
        let (block, writer, index, isLast) = (block, writer, blockRows.count, writtenRows == totalRows)
        try threads.run(layout.physical.count) { (column, thread) throws(StoreError) in
            try prepare(column)
            try writer.write(column: column, of: block, rows: rows, index: index, isLast: isLast, thread: thread)
        }
        blockRows.append(rows)
        if isPartitionEnd { partitionEnds.append(blockRows.count) }
    }
}

extension BlockAssembler {
    /// Takes all rows at once: `order` holds the key of each in its upper half, the batch's number and the row in its lower. Blocks come
    /// out as if the rows had been added one after the other.
    func write(all batches: [RowBatch], order: UnsafePointer<UInt64>, count total: Int, shift: Int) throws(StoreError) {
        let texts = StagedTexts(batches, layout, order: order, shift: shift, limitBytes: layout.ceilings.blockTextBytes, capacity: capacity)
        var start = 0
        var end = 0
        while start < total {
            end = blockEnd(from: start, atLeast: end, total, texts)
            let cut = end == total ? total : cutPlace(order, start, end)
            let isPartitionEnd = cut < end || end == total || Self.isChange(Self.key(order, end - 1), Self.key(order, end))
            let (block, first) = (block, order + start)
            block.removeAll()
            try write(cut - start, isPartitionEnd: isPartitionEnd) { (column) throws(StoreError) in
                try block.gather(column, from: batches, order: first, count: cut - start, shift: shift)
            }
            start = cut
        }
    }

    /// Where the block is full or the rows end.
    private func blockEnd(from start: Int, atLeast least: Int, _ total: Int, _ texts: StagedTexts) -> Int {
        var end = max(least, start)
        while end < total {
            if end - start == capacity { break }
            if texts.matter, end > start, (end - start) % Self.stepRows == 0, texts.bytes(start..<end) > layout.ceilings.blockTextBytes { break }
            end = min(total, end + Self.stepRows - (end - start) % Self.stepRows, start + capacity)
        }
        return end
    }

    /// The last place at which another entity begins, or the end when there is none.
    private func cutPlace(_ order: UnsafePointer<UInt64>, _ start: Int, _ end: Int) -> Int {
        var place = end
        while place > start {
            if Self.isChange(Self.key(order, place - 1), Self.key(order, place)) { return place }
            place -= 1
        }
        return end
    }

    @inline(__always)
    private static func key(_ order: UnsafePointer<UInt64>, _ row: Int) -> UInt32 { UInt32(truncatingIfNeeded: order[row] >> 32) }
}

/// The bytes of texts that are not in their column's dictionary.
private struct StagedTexts {
    /// Whether a block could have too many of them at all.
    let matter: Bool
    private let batches: [RowBatch]
    private let columns: [Int]
    private let layout: RowLayout
    private let order: UnsafePointer<UInt64>
    private let shift: Int

    init(_ batches: [RowBatch], _ layout: RowLayout, order: UnsafePointer<UInt64>, shift: Int, limitBytes: Int, capacity: Int) {
        self.batches = batches
        self.layout = layout
        self.order = order
        self.shift = shift
        columns = layout.physical.indices.filter { layout.dictionaries[$0]?.isFull == true }
        let longest = columns.reduce(0) { sum, column in sum + (batches.map { $0.heaps[column]?.longestBytes ?? 0 }.max() ?? 0) }
        matter = longest * capacity > limitBytes
    }

    func bytes(_ rows: Range<Int>) -> Int {
        let mask = UInt32(1) << UInt32(shift) - 1
        var sum = 0
        for column in columns {
            let known = UInt32(layout.dictionaries[column]?.count ?? 0)
            for row in rows {
                let place = UInt32(truncatingIfNeeded: order[row])
                let batch = batches[Int(place >> UInt32(shift))]
                let code = batch.values(column).array(UInt32.self)[Int(place & mask)]
                guard code >= known, batch.validity(column)[Int(place & mask)] != 0 else { continue }
                sum += batch.heaps[column]?.entry(code - known).count ?? 0
            }
        }
        return sum
    }
}
