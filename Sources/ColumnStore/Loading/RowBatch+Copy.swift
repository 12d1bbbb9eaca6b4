// SPDX-License-Identifier: Apache-2.0

import Tabular

extension RowBatch {
    /// Appends rows `start..<start + count` of another batch of the same layout. There must be room.
    func append(_ source: RowBatch, start: Int, count rows: Int) throws(StoreError) {
        for column in layout.physical.indices {
            let stride = layout.physical[column].strideBytes
            (values(column) + count * stride).copyMemory(from: source.values(column) + start * stride, byteCount: rows * stride)
            (validity(column) + count).update(from: source.validity(column) + start, count: rows)
            if layout.physical[column] == .codes { try takeTexts(column, from: source, start: start, rows) }
        }
        count += rows
    }

    /// Appends rows picked from several batches: each of `order` holds the batch's number and the row, `shift` bits, in its low half.
    func append(_ batches: [RowBatch], order: UnsafePointer<UInt64>, count rows: Int, shift: Int) throws(StoreError) {
        for column in layout.physical.indices { try gather(column, from: batches, order: order, count: rows, shift: shift) }
        count += rows
    }

    /// One column's part of `append`; the caller counts the rows once all columns have theirs.
    func gather(
        _ column: Int, from batches: [RowBatch], order: UnsafePointer<UInt64>, count rows: Int, shift: Int
    ) throws(StoreError) {
        switch layout.physical[column] {
        case .bool: gather(batches, column, UInt8.self, order, rows, shift)
        case .codes: try gatherTexts(batches, column, order, rows, shift)
        case .entity: gather(batches, column, UInt32.self, order, rows, shift)
        case .int64, .double: gather(batches, column, UInt64.self, order, rows, shift)
        case .int128: gather(batches, column, Int128.self, order, rows, shift)
        }
    }

    /// Moves these of the rows behind those that are counted together, without gaps. `kept` ascends.
    func compact(_ kept: UnsafePointer<UInt32>, count rows: Int, columns: [Int]) {
        for column in columns {
            let target = validity(column) + count
            for row in 0..<rows { target[row] = target[Int(kept[row])] }
            let stride = layout.physical[column].strideBytes
            let start = values(column) + count * stride
            for row in 0..<rows where kept[row] != UInt32(truncatingIfNeeded: row) {
                (start + row * stride).copyMemory(from: start + Int(kept[row]) * stride, byteCount: stride)
            }
        }
    }

    @inline(__always)
    private func gather<T: BitwiseCopyable>(
        _ batches: [RowBatch], _ column: Int, _ type: T.Type, _ order: UnsafePointer<UInt64>, _ rows: Int, _ shift: Int
    ) {
        let target = values(column).array(type, at: count * MemoryLayout<T>.stride)
        let targetValidity = validity(column) + count
        let mask = UInt32(1) << UInt32(shift) - 1
        withUnsafeTemporaryAllocation(of: (UnsafeMutablePointer<T>, UnsafeMutablePointer<UInt8>).self, capacity: batches.count) { sources in
            for (number, batch) in batches.enumerated() { sources[number] = (batch.values(column).array(type), batch.validity(column)) }
            for row in 0..<rows {
                let place = UInt32(truncatingIfNeeded: order[row])
                let source = sources[Int(place >> UInt32(shift))]
                target[row] = source.0[Int(place & mask)]
                targetValidity[row] = source.1[Int(place & mask)]
            }
        }
    }

    private func gatherTexts(
        _ batches: [RowBatch], _ column: Int, _ order: UnsafePointer<UInt64>, _ rows: Int, _ shift: Int
    ) throws(StoreError) {
        gather(batches, column, UInt32.self, order, rows, shift)
        guard let dictionary = layout.dictionaries[column], dictionary.isFull, let heap = heaps[column] else { return }
        let codes = values(column).array(UInt32.self, at: count * 4)
        let known = UInt32(dictionary.count)
        for row in 0..<rows where codes[row] >= known && validity(column)[count + row] != 0 {
            let source = batches[Int(UInt32(truncatingIfNeeded: order[row]) >> UInt32(shift))]
            if let text = source.heaps[column]?.entry(codes[row] - known) { codes[row] = known + (try heap.append(text)) }
        }
    }

    /// Gives copied codes of the source's own texts a place in this batch.
    private func takeTexts(_ column: Int, from source: RowBatch, start: Int, _ rows: Int) throws(StoreError) {
        guard let dictionary = layout.dictionaries[column], dictionary.isFull, let heap = heaps[column], let sourceHeap = source.heaps[column]
        else { return }
        let codes = values(column).array(UInt32.self, at: count * 4)
        let known = UInt32(dictionary.count)
        for row in 0..<rows where codes[row] >= known && validity(column)[count + row] != 0 {
            codes[row] = known + (try heap.append(sourceHeap.entry(codes[row] - known)))
        }
    }
}
