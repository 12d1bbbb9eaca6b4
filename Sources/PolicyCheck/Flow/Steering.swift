// SPDX-License-Identifier: Apache-2.0

import QueryPlan

/// Which protected columns steer which other columns through joins.
///
/// A join on a column that is no entity makes the column that it is equal to the same column in all but name, and every column of an
/// open table a function of it: grouping by a code table's text is grouping by the code. So a use of such a column asks for the same
/// use of the key that led to it. Entities are left out: they lead to rows of persons, which thresholds protect. Other columns of
/// protected tables have rules of their own.
package struct Steering {
    private var byReference: [Int: Set<Int>] = [:]
    private var bySource: [Int: Set<Int>] = [:]
    private let sources: [SourceColumn]

    package init(_ flow: PlanFlow) {
        sources = flow.sources
        let keys = flow.joins.flatMap(\.keys)
        for key in keys {
            add(key.left, over: key.right)
            add(key.right, over: key.left)
        }
        // Open tables that are joined with each other hand on what steers them.
        var isChanged = true
        while isChanged {
            isChanged = false
            for key in keys where spread(key.left, key.right) || spread(key.right, key.left) { isChanged = true }
        }
    }

    /// Protected columns that steer a column, in order.
    func columns(over position: Int) -> [Int] {
        let direct = bySource[position] ?? []
        guard !sources[position].isProtected else { return direct.sorted() }
        return direct.union(byReference[sources[position].reference] ?? []).sorted()
    }

    private mutating func add(_ key: BoundExpression, over other: BoundExpression) {
        let steering = key.columns.filter { sources[$0].isProtected && sources[$0].column.identifier == nil }
        for position in other.columns {
            bySource[position, default: []].formUnion(steering)
            if !sources[position].isProtected { byReference[sources[position].reference, default: []].formUnion(steering) }
        }
    }

    private mutating func spread(_ key: BoundExpression, _ other: BoundExpression) -> Bool {
        var isChanged = false
        for from in key.columns where !sources[from].isProtected {
            for to in other.columns where !sources[to].isProtected {
                let missing = (byReference[sources[from].reference] ?? []).subtracting(byReference[sources[to].reference] ?? [])
                guard !missing.isEmpty else { continue }
                byReference[sources[to].reference, default: []].formUnion(missing)
                isChanged = true
            }
        }
        return isChanged
    }
}
