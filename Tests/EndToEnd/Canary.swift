// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Values that must stand nowhere outside the ciphertext, and the bytes under which one could hide.
enum Canary {
    /// Shorter ones would be met by chance.
    static let leastBytes = 8

    /// Planted in every domain.
    static let everywhere = Set(Hospital.marks + [Yunei.commonPassphrase])

    /// Columns of the tests' tables whose values a result, a parameter or a message may show. Everything in any other column is a canary.
    private static let shown: Set<String> = [
        "hospital", "visit_date", "icd_code", "cost", "district", "urgent", "drug", "amount", "home", "income", "score", "city", "day",
        "pm25", "wind",
    ]

    /// The rare values of a CSV file's protected columns; `isExpected` when there should be some.
    static func cells(ofCSV bytes: [UInt8]) -> (values: Set<String>, isExpected: Bool) {
        let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }.map { line in
            line.split(separator: 0x2C, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        }
        // What is not UTF-8 cannot be searched for as text.
        let isShown = (lines.first ?? []).map { shown.contains($0.filter { $0 != "\u{FEFF}" }) || $0.contains("\u{FFFD}") }
        var values: Set<String> = []
        for cells in lines.dropFirst() {
            for (index, cell) in cells.enumerated() where index >= isShown.count || !isShown[index] {
                guard cell.utf8.count >= leastBytes, !cell.contains("\u{FFFD}"), !cell.contains("\u{0}") else { continue }
                values.insert(cell)
                values.formUnion(IdentityNumber.spellings(of: cell))
            }
        }
        return (values, isShown.contains(false))
    }

    static func forms(of value: String) -> [(name: String, bytes: [UInt8])] {
        let utf8 = Array(value.utf8)
        var forms = encodings(of: utf8, name: "UTF-8")
        forms.append(("UTF-16LE", value.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }))
        forms.append(("UTF-16BE", value.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }))
        if let encoded = Encoding.gb18030(utf8), encoded != utf8 { forms += encodings(of: encoded, name: "GB18030") }
        if let number = Int64(value.replacing(".", with: "")), value.contains(".") {
            forms.append(("scaled integer, little-endian", withUnsafeBytes(of: number.littleEndian) { Array($0) }))
            forms.append(("scaled integer, big-endian", withUnsafeBytes(of: number.bigEndian) { Array($0) }))
        }
        return forms.filter { $0.bytes.count >= leastBytes }
    }

    /// The bytes themselves, reversed, in hexadecimal and in base64.
    static func encodings(of bytes: [UInt8], name: String) -> [(name: String, bytes: [UInt8])] {
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        var forms: [(name: String, bytes: [UInt8])] = [
            (name, bytes), (name + " reversed", bytes.reversed()), (name + " in hex", Array(hex.utf8)),
            (name + " in HEX", Array(hex.uppercased().utf8)),
        ]
        for shift in 0..<3 {
            // What base64 makes of it wherever it starts, without the characters at both ends that depend on its neighbours.
            let text = Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedString().replacing("=", with: "")
            let usable = text.dropFirst(shift == 0 ? 0 : shift + 1).dropLast(1)
            let isURL = usable.contains { $0 == "+" || $0 == "/" }
            forms.append((name + " in base64", Array(usable.utf8)))
            if isURL { forms.append((name + " in base64url", Array(usable.replacing("+", with: "-").replacing("/", with: "_").utf8))) }
        }
        return forms
    }
}

/// Text in the encoding of city files.
enum Encoding {
    static func gb18030(_ utf8: [UInt8]) -> [UInt8]? {
        let converter = iconv_open("GB18030", "UTF-8")
        defer { iconv_close(converter) }
        var source = utf8.map { CChar(bitPattern: $0) }
        var target = [CChar](repeating: 0, count: utf8.count * 4)
        var (left, free) = (source.count, target.count)
        let failed = source.withUnsafeMutableBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                var (input, output) = (source.baseAddress, target.baseAddress)
                return iconv(converter, &input, &left, &output, &free) == -1
            }
        }
        return failed ? nil : target.prefix(target.count - free).map { UInt8(truncatingIfNeeded: $0) }
    }
}
