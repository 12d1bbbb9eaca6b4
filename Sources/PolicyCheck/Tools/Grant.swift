// SPDX-License-Identifier: Apache-2.0

/// One line of a policy document that would have to be changed so that a statement passes.
public struct Grant: Sendable, Hashable {
    /// What is added or widened.
    public enum Change: Sendable, Hashable {
        case allow(Capability)
        /// Nil: every single day, or moment.
        case granularity(Granularity?)
        /// Nil: the whole text.
        case prefix(Int?)
        /// Another line that holds the column back, by its English key, with the values that it must have. Nil: it goes.
        case line(String, [String]?)
    }

    public let table: String
    public let column: String
    public let change: Change

    /// `table.column`.
    public var name: String { table + "." + column }
}

/// One line to write into a document.
public struct GrantLine: Sendable, Hashable {
    /// Whose document: a unit, or a baseline.
    public let owner: String
    /// `table.column`, or a baseline's data element.
    public let subject: String
    public let isOfElement: Bool
    /// English key of the line.
    public let key: String
    /// The value that must stand there; nil when the line must go.
    public let value: String?
    /// The value that stands there now; nil when there is none.
    public let previous: String?
}

/// What a column may be used for after a grant and not before, by whatever statement.
public struct NewUse: Sendable, Hashable {
    /// `table.column`.
    public let column: String
    /// The unit whose column it is.
    public let owner: String
    public let change: Grant.Change
}

/// What came of the search for the smallest grant.
public enum GrantOutcome: Sendable {
    /// It passes as it is.
    case notNeeded
    /// The checker approved the statement under exactly these grants, and does not when any one of them is left out or is tighter.
    case found(grants: [Grant], lines: [GrantLine], newUses: [NewUse])
    /// No grant helps, or not alone: what stands in the way, beside what grants could mend.
    case impossible(Verdict)
}
