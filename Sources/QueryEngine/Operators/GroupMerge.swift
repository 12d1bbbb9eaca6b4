// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Synchronization
import Tabular

/// Brings the groups of all workers together.
final class GroupMerge {
    private let layout: AggregateLayout
    private let workers: [AggregateOperator]
    private let threads: Int
    private let arena: ConfidentialArena
    private var numberings: [ValueNumbering] = []
    private var combiners: [PairNumbering] = []
    /// `[worker][group]`: number of the merged group.
    private var maps: [ArenaArray<UInt32>] = []
    private(set) var groupCount = 0
    let rows: ArenaArray<Int64>
    let valueCounts: [ArenaArray<Int64>]
    let plainSums: [ArenaArray<WideSum>]
    /// `[dimension][item]`
    let contributors: [[ArenaArray<Int64>]]
    /// `[dimension][sum]`
    let folds: [[ArenaArray<SumFold>]]
    let distinctCounts: [ArenaArray<Int64>]
    private(set) var open: [OpenStates?] = []

    init(_ layout: AggregateLayout, _ workers: [AggregateOperator], threads: Int, arena: ConfidentialArena) throws(EngineError) {
        self.layout = layout
        self.workers = workers
        self.threads = threads
        self.arena = arena
        rows = try ArenaArray(arena: arena)
        valueCounts = try Self.arrays(layout.calls.count, arena)
        plainSums = try Self.arrays(layout.sums.count, arena)
        distinctCounts = try Self.arrays(layout.calls.count, arena)
        var contributors: [[ArenaArray<Int64>]] = []
        var folds: [[ArenaArray<SumFold>]] = []
        for _ in layout.isRun {
            contributors.append(try Self.arrays(layout.items.count, arena))
            folds.append(try Self.arrays(layout.sums.count, arena))
        }
        self.contributors = contributors
        self.folds = folds
        try numberGroups()
        try reserve()
        for (position, worker) in workers.enumerated() { try add(worker, maps[position].base) }
        for dimension in layout.isRun.indices where !layout.isRun[dimension] { try foldHashed(dimension) }
        for call in layout.calls.indices where layout.calls[call].role == .distinct { try countDistinct(call) }
    }

    private static func arrays<T: BitwiseCopyable>(_ count: Int, _ arena: ConfidentialArena) throws(EngineError) -> [ArenaArray<T>] {
        var arrays: [ArenaArray<T>] = []
        for _ in 0..<count { arrays.append(try ArenaArray(arena: arena)) }
        return arrays
    }

    /// Key values of a merged group.
    func tuple(_ group: Int) -> [Int128?] {
        guard !numberings.isEmpty else { return [] }
        var number = UInt32(truncatingIfNeeded: group)
        var values: [Int128?] = []
        for position in combiners.indices.reversed() {
            let pair = combiners[position].pair(number)
            values.append(numberings[position + 1].value(pair.right))
            number = pair.left
        }
        values.append(numberings[0].value(number))
        return values.reversed()
    }

    private func numberGroups() throws(EngineError) {
        for position in layout.aggregation.keys.indices {
            numberings.append(try ValueNumbering(hasWindow: false, arena: arena))
            if position > 0 { combiners.append(try PairNumbering(arena: arena)) }
        }
        for worker in workers {
            let map = try ArenaArray<UInt32>(capacity: worker.groups.count, arena: arena)
            for group in 0..<worker.groups.count where worker.rows.base[group] > 0 {
                map.base[group] = try number(worker.groups.tuple(group))
            }
            maps.append(map)
        }
        groupCount = numberings.isEmpty ? 1 : combiners.last?.count ?? numberings[0].count
    }

    private func number(_ tuple: [Int128?]) throws(EngineError) -> UInt32 {
        var group: UInt32 = 0
        for (position, value) in tuple.enumerated() {
            let id = try value.map { (value) throws(EngineError) in try numberings[position].number(value) } ?? 0
            group = position == 0 ? id : try combiners[position - 1].number(group, id)
        }
        return group
    }

    private func reserve() throws(EngineError) {
        try rows.reserve(groupCount)
        for array in valueCounts + distinctCounts { try array.reserve(groupCount) }
        for array in plainSums { try array.reserve(groupCount) }
        for dimension in contributors { for array in dimension { try array.reserve(groupCount) } }
        for dimension in folds { for array in dimension { try array.reserve(groupCount) } }
        for call in layout.calls {
            let states = call.role == .open ? try OpenStates(call, arena: arena) : nil
            try states?.reserve(groupCount)
            open.append(states)
        }
    }

    /// Everything that merges by addition.
    private func add(_ worker: AggregateOperator, _ map: UnsafeMutablePointer<UInt32>) throws(EngineError) {
        let count = worker.groups.count
        for dimension in worker.runSums { for sums in dimension { sums.finish(count) } }
        for group in 0..<count where worker.rows.base[group] > 0 {
            let own = Int(map[group])
            rows.base[own] += worker.rows.base[group]
            for call in layout.calls.indices {
                valueCounts[call].base[own] += worker.valueCounts[call].base[group]
                if let states = worker.open[call] { open[call]?.absorb(states, group, as: own) }
            }
            for sum in layout.sums.indices { plainSums[sum].base[own].add(worker.plainSums[sum].base[group]) }
            for dimension in layout.isRun.indices where layout.isRun[dimension] {
                for (item, counts) in worker.runCounts[dimension].enumerated() {
                    if let counts { contributors[dimension][item].base[own] += counts.base[group].contributors }
                }
                for sum in layout.sums.indices {
                    folds[dimension][sum].base[own].add(worker.runSums[dimension][sum].fold(group))
                }
            }
        }
        for dimension in layout.isRun.indices where layout.isRun[dimension] { copyContributors(dimension) }
    }

    /// A sum's fold counts its contributors; they are those of its item.
    private func copyContributors(_ dimension: Int) {
        for (position, sum) in layout.sums.enumerated() {
            for group in 0..<groupCount {
                contributors[dimension][sum.item].base[group] = folds[dimension][position].base[group].contributors
            }
        }
    }

    /// Merges the (group, entity) entries of all workers, in parts that no two threads share, then folds each entity into its group.
    private func foldHashed(_ dimension: Int) throws(EngineError) {
        if workers.count == 1, let hashed = workers[0].hashed[dimension] { return fold(hashed, dimension, map: maps[0].base) }
        let parts = max(threads, 1)
        let next = Atomic<Int>(0)
        let folded = Mutex<Bool>(false)
        try Workers.run(threads) { (_) throws(EngineError) in
            while true {
                let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard part < parts else { return }
                let merged = try self.mergeHashed(dimension, part, of: parts)
                folded.withLock { _ in self.fold(merged, dimension, map: nil) }
            }
        }
    }

    private func mergeHashed(_ dimension: Int, _ part: Int, of parts: Int) throws(EngineError) -> HashedDimension {
        let merged = try HashedDimension(items: layout.items.count, sums: layout.sums.count, arena: arena)
        for (position, worker) in workers.enumerated() {
            guard let hashed = worker.hashed[dimension] else { continue }
            let map = maps[position].base
            for entry in 0..<hashed.count {
                let key = hashed.key(entry)
                let own = UInt64(map[Int(key >> 32)]) << 32 | key & 0xFFFF_FFFF
                if Int(truncatingIfNeeded: Hashing.mix(own) >> 40) % parts == part { try merged.absorb(hashed, entry, as: own) }
            }
        }
        return merged
    }

    /// `map`: from the groups of the records to merged ones, nil when they are merged already.
    private func fold(_ merged: HashedDimension, _ dimension: Int, map: UnsafeMutablePointer<UInt32>?) {
        for entry in 0..<merged.count {
            let number = Int(merged.key(entry) >> 32)
            let group = map.map { Int($0[number]) } ?? number
            for item in layout.items.indices where merged.isPresent(item, entry) {
                contributors[dimension][item].base[group] += 1
            }
            for (position, sum) in layout.sums.enumerated() where merged.isPresent(sum.item, entry) {
                var contribution = merged.sum(position, entry)
                if sum.clampDimension == dimension, let bounds = sum.bounds {
                    contribution = contribution.clamped(bounds.lowerBound, bounds.upperBound)
                }
                folds[dimension][position].base[group].add(entity: contribution)
            }
        }
    }

    private func countDistinct(_ call: Int) throws(EngineError) {
        let parts = max(threads, 1)
        let next = Atomic<Int>(0)
        let counted = Mutex<Bool>(false)
        try Workers.run(threads) { (_) throws(EngineError) in
            while true {
                let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard part < parts else { return }
                let merged = try DistinctSet(arena: self.arena)
                for (position, worker) in self.workers.enumerated() {
                    guard let set = worker.distinct[call] else { continue }
                    let map = self.maps[position].base
                    for number in 0..<set.count {
                        let (group, value) = set.entry(number)
                        let own = map[Int(group)]
                        if (DistinctSet.hash(own, value) >> 40) % parts == part { try merged.insert(own, value) }
                    }
                }
                counted.withLock { _ in
                    for number in 0..<merged.count { self.distinctCounts[call].base[Int(merged.entry(number).group)] += 1 }
                }
            }
        }
    }
}
