// SPDX-License-Identifier: Apache-2.0

extension CSVReader {
    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    /// Takes records apart, eight bytes at a time, until one comes that needs a closer look (a doubled quote, an empty line, a fault) or
    /// whose end is not in the window, and returns how many. The chunk's position is then where that one begins.
    func split(_ chunk: CSVChunk) -> Int {
        let bytes = UnsafeRawPointer(chunk.window.start)
        let end = chunk.window.count
        let (capacity, keptFields, stride) = (chunk.capacity, chunk.keptFields, chunk.fieldStride)
        let fields = chunk.fields(0)
        let counts = chunk.fieldCounts
        let before = chunk.recordCount
        var record = before
        var recordStart = chunk.position
        var fieldStart = recordStart
        var place = recordStart
        var count = 0
        scan: while place + 8 <= end, record < capacity {
            var hits = Self.low(UInt64(littleEndian: bytes.get(UInt64.self, at: place)))
            while hits != 0 {
                let hit = place + hits.trailingZeroBitCount >> 3
                hits &= hits &- 1
                let byte = bytes.get(UInt8.self, at: hit)
                // A field ends at `fieldEnd`; `last` is the byte behind it and any quote.
                var fieldEnd = hit
                var last = hit
                if byte == Self.quote {
                    guard hit == fieldStart, let close = Self.findQuote(bytes, hit + 1, end), close + 1 < end else { break scan }
                    fieldStart = hit + 1
                    (fieldEnd, last) = (close, close + 1)
                } else if byte != Self.comma, byte != Self.lineFeed, byte != Self.carriageReturn {
                    continue
                }
                var next = last + 1
                let separator = bytes.get(UInt8.self, at: last)
                if separator != Self.comma {
                    if separator == Self.carriageReturn {
                        guard next < end, bytes.get(UInt8.self, at: next) == Self.lineFeed else { break scan }
                        next += 1
                    } else if separator != Self.lineFeed {
                        break scan
                    }
                    // Empty lines and records that are too long.
                    if count == 0 && fieldEnd == fieldStart || next - recordStart > Limits.recordBytes { break scan }
                }
                if count < keptFields {
                    fields[count * stride + record] = CSVField(
                        start: UInt32(truncatingIfNeeded: fieldStart), count: UInt32(truncatingIfNeeded: fieldEnd - fieldStart))
                }
                count += 1
                fieldStart = next
                if separator != Self.comma {
                    counts[record] = UInt32(truncatingIfNeeded: count)
                    record += 1
                    recordStart = next
                    count = 0
                    if record == capacity { break scan }
                }
                // Unless the next byte is still in the word.
                if next != hit + 1 {
                    place = next
                    continue scan
                }
            }
            place += 8
        }
        chunk.recordCount = record
        chunk.position = recordStart
        return record - before
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The high bit of each byte below `-`: commas, quotes, line ends, and a few others.
    @inline(__always)
    private static func low(_ word: UInt64) -> UInt64 { ~((word | highs) &- ones &* 0x2D) & ~word & highs }

    @inline(__always)
    private static func findQuote(_ bytes: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int? {
        var place = start
        while place + 8 <= end {
            let word = UInt64(littleEndian: bytes.get(UInt64.self, at: place)) ^ (ones &* UInt64(quote))
            let zeros = (word &- ones) & ~word & highs
            if zeros != 0 { return place + zeros.trailingZeroBitCount >> 3 }
            place += 8
        }
        while place < end {
            if bytes.get(UInt8.self, at: place) == quote { return place }
            place += 1
        }
        return nil
    }
}
