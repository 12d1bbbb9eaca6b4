// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Reads values from the bytes of a text as PostgreSQL's casts do, without making a Swift String of a cell. Blanks around the value do
/// not count. Nil for anything that is not such a value.
package enum TextParsing {
    private static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isBlank(_ byte: UInt8) -> Bool { byte == 32 || 9...13 ~= byte }
        var start = 0, end = text.count
        while start < end, isBlank(text[start]) { start += 1 }
        while end > start, isBlank(text[end - 1]) { end -= 1 }
        return CodePoints.slice(text, start, end)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    // MARK: Numbers

    package static func int64(_ text: UnsafeRawBufferPointer) -> Int64? {
        let text = trimmed(text)
        let isNegative = text.first == UInt8(ascii: "-")
        var position = isNegative || text.first == UInt8(ascii: "+") ? 1 : 0
        guard position < text.count else { return nil }
        var value: Int128 = 0
        while position < text.count {
            guard isDigit(text[position]), value <= Int128(Int64.max) else { return nil }
            value = value * 10 + Int128(text[position] - UInt8(ascii: "0"))
            position += 1
        }
        return Int64(exactly: isNegative ? -value : value)
    }

    /// Optional sign, digits with an optional point, optional exponent; nil beyond 38 digits before the point. Digits behind the
    /// point that are more than 38 digits can hold are cut off.
    package static func decimal(_ text: UnsafeRawBufferPointer) -> (units: Int128, scale: Int)? {
        guard let number = Number(trimmed(text)) else { return nil }
        var (units, scale) = (number.units, number.scale - number.exponent)
        if scale < 0 {
            guard units != 0 else { return (0, 0) }
            guard let factor = ExactDecimal.power(-scale) else { return nil }
            let (product, overflow) = units.multipliedReportingOverflow(by: factor)
            guard !overflow, ExactDecimal.bounded(product) != nil else { return nil }
            (units, scale) = (product, 0)
        }
        if scale > 38 {
            units = ExactDecimal.rescale(units, from: min(scale - 38, 39), to: 0) ?? 0
            scale = 38
        }
        return (number.isNegative ? -units : units, scale)
    }

    /// As `decimal`, as the nearest double; nil when it is too large or too small for one.
    package static func double(_ text: UnsafeRawBufferPointer) -> Double? {
        let text = trimmed(text)
        guard let number = Number(text) else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for position in 0..<text.count { copy[position] = CChar(bitPattern: text[position]) }
            copy[text.count] = 0
            guard let start = copy.baseAddress else { return nil }
            let value = strtod(start, nil)
            return value.isFinite && (value != 0 || number.isZero) ? value : nil
        }
    }

    private struct Number {
        var units: Int128 = 0
        var scale = 0
        var exponent = 0
        var isNegative = false
        var isZero = true

        init?(_ text: UnsafeRawBufferPointer) {
            isNegative = text.first == UInt8(ascii: "-")
            var position = isNegative || text.first == UInt8(ascii: "+") ? 1 : 0
            var digits = 0
            var isPastPoint = false, isFull = false
            while position < text.count {
                let byte = text[position]
                if byte == UInt8(ascii: "."), !isPastPoint {
                    isPastPoint = true
                } else if TextParsing.isDigit(byte) {
                    digits += 1
                    if byte != UInt8(ascii: "0") { isZero = false }
                    isFull = isFull || units > (ExactDecimal.unitsMaximum - 9) / 10 || scale >= 60
                    if !isFull {
                        units = units * 10 + Int128(byte - UInt8(ascii: "0"))
                        if isPastPoint { scale += 1 }
                    } else if !isPastPoint {
                        return nil
                    }
                } else {
                    break
                }
                position += 1
            }
            guard digits > 0 else { return nil }
            if position == text.count { return }
            guard text[position] | 0x20 == UInt8(ascii: "e") else { return nil }
            position += 1
            let isSmall = position < text.count && text[position] == UInt8(ascii: "-")
            if isSmall || position < text.count && text[position] == UInt8(ascii: "+") { position += 1 }
            guard position < text.count, text.count - position <= 4 else { return nil }
            while position < text.count {
                guard TextParsing.isDigit(text[position]) else { return nil }
                exponent = exponent * 10 + Int(text[position] - UInt8(ascii: "0"))
                position += 1
            }
            if isSmall { exponent = -exponent }
        }
    }

    // MARK: Truth values

    /// true, yes, on, 1 and their beginnings as far as they are clear; so for false.
    package static func bool(_ text: UnsafeRawBufferPointer) -> Bool? {
        let text = trimmed(text)
        func begins(_ word: StaticString, atLeast count: Int) -> Bool {
            text.count >= count && text.count <= word.utf8CodeUnitCount
                && word.withUTF8Buffer { bytes in text.indices.allSatisfy { lowered(text[$0]) == bytes[$0] } }
        }
        func lowered(_ byte: UInt8) -> UInt8 { 65...90 ~= byte ? byte | 0x20 : byte }
        if begins("true", atLeast: 1) || begins("yes", atLeast: 1) || begins("on", atLeast: 2) || begins("1", atLeast: 1) { return true }
        if begins("false", atLeast: 1) || begins("no", atLeast: 1) || begins("off", atLeast: 2) || begins("0", atLeast: 1) { return false }
        return nil
    }

    // MARK: Dates

    /// `yyyy-M-d`, `yyyy/M/d` or `yyyyMMdd`, as days; a time of day behind it must be one and does not count.
    package static func date(_ text: UnsafeRawBufferPointer) -> Int64? { moment(text).map(\.days) }

    /// A date, or a date and `HH:mm[:ss[.fraction]]` behind a blank or T, as microseconds.
    package static func timestamp(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let (days, clock) = moment(text) else { return nil }
        let result = days * CivilTimestamp.microsecondsPerDay + clock
        return CivilDate(days: CivilTimestamp.split(result).days) == nil ? nil : result
    }

    private static func moment(_ text: UnsafeRawBufferPointer) -> (days: Int64, clock: Int64)? {
        let text = trimmed(text)
        var position = 0
        guard let year = digits(text, &position, 3...8) else { return nil }
        var date: CivilDate?
        if position == 8 {
            date = CivilDate(year: year / 10_000, month: year / 100 % 100, day: year % 100)
        } else {
            guard position <= 4, position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "/") else { return nil }
            let separator = text[position]
            position += 1
            guard let month = digits(text, &position, 1...2), position < text.count, text[position] == separator else { return nil }
            position += 1
            guard let day = digits(text, &position, 1...2) else { return nil }
            date = CivilDate(year: year, month: month, day: day)
        }
        guard let date else { return nil }
        if position == text.count { return (date.days, 0) }
        guard text[position] == UInt8(ascii: "T") || text[position] == UInt8(ascii: " ") else { return nil }
        position += 1
        while position < text.count, text[position] == UInt8(ascii: " ") { position += 1 }
        return clock(text, &position).map { (date.days, $0) }
    }

    /// 24:00:00 is the next midnight.
    private static func clock(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Int64? {
        guard let hour = digits(text, &position, 1...2), position < text.count, text[position] == UInt8(ascii: ":") else { return nil }
        position += 1
        guard let minute = digits(text, &position, 2...2), hour <= 24, minute < 60 else { return nil }
        var result = Int64(hour * 60 + minute) * 60_000_000
        if position < text.count {
            guard text[position] == UInt8(ascii: ":") else { return nil }
            position += 1
            guard let second = digits(text, &position, 2...2), second <= 60 else { return nil }
            result += Int64(second) * 1_000_000
        }
        if position < text.count {
            guard text[position] == UInt8(ascii: ".") else { return nil }
            position += 1
            let start = position
            guard var fraction = digits(text, &position, 1...9), position == text.count else { return nil }
            for _ in (position - start)..<9 { fraction *= 10 }
            result += Int64((fraction + 500) / 1_000)
        }
        return result <= CivilTimestamp.microsecondsPerDay ? result : nil
    }

    private static func digits(_ text: UnsafeRawBufferPointer, _ position: inout Int, _ lengths: ClosedRange<Int>) -> Int? {
        let start = position
        var value = 0
        while position < text.count, isDigit(text[position]), position - start < lengths.upperBound {
            value = value * 10 + Int(text[position] - UInt8(ascii: "0"))
            position += 1
        }
        return lengths.contains(position - start) ? value : nil
    }
}
