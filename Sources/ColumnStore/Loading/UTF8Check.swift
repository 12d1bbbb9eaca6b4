// SPDX-License-Identifier: Apache-2.0

/// Validates UTF-8 that comes in pieces (Unicode 15, table 3-7) and finds zero bytes.
struct UTF8Check {
    private var missing = 0
    private var least: UInt8 = 0x80
    private var greatest: UInt8 = 0xBF
    private(set) var hasZero = false

    /// Whether what came so far does not stop within a character.
    var isAtBoundary: Bool { missing == 0 }

    /// False as soon as the bytes cannot be UTF-8.
    mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        var place = 0
        while place < bytes.count {
            if missing == 0 {
                place = skipWide(start, skipPlain(start, place, bytes.count), bytes.count)
                if place == bytes.count { return true }
            }
            let byte = start.get(UInt8.self, at: place)
            place += 1
            if missing > 0 {
                guard byte >= least, byte <= greatest else { return false }
                missing -= 1
                (least, greatest) = (0x80, 0xBF)
            } else if byte == 0 {
                hasZero = true
            } else if byte >= 0x80 {
                guard begin(byte) else { return false }
            }
        }
        return true
    }

    /// The next byte that is zero or not ASCII, eight bytes at a time.
    @inline(__always)
    private func skipPlain(_ start: UnsafeRawPointer, _ from: Int, _ count: Int) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        let low: UInt64 = 0x0101_0101_0101_0101
        var place = from
        while place + 8 <= count {
            let word = start.get(UInt64.self, at: place)
            // For ASCII bytes, subtracting one sets the high bit exactly where a byte was zero or a borrow came from one.
            if (word | (word &- low)) & high != 0 { break }
            place += 8
        }
        while place < count {
            let byte = start.get(UInt8.self, at: place)
            if byte == 0 || byte >= 0x80 { break }
            place += 1
        }
        return place
    }

    /// Goes over characters of three bytes, as most of those of Chinese are.
    @inline(__always)
    private func skipWide(_ start: UnsafeRawPointer, _ from: Int, _ count: Int) -> Int {
        var place = from
        while place + 4 <= count {
            let word = UInt32(littleEndian: start.get(UInt32.self, at: place))
            // Not of this form, longer than needed (E0 with a second byte below A0), or a surrogate (ED with one above 9F).
            if word & 0x00C0_C0F0 != 0x0080_80E0 || word & 0x20FF == 0x00E0 || word & 0x20FF == 0x20ED { break }
            place += 3
        }
        return place
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, least) = (2, 0xA0)
        case 0xED: (missing, greatest) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, least) = (3, 0x90)
        case 0xF4: (missing, greatest) = (3, 0x8F)
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }
}
