// SPDX-License-Identifier: Apache-2.0

import LocalKnowledge
import Tabular

/// Turns the fields of one column into stored values, many rows at a time: first every field is judged, then the texts and identifiers
/// of the rows that stay are numbered, so that a row that is refused leaves no text and no entity behind.
final class ColumnConverter {
    let column: LoadColumn
    /// Place of the field in a record.
    let field: Int
    /// Place among the stored columns.
    let stored: Int
    private let kind: Kind
    private let patterns: [DatePattern]
    /// The pattern that is tried first is yyyy-MM-dd.
    private let beginsWithISODate: Bool
    private let identifier: CanonicalIdentifier?
    let directory: EntityDirectory?
    /// For texts and whole numbers: what they look like.
    private let sample: KindSample?
    private let tags = GrowingMemory()

    private enum Kind {
        case bool, int64, double, date, timestamp, text
        case narrowDecimal(precision: Int, scale: Int)
        case wideDecimal(precision: Int, scale: Int)
    }

    /// ISO 8601 with a blank or T, with and without time of day, seconds, and one to six digits of a fraction.
    private static let defaultTimestamps: [String] = {
        let fractions = (1...6).map { "." + String(repeating: "S", count: $0) }
        let times = ["HH:mm:ss", "HH:mm"] + fractions.map { "HH:mm:ss" + $0 }
        return ["yyyy-MM-dd"] + times.flatMap { ["yyyy-MM-dd " + $0, "yyyy-MM-ddT" + $0] }
    }()
    private static let isoDate = "yyyy-MM-dd"

    init(_ column: LoadColumn, field: Int, stored: Int, directory: EntityDirectory?) throws(StoreError) {
        self.column = column
        self.field = field
        self.stored = stored
        self.directory = directory
        if let kind = column.identifier { identifier = try CanonicalIdentifier(kind) } else { identifier = nil }
        let usual = column.type == .timestamp ? Self.defaultTimestamps : [Self.isoDate]
        let formats = column.dateFormats.isEmpty ? usual : column.dateFormats
        patterns = formats.compactMap { DatePattern($0) }
        beginsWithISODate = formats.first == Self.isoDate
        sample = column.type == .text || column.type == .int64 ? KindSample() : nil
        switch column.type {
        case .bool: kind = .bool
        case .int64: kind = .int64
        case .double: kind = .double
        case .date: kind = .date
        case .timestamp: kind = .timestamp
        case .decimal(let precision, let scale) where precision <= 18: kind = .narrowDecimal(precision: precision, scale: scale)
        case .decimal(let precision, let scale): kind = .wideDecimal(precision: precision, scale: scale)
        case .text, .entity, .null: kind = .text
        }
    }

    /// Whether `number` has anything to do.
    var numbers: Bool { if case .text = kind { true } else { identifier != nil } }

    var suspiciousCount: Int64 { identifier?.suspiciousCount ?? 0 }

    /// Judges the fields of a slice, and stores in its rows of the batch what needs no numbering. Records with a wrong number of fields are
    /// left alone.
    func check(_ rows: RowSlice, _ notes: ColumnNotes) throws(StoreError) {
        notes.bad.removeAll(keepingCapacity: true)
        look(rows)
        let (batch, base) = (rows.batch, rows.base)
        let slice = FieldSlice(rows.chunk, field, first: rows.first, count: rows.count, notes)
        let validity = batch.validity(stored) + base
        guard !numbers else { return try keep(slice, batch, validity) }
        let values = batch.values(stored) + base * batch.layout.physical[stored].strideBytes
        switch kind {
        case .date where beginsWithISODate:
            each(slice, batch, validity) { text, row in
                guard let days = FieldParser.isoDays(text) else { return store(text, values, row) }
                values.array(Int64.self)[row] = days
                return nil
            }
        case .int64:
            each(slice, batch, validity) { text, row in FieldParser.int64(text, into: &values.array(Int64.self)[row]) }
        case .narrowDecimal(let precision, let scale):
            each(slice, batch, validity) { text, row in
                guard let units = FieldParser.plainUnits(text, precision: precision, scale: scale) else { return store(text, values, row) }
                values.array(Int64.self)[row] = Int64(truncatingIfNeeded: units)
                return nil
            }
        default: each(slice, batch, validity) { text, row in store(text, values, row) }
        }
    }

    /// What the values look like, as far as it is worth telling: the likeliest kind, and whether declared resident numbers are such.
    var recognised: [RecognisedColumn] {
        guard let sample else { return [] }
        var found: [RecognisedColumn] = []
        if column.identifier == .residentID, let share = sample.share(.residentID) {
            found.append(RecognisedColumn(column: column.name, kind: .residentID, share: share))
        }
        if let likeliest = sample.likeliest, likeliest.kind != found.first?.kind {
            found.append(RecognisedColumn(column: column.name, kind: likeliest.kind, share: likeliest.share))
        }
        return found
    }

    /// Looks at a few fields of the slice; which ones, their row numbers in the file say.
    private func look(_ rows: RowSlice) {
        guard let sample else { return }
        let expected = UInt32(truncatingIfNeeded: rows.chunk.keptFields)
        let end = rows.row + Int64(rows.count)
        var row = KindSample.next(from: rows.row)
        while row < end {
            let record = rows.first + Int(row - rows.row)
            if rows.chunk.fieldCounts[record] == expected { sample.add(rows.chunk.bytes(field, record), row: row) }
            row = KindSample.next(from: row + 1)
        }
    }

    /// The fields of one column in records of a chunk.
    private struct FieldSlice {
        let window: UnsafeMutableRawPointer
        let fields: UnsafeMutablePointer<CSVField>
        let fieldCounts: UnsafeMutablePointer<UInt32>
        let expected: UInt32
        let count: Int
        let notes: ColumnNotes

        init(_ chunk: CSVChunk, _ column: Int, first: Int, count: Int, _ notes: ColumnNotes) {
            self.notes = notes
            window = chunk.window.start
            fields = chunk.fields(column) + first
            fieldCounts = chunk.fieldCounts + first
            expected = UInt32(truncatingIfNeeded: chunk.keptFields)
            self.count = count
        }

        @inline(__always)
        func bytes(_ row: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: window + Int(fields[row].start), count: Int(fields[row].count))
        }
    }

    /// Calls `store` for each field that is not empty, without blanks around it, and notes what is wrong with it.
    @inline(__always)
    private func each(
        _ slice: FieldSlice, _ batch: RowBatch, _ validity: UnsafeMutablePointer<UInt8>,
        _ store: (_ text: UnsafeRawBufferPointer, _ row: Int) -> BadValueReason?
    ) {
        var hasNulls = false
        for row in 0..<slice.count where slice.fieldCounts[row] == slice.expected {
            let text = FieldParser.trimmed(slice.bytes(row))
            guard text.count > 0 else {
                hasNulls = true
                setNull(row, validity, slice.notes)
                continue
            }
            validity[row] = 1
            if let reason = store(text, row) { slice.notes.bad.append((row, reason)) }
        }
        if hasNulls { batch.setNulls(stored) }
    }

    private func setNull(_ row: Int, _ validity: UnsafeMutablePointer<UInt8>, _ notes: ColumnNotes) {
        validity[row] = 0
        if !column.isNullable { notes.bad.append((row, .missing)) }
    }

    /// Judges texts and identifiers.
    private func keep(_ slice: FieldSlice, _ batch: RowBatch, _ validity: UnsafeMutablePointer<UInt8>) throws(StoreError) {
        let (notes, pending, scratch) = (slice.notes, slice.notes.pending, slice.notes.scratch)
        scratch.count = 0
        pending.count = 0
        try pending.reserve(slice.count * MemoryLayout<ColumnNotes.PendingText>.stride)
        let texts = pending.start.array(ColumnNotes.PendingText.self)
        let identifier = identifier
        var hasNulls = false
        for row in 0..<slice.count where slice.fieldCounts[row] == slice.expected {
            let field = slice.bytes(row)
            texts[row] = ColumnNotes.PendingText(start: nil, place: 0, count: -1)
            var text = field
            if let identifier {
                guard let canonical = identifier.canonical(field) else {
                    notes.bad.append((row, .tooLong))
                    continue
                }
                text = canonical
            } else if field.count > Limits.textBytes {
                notes.bad.append((row, .tooLong))
                continue
            }
            guard text.count > 0, let start = text.baseAddress else {
                hasNulls = true
                setNull(row, validity, slice.notes)
                continue
            }
            validity[row] = 1
            let length = Int32(truncatingIfNeeded: text.count)
            if let fieldStart = field.baseAddress, start >= fieldStart, start < fieldStart + field.count {
                texts[row] = ColumnNotes.PendingText(start: start, place: 0, count: length)
            } else {
                // The canonical form lies in memory that the next one overwrites.
                texts[row] = ColumnNotes.PendingText(start: nil, place: Int32(truncatingIfNeeded: scratch.count), count: length)
                try scratch.reserve(text.count)
                (scratch.start + scratch.count).copyMemory(from: start, byteCount: text.count)
                scratch.count += text.count
            }
        }
        if hasNulls { batch.setNulls(stored) }
    }

    @inline(__always)
    private func store(_ text: UnsafeRawBufferPointer, _ values: UnsafeMutableRawPointer, _ row: Int) -> BadValueReason? {
        switch kind {
        case .bool: return FieldParser.bool(text, into: &values.array(UInt8.self)[row])
        case .int64: return FieldParser.int64(text, into: &values.array(Int64.self)[row])
        case .double: return FieldParser.double(text, into: &values.array(Double.self)[row])
        case .narrowDecimal(let precision, let scale):
            return FieldParser.decimal(text, precision: precision, scale: scale, into: &values.array(Int64.self)[row])
        case .wideDecimal(let precision, let scale):
            return FieldParser.decimal(text, precision: precision, scale: scale, into: &values.array(Int128.self)[row])
        case .date:
            guard let moment = match(text) else { return .notDate }
            values.array(Int64.self)[row] = CivilTimestamp.split(moment).days
            return nil
        case .timestamp:
            guard let moment = match(text) else { return .notTimestamp }
            values.array(Int64.self)[row] = moment
            return nil
        case .text: return nil
        }
    }

    private func match(_ text: UnsafeRawBufferPointer) -> Int64? {
        for pattern in patterns { if let moment = pattern.match(text) { return moment } }
        return nil
    }

    /// Numbers the texts or identifiers of these of the rows of a judged slice that stay.
    func number(_ slice: RowSlice, _ notes: ColumnNotes, _ rows: Range<Int>) throws(StoreError) {
        let (batch, kept) = (slice.batch, UnsafePointer(slice.keptRows))
        let values = batch.values(stored).array(UInt32.self) + slice.base
        if let directory, let identifier {
            let counts = identifier.judges
            try each(notes, kept, rows, directory.interner) { (row, text, tag) throws(StoreError) in
                if counts { identifier.count(text) }
                values[row] = try directory.number(of: text, tag: tag)
            }
        } else if let dictionary = batch.layout.dictionaries[stored], let heap = batch.heaps[stored] {
            try each(notes, kept, rows, dictionary.isHopeless ? nil : dictionary.interner) { (row, text, tag) throws(StoreError) in
                if let code = try dictionary.code(text, tag: tag) { values[row] = code } else {
                    values[row] = UInt32(truncatingIfNeeded: dictionary.count) + (try heap.append(text))
                }
            }
        }
    }

    /// Texts whose tags are taken at once.
    private static let groupRows = 64

    /// Calls `number` for each text, with its tag in the interner.
    @inline(__always)
    private func each(
        _ notes: ColumnNotes, _ kept: UnsafePointer<UInt32>, _ rows: Range<Int>, _ interner: ByteInterner?,
        _ number: (_ row: Int, _ text: UnsafeRawBufferPointer, _ tag: UInt32) throws(StoreError) -> Void
    ) throws(StoreError) {
        let texts = notes.pending.start.array(ColumnNotes.PendingText.self)
        let scratch = UnsafeRawPointer(notes.scratch.start)
        tags.count = 0
        try tags.reserve((Self.groupRows + 1) * 4)
        let tags = tags.start.array(UInt32.self)
        var first = rows.lowerBound
        while first < rows.upperBound {
            let end = min(first + Self.groupRows, rows.upperBound)
            if let interner {
                var touched: UInt32 = 0
                for row in first..<end {
                    let text = texts[Int(kept[row])]
                    guard text.count >= 0 else { continue }
                    let tag = interner.tag(UnsafeRawBufferPointer(start: text.start ?? scratch + Int(text.place), count: Int(text.count)))
                    tags[row - first] = tag
                    touched &+= interner.touch(tag)
                }
                tags[Self.groupRows] = touched
            }
            for row in first..<end {
                let text = texts[Int(kept[row])]
                guard text.count >= 0 else { continue }
                let bytes = UnsafeRawBufferPointer(start: text.start ?? scratch + Int(text.place), count: Int(text.count))
                try number(row, bytes, tags[row - first])
            }
            first = end
        }
    }
}
