// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Writes values as text into a reused buffer, without making a Swift String of a cell.
final class TextFormatting {
    /// Enough for every value: 38 digits, sign, point, or a double of 17 digits with its exponent.
    private static let capacity = 64
    private let buffer: UnsafeMutablePointer<UInt8>
    private var count = 0

    init(arena: ConfidentialArena) throws(EngineError) {
        buffer = try arena.take(UInt8.self, Self.capacity)
    }

    /// The text of one row's value; nil where it has none. Valid until the next call.
    func text(_ vector: ColumnVector, _ row: Int) -> UnsafeRawBufferPointer? {
        count = 0
        switch vector.type {
        case .bool: write(vector.bool[row] & 1 != 0 ? "true" : "false")
        case .int64: writeDecimal(Int128(vector.int64[row]), scale: 0)
        case .decimal(_, let scale):
            writeDecimal(vector.type.physical == .int128 ? vector.int128[row] : Int128(vector.int64[row]), scale: scale)
        case .double: writeDouble(vector.double[row])
        case .date:
            guard writeDate(vector.int64[row]) else { return nil }
        case .timestamp:
            guard writeTimestamp(vector.int64[row]) else { return nil }
        case .text: return vector.dictionary?.entry(vector.codes[row])
        case .entity, .null: return nil
        }
        return UnsafeRawBufferPointer(start: buffer, count: count)
    }

    private func put(_ byte: UInt8) {
        guard count < Self.capacity else { return }
        buffer[count] = byte
        count += 1
    }

    private func write(_ text: StaticString) {
        text.withUTF8Buffer { for byte in $0 { put(byte) } }
    }

    private func writeDecimal(_ units: Int128, scale: Int) {
        if units < 0 { put(UInt8(ascii: "-")) }
        let digits = max(ExactDecimal.digits(of: units), scale + 1)
        var divisor = ExactMath.power(digits - 1).magnitude
        for position in 0..<digits {
            if position == digits - scale { put(UInt8(ascii: ".")) }
            put(UInt8(ascii: "0") + UInt8(units.magnitude / divisor % 10))
            divisor /= 10
        }
    }

    private func writePadded(_ value: Int, _ width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            put(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    private func writeDate(_ days: Int64) -> Bool {
        guard let date = CivilDate(days: days) else { return false }
        writePadded(date.year, 4)
        put(UInt8(ascii: "-"))
        writePadded(date.month, 2)
        put(UInt8(ascii: "-"))
        writePadded(date.day, 2)
        return true
    }

    private func writeTimestamp(_ microseconds: Int64) -> Bool {
        let (days, rest) = CivilTimestamp.split(microseconds)
        guard writeDate(days) else { return false }
        let seconds = Int(rest / CivilTimestamp.microsecondsPerSecond)
        let fraction = Int(rest % CivilTimestamp.microsecondsPerSecond)
        put(UInt8(ascii: "T"))
        writePadded(seconds / 3600, 2)
        put(UInt8(ascii: ":"))
        writePadded(seconds / 60 % 60, 2)
        put(UInt8(ascii: ":"))
        writePadded(seconds % 60, 2)
        if fraction != 0 {
            put(UInt8(ascii: "."))
            writePadded(fraction, 6)
        }
        return true
    }

    /// The shortest digits that read back as the same number.
    private func writeDouble(_ value: Double) {
        let text = buffer.withMemoryRebound(to: CChar.self, capacity: Self.capacity) { $0 }
        for digits in 1...17 {
            let length = withVaList([Int32(digits), value]) { vsnprintf(text, Self.capacity, "%.*g", $0) }
            count = Int(max(length, 0))
            if strtod(text, nil) == value { return }
        }
    }
}
