// SPDX-License-Identifier: Apache-2.0

/// The limits of the parser. Each refuses with a code of its own.
public enum Limits {
    /// Length of a statement in UTF-8 bytes.
    public static let textBytes = 256 * 1024
    /// Number of tokens in a statement, comments and spaces not counted.
    public static let tokens = 100_000
    /// How deep parentheses, calls, CASE, derived tables and subqueries may stand in one another.
    public static let nestingDepth = 128
    /// Height of one expression tree, subqueries included; it bounds chains such as a + b + c.
    public static let expressionHeight = 500
    /// Length of a name in characters.
    public static let identifierCharacters = 128
    /// Length of a number in characters.
    public static let numberCharacters = 100
    /// Elements of one list: select items, IN values, arguments, groups.
    public static let listElements = 10_000
    /// Tables named in one FROM clause, those of its derived tables not counted.
    public static let tablesInFrom = 64
    /// Queries joined by UNION ALL in one chain.
    public static let unionOperands = 128
    /// Characters of a line shown above a caret.
    public static let caretLineCharacters = 160
}
