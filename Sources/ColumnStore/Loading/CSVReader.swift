// SPDX-License-Identifier: Apache-2.0

/// One field of a record: bytes without quotes, good until the next record is read.
struct CSVField {
    var start: UnsafeMutablePointer<UInt8>
    var count: Int

    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}

/// Records of a CSV file (RFC 4180): quotes, doubled quotes, line ends within quotes; records end with LF or CRLF.
///
/// A quote within an unquoted field, text behind a closing quote, a lone CR outside quotes and an unclosed quote are refused. Empty lines
/// are skipped unless records have one field. Fields are taken apart in place; nothing is allocated for a record.
final class CSVReader {
    private let source: TextSource
    private let window: GrowingMemory
    private var position = 0
    private var isAtEnd = false
    private let fieldMemory: GrowingMemory
    private let fieldsMaximum = Limits.columns + 1
    /// Records read so far, the header included.
    private(set) var recordCount: Int64 = 0
    private(set) var fieldCount = 0

    private static let readBytes = 1 << 20

    /// Throws `store.read-failed`.
    init(_ source: TextSource) throws(StoreError) {
        self.source = source
        window = try GrowingMemory(bytes: Limits.recordBytes + 2 * Self.readBytes)
        fieldMemory = try GrowingMemory(bytes: (Limits.columns + 1) * MemoryLayout<CSVField>.stride)
        try refill()
        let isMarked = window.count >= 3 && window.start.array(UInt8.self)[0] == 0xEF && window.start.array(UInt8.self)[1] == 0xBB
            && window.start.array(UInt8.self)[2] == 0xBF
        if isMarked { position = 3 }
    }

    /// Fields of the current record; those beyond `Limits.columns` are counted and not kept.
    var fields: UnsafeMutablePointer<CSVField> { fieldMemory.start.array(CSVField.self) }

    /// Moves to the next record; false at the end.
    ///
    /// Throws `store.csv-malformed`, `store.record-too-long` and what the source throws.
    func next() throws(StoreError) -> Bool {
        while true {
            switch parse() {
            case .record(let end, let isEmpty):
                guard end - position <= Limits.recordBytes else { throw tooLong }
                position = end
                if isEmpty && recordCount > 0 && expectedFields > 1 { continue }
                recordCount += 1
                return true
            case .needsMore:
                if isAtEnd { return false }
                guard window.count - position <= Limits.recordBytes else { throw tooLong }
                try refill()
            case .malformed:
                throw StoreError(.csvMalformed, [String(recordCount)])
            }
        }
    }

    private var tooLong: StoreError { StoreError(.recordTooLong, [String(recordCount), String(Limits.recordBytes)]) }

    /// Fields of a record, once the header was read.
    var expectedFields = 1

    private enum Step {
        case record(end: Int, isEmpty: Bool)
        case needsMore
        case malformed
    }

    /// Takes the record at `position` apart. Nothing is changed in the window until the record is known to be complete.
    private func parse() -> Step {
        let bytes = window.start.array(UInt8.self)
        let end = window.count
        var place = position
        if place == end { return .needsMore }
        guard let recordEnd = findEnd(bytes, place, end) else { return isAtEnd ? .malformed : .needsMore }
        let fields = fields
        var count = 0
        while true {
            var field = CSVField(start: bytes + place, count: 0)
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
                field.count = place - start
            }
            if count < fieldsMaximum { fields[count] = field }
            count += 1
            if place < recordEnd, bytes[place] == UInt8(ascii: ",") {
                place += 1
                continue
            }
            break
        }
        let isEmpty = count == 1 && fields[0].count == 0
        fieldCount = count
        return .record(end: recordEnd, isEmpty: isEmpty)
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
        field.start = bytes + start
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
                field.count = target - start
                let isEnd = place == end || bytes[place] == UInt8(ascii: ",") || bytes[place] == 0x0A
                    || (bytes[place] == 0x0D && (place + 1 == end || bytes[place + 1] == 0x0A))
                return isEnd ? place : nil
            }
        }
        return nil
    }

    private func refill() throws(StoreError) {
        let rest = window.count - position
        if position > 0 {
            window.start.copyMemory(from: window.start + position, byteCount: rest)
            position = 0
            window.count = rest
        }
        let got = try source.fill(window.start + rest, capacity: min(Self.readBytes, window.capacityBytes - rest))
        window.count += got
        if got == 0 { isAtEnd = true }
    }
}
