// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A compiled pattern of LIKE: `%` stands for any text, `_` for one code point. Between the `%` lie segments; the first and the last are
/// tied to the ends of the text, those in between are looked for from left to right.
final class LikePattern {
    /// Places in `units` and `bytes`.
    private struct Segment: BitwiseCopyable {
        var unitStart = 0
        var unitEnd = 0
        var byteStart = 0
        var byteEnd = 0
        var points = 0
        /// No `_` stands in it.
        var isPlain = true
    }

    /// Raw memory, so that matching a row counts no references.
    private let segments: UnsafeMutableBufferPointer<Segment>
    /// Bytes; 0x100 for one code point.
    private let units: UnsafeMutableBufferPointer<UInt16>
    /// The bytes alone.
    private let bytes: UnsafeMutableRawBufferPointer
    /// What was compiled.
    private let source: UnsafeMutableRawBufferPointer
    private let sourceCount: Int
    /// False when the pattern ends in its escape character.
    let isValid: Bool

    /// `escape`: one code point or nothing. `source`: what later calls are compared with.
    init(_ pattern: UnsafeRawBufferPointer, escape: UnsafeRawBufferPointer, source: UnsafeRawBufferPointer) {
        var segments = [Segment()], units: [UInt16] = [], bytes: [UInt8] = []
        isValid = Self.read(pattern, escape, &segments, &units, &bytes)
        self.segments = .allocate(capacity: segments.count)
        _ = self.segments.initialize(from: segments)
        self.units = .allocate(capacity: max(units.count, 1))
        _ = self.units.initialize(from: units)
        self.bytes = .allocate(byteCount: max(bytes.count, 1), alignment: 1)
        self.bytes.copyBytes(from: bytes)
        self.source = .allocate(byteCount: max(source.count, 1), alignment: 1)
        self.source.copyBytes(from: source)
        sourceCount = source.count
    }

    deinit {
        segments.deallocate()
        units.deallocate()
        bytes.deallocate()
        source.deallocate()
    }

    /// Whether this text was compiled.
    func isOf(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count == sourceCount && CodePoints.hasPrefix(text, UnsafeRawBufferPointer(rebasing: source[..<sourceCount]))
    }

    private static func read(
        _ pattern: UnsafeRawBufferPointer, _ escape: UnsafeRawBufferPointer, _ segments: inout [Segment], _ units: inout [UInt16],
        _ bytes: inout [UInt8]
    ) -> Bool {
        var segment = Segment()
        var position = 0
        while position < pattern.count {
            let end = CodePoints.next(pattern, after: position)
            var point = CodePoints.slice(pattern, position, end)
            position = end
            if escape.count > 0, point.elementsEqual(escape) {
                guard position < pattern.count else { return false }
                let end = CodePoints.next(pattern, after: position)
                point = CodePoints.slice(pattern, position, end)
                position = end
            } else if point[0] == UInt8(ascii: "%") {
                segments[segments.count - 1] = segment
                segment = Segment(unitStart: units.count, unitEnd: units.count, byteStart: bytes.count, byteEnd: bytes.count)
                segments.append(segment)
                continue
            } else if point[0] == UInt8(ascii: "_") {
                units.append(0x100)
                segment.unitEnd = units.count
                segment.points += 1
                segment.isPlain = false
                continue
            }
            for byte in point {
                units.append(UInt16(byte))
                bytes.append(byte)
            }
            segment.unitEnd = units.count
            segment.byteEnd = bytes.count
            segment.points += 1
        }
        segments[segments.count - 1] = segment
        return true
    }

    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        Matcher(text: text, bytes: UnsafeRawBufferPointer(bytes), units: UnsafeBufferPointer(units)).matches(UnsafeBufferPointer(segments))
    }

    /// 1 or 0 for each of many texts that stand one behind the other; `offsets` has one more than there are.
    func matchAll(
        _ count: Int, offsets: UnsafePointer<UInt32>, bytes: UnsafePointer<UInt8>, into results: UnsafeMutablePointer<Int64>
    ) {
        let segments = UnsafeBufferPointer(segments), units = UnsafeBufferPointer(units), pattern = UnsafeRawBufferPointer(self.bytes)
        for entry in 0..<count {
            let start = Int(offsets[entry])
            let text = UnsafeRawBufferPointer(start: bytes + start, count: Int(offsets[entry + 1]) - start)
            results[entry] = Matcher(text: text, bytes: pattern, units: units).matches(segments) ? 1 : 0
        }
    }

    private struct Matcher {
        let text: UnsafeRawBufferPointer
        let bytes: UnsafeRawBufferPointer
        let units: UnsafeBufferPointer<UInt16>

        func matches(_ segments: UnsafeBufferPointer<Segment>) -> Bool {
            guard var position = match(segments[0], 0) else { return false }
            let count = segments.count
            if count == 1 { return position == text.count }
            for number in 1..<(count - 1) where segments[number].unitStart < segments[number].unitEnd {
                guard let end = find(segments[number], position) else { return false }
                position = end
            }
            let last = segments[count - 1]
            var start = text.count
            for _ in 0..<last.points {
                guard start > position else { return false }
                start = CodePoints.previous(text, before: start)
            }
            return start >= position && match(last, start) == text.count || last.points == 0
        }

        private func plain(_ segment: Segment) -> UnsafeRawBufferPointer { CodePoints.slice(bytes, segment.byteStart, segment.byteEnd) }

        /// The end of the segment when it stands at a position.
        private func match(_ segment: Segment, _ start: Int) -> Int? {
            if segment.isPlain {
                let rest = CodePoints.slice(text, start, text.count)
                return CodePoints.hasPrefix(rest, plain(segment)) ? start + segment.byteEnd - segment.byteStart : nil
            }
            var position = start
            for unit in segment.unitStart..<segment.unitEnd {
                guard position < text.count else { return nil }
                if units[unit] == 0x100 {
                    position = CodePoints.next(text, after: position)
                } else {
                    guard text[position] == UInt8(truncatingIfNeeded: units[unit]) else { return nil }
                    position += 1
                }
            }
            return position
        }

        /// The end of the first occurrence of the segment.
        private func find(_ segment: Segment, _ from: Int) -> Int? {
            if segment.isPlain {
                return CodePoints.find(plain(segment), in: text, from: from).map { $0 + segment.byteEnd - segment.byteStart }
            }
            var position = from
            while position < text.count {
                if let end = match(segment, position) { return end }
                position = CodePoints.next(text, after: position)
            }
            return nil
        }
    }
}
