// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Text by code points of UTF-8.
package enum CodePoints {
    @inline(__always)
    static func isStart(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

    static func count(_ text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in text { count += isStart(byte) ? 1 : 0 }
        return count
    }

    /// The byte position behind the code point that starts at `position`.
    @inline(__always)
    static func next(_ text: UnsafeRawBufferPointer, after position: Int) -> Int {
        var end = position + 1
        while end < text.count, !isStart(text[end]) { end += 1 }
        return end
    }

    /// The byte position of the code point before `position`.
    @inline(__always)
    static func previous(_ text: UnsafeRawBufferPointer, before position: Int) -> Int {
        var start = position - 1
        while start > 0, !isStart(text[start]) { start -= 1 }
        return start
    }

    /// The byte position behind the first `points` code points, at most the end.
    static func offset(_ text: UnsafeRawBufferPointer, points: Int64) -> Int {
        var rest = points, position = 0
        while rest > 0, position < text.count {
            position = next(text, after: position)
            rest -= 1
        }
        return position
    }

    static func slice(_ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text[start..<max(start, end)])
    }

    /// Positions from 1; those before the text count but yield nothing, as in SQL. `count` is not negative.
    static func substring(_ text: UnsafeRawBufferPointer, from: Int64, count: Int64?) -> UnsafeRawBufferPointer {
        var end = Int64.max
        if let count {
            let (sum, overflow) = from.addingReportingOverflow(count)
            if !overflow { end = sum }
        }
        let start = offset(text, points: from > 1 ? from - 1 : 0)
        guard end != .max else { return slice(text, start, text.count) }
        let length = end - max(from, 1)
        guard length > 0 else { return slice(text, start, start) }
        let rest = slice(text, start, text.count)
        return slice(rest, 0, offset(rest, points: length))
    }

    /// The first `count` code points; below zero all but the last.
    static func left(_ text: UnsafeRawBufferPointer, _ count: Int64) -> UnsafeRawBufferPointer {
        let kept = count >= 0 ? count : Int64(self.count(text)) - Int64(clamping: count.magnitude)
        return slice(text, 0, offset(text, points: kept))
    }

    /// The last `count` code points; below zero all but the first.
    static func right(_ text: UnsafeRawBufferPointer, _ count: Int64) -> UnsafeRawBufferPointer {
        let dropped = count < 0 ? Int64(clamping: count.magnitude) : Int64(self.count(text)) - min(count, Int64(text.count))
        return slice(text, offset(text, points: dropped), text.count)
    }

    /// Without the characters of a set at the ends.
    static func trim(
        _ text: UnsafeRawBufferPointer, _ characters: UnsafeRawBufferPointer, atStart: Bool, atEnd: Bool
    ) -> UnsafeRawBufferPointer {
        var start = 0, end = text.count
        while atStart, start < end {
            let behind = next(text, after: start)
            guard contains(characters, slice(text, start, behind)) else { break }
            start = behind
        }
        while atEnd, start < end {
            let last = previous(text, before: end)
            guard contains(characters, slice(text, last, end)) else { break }
            end = last
        }
        return slice(text, start, end)
    }

    private static func contains(_ set: UnsafeRawBufferPointer, _ point: UnsafeRawBufferPointer) -> Bool {
        find(point, in: set, from: 0) != nil
    }

    /// The byte position of the first occurrence. UTF-8 begins no character inside another, so bytes suffice.
    static func find(_ part: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer, from: Int) -> Int? {
        guard part.count > 0, let wanted = part.baseAddress else { return from }
        guard let base = text.baseAddress else { return nil }
        var position = from
        let first = Int32(part[0])
        while position <= text.count - part.count {
            guard let hit = memchr(base + position, first, text.count - part.count - position + 1) else { return nil }
            position = UnsafeRawPointer(hit) - base
            if memcmp(base + position, wanted, part.count) == 0 { return position }
            position += 1
        }
        return nil
    }

    static func hasPrefix(_ text: UnsafeRawBufferPointer, _ prefix: UnsafeRawBufferPointer) -> Bool {
        guard prefix.count <= text.count else { return false }
        guard prefix.count > 0, let base = text.baseAddress, let wanted = prefix.baseAddress else { return true }
        return memcmp(base, wanted, prefix.count) == 0
    }

    // MARK: Letter case

    /// Simple case mapping, one code point for one, as PostgreSQL does.
    static func changeCase(_ text: UnsafeRawBufferPointer, isUpper: Bool, into out: inout TextScratch) {
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                out.put(isLetter(byte, isUpper: isUpper) ? byte ^ 0x20 : byte)
                position += 1
                continue
            }
            let end = next(text, after: position)
            let point = slice(text, position, end)
            position = end
            guard let scalar = decode(point), hasCase(scalar) else {
                out.put(point)
                continue
            }
            for byte in UTF8.encode(mapped(scalar, isUpper: isUpper)) ?? UTF8.encodedReplacementCharacter { out.put(byte) }
        }
    }

    private static func isLetter(_ byte: UInt8, isUpper: Bool) -> Bool { isUpper ? 97...122 ~= byte : 65...90 ~= byte }

    /// Scripts of East Asia have no letter case; most Chinese text ends here.
    private static func hasCase(_ scalar: Unicode.Scalar) -> Bool {
        !(0x2E80..<0xA640 ~= scalar.value || 0xAC00..<0xD7A4 ~= scalar.value)
    }

    private static func decode(_ point: UnsafeRawBufferPointer) -> Unicode.Scalar? {
        var decoder = Unicode.UTF8()
        var bytes = point.makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&bytes) { return scalar }
        return nil
    }

    private static func mapped(_ scalar: Unicode.Scalar, isUpper: Bool) -> Unicode.Scalar {
        let mapping = isUpper ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
        var scalars = mapping.unicodeScalars.makeIterator()
        guard let first = scalars.next(), scalars.next() == nil else { return scalar }
        return first
    }
}
