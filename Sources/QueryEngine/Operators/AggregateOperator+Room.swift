// SPDX-License-Identifier: Apache-2.0

import Tabular

extension AggregateLayout {
    /// Whether the first sum tells the rows and entities of groups as long as only a few rows have no value.
    var isCarried: Bool { isRun.contains(true) && !sums.isEmpty }
}

/// What is kept for each group beyond its values comes into being only where it differs from something that is kept already.
extension AggregateOperator {
    /// Makes room for the groups there are.
    func reserve() throws(EngineError) {
        let count = groupCount
        guard count > room else { return }
        room = max(count, room * 2, 16)
        try rows?.reserve(room)
        for counts in missing { try counts?.reserve(room) }
        for sums in plainSums where !layout.isRun.contains(true) { try sums.reserve(room) }
        for dimension in runCounts { for counts in dimension { try counts?.reserve(room) } }
        for dimension in runSums { for sums in dimension { try sums.reserve(room) } }
        for states in open { try states?.reserve(room) }
        for dimension in weighted { try dimension.reserve(room) }
    }

    /// Rows that do not belong to the item.
    func missingRows(_ item: Int) throws(EngineError) -> ArenaArray<Int64> {
        if let known = missing[item] { return known }
        let counts = try ArenaArray<Int64>(capacity: room, givesBack: true, arena: arena)
        missing[item] = counts
        return counts
    }

    /// From now on the item has other rows than all: its entities are counted apart. Of the first sum, where more than a few rows lack a
    /// value, those of item 0 are.
    func separate(_ item: Int, _ mask: UnsafePointer<UInt8>, _ count: Int) throws(EngineError) {
        if layout.isCarried, rows == nil, item == layout.sums[0].item {
            var present = 0
            for row in 0..<count { present += Int(mask[row] & 1) }
            if (count - present) * Self.carriedShare > count { try separateRows() }
        }
        guard !layout.sums.contains(where: { $0.item == item }) else { return }
        for dimension in layout.isRun.indices where layout.isRun[dimension] && runCounts[dimension][item] == nil {
            runCounts[dimension][item] = try entityCounts(dimension)
        }
    }

    /// Of so many rows of a batch one may lack a value before that is counted apart.
    private static let carriedShare = 32

    /// From now on rows and entities of item 0 are counted by themselves.
    func separateRows() throws(EngineError) {
        let counts = try ArenaArray<Int64>(capacity: room, givesBack: true, arena: arena)
        if layout.isCarried, let run = layout.isRun.firstIndex(of: true) {
            let sum = runSums[run][0]
            let lacking = missing[layout.sums[0].item]
            for group in 0..<groupCount { counts.base[group] = sum.valueCount(group) + (lacking?.base[group] ?? 0) }
        }
        for dimension in layout.isRun.indices where layout.isRun[dimension] { runCounts[dimension][0] = try entityCounts(dimension) }
        if layout.isCarried { for dimension in runSums { dimension.first?.stopCarrying() } }
        rows = counts
    }

    /// A copy of what is known of the entities of item 0.
    private func entityCounts(_ dimension: Int) throws(EngineError) -> ArenaArray<RunCount> {
        let counts = try ArenaArray<RunCount>(capacity: room, givesBack: true, arena: arena)
        if let known = runCounts[dimension][0] {
            counts.base.update(from: known.base, count: groupCount)
        } else if layout.isCarried {
            let sum = runSums[dimension][0]
            for group in 0..<groupCount { counts.base[group] = sum.runCount(group) }
        }
        return counts
    }

    /// Rows of a group, once all runs have ended.
    func rowCount(_ group: Int) -> Int64 {
        if let rows { return rows.base[group] }
        guard let run = layout.isRun.firstIndex(of: true) else { return 0 }
        return runSums[run][0].valueCount(group) + (missing[layout.sums[0].item]?.base[group] ?? 0)
    }
}
