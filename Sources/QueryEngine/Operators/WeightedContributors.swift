// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Contributors of one dimension whose rows stand for several entities each: per group and item the sum of the rows' weights.
/// Everything else of such a dimension is kept as for single rows.
final class WeightedContributors: @unchecked Sendable {
    let dimension: Int
    private let weight: any VectorExpression
    /// `[item]`
    private let sums: [PlainSums]
    private let mask: UnsafeMutablePointer<UInt8>

    init(dimension: Int, weight: any VectorExpression, items: Int, lanes: GroupLanes, arena: ConfidentialArena) throws(EngineError) {
        self.dimension = dimension
        self.weight = weight
        var sums: [PlainSums] = []
        for _ in 0..<items { sums.append(try PlainSums(lanes: lanes, arena: arena)) }
        self.sums = sums
        mask = try arena.take(UInt8.self, EngineLimits.batchRows)
    }

    func reserve(_ groups: Int) throws(EngineError) {
        for sums in sums { try sums.reserve(groups) }
    }

    /// Adds a batch. `masks`: by item, the rows that belong to it; nil: all. A weight of NULL stands for nobody.
    func add(
        _ batch: Batch, _ groups: UnsafePointer<UInt32>, _ masks: [UnsafePointer<UInt8>?], groupCount: Int
    ) throws(EngineError) {
        let weights = try weight.evaluate(batch)
        for (item, sums) in sums.enumerated() {
            var rows = masks[item]
            if let validity = weights.validity {
                if let own = rows { Validity.merge(UnsafeMutablePointer(mutating: own), validity, into: mask, batch.count) }
                rows = rows == nil ? UnsafePointer(validity) : UnsafePointer(mask)
            }
            try sums.add(weights, groups, rows, groupCount: groupCount)
        }
    }

    // MARK: Merging workers

    /// One without rows, for the groups of all workers.
    func empty(_ groups: Int, arena: ConfidentialArena) throws(EngineError) -> WeightedContributors {
        let empty = try WeightedContributors(
            dimension: dimension, weight: weight, items: sums.count, lanes: try GroupLanes(arena: arena), arena: arena)
        try empty.reserve(groups)
        return empty
    }

    func prepare(toAbsorb others: [WeightedContributors]) throws(EngineError) {
        for (item, sums) in sums.enumerated() { try sums.prepare(toAbsorb: others.map { $0.sums[item] }) }
    }

    func absorb(_ other: WeightedContributors, _ groups: UnsafeBufferPointer<UInt32>, _ map: UnsafeMutablePointer<UInt32>) {
        for (own, theirs) in zip(sums, other.sums) { own.absorb(theirs, groups, map) }
    }

    /// Puts the sums in the place of the numbers of rows.
    func write(_ contributors: [ArenaArray<Int64>], _ groups: Int) {
        for (own, out) in zip(sums, contributors) {
            for group in 0..<groups { out.base[group] = Int64(clamping: own.total(group) ?? .max) }
        }
    }
}
