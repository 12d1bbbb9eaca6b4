// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Reads values from the bytes of a text, without making a Swift String of a cell. Nil for anything that is not exactly the form.
enum TextParsing {
    static func int64(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let (units, scale) = decimal(text, allowsPoint: false), scale == 0 else { return nil }
        return Int64(exactly: units)
    }

    /// Optional sign, digits, optional point with digits; nil beyond 38 digits.
    static func decimal(_ text: UnsafeRawBufferPointer, allowsPoint: Bool = true) -> (units: Int128, scale: Int)? {
        var units: Int128 = 0
        var scale = 0, digits = 0, position = 0
        var isPastPoint = false
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative || text.first == UInt8(ascii: "+") { position = 1 }
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: "."), allowsPoint, !isPastPoint, digits > 0 {
                isPastPoint = true
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), units <= ExactDecimal.unitsMaximum / 10 else { return nil }
            units = units * 10 + Int128(byte - UInt8(ascii: "0"))
            digits += 1
            if isPastPoint { scale += 1 }
        }
        guard digits > 0, !isPastPoint || scale > 0, scale <= 38 else { return nil }
        return (isNegative ? -units : units, scale)
    }

    /// The form of `decimal`, as the nearest double.
    static func double(_ text: UnsafeRawBufferPointer) -> Double? {
        guard decimal(text) != nil, text.count < 120 else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for position in 0..<text.count { copy[position] = CChar(bitPattern: text[position]) }
            copy[text.count] = 0
            guard let start = copy.baseAddress else { return nil }
            let value = strtod(start, nil)
            return value.isFinite ? value : nil
        }
    }

    static func bool(_ text: UnsafeRawBufferPointer) -> Bool? {
        if text.elementsEqual("true".utf8) || text.elementsEqual("t".utf8) { return true }
        if text.elementsEqual("false".utf8) || text.elementsEqual("f".utf8) { return false }
        return nil
    }

    /// `yyyy-MM-dd`, as days.
    static func date(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), let year = number(text, 0, 4),
            let month = number(text, 5, 7), let day = number(text, 8, 10)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)?.days
    }

    /// `yyyy-MM-dd[T| ]HH:mm[:ss[.ffffff]]` or a bare date, as microseconds.
    static func timestamp(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count >= 10, let days = date(UnsafeRawBufferPointer(rebasing: text[0..<10])) else { return nil }
        let start = days * CivilTimestamp.microsecondsPerDay
        if text.count == 10 { return start }
        guard text.count >= 16, text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "), text[13] == UInt8(ascii: ":"),
            let hour = number(text, 11, 13), let minute = number(text, 14, 16), hour < 24, minute < 60
        else { return nil }
        var result = start + Int64(hour * 3600 + minute * 60) * CivilTimestamp.microsecondsPerSecond
        if text.count == 16 { return result }
        guard text.count >= 19, text[16] == UInt8(ascii: ":"), let second = number(text, 17, 19), second < 60 else { return nil }
        result += Int64(second) * CivilTimestamp.microsecondsPerSecond
        if text.count == 19 { return result }
        guard text.count > 20, text.count <= 26, text[19] == UInt8(ascii: "."), let digits = number(text, 20, text.count)
        else { return nil }
        var fraction = Int64(digits)
        for _ in (text.count - 20)..<6 { fraction *= 10 }
        return result + fraction
    }

    private static func number(_ text: UnsafeRawBufferPointer, _ from: Int, _ to: Int) -> Int? {
        var value = 0
        for position in from..<to {
            guard text[position] >= UInt8(ascii: "0"), text[position] <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(text[position] - UInt8(ascii: "0"))
        }
        return value
    }
}
