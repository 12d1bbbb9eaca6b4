// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Rows of several batches in the order in which they are stored. The batches stay in memory as long as this is used.
struct OrderedRows {
    let layout: RowLayout
    let batches: [RowBatch]
    /// For each row its key in the upper half, and in the lower the number of its batch and, in `shift` bits, its place there.
    private let memory: GrowingMemory
    private let shift: Int
    let count: Int
    /// For each text column with a full dictionary: the least code of texts outside it.
    private let ownTextCodes: [UInt32?]

    /// Rows of one batch that follow each other.
    struct Piece {
        let batch: Int
        let rows: Range<Int>
    }

    /// The rows of the pieces ordered by key, those of one key as the pieces have them. Batches hold at most 2^shift rows. `ownTextCodes` is
    /// what the layout gave when the last row was staged.
    init(
        _ layout: RowLayout, _ batches: [RowBatch], _ pieces: [Piece], shift: Int, ownTextCodes: [UInt32?]
    ) throws(StoreError) {
        self.layout = layout
        self.ownTextCodes = ownTextCodes
        self.batches = batches
        self.shift = shift
        count = pieces.reduce(0) { $0 + $1.rows.count }
        memory = try GrowingMemory(bytes: max(count, 1) * 8)
        let places = memory.start.array(UInt64.self)
        var next = 0
        for piece in pieces {
            let batch = batches[piece.batch]
            let number = UInt64(piece.batch << shift)
            if let keyColumn = layout.keyColumn {
                let keys = UnsafePointer(batch.values(keyColumn).array(UInt32.self))
                let validity = UnsafePointer(batch.validity(keyColumn))
                for row in piece.rows {
                    let key = validity[row] == 0 ? UInt32.max : keys[row]
                    places[next] = UInt64(key) << 32 | number | UInt64(row)
                    next += 1
                }
            } else {
                for row in piece.rows {
                    places[next] = UInt64(UInt32.max) << 32 | number | UInt64(row)
                    next += 1
                }
            }
        }
        if layout.keyColumn != nil { try Self.sort(places, count) }
    }

    /// The bytes that a row takes besides its batch while rows are put in order.
    static let orderBytes = 16

    /// Entity number of a row; the greatest for none.
    @inline(__always)
    func key(_ row: Int) -> UInt32 { UInt32(truncatingIfNeeded: memory.start.array(UInt64.self)[row] >> 32) }

    /// Where each row from `first` on lies: its batch in the bits above `shift`, its place below.
    @inline(__always)
    private func places(from first: Int) -> UnsafePointer<UInt64> { UnsafePointer(memory.start.array(UInt64.self) + first) }

    /// Stable by the upper half: counting by 11 bits at a time; passes in which all digits agree are left out.
    private static func sort(_ places: UnsafeMutablePointer<UInt64>, _ count: Int) throws(StoreError) {
        let other = try GrowingMemory(bytes: max(count, 1) * 8)
        var from = places
        var to = other.start.array(UInt64.self)
        for pass in 0..<3 {
            let shift = UInt64(32 + pass * 11)
            var counts = [Int](repeating: 0, count: 2_048)
            counts.withUnsafeMutableBufferPointer { counts in
                for row in 0..<count { counts[Int(truncatingIfNeeded: from[row] >> shift & 2_047)] += 1 }
            }
            if counts.contains(count) { continue }
            var sum = 0
            for digit in 0..<2_048 {
                let here = counts[digit]
                counts[digit] = sum
                sum += here
            }
            counts.withUnsafeMutableBufferPointer { counts in
                for row in 0..<count {
                    let digit = Int(truncatingIfNeeded: from[row] >> shift & 2_047)
                    to[counts[digit]] = from[row]
                    counts[digit] += 1
                }
            }
            swap(&from, &to)
        }
        if from != places { places.update(from: from, count: count) }
    }
}

extension OrderedRows {
    /// Copies one column of some rows: values as in a batch, codes of texts included, and whether they are there.
    func gather(_ column: Int, _ rows: Range<Int>, values: UnsafeMutableRawPointer, validity: UnsafeMutablePointer<UInt8>) {
        switch layout.physical[column] {
        case .bool: gather(column, UInt8.self, rows, values, validity)
        case .codes, .entity: gather(column, UInt32.self, rows, values, validity)
        case .int64, .double: gather(column, UInt64.self, rows, values, validity)
        case .int128: gather(column, Int128.self, rows, values, validity)
        }
    }

    @inline(__always)
    private func gather<T: BitwiseCopyable>(
        _ column: Int, _ type: T.Type, _ rows: Range<Int>, _ values: UnsafeMutableRawPointer, _ validity: UnsafeMutablePointer<UInt8>
    ) {
        let target = values.array(type)
        let order = places(from: rows.lowerBound)
        let (shift, mask) = (UInt32(shift), UInt32(1) << UInt32(shift) - 1)
        let mayHaveNulls = batches.contains { $0.mayHaveNulls(column) }
        withUnsafeTemporaryAllocation(of: (UnsafePointer<T>, UnsafePointer<UInt8>).self, capacity: max(batches.count, 1)) { sources in
            for (number, batch) in batches.enumerated() {
                sources[number] = (UnsafePointer(batch.values(column).array(type)), UnsafePointer(batch.validity(column)))
            }
            if mayHaveNulls {
                for row in 0..<rows.count {
                    let place = UInt32(truncatingIfNeeded: order[row])
                    let source = sources[Int(place >> shift)]
                    target[row] = source.0[Int(place & mask)]
                    validity[row] = source.1[Int(place & mask)]
                }
            } else {
                for row in 0..<rows.count {
                    let place = UInt32(truncatingIfNeeded: order[row])
                    target[row] = sources[Int(place >> shift)].0[Int(place & mask)]
                }
                validity.update(repeating: 1, count: rows.count)
            }
        }
    }

    /// Whether rows may have texts outside the dictionary of the column.
    func mayHaveOwnTexts(_ column: Int) -> Bool { ownTextCodes[column] != nil }

    /// Calls `body` for each of some rows whose text is not in the dictionary of the column: with the row counted from the first, and
    /// the text. `codes` and `validity` are what `gather` made of the rows.
    @inline(__always)
    func eachOwnText(
        _ column: Int, _ rows: Range<Int>, codes: UnsafePointer<UInt32>, validity: UnsafePointer<UInt8>,
        _ body: (_ row: Int, _ text: UnsafeRawBufferPointer) -> Void
    ) {
        guard let known = ownTextCodes[column] else { return }
        let order = places(from: rows.lowerBound)
        let shift = UInt32(shift)
        let heaps = batches.map { $0.heaps[column].map { Unmanaged.passUnretained($0) } }
        for row in 0..<rows.count where validity[row] != 0 && codes[row] >= known {
            let batch = Int(UInt32(truncatingIfNeeded: order[row]) >> shift)
            guard let text = heaps[batch]?._withUnsafeGuaranteedRef({ $0.entry(codes[row] - known) }) else { continue }
            body(row, text)
        }
    }

    /// Bytes of the texts of some rows that are not in the dictionary of their column.
    func ownTextBytes(_ columns: [Int], _ rows: Range<Int>) -> Int {
        let order = places(from: rows.lowerBound)
        let mask = UInt32(1) << UInt32(shift) - 1
        var sum = 0
        for column in columns {
            guard let known = ownTextCodes[column] else { continue }
            for row in 0..<rows.count {
                let place = UInt32(truncatingIfNeeded: order[row])
                let batch = batches[Int(place >> UInt32(shift))]
                let code = batch.values(column).array(UInt32.self)[Int(place & mask)]
                guard code >= known, batch.validity(column)[Int(place & mask)] != 0 else { continue }
                sum += batch.heaps[column]?.entry(code - known).count ?? 0
            }
        }
        return sum
    }

    /// Some rows of one batch, in order: for rows that have to wait while their batches are given back.
    func copy(_ rows: Range<Int>, into batch: RowBatch) throws(StoreError) {
        batch.removeAll()
        for column in layout.physical.indices {
            let (values, validity) = (batch.values(column), batch.validity(column))
            gather(column, rows, values: values, validity: validity)
            batch.setNulls(column)
            guard let heap = batch.heaps[column], let known = ownTextCodes[column] else { continue }
            let codes = values.array(UInt32.self)
            var failure: StoreError?
            eachOwnText(column, rows, codes: codes, validity: validity) { row, text in
                do throws(StoreError) { codes[row] = known + (try heap.append(text)) } catch { failure = error }
            }
            if let failure { throw failure }
        }
        batch.count = rows.count
    }
}
