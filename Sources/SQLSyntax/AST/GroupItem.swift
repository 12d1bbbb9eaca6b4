// SPDX-License-Identifier: Apache-2.0

/// One entry of GROUP BY. `GROUP BY (a, b)` is two entries, and `GROUP BY ()` is `GROUPING SETS (())`.
public indirect enum GroupItem: Equatable, Sendable {
    /// A key.
    case expression(SQLExpression)
    /// ROLLUP; each element is one or more keys.
    case rollup([[SQLExpression]])
    /// CUBE; each element is one or more keys.
    case cube([[SQLExpression]])
    /// GROUPING SETS. A set is a list of keys, empty for `()`, or a single ROLLUP, CUBE or GROUPING SETS.
    case sets([[GroupItem]])
}

extension GroupItem {
    /// The keys within, in the order in which they stand in the text.
    package var expressions: [SQLExpression] {
        switch self {
        case .expression(let expression): return [expression]
        case .rollup(let elements), .cube(let elements): return elements.flatMap(\.self)
        case .sets(let sets): return sets.flatMap(\.self).flatMap(\.expressions)
        }
    }

    /// Height of the highest expression within.
    var height: Int { expressions.reduce(0) { max($0, $1.height) } }
}
