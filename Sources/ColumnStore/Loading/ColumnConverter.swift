// SPDX-License-Identifier: Apache-2.0

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
    private let identifier: CanonicalIdentifier?
    let directory: EntityDirectory?
    /// Fields that cannot be stored, of the rows judged last.
    private(set) var bad: [(row: Int, reason: BadValueReason)] = []
    /// For each row judged last the text to number; without a start in the file it lies in `scratch`, and -1 bytes mean NULL.
    private let pending: GrowingMemory
    private let scratch: GrowingMemory

    private struct PendingText {
        var start: UnsafeRawPointer?
        /// Where it begins in `scratch` when `start` is nil.
        var place: Int32
        var count: Int32
    }

    private enum Kind {
        case bool, int64, double, date, timestamp, text
        case narrowDecimal(precision: Int, scale: Int)
        case wideDecimal(precision: Int, scale: Int)
    }

    private static let defaultTimestamps = [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm",
        "yyyy-MM-dd HH:mm:ss.SSS", "yyyy-MM-ddTHH:mm:ss.SSS", "yyyy-MM-dd HH:mm:ss.SSSSSS", "yyyy-MM-ddTHH:mm:ss.SSSSSS",
    ]

    init(_ column: LoadColumn, field: Int, stored: Int, directory: EntityDirectory?) throws(StoreError) {
        self.column = column
        self.field = field
        self.stored = stored
        self.directory = directory
        pending = try GrowingMemory(bytes: 4096)
        scratch = try GrowingMemory(bytes: 4096)
        if let kind = column.identifier { identifier = try CanonicalIdentifier(kind) } else { identifier = nil }
        let usual = column.type == .timestamp ? Self.defaultTimestamps : ["yyyy-MM-dd"]
        patterns = (column.dateFormats.isEmpty ? usual : column.dateFormats).compactMap { DatePattern($0) }
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

    /// Judges the fields of `count` records from `first` on, and stores what needs no numbering as the rows behind those that the batch
    /// counts. Records with a wrong number of fields are left alone.
    func check(_ chunk: CSVChunk, first: Int, count: Int, _ batch: RowBatch) throws(StoreError) {
        bad.removeAll(keepingCapacity: true)
        let expected = UInt32(truncatingIfNeeded: chunk.keptFields)
        let counts = chunk.fieldCounts + first
        let validity = batch.validity(stored) + batch.count
        guard !numbers else { return try keep(chunk, first: first, count: count, validity) }
        let values = batch.values(stored) + batch.count * batch.layout.physical[stored].strideBytes
        for row in 0..<count where counts[row] == expected {
            let text = FieldParser.trimmed(chunk.fields(first + row)[field].bytes)
            guard text.count > 0 else {
                setNull(row, validity)
                continue
            }
            validity[row] = 1
            if let reason = store(text, values, row) { bad.append((row, reason)) }
        }
    }

    private func setNull(_ row: Int, _ validity: UnsafeMutablePointer<UInt8>) {
        validity[row] = 0
        if !column.isNullable { bad.append((row, .missing)) }
    }

    /// Judges texts and identifiers.
    private func keep(
        _ chunk: CSVChunk, first: Int, count: Int, _ validity: UnsafeMutablePointer<UInt8>
    ) throws(StoreError) {
        scratch.count = 0
        pending.count = 0
        try pending.reserve(count * MemoryLayout<PendingText>.stride)
        let texts = pending.start.array(PendingText.self)
        let expected = UInt32(truncatingIfNeeded: chunk.keptFields)
        let counts = chunk.fieldCounts + first
        for row in 0..<count where counts[row] == expected {
            let field = chunk.fields(first + row)[field].bytes
            texts[row] = PendingText(start: nil, place: 0, count: -1)
            var text = field
            if let identifier {
                guard let canonical = identifier.canonical(field) else {
                    bad.append((row, .tooLong))
                    continue
                }
                text = canonical
            } else if field.count > Limits.textBytes {
                bad.append((row, .tooLong))
                continue
            }
            guard text.count > 0, let start = text.baseAddress else {
                setNull(row, validity)
                continue
            }
            validity[row] = 1
            let length = Int32(truncatingIfNeeded: text.count)
            if let fieldStart = field.baseAddress, start >= fieldStart, start < fieldStart + field.count {
                texts[row] = PendingText(start: start, place: 0, count: length)
            } else {
                // The canonical form lies in memory that the next one overwrites.
                texts[row] = PendingText(start: nil, place: Int32(truncatingIfNeeded: scratch.count), count: length)
                try scratch.reserve(text.count)
                (scratch.start + scratch.count).copyMemory(from: start, byteCount: text.count)
                scratch.count += text.count
            }
        }
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

    /// Numbers the texts or identifiers of these of the rows judged last: `kept` says which, and they are stored without gaps behind the
    /// rows that the batch counts.
    func number(_ kept: UnsafePointer<UInt32>, _ rows: Range<Int>, _ batch: RowBatch) throws(StoreError) {
        let texts = pending.start.array(PendingText.self)
        let values = batch.values(stored).array(UInt32.self) + batch.count
        for row in rows {
            let text = texts[Int(kept[row])]
            guard text.count >= 0 else { continue }
            let start = text.start ?? UnsafeRawPointer(scratch.start + Int(text.place))
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(text.count))
            if let directory, let identifier {
                identifier.count(bytes)
                values[row] = try directory.number(of: bytes)
            } else {
                values[row] = try batch.code(stored, bytes)
            }
        }
    }
}
