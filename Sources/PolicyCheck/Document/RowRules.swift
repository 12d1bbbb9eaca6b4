// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// One condition of a row range: the column has one of the values.
public struct RowCondition: Sendable, Hashable {
    public let column: String
    public let values: [String]

    /// Reads `column = value` and `column in (value, value)`. Nil for anything else.
    init?(text: String) {
        if let equals = text.firstIndex(of: "=") {
            let column = Self.trimmed(text[..<equals])
            let value = Self.trimmed(text[text.index(after: equals)...])
            guard Self.isPlain(column), Self.isPlain(value) else { return nil }
            self.column = column
            values = [value]
            return
        }
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
        let words = text[..<open].split(separator: " ")
        guard words.count == 2, words[1].lowercased() == "in" else { return nil }
        column = String(words[0])
        values = text[text.index(after: open)...].dropLast().split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
        guard Self.isPlain(column), !values.isEmpty, values.allSatisfy(Self.isPlain) else { return nil }
    }

    init?(json: JSONValue) {
        guard let members = json.members, Set(members.keys) == ["column", "values"], let column = json["column"]?.text,
            let values = json["values"]?.elements, !values.isEmpty
        else { return nil }
        self.column = column
        self.values = values.compactMap(\.text)
        guard self.values.count == values.count else { return nil }
    }

    var json: JSONValue { ["column": .string(column), "values": .array(values.map { .string($0) })] }

    /// As a person writes it.
    public var text: String { values.count == 1 ? column + " = " + values[0] : column + " in (" + values.joined(separator: ", ") + ")" }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { "=<>!()'\"".contains($0) }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

/// Codes whose rows take part in nothing: one code with everything below it, or all from one code to another of the same
/// length, the last with everything below it.
public struct RowExclusion: Sendable, Hashable {
    public let lower: String
    public let upper: String

    /// Reads `Z21` and `B20-B24`. Nil unless codes are of letters, digits and points, of one length, in order.
    public init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let first = parts.first, let last = parts.last, parts.allSatisfy(Self.isCode),
            first.unicodeScalars.count == last.unicodeScalars.count, !last.utf8.lexicographicallyPrecedes(first.utf8)
        else { return nil }
        lower = first
        upper = last
    }

    /// Characters of a value that are compared.
    public var length: Int { lower.unicodeScalars.count }

    public var text: String { lower == upper ? lower : lower + "-" + upper }

    private static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "." }
    }
}
