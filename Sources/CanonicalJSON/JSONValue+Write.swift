// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The canonical bytes (RFC 8785): no blanks, members sorted by UTF-16 code units, shortest escapes, UTF-8.
    public var canonicalBytes: [UInt8] {
        var out: [UInt8] = []
        write(into: &out)
        return out
    }

    /// The canonical bytes as text.
    public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

    func write(into out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): CanonicalText.append(integer: value, to: &out)
        case .string(let value): Self.write(value, into: &out)
        case .array(let values):
            out.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { out.append(UInt8(ascii: ",")) }
                value.write(into: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (position, name) in Self.sorted(members.keys).enumerated() {
                if position > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(name, into: &out)
                out.append(UInt8(ascii: ":"))
                members[name, default: .null].write(into: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// Names in the order RFC 8785 asks for.
    static func sorted(_ names: some Sequence<String>) -> [String] { names.sorted(by: precedes) }

    /// Order by UTF-16 code units. It differs from that of the bytes only where a four-byte sequence meets one of U+E000 to U+FFFF.
    static func precedes(_ left: String, _ right: String) -> Bool {
        for (one, other) in zip(left.utf8, right.utf8) where one != other {
            return one >= 0xEE && other >= 0xEE ? left.utf16.lexicographicallyPrecedes(right.utf16) : one < other
        }
        return left.utf8.count < right.utf8.count
    }

    static func write(_ text: String, into out: inout [UInt8]) {
        var text = text
        text.withUTF8 { CanonicalText.append(string: $0, to: &out) }
    }

    /// One byte between the quotes of a string.
    static func writeContent(_ byte: UInt8, into out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): out.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): out.append(contentsOf: #"\\"#.utf8)
        case 0x08: out.append(contentsOf: #"\b"#.utf8)
        case 0x09: out.append(contentsOf: #"\t"#.utf8)
        case 0x0A: out.append(contentsOf: #"\n"#.utf8)
        case 0x0C: out.append(contentsOf: #"\f"#.utf8)
        case 0x0D: out.append(contentsOf: #"\r"#.utf8)
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            out.append(contentsOf: (#"\u00"# + (digits.utf8.count == 1 ? "0" : "") + digits).utf8)
        default: out.append(byte)
        }
    }
}

extension JSONValue {
    /// The same document with two-space indentation, for people.
    public var readableText: String { readable(indentation: "") }

    private func readable(indentation: String) -> String {
        let inner = indentation + "  "
        switch self {
        case .array(let values) where !values.isEmpty:
            return "[\n" + values.map { inner + $0.readable(indentation: inner) }.joined(separator: ",\n") + "\n" + indentation + "]"
        case .object(let members) where !members.isEmpty:
            let lines = Self.sorted(members.keys).map { name in
                inner + JSONValue.string(name).canonicalText + ": " + members[name, default: .null].readable(indentation: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + indentation + "}"
        case .null, .bool, .integer, .string, .array, .object:
            return canonicalText
        }
    }
}
