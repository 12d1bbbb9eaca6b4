// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Exact reading of single values from bytes. Blanks around numbers and dates are allowed.
enum FieldParser {
    typealias Bytes = UnsafeRawBufferPointer

    @inline(__always)
    static func trimmed(_ text: Bytes) -> Bytes {
        var (from, to) = (0, text.count)
        while from < to, text[from] == 0x20 || text[from] == 0x09 { from += 1 }
        while to > from, text[to - 1] == 0x20 || text[to - 1] == 0x09 { to -= 1 }
        return Bytes(start: text.baseAddress.map { $0 + from }, count: to - from)
    }

    /// Words may be read up to seven bytes behind the text.
    @inline(__always)
    static func int64(_ text: Bytes, into value: inout Int64) -> BadValueReason? {
        if text.count <= 8, let start = text.baseAddress, let digits = shortDigits(start, text.count) {
            value = Int64(digits)
            return nil
        }
        return anyInt64(text, into: &value)
    }

    /// The value of one to eight digits. Eight bytes must be readable.
    @inline(__always)
    static func shortDigits(_ start: UnsafeRawPointer, _ count: Int) -> UInt64? {
        // The digits move to the upper bytes; what is below counts as zeros.
        let word = (UInt64(littleEndian: start.get(UInt64.self, at: 0)) ^ 0x3030_3030_3030_3030) << UInt64(64 - 8 * count)
        guard count > 0, (word &+ 0x0606_0606_0606_0606 | word) & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return nil }
        // Neighbours join to numbers of two, four, eight digits.
        let pairs = (word &* 2_561) >> 8 & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
        return (fours &* 42_949_672_960_001) >> 32
    }

    /// Days since 1970-01-01 of a day written as yyyy-MM-dd; nil for anything else.
    @inline(__always)
    static func isoDays(_ text: Bytes) -> Int64? {
        guard text.count == 10, let start = text.baseAddress else { return nil }
        let head = UInt64(littleEndian: start.get(UInt64.self, at: 0)) ^ 0x2D30_302D_3030_3030
        let tail = UInt64(UInt16(littleEndian: start.get(UInt16.self, at: 8)) ^ 0x3030)
        let wrong = (head &+ 0x0606_0606_0606_0606 | head) & 0xF0F0_F0F0_F0F0_F0F0
            | (tail &+ 0x0606 | tail) & 0xF0F0 | head & 0xFF00_00FF_0000_0000
        guard wrong == 0 else { return nil }
        func digit(_ place: UInt64) -> Int { Int(truncatingIfNeeded: head >> (place * 8) & 15) }
        let year = digit(0) * 1_000 + digit(1) * 100 + digit(2) * 10 + digit(3)
        let day = Int(truncatingIfNeeded: (tail & 15) * 10 + tail >> 8)
        return CivilDate(year: year, month: digit(5) * 10 + digit(6), day: day)?.days
    }

    private static func anyInt64(_ text: Bytes, into value: inout Int64) -> BadValueReason? {
        var place = 0
        var isNegative = false
        if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            place = 1
        }
        guard place < text.count else { return .notInteger }
        var magnitude: UInt64 = 0
        var hasOverflown = false
        while place < text.count {
            let digit = text[place] &- 0x30
            guard digit < 10 else { return .notInteger }
            let (product, isTooLarge) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = product.addingReportingOverflow(UInt64(digit))
            if isTooLarge || isOver { hasOverflown = true }
            magnitude = sum
            place += 1
        }
        let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
        guard !hasOverflown, magnitude <= limit else { return .outOfRange }
        value = isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude)
        return nil
    }

    /// Units of 10^-scale of the usual form: at most eight digits, a point, as many digits as the scale says; nil for another. Words may
    /// be read up to seven bytes behind the text.
    @inline(__always)
    static func plainUnits(_ text: Bytes, precision: Int, scale: Int) -> UInt64? {
        let whole = text.count - scale - 1
        guard whole > 0, whole <= 8, scale > 0, scale <= 8, whole + scale <= precision, let start = text.baseAddress,
            text[whole] == UInt8(ascii: "."), let units = shortDigits(start, whole), let parts = shortDigits(start + whole + 1, scale)
        else { return nil }
        return units * power(scale) + parts
    }

    @inline(__always)
    private static func power(_ exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power &*= 10 }
        return power
    }

    /// Units of 10^-scale. Digits behind the scale must be zeros.
    @inline(__always)
    static func decimal<T: FixedWidthInteger>(_ text: Bytes, precision: Int, scale: Int, into value: inout T) -> BadValueReason? {
        var place = 0
        var isNegative = false
        if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            place = 1
        }
        var units: T = 0
        var significant = 0
        var digits = 0
        var fraction = 0
        var isPastPoint = false
        var hasExcess = false
        var isTooLong = false
        while place < text.count {
            let byte = text[place]
            place += 1
            if byte == UInt8(ascii: "."), !isPastPoint {
                isPastPoint = true
                continue
            }
            let digit = byte &- 0x30
            guard digit < 10 else { return .notDecimal }
            digits += 1
            if isPastPoint, fraction == scale {
                if digit != 0 { hasExcess = true }
                continue
            }
            if isPastPoint { fraction += 1 }
            if significant > 0 || digit != 0 { significant += 1 }
            if significant > precision { isTooLong = true } else { units = units &* 10 &+ T(truncatingIfNeeded: digit) }
        }
        guard digits > 0, !isPastPoint || text[text.count - 1] != UInt8(ascii: ".") else { return .notDecimal }
        if hasExcess { return .tooManyDigits }
        while fraction < scale {
            if significant > 0 { significant += 1 }
            if significant > precision { isTooLong = true } else { units = units &* 10 }
            fraction += 1
        }
        if isTooLong { return .outOfRange }
        value = isNegative ? 0 &- units : units
        return nil
    }

    static func bool(_ text: Bytes, into value: inout UInt8) -> BadValueReason? {
        switch text.count {
        case 1:
            switch text[0] {
            case UInt8(ascii: "1"), UInt8(ascii: "t"), UInt8(ascii: "T"): value = 1
            case UInt8(ascii: "0"), UInt8(ascii: "f"), UInt8(ascii: "F"): value = 0
            default: return .notBoolean
            }
        case 3:
            if isEqual(text, "是") { value = 1 } else if isEqual(text, "否") { value = 0 } else { return .notBoolean }
        case 4:
            guard isWord(text, "true") else { return .notBoolean }
            value = 1
        case 5:
            guard isWord(text, "false") else { return .notBoolean }
            value = 0
        default: return .notBoolean
        }
        return nil
    }

    private static func isEqual(_ text: Bytes, _ word: StaticString) -> Bool {
        text.count == word.utf8CodeUnitCount && text.indices.allSatisfy { text[$0] == word.utf8Start[$0] }
    }

    private static func isWord(_ text: Bytes, _ word: StaticString) -> Bool {
        text.count == word.utf8CodeUnitCount && text.indices.allSatisfy { text[$0] | 0x20 == word.utf8Start[$0] }
    }

    private static let powersOfTen: [Double] = (0...22).map { exponent in (0..<exponent).reduce(1.0) { power, _ in power * 10 } }
    private static let longestNumberBytes = 400

    /// The nearest double of a decimal number with optional exponent; infinities and NaN are no numbers.
    static func double(_ text: Bytes, into value: inout Double) -> BadValueReason? {
        var place = 0
        var isNegative = false
        if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            place = 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        var isPastPoint = false
        while place < text.count {
            let byte = text[place]
            if byte == UInt8(ascii: "."), !isPastPoint {
                isPastPoint = true
            } else {
                let digit = byte &- 0x30
                guard digit < 10 else { break }
                digits += 1
                if digits <= 18 { mantissa = mantissa * 10 + UInt64(digit) }
                if isPastPoint { fraction += 1 }
            }
            place += 1
        }
        guard digits > 0 else { return .notNumber }
        if place == text.count, digits <= 15, fraction <= 22 {
            // Both are exact doubles, so one division rounds correctly.
            let magnitude = Double(mantissa) / powersOfTen[fraction]
            value = isNegative ? -magnitude : magnitude
            return nil
        }
        return place == text.count || isExponent(text, from: place) ? longDouble(text, into: &value) : .notNumber
    }

    private static func isExponent(_ text: Bytes, from start: Int) -> Bool {
        guard text[start] | 0x20 == UInt8(ascii: "e") else { return false }
        var place = start + 1
        if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") { place += 1 }
        return place < text.count && text[place...].allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func longDouble(_ text: Bytes, into value: inout Double) -> BadValueReason? {
        guard text.count < longestNumberBytes else { return .tooLong }
        value = withUnsafeTemporaryAllocation(byteCount: text.count + 1, alignment: 8) { memory in
            memory.copyMemory(from: text)
            memory[text.count] = 0
            return memory.baseAddress.map { strtod($0.assumingMemoryBound(to: CChar.self), nil) } ?? .nan
        }
        return value.isFinite ? nil : .outOfRange
    }
}
