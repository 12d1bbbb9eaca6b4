// SPDX-License-Identifier: Apache-2.0

/// One SELECT statement that was read completely. Only ``SQLParser`` makes it.
public struct ParsedStatement: Sendable {
    /// The statement's tree.
    public let query: SelectQuery

    init(query: SelectQuery) {
        self.query = query
    }

    /// The statement in canonical spelling; reading it gives the same tree.
    public var canonicalText: String { query.canonicalText }
}

extension SelectQuery {
    /// The query in canonical spelling.
    package var canonicalText: String { SQLPrinter.text(of: self) }
}
