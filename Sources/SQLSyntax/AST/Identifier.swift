// SPDX-License-Identifier: Apache-2.0

/// A name as SQL means it: quotes removed, and ASCII letters of an unquoted name folded to lower case.
public struct Identifier: Equatable, Sendable {
    /// The folded name.
    public let text: String
    /// Where it stands.
    @Unequated public var span: SourceSpan

    package init(_ text: String, span: SourceSpan) {
        self.text = text
        self._span = Unequated(wrappedValue: span)
    }
}
