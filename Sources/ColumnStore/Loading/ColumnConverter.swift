// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Turns the fields of one column into stored values: first every field of a row is judged, then texts and identifiers are numbered,
/// so that a row that is refused leaves no text and no entity behind.
final class ColumnConverter {
    let column: LoadColumn
    /// Place of the field in a record.
    let field: Int
    /// Place among the stored columns.
    let stored: Int
    private let kind: Kind
    private let patterns: [DatePattern]
    private let identifier: CanonicalIdentifier?
    private let directory: EntityDirectory?
    private var pending: UnsafeRawBufferPointer?

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

    /// Judges a field and stores what needs no numbering.
    func check(_ bytes: UnsafeRawBufferPointer, _ batch: RowBatch) -> BadValueReason? {
        let row = batch.count
        pending = nil
        if let identifier {
            guard let canonical = identifier.canonical(bytes) else { return .tooLong }
            return canonical.isEmpty ? null(batch, row) : keep(canonical)
        }
        if case .text = kind {
            guard bytes.count > 0 else { return null(batch, row) }
            return bytes.count > Limits.textBytes ? .tooLong : keep(bytes)
        }
        let text = FieldParser.trimmed(bytes)
        guard text.count > 0 else { return null(batch, row) }
        batch.validity(stored)[row] = 1
        return store(text, batch.values(stored), row)
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) -> BadValueReason? {
        pending = bytes
        return nil
    }

    private func null(_ batch: RowBatch, _ row: Int) -> BadValueReason? {
        batch.validity(stored)[row] = 0
        return column.isNullable ? nil : .missing
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

    /// Numbers the text or identifier that `check` kept.
    func number(_ batch: RowBatch) throws(StoreError) {
        guard let pending else { return }
        let row = batch.count
        batch.validity(stored)[row] = 1
        if let directory, let identifier {
            identifier.count(pending)
            batch.values(stored).array(UInt32.self)[row] = try directory.number(of: pending)
        } else {
            batch.values(stored).array(UInt32.self)[row] = try batch.code(stored, pending)
        }
    }
}
