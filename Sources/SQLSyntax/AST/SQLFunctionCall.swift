// SPDX-License-Identifier: Apache-2.0

/// A call of a function, an aggregate or a window function.
public struct SQLFunctionCall: Equatable, Sendable {
    /// What stands in the parentheses.
    public enum Arguments: Equatable, Sendable {
        /// `*`, as in COUNT(*).
        case star
        /// Zero or more expressions.
        case list([SQLExpression])
    }

    /// The function's name.
    public let name: Identifier
    /// Its arguments.
    public let arguments: Arguments
    /// Whether DISTINCT stands before the arguments.
    public let isDistinct: Bool
    /// The keys of WITHIN GROUP (ORDER BY …).
    public let withinGroup: [SortItem]
    /// The condition of FILTER (WHERE …).
    public let filter: SQLExpression?
    /// The window of OVER (…).
    public let window: SQLWindow?

    package init(
        name: Identifier, arguments: Arguments, isDistinct: Bool = false, withinGroup: [SortItem] = [],
        filter: SQLExpression? = nil, window: SQLWindow? = nil
    ) {
        self.name = name
        self.arguments = arguments
        self.isDistinct = isDistinct
        self.withinGroup = withinGroup
        self.filter = filter
        self.window = window
    }
}
