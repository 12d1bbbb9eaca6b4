// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A compiled pattern of LIKE: `%` stands for any text, `_` for one code point. Between the `%` lie segments; the first and the last are
/// tied to the ends of the text, those in between are looked for from left to right.
struct LikePattern {
    private struct Segment {
        /// Bytes; 0x100 for one code point.
        var units: [UInt16] = []
        /// The same as bytes, where no `_` stands.
        var bytes: [UInt8] = []
        var points = 0
        var isPlain = true
    }

    private var segments: [Segment] = [Segment()]

    /// `escape`: one code point or nothing. Nil when the pattern ends in its escape character.
    init?(_ pattern: UnsafeRawBufferPointer, escape: UnsafeRawBufferPointer) {
        var position = 0
        while position < pattern.count {
            let end = CodePoints.next(pattern, after: position)
            var point = CodePoints.slice(pattern, position, end)
            position = end
            if escape.count > 0, point.elementsEqual(escape) {
                guard position < pattern.count else { return nil }
                let end = CodePoints.next(pattern, after: position)
                point = CodePoints.slice(pattern, position, end)
                position = end
            } else if point[0] == UInt8(ascii: "%") {
                segments.append(Segment())
                continue
            } else if point[0] == UInt8(ascii: "_") {
                segments[segments.count - 1].units.append(0x100)
                segments[segments.count - 1].points += 1
                segments[segments.count - 1].isPlain = false
                continue
            }
            for byte in point {
                segments[segments.count - 1].units.append(UInt16(byte))
                segments[segments.count - 1].bytes.append(byte)
            }
            segments[segments.count - 1].points += 1
        }
    }

    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = Self.match(segments[0], text, 0) else { return false }
        if segments.count == 1 { return first == text.count }
        var position = first
        for segment in segments.dropFirst().dropLast() where !segment.units.isEmpty {
            guard let end = Self.find(segment, text, position) else { return false }
            position = end
        }
        let last = segments[segments.count - 1]
        if last.units.isEmpty { return true }
        var start = text.count
        for _ in 0..<last.points {
            guard start > position else { return false }
            start = CodePoints.previous(text, before: start)
        }
        return start >= position && Self.match(last, text, start) == text.count
    }

    /// The end of the segment when it stands at a position.
    private static func match(_ segment: Segment, _ text: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        if segment.isPlain {
            let rest = CodePoints.slice(text, start, text.count)
            return segment.bytes.withUnsafeBytes { CodePoints.hasPrefix(rest, $0) } ? start + segment.bytes.count : nil
        }
        var position = start
        for unit in segment.units {
            guard position < text.count else { return nil }
            if unit == 0x100 {
                position = CodePoints.next(text, after: position)
            } else {
                guard text[position] == UInt8(truncatingIfNeeded: unit) else { return nil }
                position += 1
            }
        }
        return position
    }

    /// The end of the first occurrence of the segment.
    private static func find(_ segment: Segment, _ text: UnsafeRawBufferPointer, _ from: Int) -> Int? {
        if segment.isPlain {
            return segment.bytes.withUnsafeBytes { CodePoints.find($0, in: text, from: from) }.map { $0 + segment.bytes.count }
        }
        var position = from
        while position < text.count {
            if let end = match(segment, text, position) { return end }
            position = CodePoints.next(text, after: position)
        }
        return nil
    }
}
