// SPDX-License-Identifier: Apache-2.0

/// Calendar arithmetic on days since 1970-01-01 in the proleptic Gregorian calendar, years 0001 to 9999.
public struct CivilDate: Sendable, Hashable {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Nil unless the date exists.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...Self.daysIn(month: month, year: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date of a day number (algorithm: era of 400 years, March-based months). Nil outside years 1…9999.
    public init?(days: Int64) {
        guard (Self.daysMinimum...Self.daysMaximum).contains(days) else { return nil }
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// 0001-01-01.
    public static let daysMinimum: Int64 = -719_162
    /// 9999-12-31.
    public static let daysMaximum: Int64 = 2_932_896

    /// Days since 1970-01-01.
    public var days: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// ISO 8601.
    public var text: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// Reads ISO 8601 `yyyy-MM-dd` exactly.
    public init?(iso text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), let day = Self.number(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Days of a month.
    public static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A decimal number of digits only.
    package static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return digits.isEmpty ? nil : value
    }

    package static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// Text of timestamps (microseconds since 1970-01-01 00:00:00, no zone).
public enum CivilTimestamp {
    public static let microsecondsPerSecond: Int64 = 1_000_000
    public static let microsecondsPerDay: Int64 = 86_400_000_000

    /// `yyyy-MM-ddTHH:mm:ss` with a fraction only when there is one. Nil outside years 1…9999.
    public static func text(microseconds: Int64) -> String? {
        let (days, rest) = split(microseconds)
        guard let date = CivilDate(days: days) else { return nil }
        let seconds = Int(rest / microsecondsPerSecond)
        let fraction = Int(rest % microsecondsPerSecond)
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { CivilDate.padded($0, 2) }.joined(separator: ":")
        return date.text + "T" + clock + (fraction == 0 ? "" : "." + CivilDate.padded(fraction, 6))
    }

    /// Reads `yyyy-MM-dd[T| ]HH:mm[:ss[.ffffff]]` or a bare date.
    public static func parse(iso text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let date = CivilDate(iso: String(decoding: bytes[0..<10], as: UTF8.self)) else { return nil }
        let start = date.days * microsecondsPerDay
        if bytes.count == 10 { return start }
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "), bytes[13] == UInt8(ascii: ":"),
            let hour = CivilDate.number(bytes[11..<13]), let minute = CivilDate.number(bytes[14..<16]), hour < 24, minute < 60
        else { return nil }
        var result = start + Int64(hour * 3600 + minute * 60) * microsecondsPerSecond
        if bytes.count == 16 { return result }
        guard bytes.count >= 19, bytes[16] == UInt8(ascii: ":"), let second = CivilDate.number(bytes[17..<19]), second < 60
        else { return nil }
        result += Int64(second) * microsecondsPerSecond
        if bytes.count == 19 { return result }
        guard bytes.count <= 26, bytes.count > 20, bytes[19] == UInt8(ascii: "."), let digits = CivilDate.number(bytes[20...])
        else { return nil }
        var fraction = Int64(digits)
        for _ in (bytes.count - 20)..<6 { fraction *= 10 }
        return result + fraction
    }

    /// Day number and microseconds within the day (never negative).
    public static func split(_ microseconds: Int64) -> (days: Int64, rest: Int64) {
        let days = microseconds >= 0 ? microseconds / microsecondsPerDay : (microseconds - microsecondsPerDay + 1) / microsecondsPerDay
        return (days, microseconds - days * microsecondsPerDay)
    }
}
