// SPDX-License-Identifier: Apache-2.0

/// Resident identity numbers 公民身份号码 (GB 11643-1999): region, date of birth, sequence whose last digit is odd for men, check character.
///
/// The number of a foreigner's permanent residence card (since 2023) begins with 9 and a province and has the same length and check.
/// Regions that begin with 99 belong to nobody; invented numbers have them.
public enum ResidentNumber {
    /// First digits of the region of invented numbers.
    public static let inventedRegion = "99"

    /// Whether 18 characters have an existing date and the right check character, whatever the region.
    public static func isValid(_ number: UnsafeRawBufferPointer) -> Bool {
        number.count == 18 && areDigits(Bytes(rebasing: number[0..<17])) && hasDate(number) && number[17] == checkCharacter(number)
    }

    public static func areDigits(_ text: UnsafeRawBufferPointer) -> Bool { Digits.are(text) }

    /// Whether digits 7 to 14 are an existing day.
    public static func hasDate(_ number: UnsafeRawBufferPointer) -> Bool {
        isDay(year: Digits.value(number, 6..<10), month: Digits.value(number, 10..<12), day: Digits.value(number, 12..<14))
    }

    /// ISO 7064 MOD 11-2 over the first 17 digits.
    public static func checkCharacter(_ number: UnsafeRawBufferPointer) -> UInt8 {
        var sum = 0
        for place in 0..<17 { sum = (sum + Int(number[place] &- 0x30)) * 2 % 11 }
        let check = (12 - sum) % 11
        return check == 10 ? UInt8(ascii: "X") : 0x30 + UInt8(check)
    }

    /// What a number says by itself.
    public struct Facts: Sendable, Hashable {
        /// Six digits of the division where it was first given out.
        public let region: Int
        public let year: Int
        public let month: Int
        public let day: Int
        public let isMale: Bool
    }

    /// The facts of a valid number of 18 characters, or of 15 digits (century 19) with an existing date; nil for anything else.
    public static func facts(_ number: UnsafeRawBufferPointer) -> Facts? {
        let isLong = isValid(number)
        guard isLong || (number.count == 15 && areDigits(number)) else { return nil }
        let start = isLong ? 10 : 8
        let year = isLong ? Digits.value(number, 6..<10) : 1900 + Digits.value(number, 6..<8)
        let (month, day) = (Digits.value(number, start..<(start + 2)), Digits.value(number, (start + 2)..<(start + 4)))
        guard isDay(year: year, month: month, day: day) else { return nil }
        let sequence = Digits.value(number, (start + 4)..<(start + 7))
        return Facts(region: Digits.value(number, 0..<6), year: year, month: month, day: day, isMale: sequence % 2 == 1)
    }

    /// A number of nobody: `index` below 10 million tells numbers apart whatever the day is. Nil for no day and beyond.
    public static func invented(index: Int, year: Int, month: Int, day: Int) -> String? {
        guard (0..<10_000_000).contains(index), (1000...9999).contains(year), isDay(year: year, month: month, day: day) else { return nil }
        var digits = Array(inventedRegion.utf8)
        for (value, width) in [(index / 1_000, 4), (year, 4), (month, 2), (day, 2), (index % 1_000, 3)] {
            let text = String(value)
            digits += [UInt8](repeating: 0x30, count: width - text.utf8.count) + Array(text.utf8)
        }
        digits.append(digits.withUnsafeBytes { checkCharacter($0) })
        return String(decoding: digits, as: UTF8.self)
    }

    /// Whether a text in plain form is a number of either form with a region that exists, or an invented one's, and a year of birth that
    /// living memory or a register reaches.
    static func isLikely(_ text: Bytes) -> Bool {
        guard text.count == 15 || text.count == 18, let facts = facts(text) else { return false }
        let province = facts.region / 10_000
        let isForeigner = text.count == 18 && province / 10 == 9 && Division.isProvince(facts.region / 1_000 % 100)
        return (1850...2099).contains(facts.year) && (Division.isProvince(province) || isForeigner || province == 99)
    }

    static func isDay(year: Int, month: Int, day: Int) -> Bool {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return false }
        switch month {
        case 2: return day <= ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28)
        case 4, 6, 9, 11: return day <= 30
        default: return day <= 31
        }
    }
}
