// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// A grouping below the release node: its rows stay confidential. DISTINCT is one without calls.
/// One row for each distinct combination of keys; without keys one row in all, also over no rows.
public struct Aggregate: Sendable {
    public let input: LogicalPlan
    /// Keys and calls over the columns of `input`; its output is the keys, then the calls.
    public let aggregation: Aggregation

    public init(input: LogicalPlan, aggregation: Aggregation) {
        self.input = input
        self.aggregation = aggregation
    }
}
