// SPDX-License-Identifier: Apache-2.0

/// Pieces of canonical documents that are written without a value in between, for documents of many cells.
package enum CanonicalText {
    /// A string with its quotes. The bytes must be valid UTF-8.
    package static func append(string bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var start = 0
        for position in bytes.indices {
            let byte = bytes[position]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<position]))
            JSONValue.writeContent(byte, into: &out)
            start = position + 1
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        out.append(UInt8(ascii: "\""))
    }

    /// A whole number.
    package static func append(integer value: Int64, to out: inout [UInt8]) {
        if value < 0 { out.append(UInt8(ascii: "-")) }
        append(digits: value.magnitude, to: &out)
    }

    /// A number without a sign, with zeros in front up to `width` digits.
    package static func append(digits value: UInt64, width: Int = 1, to out: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: mostDigits) { digits in
            var rest = value, place = mostDigits
            while rest > 0 || (place > 0 && mostDigits - place < width) {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                place -= 1
                digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: digits[place...]))
        }
    }

    /// Digits of the largest 64-bit number.
    private static let mostDigits = 20
}
