// SPDX-License-Identifier: Apache-2.0

/// A type as written in a cast: lower-case words and the numbers in parentheses.
public struct SQLTypeName: Equatable, Sendable {
    /// One or more words, such as `integer` or `double precision`.
    public let name: String
    /// The numbers in parentheses: precision, scale or length.
    public let modifiers: [Int]
    /// Where it stands.
    @Unequated public var span: SourceSpan

    package init(name: String, modifiers: [Int], span: SourceSpan) {
        self.name = name
        self.modifiers = modifiers
        self._span = Unequated(wrappedValue: span)
    }
}
