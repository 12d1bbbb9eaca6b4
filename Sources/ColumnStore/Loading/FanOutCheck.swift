// SPDX-License-Identifier: Apache-2.0

/// Holds rows to the most that one entity may have. They come ordered by entity, so an entity is one run.
struct FanOutCheck {
    private let table: String
    private let type: String
    private let rowsMaximum: Int
    private var key: UInt32 = .max
    /// Rows of the run that is under way.
    private var run = 0

    /// Nil where the plan does not say how many.
    init?(_ plan: LoadPlan) {
        guard let rowsMaximum = plan.fanOut, let type = plan.entities.first?.type else { return nil }
        self.rowsMaximum = rowsMaximum
        self.type = type
        table = plan.identity.table
    }

    /// Takes the first `count` rows of those that come next; rows without entity belong to nobody. Throws `store.fan-out-exceeded`.
    mutating func check(_ rows: OrderedRows, count: Int) throws(StoreError) {
        var (key, run, longest) = (key, run, 0)
        for row in 0..<count {
            let next = rows.key(row)
            run = next == key ? run + 1 : 1
            key = next
            // The greatest key, of no entity, comes last.
            if next != .max, run > longest { longest = run }
        }
        (self.key, self.run) = (key, run)
        guard longest <= rowsMaximum else { throw StoreError(.fanOutExceeded, [table, type, String(rowsMaximum)]) }
    }
}
