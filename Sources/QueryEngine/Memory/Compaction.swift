// SPDX-License-Identifier: Apache-2.0

/// Turns flags of rows into a list of the rows that are kept, eight flags at a time and without a branch that depends on them: which
/// rows pass is as good as random to the processor.
struct Compaction {
    /// Entries behind the end that are written without meaning.
    static let slack = 8
    private let places = Places.shared.base

    /// For each pattern of eight flags the places of those that are set, lowest first. The same for everybody.
    private struct Places: @unchecked Sendable {
        static let shared = Places()
        let base = UnsafeMutablePointer<SIMD8<UInt32>>.allocate(capacity: 256)

        init() {
            for pattern in 0..<256 {
                var places = SIMD8<UInt32>(repeating: 0), count = 0
                for bit in 0..<8 where pattern >> bit & 1 == 1 {
                    places[count] = UInt32(bit)
                    count += 1
                }
                base[pattern] = places
            }
        }
    }

    /// Writes the numbers of the rows whose flag is 1 in `flags`, and in `others` where there are such, counted from `first`; returns how many.
    /// `kept` has room for `count` and the slack.
    func keep(
        _ count: Int, _ flags: UnsafePointer<UInt8>, _ others: UnsafePointer<UInt8>?, into kept: UnsafeMutablePointer<UInt32>, from first: UInt32
    ) -> Int {
        let places = places
        return keep(count, flags, others, into: kept) { pattern, row, target in
            let numbers = places[pattern] &+ SIMD8(repeating: first &+ UInt32(truncatingIfNeeded: row))
            UnsafeMutableRawPointer(target).storeBytes(of: numbers, as: SIMD8<UInt32>.self)
        } last: {
            first &+ UInt32(truncatingIfNeeded: $0)
        }
    }

    /// The same of rows that were chosen before: writes those of `known` whose flag is 1. `kept` may be `known`: no row is written before it
    /// was read.
    func keep(
        _ count: Int, _ flags: UnsafePointer<UInt8>, _ others: UnsafePointer<UInt8>?, into kept: UnsafeMutablePointer<UInt32>,
        of known: UnsafePointer<UInt32>
    ) -> Int {
        let places = places
        return keep(count, flags, others, into: kept) { pattern, row, target in
            let numbers = places[pattern]
            let rows = known + row
            target[0] = rows[Int(numbers[0])]
            target[1] = rows[Int(numbers[1])]
            target[2] = rows[Int(numbers[2])]
            target[3] = rows[Int(numbers[3])]
            target[4] = rows[Int(numbers[4])]
            target[5] = rows[Int(numbers[5])]
            target[6] = rows[Int(numbers[6])]
            target[7] = rows[Int(numbers[7])]
        } last: {
            known[$0]
        }
    }

    /// `write`: eight numbers for a pattern of flags; what lies behind those that are kept has no meaning.
    @inline(__always)
    private func keep(
        _ count: Int, _ flags: UnsafePointer<UInt8>, _ others: UnsafePointer<UInt8>?, into kept: UnsafeMutablePointer<UInt32>,
        write: (_ pattern: Int, _ row: Int, _ target: UnsafeMutablePointer<UInt32>) -> Void, last: (Int) -> UInt32
    ) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let words = UnsafeRawPointer(flags), otherWords = others.map { UnsafeRawPointer($0) }
        var length = 0, row = 0
        while row + 8 <= count {
            var word = UInt64(littleEndian: words.loadUnaligned(fromByteOffset: row, as: UInt64.self)) & ones
            if let otherWords { word &= UInt64(littleEndian: otherWords.loadUnaligned(fromByteOffset: row, as: UInt64.self)) }
            // The product gathers the eight lowest bits in the highest byte, the first flag in its lowest bit.
            write(Int((word &* 0x0102_0408_1020_4080) >> 56), row, kept + length)
            length += Int((word &* ones) >> 56)
            row += 8
        }
        while row < count {
            kept[length] = last(row)
            length += Int(flags[row] & (others?[row] ?? 1) & 1)
            row += 1
        }
        return length
    }
}
