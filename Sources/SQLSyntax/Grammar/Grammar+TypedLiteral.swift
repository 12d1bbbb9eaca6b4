// SPDX-License-Identifier: Apache-2.0

extension Grammar {
    /// DATE, TIMESTAMP or INTERVAL with its text.
    mutating func typedLiteral(_ word: String, _ text: String) throws(SQLError) -> SQLExpression {
        let start = current.span
        advance()
        advance()
        switch word {
        case "date": return try made(.literal(.date(text)), from: start)
        case "timestamp": return try made(.literal(.timestamp(text)), from: start)
        default: return try made(.literal(.interval(try intervalText(text, from: start))), from: start)
        }
    }

    /// The text of an interval with the field that may follow it: `'90' DAY` is `'90 day'`. Where the text says more
    /// than a number, a field would cut the value, so that is refused.
    private mutating func intervalText(_ text: String, from start: SourceSpan) throws(SQLError) -> String {
        guard case .word(let field) = current.kind, ReservedWords.intervalFields.contains(field) else { return text }
        let isSimple = Self.isNumber(text, hasFraction: field == "second")
        let follower = ahead(1).kind
        guard isSimple, follower != .word("to"), follower != .symbol(.leftParenthesis) else {
            throw unsupported(.intervalField)
        }
        advance()
        return text + " " + field
    }

    /// Digits with an optional sign and, for seconds, an optional fraction.
    private static func isNumber(_ text: String, hasFraction: Bool) -> Bool {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 1 || hasFraction else { return false }
        return parts.allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(CharacterClass.isDigit) }
    }
}
