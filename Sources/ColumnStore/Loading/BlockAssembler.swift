// SPDX-License-Identifier: Apache-2.0

/// Cuts ordered rows into blocks: at most `Limits.blockRows` rows, ended where the entity changes whenever a block has such a place.
/// Where blocks fall depends on the rows alone, not on how they were staged.
final class BlockAssembler {
    private let writer: VersionWriter
    private let layout: RowLayout
    private let totalRows: Int
    private let capacity: Int
    private var block: RowBatch
    private var other: RowBatch
    private var writtenRows = 0
    private(set) var blockRows: [Int] = []
    private(set) var partitionEnds: [Int] = []

    /// The rows between two looks at the size of a block's texts.
    private static let stepRows = 256

    init(_ writer: VersionWriter, _ layout: RowLayout, totalRows: Int) throws(StoreError) {
        self.writer = writer
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

    /// Whether no entity has rows on both sides of a place. Rows without entity belong to nobody.
    private func hasChange(at place: Int, _ key: UInt32) -> Bool { key == UInt32.max || block.orderKey(place - 1) != key }

    private func write(_ rows: Int, isPartitionEnd: Bool) throws(StoreError) {
        writtenRows += rows
        try writer.writeBlock(block, rows: rows, index: blockRows.count, isLast: writtenRows == totalRows)
        blockRows.append(rows)
        if isPartitionEnd { partitionEnds.append(blockRows.count) }
    }
}
