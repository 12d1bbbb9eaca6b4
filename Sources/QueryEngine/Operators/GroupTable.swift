// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// The groups of a result with their cells and evidence, before they are wrapped. Confidential.
package final class GroupTable {
    package let groupCount: Int
    package let keys: [ColumnVector]
    package let aggregates: [AggregateCells]
    package let groupContributors: [UnsafeMutablePointer<Int64>]
    package let arena: ConfidentialArena

    /// Groups that were chosen from others, or come from several tables.
    init(
        groupCount: Int, keys: [ColumnVector], aggregates: [AggregateCells], groupContributors: [UnsafeMutablePointer<Int64>],
        arena: ConfidentialArena
    ) {
        self.groupCount = groupCount
        self.keys = keys
        self.aggregates = aggregates
        self.groupContributors = groupContributors
        self.arena = arena
    }

    init(_ layout: AggregateLayout, _ merge: GroupMerge, arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        guard merge.groupCount <= layout.groupsMaximum else { throw EngineError(.resourceExhausted) }
        groupCount = merge.groupCount
        keys = try merge.keyColumns(arena: arena)
        let writer = CellWriter(layout: layout, merge: merge, count: groupCount, arena: arena)
        var aggregates: [AggregateCells] = []
        for call in layout.calls.indices { aggregates.append(try writer.cells(call)) }
        self.aggregates = aggregates
        var contributors: [UnsafeMutablePointer<Int64>] = []
        for dimension in layout.isRun.indices { contributors.append(try writer.contributors(dimension, item: 0)) }
        groupContributors = contributors
    }
}

/// Writes the cells of the groups that exist.
private struct CellWriter {
    let layout: AggregateLayout
    let merge: GroupMerge
    let count: Int
    let arena: ConfidentialArena

    func contributors(_ dimension: Int, item: Int) throws(EngineError) -> UnsafeMutablePointer<Int64> {
        let out = try arena.take(Int64.self, count)
        out.update(from: merge.contributors[dimension][item].base, count: count)
        return out
    }

    func cells(_ position: Int) throws(EngineError) -> AggregateCells {
        let call = layout.calls[position]
        let value = try arena.take(Int128.self, count)
        let valueCount = try arena.take(Int64.self, count)
        let overflow = try arena.take(UInt8.self, count)
        try spread { groups in
            for group in groups {
                let (cell, count) = number(position, call, group)
                let bounded = cell.flatMap(ExactDecimal.bounded)
                value[group] = bounded ?? 0
                overflow[group] = bounded == nil ? 1 : 0
                valueCount[group] = count
            }
        }
        var branches: [[UnsafeMutablePointer<Int64>]] = []
        for item in call.branches {
            var counts: [UnsafeMutablePointer<Int64>] = []
            for dimension in layout.isRun.indices { counts.append(try contributors(dimension, item: item)) }
            branches.append(counts)
        }
        return AggregateCells(
            value: value, valueCount: valueCount, overflow: overflow, openValues: try merge.open[position]?.values(Array(0..<count), arena: arena),
            dimensions: try evidence(call), branchContributors: branches)
    }

    /// Runs of groups, on all threads.
    private func spread(_ body: @escaping (Range<Int>) -> Void) throws(EngineError) {
        let parts = count < EngineLimits.batchRows ? 1 : merge.threads * 4
        let count = count
        try Workers.run(merge.threads, each: parts) { (part) throws(EngineError) in
            body((count * part / parts)..<(count * (part + 1) / parts))
        }
    }

    /// The cell in units, nil beyond 128 bits, and its rows with a value.
    private func number(_ position: Int, _ call: AggregateLayout.Call, _ group: Int) -> (Int128?, Int64) {
        let counted = merge.valueCount(call, group)
        switch call.role {
        case .rows: return (Int128(merge.rows.base[group]), merge.rows.base[group])
        case .count: return (Int128(counted), counted)
        case .distinct: return (Int128(merge.distinctCounts[position].base[group]), counted)
        case .distinctOwn(let dimension): return (Int128(merge.contributors[dimension][call.item].base[group]), counted)
        case .open: return (0, merge.open[position]?.counts.base[group] ?? 0)
        case .sum(let sum):
            let run = layout.isRun.firstIndex(of: true)
            let count = run.map { merge.folds[$0][sum].base[group].valueCount } ?? counted
            guard let dimension = layout.sums[sum].clampDimension ?? run else { return (merge.plainSums[sum].total(group), count) }
            return (merge.folds[dimension][sum].base[group].total.int128, count)
        }
    }

    private func evidence(_ call: AggregateLayout.Call) throws(EngineError) -> [DimensionEvidence] {
        var evidence: [DimensionEvidence] = []
        for dimension in layout.isRun.indices {
            var magnitudes: DimensionEvidence.Magnitudes?
            if case .sum(let sum) = call.role { magnitudes = try self.magnitudes(dimension, sum) }
            evidence.append(DimensionEvidence(contributors: try contributors(dimension, item: call.item), magnitudes: magnitudes))
        }
        return evidence
    }

    private func magnitudes(_ dimension: Int, _ sum: Int) throws(EngineError) -> DimensionEvidence.Magnitudes {
        let largest = try arena.take(Int128.self, count)
        let second = try arena.take(Int128.self, count)
        let total = try arena.take(Int128.self, count)
        let folds = merge.folds[dimension][sum].base
        try spread { groups in
            for group in groups {
                largest[group] = folds[group].largest
                second[group] = folds[group].second
                total[group] = folds[group].magnitude
            }
        }
        return DimensionEvidence.Magnitudes(largest: largest, second: second, total: total)
    }
}
