// SPDX-License-Identifier: Apache-2.0

/// Records of a CSV file (RFC 4180): quotes, doubled quotes, line ends within quotes; records end with LF or CRLF.
///
/// A quote within an unquoted field, text behind a closing quote, a lone CR outside quotes and an unclosed quote are refused. Empty lines
/// are skipped unless records have one field. Fields are taken apart in place; nothing is allocated for a record.
final class CSVReader {
    private let source: TextSource
    private var isAtStart = true
    private var isAtEnd = false
    /// Records read so far, the header included.
    private var recordCount: Int64 = 0

    init(_ source: TextSource) { self.source = source }

    /// Fills the chunk with the records that follow those of `previous`; with none at the end of the file. A failure behind the
    /// records that were read is kept in the chunk: `store.csv-malformed`, `store.record-too-long` or what the source throws.
    func read(into chunk: CSVChunk, after previous: CSVChunk?) {
        do throws(StoreError) {
            try chunk.takeRest(of: previous)
            if isAtStart { try skipMark(chunk) }
            while true {
                recordCount += Int64(split(chunk))
                guard chunk.recordCount < chunk.capacity else { return }
                switch parse(chunk) {
                case .record(let end, let count):
                    guard end - chunk.position <= Limits.recordBytes else { throw tooLong }
                    let isEmpty = count == 1 && chunk.fields(0)[chunk.recordCount].count == 0
                    chunk.position = end
                    if isEmpty && recordCount > 0 && expectedFields > 1 { continue }
                    chunk.fieldCounts[chunk.recordCount] = UInt32(truncatingIfNeeded: count)
                    chunk.recordCount += 1
                    recordCount += 1
                case .needsMore:
                    if isAtEnd { return }
                    guard chunk.window.count - chunk.position <= Limits.recordBytes else { throw tooLong }
                    // Records that are complete are worked on while more is read.
                    if chunk.recordCount > 0 { return }
                    try refill(chunk)
                case .malformed:
                    throw StoreError(.csvMalformed, [String(recordCount)])
                }
            }
        } catch { chunk.failure = error }
    }

    private var tooLong: StoreError { StoreError(.recordTooLong, [String(recordCount), String(Limits.recordBytes)]) }

    /// Fields of a record, once the header was read.
    var expectedFields = 1

    private enum Step {
        case record(end: Int, fields: Int)
        case needsMore
        case malformed
    }

    private func skipMark(_ chunk: CSVChunk) throws(StoreError) {
        isAtStart = false
        try refill(chunk)
        let bytes = chunk.window.start.array(UInt8.self)
        if chunk.window.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { chunk.position = 3 }
    }

    /// Takes one record at `position` apart, whatever it is like. Nothing is changed in the window until the record is known to be complete.
    private func parse(_ chunk: CSVChunk) -> Step {
        let bytes = chunk.window.start.array(UInt8.self)
        let end = chunk.window.count
        var place = chunk.position
        if place == end { return .needsMore }
        guard let recordEnd = findEnd(bytes, place, end) else { return isAtEnd ? .malformed : .needsMore }
        let fields = chunk.fields(0) + chunk.recordCount
        var count = 0
        while true {
            var field = CSVField(start: UInt32(truncatingIfNeeded: place), count: 0)
            if place < recordEnd, bytes[place] == UInt8(ascii: "\"") {
                guard let next = unquote(bytes, place + 1, recordEnd, &field) else { return .malformed }
                place = next
            } else {
                let start = place
                while place < recordEnd {
                    let byte = bytes[place]
                    if byte == UInt8(ascii: ",") || byte == 0x0A { break }
                    if byte == 0x0D {
                        guard place + 1 < recordEnd ? bytes[place + 1] == 0x0A : recordEnd == end && isAtEnd else { return .malformed }
                        break
                    }
                    if byte == UInt8(ascii: "\"") { return .malformed }
                    place += 1
                }
                field.count = UInt32(truncatingIfNeeded: place - start)
            }
            if count < chunk.keptFields { fields[count * chunk.fieldStride] = field }
            count += 1
            if place < recordEnd, bytes[place] == UInt8(ascii: ",") {
                place += 1
                continue
            }
            break
        }
        return .record(end: recordEnd, fields: count)
    }

    /// Where the record ends: behind its LF, or at the end of the file. Nil when the end is not in the window.
    @inline(__always)
    private func findEnd(_ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var place = start
        var isQuoted = false
        while place < end {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() } else if byte == 0x0A, !isQuoted { return place }
        }
        return isAtEnd && !isQuoted ? end : nil
    }

    /// Removes doubled quotes in place; returns where the field ends, which must be a comma or the record's end.
    private func unquote(_ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int, _ field: inout CSVField) -> Int? {
        var place = start
        var target = start
        field.start = UInt32(truncatingIfNeeded: start)
        while place < end {
            let byte = bytes[place]
            place += 1
            if byte != UInt8(ascii: "\"") {
                bytes[target] = byte
                target += 1
            } else if place < end, bytes[place] == UInt8(ascii: "\"") {
                bytes[target] = byte
                target += 1
                place += 1
            } else {
                field.count = UInt32(truncatingIfNeeded: target - start)
                let isEnd = place == end || bytes[place] == UInt8(ascii: ",") || bytes[place] == 0x0A
                    || (bytes[place] == 0x0D && (place + 1 == end || bytes[place + 1] == 0x0A))
                return isEnd ? place : nil
            }
        }
        return nil
    }

    /// Reads more behind what the window holds, moving it to the front first.
    private func refill(_ chunk: CSVChunk) throws(StoreError) {
        let window = chunk.window
        let rest = window.count - chunk.position
        if chunk.position > 0 {
            window.start.copyMemory(from: window.start + chunk.position, byteCount: rest)
            chunk.position = 0
            window.count = rest
        }
        try window.reserve(CSVChunk.readBytes + CSVChunk.slackBytes)
        let got = try source.fill(window.start + rest, capacity: CSVChunk.readBytes)
        window.count += got
        if got == 0 { isAtEnd = true }
    }
}
