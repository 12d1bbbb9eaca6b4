// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A date format such as `yyyy-MM-dd HH:mm:ss`, ready to be matched.
///
/// yyyy, MM, dd, HH, mm, ss take exactly as many digits; a single M, d, H takes one or two; S… takes that many digits of a second's
/// fraction (up to 6). Everything else stands for itself; other letters are not allowed. Nil for a format without year, month and day.
struct DatePattern: Hashable {
    private enum Part: Hashable {
        case digits(Field, least: Int, most: Int)
        case literal(UInt8)
    }
    private enum Field: Int { case year, month, day, hour, minute, second, fraction }

    private let parts: [Part]

    init?(_ format: String) {
        let bytes = Array(format.utf8)
        var parts: [Part] = []
        var seen: Set<Int> = []
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            var end = place
            while end < bytes.count, bytes[end] == byte { end += 1 }
            if let field = Self.field(byte) {
                let length = end - place
                guard Self.allows(field, length), seen.insert(field.rawValue).inserted else { return nil }
                parts.append(.digits(field, least: length, most: length == 1 && field != .fraction ? 2 : length))
                place = end
            } else {
                let isLetter = (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80
                guard !isLetter || byte == UInt8(ascii: "T") else { return nil }
                parts.append(.literal(byte))
                place += 1
            }
        }
        guard seen.isSuperset(of: [Field.year.rawValue, Field.month.rawValue, Field.day.rawValue]) else { return nil }
        self.parts = parts
    }

    private static func field(_ byte: UInt8) -> Field? {
        switch byte {
        case UInt8(ascii: "y"): .year
        case UInt8(ascii: "M"): .month
        case UInt8(ascii: "d"): .day
        case UInt8(ascii: "H"): .hour
        case UInt8(ascii: "m"): .minute
        case UInt8(ascii: "s"): .second
        case UInt8(ascii: "S"): .fraction
        default: nil
        }
    }

    private static func allows(_ field: Field, _ length: Int) -> Bool {
        switch field {
        case .year: length == 4
        case .month, .day, .hour: length <= 2
        case .minute, .second: length == 2
        case .fraction: length <= 6
        }
    }

    /// Microseconds since 1970-01-01, or nil when the text is not of this format or no such moment exists.
    func match(_ text: UnsafeRawBufferPointer) -> Int64? {
        var year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0
        var place = 0
        for part in parts {
            switch part {
            case .literal(let byte):
                guard place < text.count, text[place] == byte else { return nil }
                place += 1
            case .digits(let field, let least, let most):
                let start = place
                var value = 0
                while place < text.count, place - start < most, (0x30...0x39).contains(text[place]) {
                    value = value * 10 + Int(text[place]) - 0x30
                    place += 1
                }
                guard place - start >= least else { return nil }
                switch field {
                case .year: year = value
                case .month: month = value
                case .day: day = value
                case .hour: hour = value
                case .minute: minute = value
                case .second: second = value
                case .fraction:
                    for _ in (place - start)..<6 { value *= 10 }
                    fraction = value
                }
            }
        }
        guard place == text.count, hour < 24, minute < 60, second < 60, let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second)
        return date.days * CivilTimestamp.microsecondsPerDay + seconds * CivilTimestamp.microsecondsPerSecond + Int64(fraction)
    }
}
