// SPDX-License-Identifier: Apache-2.0

typealias Bytes = UnsafeRawBufferPointer

extension ValueKinds {
    /// The kinds of a value in UTF-8. Blanks at both ends, full-width letters and digits, and case make no difference. Nothing is allocated.
    public init(recognising text: UnsafeRawBufferPointer) {
        guard text.count > 0, text.count <= Limits.valueBytes else {
            self = []
            return
        }
        self = withUnsafeTemporaryAllocation(byteCount: Limits.valueBytes, alignment: 8) { memory in
            Self.judged(PlainForm.write(text, into: memory))
        }
    }

    /// The kinds of a text in its plain form.
    private static func judged(_ text: Bytes) -> ValueKinds {
        guard let first = text.first else { return [] }
        if first >= 0x80 {
            if PlateNumber.isPlate(text) { return ValueKinds(.plate) }
            return PersonalName.isLikely(text) ? ValueKinds(.personalName) : []
        }
        var kinds: ValueKinds = []
        if ResidentNumber.isLikely(text) { kinds.insert(ValueKinds(.residentID)) }
        if CreditCode.isValid(text) { kinds.insert(ValueKinds(.creditCode)) }
        if let number = SpacedNumber(text) {
            if number.isBankCard { kinds.insert(ValueKinds(.bankCard)) }
            if number.isMobilePhone { kinds.insert(ValueKinds(.mobilePhone)) }
            if number.isFixedPhone { kinds.insert(ValueKinds(.fixedPhone)) }
            if DivisionCode(text) != nil { kinds.insert(ValueKinds(.division)) }
            if number.isPostcode { kinds.insert(ValueKinds(.postcode)) }
        } else if EmailAddress.isLikely(text) {
            kinds.insert(ValueKinds(.email))
        } else if PlateNumber.isPlate(text) {
            kinds.insert(ValueKinds(.plate))
        }
        return kinds
    }
}

/// Text as it is compared: full-width ASCII as ASCII, small letters large, no blanks around it.
enum PlainForm {
    /// Writes the plain form into memory that has room for all of the text.
    static func write(_ text: Bytes, into memory: UnsafeMutableRawBufferPointer) -> Bytes {
        var (place, count) = (0, 0)
        while place < text.count {
            var byte = text[place]
            var width = 1
            if byte >= 0xE0, place + 2 < text.count, let plain = narrow(byte, text[place + 1], text[place + 2]) {
                (byte, width) = (plain, 3)
            }
            place += width
            if isBlank(byte), count == 0 { continue }
            memory[count] = (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
            count += 1
        }
        while count > 0, isBlank(memory[count - 1]) { count -= 1 }
        return Bytes(rebasing: memory[0..<count])
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// ASCII for U+FF01…U+FF5E and for the ideographic space.
    private static func narrow(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt8? {
        switch (first, second) {
        case (0xEF, 0xBC) where (0x81...0xBF).contains(third): third - 0x60
        case (0xEF, 0xBD) where (0x80...0x9E).contains(third): third - 0x20
        case (0xE3, 0x80) where third == 0x80: 0x20
        default: nil
        }
    }
}

/// Digits and what they come to.
enum Digits {
    static func are(_ text: Bytes) -> Bool {
        for byte in text where byte &- 0x30 > 9 { return false }
        return true
    }

    /// The number that some digits of a text spell; they must be digits.
    static func value(_ text: Bytes, _ range: Range<Int>) -> Int {
        var value = 0
        for place in range { value = value &* 10 &+ Int(text[place] &- 0x30) }
        return value
    }
}
