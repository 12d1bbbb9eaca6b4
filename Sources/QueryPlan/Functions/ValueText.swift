// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tabular

/// Writes values as PostgreSQL's casts to text do.
package enum ValueText {
    /// Room that suffices for every value but a text: 38 digits, sign, point, or a double of 17 digits.
    package static let bytesMaximum = 64

    package static func write(_ value: Bool, to out: inout TextScratch) { value ? out.put("true") : out.put("false") }

    package static func write(_ units: Int128, scale: Int, to out: inout TextScratch) {
        if units < 0 { out.put(UInt8(ascii: "-")) }
        let digits = max(ExactDecimal.digits(of: units), scale + 1)
        var divisor: UInt128 = 1
        for _ in 1..<digits { divisor *= 10 }
        for position in 0..<digits {
            if position == digits - scale { out.put(UInt8(ascii: ".")) }
            out.put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: units.magnitude / divisor % 10))
            divisor /= 10
        }
    }

    /// False outside years 1 to 9999, and so for timestamps.
    package static func write(date days: Int64, to out: inout TextScratch) -> Bool {
        guard let date = CivilDate(days: days) else { return false }
        writePadded(date.year, 4, to: &out)
        out.put(UInt8(ascii: "-"))
        writePadded(date.month, 2, to: &out)
        out.put(UInt8(ascii: "-"))
        writePadded(date.day, 2, to: &out)
        return true
    }

    package static func write(timestamp microseconds: Int64, to out: inout TextScratch) -> Bool {
        let (days, rest) = CivilTimestamp.split(microseconds)
        guard write(date: days, to: &out) else { return false }
        let seconds = Int(rest / CivilTimestamp.microsecondsPerSecond)
        out.put(UInt8(ascii: " "))
        writePadded(seconds / 3600, 2, to: &out)
        out.put(UInt8(ascii: ":"))
        writePadded(seconds / 60 % 60, 2, to: &out)
        out.put(UInt8(ascii: ":"))
        writePadded(seconds % 60, 2, to: &out)
        var fraction = Int(rest % CivilTimestamp.microsecondsPerSecond), width = 6
        if fraction == 0 { return true }
        while fraction % 10 == 0 { (fraction, width) = (fraction / 10, width - 1) }
        out.put(UInt8(ascii: "."))
        writePadded(fraction, width, to: &out)
        return true
    }

    private static func writePadded(_ value: Int, _ width: Int, to out: inout TextScratch) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            out.put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// The shortest digits that read back as the same number; with an exponent below 10^-4 and from 10^15.
    package static func write(_ value: Double, to out: inout TextScratch) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytesMaximum) { text in
            guard let base = text.baseAddress, value.isFinite else { return }
            var count = 1
            for digits in 0...16 {
                count = digits + 1
                _ = withVaList([Int32(digits), value.magnitude]) { vsnprintf(base, bytesMaximum, "%.*e", $0) }
                if strtod(base, nil) == value.magnitude { break }
            }
            // d.ddde±xx, without the point when there is one digit.
            func digit(_ place: Int) -> UInt8 { UInt8(bitPattern: base[place == 0 ? 0 : place + 1]) }
            let exponent = Int(strtol(base + (count == 1 ? 2 : count + 2), nil, 10))
            if value.sign == .minus { out.put(UInt8(ascii: "-")) }
            if exponent < -4 || exponent >= 15 {
                out.put(digit(0))
                if count > 1 { out.put(UInt8(ascii: ".")) }
                for place in 1..<max(count, 1) { out.put(digit(place)) }
                out.put(UInt8(ascii: "e"))
                out.put(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
                writePadded(abs(exponent), abs(exponent) >= 100 ? 3 : 2, to: &out)
                return
            }
            if exponent < 0 {
                out.put("0.")
                for _ in 1..<(-exponent) { out.put(UInt8(ascii: "0")) }
            }
            for place in 0..<max(count, exponent + 1) {
                if place == exponent + 1, exponent >= 0 { out.put(UInt8(ascii: ".")) }
                out.put(place < count ? digit(place) : UInt8(ascii: "0"))
            }
        }
    }
}
