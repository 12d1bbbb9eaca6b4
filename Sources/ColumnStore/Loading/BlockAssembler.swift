// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Cuts ordered rows into blocks: at most `Limits.blockRows` rows, ended where the entity changes whenever a block has such a place.
/// Where blocks fall depends on the rows alone, not on how they were staged.
final class BlockAssembler {
    let writer: VersionWriter
    /// What measures the rows, where that was asked for.
    let meter: TableMeter?
    private let layout: RowLayout
    private let threads: LoadThreads
    private let capacity: Int
    /// Of the rows that come next, how many lay in the block before until it was cut.
    private var restRows = 0
    private var fanOut: FanOutCheck?
    private(set) var blockRows: [Int] = []
    private(set) var partitionEnds: [Int] = []

    /// The rows between two looks at the size of a block's texts.
    private static let stepRows = 256

    /// `fanOut`: checks the rows that are cut; nil: an entity may have any number of them.
    init(_ writer: VersionWriter, _ layout: RowLayout, threads: LoadThreads, fanOut: FanOutCheck? = nil, meter: TableMeter? = nil) {
        self.writer = writer
        self.fanOut = fanOut
        self.meter = meter
        self.threads = threads
        self.layout = layout
        capacity = layout.batchRows(bytes: layout.ceilings.blockRowBytes)
    }

    /// Rows cut into blocks. The rows behind `count`, fewer than a block has, must be at the front of what comes next; when no more come
    /// there are none.
    struct Cut {
        let rows: OrderedRows
        fileprivate let blocks: [Block]
        let count: Int
    }

    fileprivate struct Block {
        let rows: Range<Int>
        let index: Int
        let isLast: Bool
    }

    /// Cuts rows that continue the order; `isEnd` when no more come. What is cut must be written before what is cut later. Throws
    /// `store.fan-out-exceeded`.
    func cut(_ rows: OrderedRows, isEnd: Bool) throws(StoreError) -> Cut {
        let texts = StagedTexts(rows, limitBytes: layout.ceilings.blockTextBytes, capacity: capacity)
        var blocks: [Block] = []
        var start = 0
        while start < rows.count {
            let end = blockEnd(start, rows.count, texts)
            if end == rows.count, !isEnd { break }
            let cut = end == rows.count ? end : cutPlace(rows, start, end)
            let isPartitionEnd = cut < end || end == rows.count || Self.isChange(rows.key(end - 1), rows.key(end))
            blocks.append(Block(rows: start..<cut, index: blockRows.count, isLast: isEnd && cut == rows.count))
            blockRows.append(cut - start)
            if isPartitionEnd { partitionEnds.append(blockRows.count) }
            restRows = end - cut
            start = cut
        }
        try fanOut?.check(rows, count: start)
        // Without an entity blocks are written while dictionaries still grow.
        if layout.keyColumn == nil { try meter?.add(rows, count: start) }
        return Cut(rows: rows, blocks: blocks, count: start)
    }

    /// Where the block is full or the rows end.
    private func blockEnd(_ start: Int, _ total: Int, _ texts: StagedTexts) -> Int {
        var end = start + restRows
        while end < total {
            if end - start == capacity { break }
            if texts.matter, end > start, (end - start) % Self.stepRows == 0, texts.bytes(start..<end) > layout.ceilings.blockTextBytes { break }
            end = min(total, end + Self.stepRows - (end - start) % Self.stepRows, start + capacity)
        }
        return end
    }

    /// The last place at which another entity begins, or the end when there is none.
    private func cutPlace(_ rows: OrderedRows, _ start: Int, _ end: Int) -> Int {
        var place = end
        while place > start {
            if Self.isChange(rows.key(place - 1), rows.key(place)) { return place }
            place -= 1
        }
        return end
    }

    /// Whether an entity ends before a row with this key. Rows without entity belong to nobody.
    private static func isChange(_ before: UInt32, _ key: UInt32) -> Bool { key == UInt32.max || before != key }

    /// Writes blocks on all threads.
    func write(_ cut: Cut) throws(StoreError) {
        let work = writing(cut)
        try threads.run(work.pieces, work.body)
    }

    /// What writes blocks: one column on one thread, beginning with those that take longest, and what measures the rows beside them.
    func writing(_ cut: Cut) -> (pieces: Int, body: LoadWork.Body) {
        func weight(_ column: Int) -> Int { cut.rows.mayHaveOwnTexts(column) ? .max : layout.physical[column].strideBytes }
        let (writer, columns) = (writer, layout.physical.indices.sorted { weight($0) > weight($1) })
        let meter = layout.keyColumn == nil ? nil : meter
        let meters = meter == nil ? 0 : 1
        return (
            columns.count + meters,
            { (number, thread) throws(StoreError) in
                if number < meters { return try meter?.add(cut.rows, count: cut.count) ?? () }
                let piece = number - meters
                for block in cut.blocks {
                    try writer.write(
                        column: columns[piece], of: cut.rows, block.rows, index: block.index, isLast: block.isLast, thread: thread)
                }
            }
        )
    }
}

/// The bytes of texts that are not in their column's dictionary.
private struct StagedTexts {
    /// Whether a block could have too many of them at all.
    let matter: Bool
    private let rows: OrderedRows
    private let columns: [Int]

    init(_ rows: OrderedRows, limitBytes: Int, capacity: Int) {
        self.rows = rows
        columns = rows.layout.physical.indices.filter { rows.mayHaveOwnTexts($0) }
        let longest = columns.reduce(0) { sum, column in sum + (rows.batches.map { $0.heaps[column]?.longestBytes ?? 0 }.max() ?? 0) }
        matter = longest * capacity > limitBytes
    }

    func bytes(_ range: Range<Int>) -> Int { rows.ownTextBytes(columns, range) }
}
