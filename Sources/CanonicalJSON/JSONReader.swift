// SPDX-License-Identifier: Apache-2.0

/// A cursor over the bytes of one document. It notes whether these are the canonical ones, so that nobody must write the document
/// again to know.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// Whether everything so far stands as the writer would have written it.
    private(set) var isCanonical = true

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func readDocument() throws(JSONError) -> JSONValue {
        let value = try readValue(depth: 0)
        skipBlanks()
        guard position == bytes.count else { throw failure(.malformed) }
        return value
    }

    private func failure(_ code: JSONError.Code) -> JSONError { JSONError(code: code, offset: position) }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D:
                position += 1
                isCanonical = false
            default: return
            }
        }
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
        let rest = UnsafeBufferPointer(rebasing: bytes[position...])
        guard word.withUTF8Buffer({ rest.starts(with: $0) }) else { throw failure(.malformed) }
        position += word.utf8CodeUnitCount
        return value
    }

    /// A number that can be read has one spelling only.
    private mutating func readNumber() throws(JSONError) -> JSONValue {
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var value: Int64 = 0
        var isInRange = true
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            let digit = Int64(bytes[position] - UInt8(ascii: "0"))
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, nextOverflow) = isNegative ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
            if overflow || nextOverflow { isInRange = false }
            value = next
            position += 1
        }
        let hasLeadingZero = position - start > 1 && bytes[start] == UInt8(ascii: "0")
        let isMinusZero = isNegative && position - start == 1 && bytes[start] == UInt8(ascii: "0")
        guard position > start, !hasLeadingZero, !isMinusZero else { throw failure(.malformed) }
        if position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw failure(.malformed)
            default: break
            }
        }
        guard isInRange else { throw failure(.numberOutOfRange) }
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
        var previous: String?
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        members.reserveCapacity(Self.usualMembers)
        while true {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure(.malformed) }
            let name = try readString()
            if let previous, !JSONValue.precedes(previous, name) { isCanonical = false }
            previous = name
            guard members[name] == nil else { throw failure(.duplicateMember) }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw failure(.malformed) }
            members[name] = try readValue(depth: depth + 1)
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw failure(.malformed) }
        }
    }

    /// Objects of our documents seldom have more members.
    private static let usualMembers = 8

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func readString() throws(JSONError) -> String {
        position += 1
        let start = position
        skipPlain()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            let content = UnsafeBufferPointer(rebasing: bytes[start..<position])
            position += 1
            guard let text = String(validating: content, as: UTF8.self) else { throw failure(.malformed) }
            return text
        }
        return try readEscapedString(beginning: bytes[start..<position])
    }

    /// To the next quote, backslash or control character.
    private mutating func skipPlain() {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
            position += 1
        }
    }

    private mutating func readEscapedString(beginning: Slice<UnsafeBufferPointer<UInt8>>) throws(JSONError) -> String {
        var content = Array(beginning)
        while position < bytes.count {
            let byte = bytes[position]
            guard byte >= 0x20 else { throw failure(.malformed) }
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard let text = String(validating: content, as: UTF8.self) else { throw failure(.malformed) }
                return text
            }
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
        let start = position - 1
        let byte = bytes[position]
        position += 1
        let content: [UInt8]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content = [byte]
        case UInt8(ascii: "b"): content = [0x08]
        case UInt8(ascii: "f"): content = [0x0C]
        case UInt8(ascii: "n"): content = [0x0A]
        case UInt8(ascii: "r"): content = [0x0D]
        case UInt8(ascii: "t"): content = [0x09]
        case UInt8(ascii: "u"): content = try readUnicodeEscape()
        default: throw failure(.malformed)
        }
        var written: [UInt8] = []
        for byte in content { JSONValue.writeContent(byte, into: &written) }
        if !bytes[start..<position].elementsEqual(written) { isCanonical = false }
        return content
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
