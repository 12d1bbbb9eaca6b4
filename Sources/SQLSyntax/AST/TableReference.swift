// SPDX-License-Identifier: Apache-2.0

/// What FROM reads: a table, a derived table, or a join of two.
public struct TableReference: Equatable, Sendable {
    /// The forms of a table reference.
    public indirect enum Kind: Equatable, Sendable {
        /// A table or common table by its name.
        case table(Identifier, alias: TableAlias?)
        /// A query in parentheses with a name.
        case derived(SelectQuery, alias: TableAlias)
        /// Two references and how their rows meet.
        case join(TableJoin)
    }

    /// What it is.
    public let kind: Kind
    /// Where it stands.
    @Unequated public var span: SourceSpan

    package init(_ kind: Kind, span: SourceSpan) {
        self.kind = kind
        self._span = Unequated(wrappedValue: span)
    }
}

extension TableReference {
    /// Height of the highest expression within.
    var height: Int {
        switch kind {
        case .table: return 0
        case .derived(let query, _): return query.height
        case .join(let join):
            let sides = max(join.left.height, join.right.height)
            guard case .on(let condition) = join.condition else { return sides }
            return max(sides, condition.height)
        }
    }
}

/// A name for a table and, when given, for its columns.
public struct TableAlias: Equatable, Sendable {
    /// The table's name.
    public let name: Identifier
    /// New names of its first columns.
    public let columns: [Identifier]

    package init(name: Identifier, columns: [Identifier] = []) {
        self.name = name
        self.columns = columns
    }
}

/// A join of two table references.
public struct TableJoin: Equatable, Sendable {
    /// The supported kinds.
    public enum Kind: String, Equatable, CaseIterable, Sendable {
        /// Only rows that meet.
        case inner = "INNER JOIN"
        /// All rows of the left side.
        case left = "LEFT JOIN"
        /// All rows of the right side.
        case right = "RIGHT JOIN"
        /// All rows of both sides.
        case full = "FULL JOIN"
        /// Every row with every row; a comma in FROM means this too.
        case cross = "CROSS JOIN"
    }

    /// How rows meet.
    public enum Condition: Equatable, Sendable {
        /// A condition over both sides.
        case on(SQLExpression)
        /// Columns of equal names.
        case using([Identifier])
        /// None; of CROSS JOIN only.
        case none
    }

    /// The kind.
    public let kind: Kind
    /// The left side.
    public let left: TableReference
    /// The right side.
    public let right: TableReference
    /// The condition.
    public let condition: Condition

    package init(kind: Kind, left: TableReference, right: TableReference, condition: Condition) {
        self.kind = kind
        self.left = left
        self.right = right
        self.condition = condition
    }
}
