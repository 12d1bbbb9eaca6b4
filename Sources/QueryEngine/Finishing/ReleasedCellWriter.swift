// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import DisclosureControl
import Tabular

/// Writes the cells of one column into a canonical document. Valid as long as the column is.
struct ReleasedCellWriter {
    private let form: Form
    private let scale: Int
    /// 10^scale, when 64 bits hold it.
    private let unit: UInt64?
    private let values: UnsafeMutableRawPointer
    private let validity: UnsafePointer<UInt8>?
    private let textOffsets: UnsafePointer<UInt32>?
    private let textBytes: UnsafePointer<UInt8>?

    private enum Form {
        case null, bool, int64, decimal, wideDecimal, double, date, timestamp, text
    }

    init(_ column: ReleasedColumn) {
        let vector = column.vector
        values = vector.values
        // A withheld cell is NULL too.
        validity = vector.validity.map { UnsafePointer($0) }
        textOffsets = vector.dictionary?.offsets
        textBytes = vector.dictionary?.bytes
        scale = vector.type.scale
        unit = ExactDecimal.power(vector.type.scale).flatMap { UInt64(exactly: $0) }
        form =
            switch vector.type {
            case .bool: .bool
            case .int64: .int64
            case .decimal: vector.type.physical == .int128 ? .wideDecimal : .decimal
            case .double: .double
            case .date: .date
            case .timestamp: .timestamp
            case .text: .text
            case .entity, .null: .null
            }
    }

    func append(_ row: Int, to out: inout [UInt8]) {
        if let validity, validity[row] == 0 { return Self.appendNull(to: &out) }
        switch form {
        case .null: Self.appendNull(to: &out)
        case .bool: out.append(contentsOf: (value(UInt8.self, row) & 1 != 0 ? "true" : "false").utf8)
        case .int64: append(value(Int64.self, row), to: &out)
        case .decimal: append(units: Int128(value(Int64.self, row)), to: &out)
        case .wideDecimal: append(units: value(Int128.self, row), to: &out)
        case .double:
            let number = value(Double.self, row)
            if number.isFinite { append(text: number.description, to: &out) } else { Self.appendNull(to: &out) }
        case .date: append(date: value(Int64.self, row), to: &out)
        case .timestamp:
            if let text = CivilTimestamp.text(microseconds: value(Int64.self, row)) {
                append(text: text, to: &out)
            } else {
                Self.appendNull(to: &out)
            }
        case .text:
            guard let textOffsets, let textBytes else { return Self.appendNull(to: &out) }
            let code = Int(value(UInt32.self, row)), start = Int(textOffsets[code])
            append(text: UnsafeBufferPointer(start: textBytes + start, count: Int(textOffsets[code + 1]) - start), to: &out)
        }
    }

    private static func appendNull(to out: inout [UInt8]) {
        StaticString("null").withUTF8Buffer { out.append(contentsOf: $0) }
    }

    @inline(__always)
    private func value<T: BitwiseCopyable>(_ type: T.Type, _ row: Int) -> T { values.assumingMemoryBound(to: T.self)[row] }

    /// Only texts with other bytes than ASCII need be looked at as such.
    private func append(text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var bits: UInt8 = 0
        for byte in text { bits |= byte }
        if bits < 0x80 {
            CanonicalText.append(string: text, to: &out)
        } else {
            append(text: String(decoding: text, as: UTF8.self), to: &out)
        }
    }

    private func append(text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { CanonicalText.append(string: $0, to: &out) }
    }

    private func append(_ number: Int64, to out: inout [UInt8]) {
        let isExact = number.magnitude <= ReleasedTable.exactIntegerMaximum.magnitude
        if !isExact { out.append(UInt8(ascii: "\"")) }
        CanonicalText.append(integer: number, to: &out)
        if !isExact { out.append(UInt8(ascii: "\"")) }
    }

    private func append(units: Int128, to out: inout [UInt8]) {
        guard let unit, let magnitude = UInt64(exactly: units.magnitude) else {
            return append(text: ExactDecimal.text(units: units, scale: scale), to: &out)
        }
        out.append(UInt8(ascii: "\""))
        if units < 0 { out.append(UInt8(ascii: "-")) }
        let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: unit)
        CanonicalText.append(digits: whole, to: &out)
        if scale > 0 {
            out.append(UInt8(ascii: "."))
            CanonicalText.append(digits: fraction, width: scale, to: &out)
        }
        out.append(UInt8(ascii: "\""))
    }

    private func append(date days: Int64, to out: inout [UInt8]) {
        guard let date = CivilDate(days: days) else { return Self.appendNull(to: &out) }
        out.append(UInt8(ascii: "\""))
        CanonicalText.append(digits: UInt64(date.year), width: 4, to: &out)
        out.append(UInt8(ascii: "-"))
        CanonicalText.append(digits: UInt64(date.month), width: 2, to: &out)
        out.append(UInt8(ascii: "-"))
        CanonicalText.append(digits: UInt64(date.day), width: 2, to: &out)
        out.append(UInt8(ascii: "\""))
    }
}
