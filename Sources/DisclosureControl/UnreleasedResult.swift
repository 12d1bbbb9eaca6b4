// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Cells that nobody has judged yet. There is no way to read one outside DisclosureControl: no encoding, no description, no accessor.
/// `release()` is the only way on, and it takes no rules: they came with the approved plan.
public final class UnreleasedResult: @unchecked Sendable {
    let rules: ReleaseRules
    let content: Content

    enum Content {
        /// Groups with their keys and aggregates. `groupContributors[dimension]` counts the distinct entities of the whole group.
        case cells(groupCount: Int, keys: [ColumnVector], aggregates: [AggregateCells], groupContributors: [UnsafeMutablePointer<Int64>])
        /// Rows of open tables, in batches that all have the same columns.
        case openRows([[ColumnVector]])
    }

    let arena: ConfidentialArena

    /// For the engine: groups.
    package init(
        rules: ReleaseRules, groupCount: Int, keys: [ColumnVector], aggregates: [AggregateCells],
        groupContributors: [UnsafeMutablePointer<Int64>], arena: ConfidentialArena
    ) {
        self.rules = rules
        self.content = .cells(groupCount: groupCount, keys: keys, aggregates: aggregates, groupContributors: groupContributors)
        self.arena = arena
    }

    /// For the engine: rows of open tables. Batches with `count` taken from their vectors.
    package init(rules: ReleaseRules, openRows: [[ColumnVector]], arena: ConfidentialArena) {
        self.rules = rules
        self.content = .openRows(openRows)
        self.arena = arena
    }
}
