// SPDX-License-Identifier: Apache-2.0

/// A place in SQL text. Lines and columns count from 1, the offset from 0; columns, length and offset are in
/// characters, where a character is one Unicode scalar.
public struct SourceSpan: Hashable, Sendable {
    /// The line on which the place begins, from 1.
    public let line: Int
    /// The column at which the place begins, from 1, in Unicode scalars.
    public let column: Int
    /// How many Unicode scalars the place covers; line breaks inside it count.
    public let length: Int
    /// How many Unicode scalars stand before the place.
    public let offset: Int

    /// A place from its coordinates.
    public init(line: Int, column: Int, length: Int, offset: Int) {
        self.line = line
        self.column = column
        self.length = length
        self.offset = offset
    }

    /// The smallest place that covers this one and a later one.
    package func joined(with later: SourceSpan) -> SourceSpan {
        let end = max(offset + length, later.offset + later.length)
        return SourceSpan(line: line, column: column, length: end - offset, offset: offset)
    }
}
