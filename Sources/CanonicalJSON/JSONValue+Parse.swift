// SPDX-License-Identifier: Apache-2.0

/// Limits of the JSON reader.
public enum JSONLimits {
    /// Deepest nesting of arrays and objects.
    public static let nestingDepth = 64
    /// Largest document in bytes.
    public static let documentBytes = 256 << 20
}

/// Why a text is not a JSON document of our subset. Carries the byte offset, never the text.
public struct JSONError: Error, Sendable, Equatable {
    /// Stable codes.
    public enum Code: String, Sendable, CaseIterable {
        case malformed = "json.malformed"
        case duplicateMember = "json.duplicate-member"
        case numberOutOfRange = "json.number-out-of-range"
        case tooDeep = "json.too-deep"
        case tooLarge = "json.too-large"
        case notCanonical = "json.not-canonical"
    }
    public let code: Code
    public let offset: Int
    public static func == (left: JSONError, right: JSONError) -> Bool { left.code == right.code }
}

extension JSONValue {
    /// Reads one document strictly (RFC 8259): no duplicate members, no fractions, no trailing bytes, valid UTF-8.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        guard bytes.count <= JSONLimits.documentBytes else { throw JSONError(code: .tooLarge, offset: bytes.count) }
        var reader = JSONReader(bytes: bytes)
        let value = try reader.readDocument()
        return value
    }

    /// Reads one document and refuses it unless its bytes are the canonical ones.
    public static func parseCanonical(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        let value = try parse(bytes)
        guard value.canonicalBytes == bytes else { throw JSONError(code: .notCanonical, offset: 0) }
        return value
    }
}

/// A cursor over the bytes of one document.
private struct JSONReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readDocument() throws(JSONError) -> JSONValue {
        let value = try readValue(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw failure(.malformed) }
        return value
    }

    private func failure(_ code: JSONError.Code) -> JSONError { JSONError(code: code, offset: position) }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= JSONLimits.nestingDepth else { throw failure(.tooDeep) }
        skipBlanks()
        guard position < bytes.count else { throw failure(.malformed) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try readObject(depth: depth)
        case UInt8(ascii: "["): return try readArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: throw failure(.malformed)
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let expected = word.withUTF8Buffer { Array($0) }
        guard bytes[position...].starts(with: expected) else { throw failure(.malformed) }
        position += expected.count
        return value
    }

    private mutating func readNumber() throws(JSONError) -> JSONValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        let hasLeadingZero = position - digits > 1 && bytes[digits] == UInt8(ascii: "0")
        let isMinusZero = digits > start && position - digits == 1 && bytes[digits] == UInt8(ascii: "0")
        guard position > digits, !hasLeadingZero, !isMinusZero else { throw failure(.malformed) }
        if position < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[position]) {
            throw failure(.malformed)
        }
        guard let value = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else { throw failure(.numberOutOfRange) }
        return .integer(value)
    }

    private mutating func readArray(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var values: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try readValue(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw failure(.malformed) }
        }
    }

    private mutating func readObject(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure(.malformed) }
            let name = try readString()
            guard members[name] == nil else { throw failure(.duplicateMember) }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw failure(.malformed) }
            members[name] = try readValue(depth: depth + 1)
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw failure(.malformed) }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func readString() throws(JSONError) -> String {
        position += 1
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else { throw failure(.malformed) }
                return text
            }
            guard byte >= 0x20 else { throw failure(.malformed) }
            position += 1
            if byte == UInt8(ascii: "\\") {
                content.append(contentsOf: try readEscape())
            } else {
                content.append(byte)
            }
        }
        throw failure(.malformed)
    }

    private mutating func readEscape() throws(JSONError) -> [UInt8] {
        guard position < bytes.count else { throw failure(.malformed) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try readUnicodeEscape()
        default: throw failure(.malformed)
        }
    }

    private mutating func readUnicodeEscape() throws(JSONError) -> [UInt8] {
        let first = try readFourDigits()
        var scalarValue = UInt32(first)
        if (0xD800..<0xDC00).contains(first) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure(.malformed) }
            let second = try readFourDigits()
            guard (0xDC00..<0xE000).contains(second) else { throw failure(.malformed) }
            scalarValue = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(scalarValue) else { throw failure(.malformed) }
        return Array(String(scalar).utf8)
    }

    private mutating func readFourDigits() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure(.malformed) }
        var value: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure(.malformed) }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }
}
