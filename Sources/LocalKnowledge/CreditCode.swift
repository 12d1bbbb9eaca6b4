// SPDX-License-Identifier: Apache-2.0

/// Unified social credit codes 统一社会信用代码 (GB 32100-2015): registering authority, category, division (6 digits), organisation (9
/// characters), check character. The letters I, O, S, V and Z are not used.
public enum CreditCode {
    /// Whether 18 characters in plain form have the structure and the right check character.
    public static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 18, (text[0] &- 0x30 <= 9 && text[0] != 0x30) || isAuthority(text[0]), value(text[1]) != nil,
            Digits.are(Bytes(rebasing: text[2..<8]))
        else { return false }
        guard let check = checkCharacter(text) else { return false }
        return text[17] == check
    }

    /// The check character of the first 17, modulo 31; nil where one of them is not of the alphabet.
    public static func checkCharacter(_ text: UnsafeRawBufferPointer) -> UInt8? {
        guard text.count >= 17 else { return nil }
        var (sum, weight) = (0, 1)
        for place in 0..<17 {
            guard let value = value(text[place]) else { return nil }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return character((31 - sum % 31) % 31)
    }

    /// A code of nobody: an enterprise of division 990000. `index` below 10^8 tells codes apart; nil beyond.
    public static func invented(index: Int) -> String? {
        guard (0..<100_000_000).contains(index) else { return nil }
        let number = String(index)
        var body = Array("91990000".utf8) + [UInt8](repeating: 0x30, count: 8 - number.utf8.count) + Array(number.utf8)
        body.append(organisationCheck(body[8...]))
        guard let check = body.withUnsafeBytes({ checkCharacter($0) }) else { return nil }
        return String(decoding: body + [check], as: UTF8.self)
    }

    /// The check character of an organisation's code of eight digits (GB 11714).
    private static func organisationCheck(_ digits: ArraySlice<UInt8>) -> UInt8 {
        let sum = zip(digits, [3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        let check = (11 - sum % 11) % 11
        return check == 10 ? UInt8(ascii: "X") : 0x30 + UInt8(check)
    }

    private static func isAuthority(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "A") || byte == UInt8(ascii: "N") || byte == UInt8(ascii: "Y") }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case UInt8(ascii: "A")...UInt8(ascii: "H"): Int(byte) - 0x41 + 10
        case UInt8(ascii: "J")...UInt8(ascii: "N"): Int(byte) - 0x4A + 18
        case UInt8(ascii: "P")...UInt8(ascii: "R"): Int(byte) - 0x50 + 23
        case UInt8(ascii: "T")...UInt8(ascii: "U"): Int(byte) - 0x54 + 26
        case UInt8(ascii: "W")...UInt8(ascii: "Y"): Int(byte) - 0x57 + 28
        default: nil
        }
    }

    private static func character(_ value: Int) -> UInt8 {
        switch value {
        case ..<10: UInt8(0x30 + value)
        case ..<18: UInt8(0x41 + value - 10)
        case ..<23: UInt8(0x4A + value - 18)
        case ..<26: UInt8(0x50 + value - 23)
        case ..<28: UInt8(0x54 + value - 26)
        default: UInt8(0x57 + value - 28)
        }
    }
}
