// SPDX-License-Identifier: Apache-2.0

/// A number as people write it: at most 19 digits, with blanks, hyphens, brackets, and a plus in front.
struct SpacedNumber {
    let digits: Int
    let value: UInt64
    private let startsWithZero: Bool
    private let hasSeparators: Bool

    /// Nil where there is anything else.
    init?(_ text: Bytes) {
        var (digits, value, startsWithZero, hasSeparators) = (0, UInt64(0), false, false)
        for (place, byte) in text.enumerated() {
            let digit = byte &- 0x30
            if digit <= 9 {
                guard digits < 19 else { return nil }
                if digits == 0 { startsWithZero = digit == 0 }
                value = value &* 10 &+ UInt64(digit)
                digits += 1
            } else if byte == 0x20 || byte == 0x2D || byte == 0x28 || byte == 0x29 || (byte == 0x2B && place == 0) {
                hasSeparators = true
            } else {
                return nil
            }
        }
        guard digits >= 6 else { return nil }
        self.digits = digits
        self.value = value
        self.startsWithZero = startsWithZero
        self.hasSeparators = hasSeparators
    }

    /// The first digits.
    private func leading(_ count: Int) -> UInt64 {
        var rest = value
        for _ in count..<digits { rest /= 10 }
        return rest
    }

    /// 1[3-9] and nine digits, with or without 86 in front.
    var isMobilePhone: Bool {
        let national = value % 100_000_000_000
        let isPrefixed = (digits == 13 || digits == 15) && value / 100_000_000_000 == 86
        return (digits == 11 || isPrefixed) && (13...19).contains(national / 1_000_000_000)
    }

    /// 010 or 02x with eight digits, 0[3-9]xx with seven or eight. Without separators the number itself begins with 2 to 9.
    var isFixedPhone: Bool {
        guard startsWithZero, digits == 11 || digits == 12 else { return false }
        let area = leading(3)
        let isShortArea = area == 10 || (20...29).contains(area)
        guard isShortArea ? digits == 11 : area >= 30 else { return false }
        let local = digits - (isShortArea ? 3 : 4)
        var first = value
        for _ in 0..<(local - 1) { first /= 10 }
        return hasSeparators || first % 10 >= 2
    }

    /// A card scheme's first digits and length (UnionPay 62 above all) and the check digit of Luhn.
    var isBankCard: Bool {
        guard digits >= 13, !startsWithZero, isScheme else { return false }
        var (sum, rest, isDoubled) = (UInt64(0), value, false)
        while rest > 0 {
            let digit = rest % 10 * (isDoubled ? 2 : 1)
            sum += digit > 9 ? digit - 9 : digit
            rest /= 10
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }

    private var isScheme: Bool {
        let (two, four) = (leading(2), leading(4))
        switch two {
        case 60, 62, 65, 68, 69, 81, 95: return digits >= 16
        case 40...49: return digits == 13 || digits == 16 || digits == 19
        case 51...55: return digits == 16
        case 22...27: return digits == 16 && (2221...2720).contains(four)
        case 35: return digits == 16 && (3528...3589).contains(four)
        case 34, 37: return digits == 15
        default: return false
        }
    }

    /// Six digits of a postal district.
    var isPostcode: Bool {
        guard digits == 6, !hasSeparators else { return false }
        switch value / 10_000 {
        case 1...7, 10...16, 20...27, 30...36, 40...47, 51...57, 61...67, 71...75, 81, 83...85: return true
        default: return false
        }
    }
}

enum EmailAddress {
    /// One @, a name of at most 64 characters, and a domain with a point and an ending of letters. The text is in plain form.
    static func isLikely(_ text: Bytes) -> Bool {
        guard let at = text.firstIndex(of: 0x40), at > 0, at <= 64, at + 4 < text.count else { return false }
        for place in 0..<at where !isWord(text[place]) && !isMark(text[place]) { return false }
        var point = -1
        for place in (at + 1)..<text.count {
            if text[place] == 0x2E {
                guard place > at + 1, text[place - 1] != 0x2E else { return false }
                point = place
            } else if !isWord(text[place]) {
                return false
            }
        }
        return point > 0 && text.count - point > 2 && text[(point + 1)...].allSatisfy { (0x41...0x5A).contains($0) }
    }

    /// . _ % +
    private static func isMark(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x5F || byte == 0x25 || byte == 0x2B }

    private static func isWord(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 || (0x41...0x5A).contains(byte) || byte == 0x2D }
}
