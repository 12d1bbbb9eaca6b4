// SPDX-License-Identifier: Apache-2.0

internal import QueryEngine
package import QueryPlan
package import Tabular

extension NaiveInterpreter {
    /// One row for each group, keys first; without keys one row in all.
    package func aggregated(_ aggregation: Aggregation, _ input: [Row]) -> [Row] {
        var groups = input.grouped { row in NaiveKey(aggregation.keys.map { values.evaluate($0, row.values) }) }
        if aggregation.keys.isEmpty, groups.isEmpty { groups = [[]] }
        return groups.map { members in
            let keys = members.first.map { row in aggregation.keys.map { values.evaluate($0, row.values) } } ?? []
            let results = aggregation.calls.map { call in
                let arguments = members.map { row in call.argument.map { values.evaluate($0, row.values) } ?? .bool(true) }
                return NaiveAggregates.value(call.function, arguments, percentile: call.percentile, type: call.type)
            }
            return Row(values: keys + results, entities: plan.dimensions.map { _ in nil })
        }
    }

    func sorted(_ sort: Sort, _ input: [Row]) -> [Row] {
        let keys = input.map { row in sort.keys.map { values.evaluate($0.expression, row.values) } }
        let order = NaiveOrder.sorted(keys, sort.keys)
        let kept = NaiveOrder.limited(order, count: sort.limit, offset: sort.offset)
        return kept.map { input[$0] }
    }
}

/// ORDER BY, LIMIT and OFFSET.
package enum NaiveOrder {
    /// Places in order; those equal in all keys stay as they came.
    package static func sorted(_ keys: [[Literal]], _ sortKeys: [SortKey]) -> [Int] {
        keys.indices.sorted { one, other in
            let comparison = compare(keys[one], keys[other], sortKeys)
            return comparison == 0 ? one < other : comparison < 0
        }
    }

    package static func compare(_ left: [Literal], _ right: [Literal], _ sortKeys: [SortKey]) -> Int {
        for (position, key) in sortKeys.enumerated() {
            let one = left[position], other = right[position]
            let comparison: Int
            switch (one == .null, other == .null) {
            case (true, true): comparison = 0
            case (true, false): comparison = key.nullsFirst ? -1 : 1
            case (false, true): comparison = key.nullsFirst ? 1 : -1
            case (false, false): comparison = NaiveExpressions.order(one, other) * (key.isDescending ? -1 : 1)
            }
            if comparison != 0 { return comparison }
        }
        return 0
    }

    package static func limited<Item>(_ items: [Item], count: Int64?, offset: Int64) -> [Item] {
        let rest = items.dropFirst(Int(clamping: max(offset, 0)))
        return Array(count.map { rest.prefix(Int(clamping: max($0, 0))) } ?? rest)
    }
}
