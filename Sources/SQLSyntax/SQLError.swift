// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a statement that Yunei reads, and where.
public struct SQLError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue of WireContract.
    public enum Code: String, CaseIterable, Sendable {
        /// The text is longer than a limit. Arguments: the limit in bytes.
        case textTooLong = "sql.text-too-long"
        /// Too many tokens. Arguments: the limit.
        case tooManyTokens = "sql.too-many-tokens"
        /// Constructs stand too deep in one another. Arguments: the limit.
        case nestingTooDeep = "sql.nesting-too-deep"
        /// An expression has too many operators in a chain. Arguments: the limit.
        case expressionTooDeep = "sql.expression-too-deep"
        /// A name is too long. Arguments: the limit.
        case identifierTooLong = "sql.identifier-too-long"
        /// A number has too many digits. Arguments: the limit.
        case numberTooLong = "sql.number-too-long"
        /// A list has too many elements. Arguments: the limit.
        case listTooLong = "sql.list-too-long"
        /// FROM names too many tables. Arguments: the limit.
        case tooManyTables = "sql.too-many-tables"
        /// UNION ALL joins too many queries. Arguments: the limit.
        case tooManyUnionOperands = "sql.too-many-union-operands"
        /// There is no statement in the text.
        case emptyStatement = "sql.empty-statement"
        /// A string, quoted name or comment is not closed. Arguments: the missing closing mark.
        case unterminated = "sql.unterminated"
        /// A quoted name without characters.
        case emptyIdentifier = "sql.empty-identifier"
        /// Digits that do not form a number.
        case invalidNumber = "sql.invalid-number"
        /// A full-width mark outside quotes. Arguments: the mark, the mark to write.
        case fullWidthPunctuation = "sql.full-width-punctuation"
        /// A control or direction character. Arguments: its code point.
        case controlCharacter = "sql.control-character"
        /// A character that begins nothing. Arguments: the character or its code point.
        case unexpectedCharacter = "sql.unexpected-character"
        /// A token that does not fit. Arguments: what was found, what was expected.
        case unexpectedToken = "sql.unexpected-token"
        /// The text ends too early. Arguments: what was expected.
        case unexpectedEnd = "sql.unexpected-end"
        /// A window frame that ends before it begins, or begins behind or ends before every row.
        case invalidFrame = "sql.invalid-frame"
        /// A derived table without a name.
        case derivedTableWithoutAlias = "sql.derived-table-without-alias"
        /// A construct that exists in SQL and is outside of what Yunei reads. Arguments: the construct's name.
        case unsupported = "sql.unsupported"
    }

    /// What happened.
    public let code: Code
    /// Names, marks and limits for the text; never the content of a literal.
    public let arguments: [String]
    /// Where it happened.
    public let span: SourceSpan

    package init(_ code: Code, _ arguments: [String] = [], at span: SourceSpan) {
        self.code = code
        self.arguments = arguments
        self.span = span
    }

    /// Errors are equal when their codes are.
    public static func == (left: SQLError, right: SQLError) -> Bool { left.code == right.code }
}
