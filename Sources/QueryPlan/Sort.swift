// SPDX-License-Identifier: Apache-2.0

/// The first rows in an order, below the release node. Rows that are equal in all keys come in no stated order.
public struct Sort: Sendable {
    public let input: LogicalPlan
    /// May be empty: then any rows are the first.
    public let keys: [SortKey]
    /// Nil: all.
    public let limit: Int64?
    public let offset: Int64

    public init(input: LogicalPlan, keys: [SortKey], limit: Int64?, offset: Int64) {
        self.input = input
        self.keys = keys
        self.limit = limit
        self.offset = offset
    }
}
