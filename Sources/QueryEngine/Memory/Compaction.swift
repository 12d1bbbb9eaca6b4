// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Turns flags of rows into a list of the rows that are kept, eight flags at a time and without a branch that depends on them: which
/// rows pass is as good as random to the processor.
struct Compaction {
    /// Entries behind the end that are written without meaning.
    static let slack = 8
    /// For each pattern of eight flags the places of those that are set, one byte each, lowest first.
    private let places: UnsafeMutablePointer<UInt64>

    init(arena: ConfidentialArena) throws(EngineError) {
        places = try arena.take(UInt64.self, 256)
        for pattern in 0..<256 {
            var packed: UInt64 = 0, count: UInt64 = 0
            for bit in 0..<8 where pattern >> bit & 1 == 1 {
                packed |= UInt64(bit) << (8 * count)
                count += 1
            }
            places[pattern] = packed
        }
    }

    /// Writes the numbers of the rows whose flag is 1 in `flags`, and in `others` where there are such; returns how many. `kept` has
    /// room for `count` and the slack. `number` may read from `kept` itself: no row is written before it was read.
    @inline(__always)
    func keep(
        _ count: Int, _ flags: UnsafePointer<UInt8>, _ others: UnsafePointer<UInt8>?, into kept: UnsafeMutablePointer<UInt32>,
        _ number: (Int) -> UInt32
    ) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let words = UnsafeRawPointer(flags), otherWords = others.map { UnsafeRawPointer($0) }, places = places
        var length = 0, row = 0
        while row + 8 <= count {
            var word = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: row, as: UInt64.self)) & ones
            if let otherWords { word &= UInt64(littleEndian: otherWords.loadUnaligned(fromByteOffset: row, as: UInt64.self)) }
            // The product gathers the eight lowest bits in the highest byte, the first flag in its lowest bit.
            let packed = places[Int((word &* 0x0102_0408_1020_4080) >> 56)]
            for place in 0..<8 { kept[length + place] = number(row + Int((packed >> UInt64(8 * place)) & 7)) }
            length += Int((word &* ones) >> 56)
            row += 8
        }
        while row < count {
            kept[length] = number(row)
            length += Int(flags[row] & (others?[row] ?? 1) & 1)
            row += 1
        }
        return length
    }
}
