// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A span of time as an INTERVAL literal spells it. Months and days have no fixed length, so the parts stay apart.
package struct CalendarInterval: Sendable, Hashable {
    package let months: Int64
    package let days: Int64
    package let microseconds: Int64

    package init(months: Int64, days: Int64, microseconds: Int64) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }

    /// Nil where a part has no opposite.
    package var negated: CalendarInterval? {
        guard months != .min, days != .min, microseconds != .min else { return nil }
        return CalendarInterval(months: -months, days: -days, microseconds: -microseconds)
    }

    // MARK: Addition

    /// The moment after this span, as PostgreSQL adds: months first, to the month's last day at most, then days, then time.
    /// Nil outside years 1 to 9999.
    package func added(to timestamp: Int64) -> Int64? {
        Self.added(months, days, microseconds, to: timestamp)
    }

    package static func added(_ months: Int64, _ days: Int64, _ microseconds: Int64, to timestamp: Int64) -> Int64? {
        var (day, rest) = CivilTimestamp.split(timestamp)
        guard let date = CivilDate(days: day) else { return nil }
        if months != 0 {
            let (number, overflow) = Int64(date.year * 12 + date.month - 1).addingReportingOverflow(months)
            guard !overflow, number >= 12, number < 120_000 else { return nil }
            let year = Int(number / 12), month = Int(number % 12) + 1
            let last = CivilDate.daysIn(month: month, year: year)
            guard let moved = CivilDate(year: year, month: month, day: min(date.day, last)) else { return nil }
            day = moved.days
        }
        let (moved, overflow) = day.addingReportingOverflow(days)
        guard !overflow, CivilDate.daysMinimum...CivilDate.daysMaximum ~= moved else { return nil }
        let (result, tooLong) = (moved * CivilTimestamp.microsecondsPerDay + rest).addingReportingOverflow(microseconds)
        (day, rest) = CivilTimestamp.split(result)
        return tooLong || !(CivilDate.daysMinimum...CivilDate.daysMaximum ~= day) ? nil : result
    }

    // MARK: Reading

    /// Reads numbers with units (`1 year 2 months`, `90day`, `-1.5 hours`), a clock (`1 day 02:30:00`), a bare number as seconds,
    /// and `ago` at the end. Nil for everything else.
    package init?(_ text: String) {
        var reader = IntervalReader(text)
        guard reader.read() else { return nil }
        guard let months = Int64(exactly: reader.months), let days = Int64(exactly: reader.days),
            let microseconds = Int64(exactly: reader.microseconds)
        else { return nil }
        self.init(months: months, days: days, microseconds: microseconds)
    }
}

/// Takes an interval's text apart. Parts are exact, in 128 bits.
private struct IntervalReader {
    private var rest: Substring.UTF8View
    var months: Int128 = 0
    var days: Int128 = 0
    var microseconds: Int128 = 0

    init(_ text: String) { rest = text.lowercased()[...].utf8 }

    mutating func read() -> Bool {
        var parts = 0
        while true {
            skipBlanks()
            guard let byte = rest.first else { return parts > 0 }
            if isLetter(byte) { return parts > 0 && readAgo() }
            guard let (value, scale, isNegative) = number() else { return false }
            if rest.first == UInt8(ascii: ":") {
                guard scale == 0, clock(value, isNegative) else { return false }
            } else {
                skipBlanks()
                let word = word()
                // What stands without a unit is seconds, and only at the end.
                guard let unit = Self.units[word.isEmpty || word == "ago" ? "second" : word], add(value, scale, unit) else { return false }
                if word == "ago" { return rest.isEmpty && negate() }
            }
            parts += 1
            guard parts <= 16 else { return false }
        }
    }

    private mutating func readAgo() -> Bool {
        guard word() == "ago" else { return false }
        skipBlanks()
        return rest.isEmpty && negate()
    }

    private mutating func negate() -> Bool {
        (months, days, microseconds) = (-months, -days, -microseconds)
        return true
    }

    private mutating func skipBlanks() {
        while let byte = rest.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { rest = rest.dropFirst() }
    }

    private func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }

    private mutating func word() -> String {
        let letters = rest.prefix(while: isLetter)
        rest = rest.dropFirst(letters.count)
        return String(decoding: letters, as: UTF8.self)
    }

    /// At most 15 digits and a fraction of at most 9.
    private mutating func number() -> (units: Int128, scale: Int, isNegative: Bool)? {
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        guard var (units, count) = digits(), count <= 15 else { return nil }
        var scale = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard let fraction = digits(), fraction.count <= 9 else { return nil }
            for _ in 0..<fraction.count { units *= 10 }
            (units, scale) = (units + fraction.value, fraction.count)
        }
        count = scale
        return (isNegative ? -units : units, count, isNegative)
    }

    private mutating func digits() -> (value: Int128, count: Int)? {
        var value: Int128 = 0, count = 0
        while let byte = rest.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte, count <= 15 {
            value = value * 10 + Int128(byte - UInt8(ascii: "0"))
            count += 1
            rest = rest.dropFirst()
        }
        return count == 0 ? nil : (value, count)
    }

    /// hh:mm or hh:mm:ss with a fraction; the sign of the hours is that of all.
    private mutating func clock(_ hours: Int128, _ isNegative: Bool) -> Bool {
        rest = rest.dropFirst()
        guard let minutes = digits(), minutes.count == 2, minutes.value < 60 else { return false }
        var total = (hours.magnitude * 60 + minutes.value.magnitude) * 60_000_000
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            guard let seconds = number(), !seconds.isNegative, seconds.scale <= 6, let unit = ExactDecimal.power(seconds.scale),
                seconds.units < 60 * unit
            else { return false }
            total += (seconds.units * (1_000_000 / unit)).magnitude
        }
        microseconds += isNegative ? -Int128(total) : Int128(total)
        return true
    }

    private enum Unit { case months(Int128), days(Int128), microseconds(Int128) }

    /// Adds value · 10^-scale units. A fraction goes down to the next smaller part: of months as 30 days, of days as 24 hours.
    private mutating func add(_ value: Int128, _ scale: Int, _ unit: Unit) -> Bool {
        guard let one = ExactDecimal.power(scale) else { return false }
        switch unit {
        case .microseconds(let size): microseconds += ExactDecimal.divideRounded(value * size, by: one)
        case .days(let size):
            days += value * size / one
            microseconds += ExactDecimal.divideRounded(value * size % one * 86_400_000_000, by: one)
        case .months(let size):
            // A fraction of a year is whole months.
            if size > 1 {
                months += value / one * size + ExactDecimal.divideRounded(value % one * size, by: one)
                return true
            }
            months += value / one
            days += value % one * 30 / one
            microseconds += ExactDecimal.divideRounded(value % one * 30 % one * 86_400_000_000, by: one)
        }
        return true
    }

    private static let units: [String: Unit] = {
        var table: [String: Unit] = [:]
        func name(_ names: [String], _ unit: Unit) { for name in names { table[name] = unit } }
        name(["millennium", "millennia", "mil", "mils"], .months(12_000))
        name(["century", "centuries", "cent", "c"], .months(1_200))
        name(["decade", "decades", "dec", "decs"], .months(120))
        name(["year", "years", "yr", "yrs", "y"], .months(12))
        name(["month", "months", "mon", "mons"], .months(1))
        name(["week", "weeks", "w"], .days(7))
        name(["day", "days", "d"], .days(1))
        name(["hour", "hours", "hr", "hrs", "h"], .microseconds(3_600_000_000))
        name(["minute", "minutes", "min", "mins", "m"], .microseconds(60_000_000))
        name(["second", "seconds", "sec", "secs", "s"], .microseconds(1_000_000))
        name(["millisecond", "milliseconds", "msec", "msecs", "ms"], .microseconds(1_000))
        name(["microsecond", "microseconds", "usec", "usecs", "us"], .microseconds(1))
        return table
    }()
}
