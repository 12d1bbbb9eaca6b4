// SPDX-License-Identifier: Apache-2.0

/// Reads SQL text in PostgreSQL's dialect: one SELECT statement, optionally closed by a semicolon.
public enum SQLParser {
    /// Reads a statement.
    ///
    /// What is outside of the dialect is refused: a known construct by its name (`sql.unsupported`), anything else
    /// as an unexpected token. Time and stack are bounded by ``Limits``.
    public static func parse(_ text: String) throws(SQLError) -> ParsedStatement {
        guard text.utf8.count <= Limits.textBytes else {
            throw SQLError(
                .textTooLong, [String(Limits.textBytes)], at: SourceSpan(line: 1, column: 1, length: 1, offset: 0))
        }
        var lexer = Lexer(text)
        var grammar = Grammar(tokens: try lexer.tokens())
        return ParsedStatement(query: try grammar.statement())
    }
}
