// SPDX-License-Identifier: Apache-2.0

/// Number plates of vehicles (GA 36): province, letter of the authority, five characters (six for new energy: 京AD12345, 京A12345D), or four
/// and a sign of use (学, 警, 挂 …). The letters I and O are not used.
enum PlateNumber {
    private static let provinces: StaticString = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
    private static let uses: StaticString = "学警挂港澳使领试超"

    /// Whether a text in plain form is a plate.
    static func isPlate(_ text: Bytes) -> Bool {
        // Armed police, old form: WJ京00000.
        if text.count == 10, text[0] == UInt8(ascii: "W"), text[1] == UInt8(ascii: "J") {
            return ChineseCharacters.contains(provinces, text, 2) && isSerial(Bytes(rebasing: text[5...]))
        }
        guard (9...13).contains(text.count), ChineseCharacters.contains(provinces, text, 0), isLetter(text[3]) else { return false }
        var start = 4
        if text[4] == 0xC2, text[5] == 0xB7 { start = 6 } else if text[4] == 0x2D || text[4] == 0x20 { start = 5 }
        let serial = Bytes(rebasing: text[start...])
        switch serial.count {
        case 5: return isSerial(serial)
        case 6: return isNewEnergy(serial)
        case 7: return ChineseCharacters.contains(uses, serial, 4) && serial[0..<4].allSatisfy(isCharacter)
        default: return false
        }
    }

    /// Digits and at most three letters.
    private static func isSerial(_ text: Bytes) -> Bool {
        guard text.count == 5, text.allSatisfy(isCharacter) else { return false }
        var letters = 0
        for byte in text where isLetter(byte) { letters += 1 }
        return letters <= 3
    }

    /// A letter from A to K first with at most one more behind it, or last.
    private static func isNewEnergy(_ text: Bytes) -> Bool {
        if Digits.are(Bytes(rebasing: text[0..<5])) { return isEnergy(text[5]) }
        return isEnergy(text[0]) && isCharacter(text[1]) && Digits.are(Bytes(rebasing: text[2...]))
    }

    private static func isEnergy(_ byte: UInt8) -> Bool { (0x41...0x4B).contains(byte) && byte != UInt8(ascii: "I") }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) && byte != UInt8(ascii: "I") && byte != UInt8(ascii: "O")
    }
    private static func isCharacter(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 || isLetter(byte) }
}

/// Characters of three bytes, as those of Chinese are.
enum ChineseCharacters {
    /// Whether the character at a place is one of a list.
    static func contains(_ list: StaticString, _ text: Bytes, _ place: Int) -> Bool {
        guard place + 3 <= text.count else { return false }
        let (first, second, third) = (text[place], text[place + 1], text[place + 2])
        let start = list.utf8Start
        var entry = 0
        while entry + 3 <= list.utf8CodeUnitCount {
            if start[entry + 2] == third, start[entry + 1] == second, start[entry] == first { return true }
            entry += 3
        }
        return false
    }

    /// Whether the character at a place is one of U+4E00…U+9FFF.
    static func isOne(_ text: Bytes, _ place: Int) -> Bool {
        let (first, second) = (text[place], text[place + 1])
        return (0xE5...0xE9).contains(first) || (first == 0xE4 && second >= 0xB8)
    }
}
