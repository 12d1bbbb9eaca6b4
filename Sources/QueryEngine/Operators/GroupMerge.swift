// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Synchronization
import Tabular

/// Brings the groups of all workers together: groups are dealt out by hash, so that each part is merged by one thread alone.
final class GroupMerge: @unchecked Sendable {
    let layout: AggregateLayout
    /// Until their groups are merged.
    private var workers: [AggregateOperator]
    let threads: Int
    private let arena: ConfidentialArena
    /// Keys of each part; empty without keys.
    private(set) var parts: [GroupIndex] = []
    /// First merged group of each part.
    private(set) var partStarts: [Int] = []
    /// `[worker]`: its groups by part.
    private var members: [PartMembers] = []
    /// `[worker][group]`: number of the merged group.
    private var maps: [UnsafeMutablePointer<UInt32>] = []
    private(set) var groupCount = 1
    private(set) var rows: ArenaArray<Int64>
    /// `[item]`: rows that do not belong to it, nil when there are none.
    private var missing: [ArenaArray<Int64>?] = []
    private(set) var plainSums: [PlainSums] = []
    /// `[dimension][item]`
    let contributors: [[ArenaArray<Int64>]]
    /// `[dimension][sum]`
    let folds: [[ArenaArray<SumFold>]]
    let distinctCounts: [ArenaArray<Int64>]
    /// `[item]`: whether sums count its entities.
    private let isOfSum: [Bool]
    private(set) var open: [OpenStates?] = []
    private var weighted: [WeightedContributors] = []

    /// Fewer groups than this are merged by one thread.
    private static let parallelGroups = 4_096

    init(_ layout: AggregateLayout, _ workers: [AggregateOperator], threads: Int, arena: ConfidentialArena) throws(EngineError) {
        self.layout = layout
        self.workers = workers
        self.threads = threads
        self.arena = arena
        rows = try ArenaArray(arena: arena)
        distinctCounts = try Self.arrays(layout.calls.count, arena)
        isOfSum = layout.items.indices.map { item in layout.sums.contains { $0.item == item } }
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
        for worker in workers { for dimension in worker.runSums { for sums in dimension { sums.finish(worker.groupCount) } } }
        try Workers.run(threads, each: members.first?.partCount ?? 0) { (part) throws(EngineError) in
            for worker in self.workers.indices {
                self.add(worker, part)
                self.addOpen(worker, part, inParallel: true)
            }
        }
        for worker in workers.indices { for part in 0..<(members.first?.partCount ?? 0) { addOpen(worker, part, inParallel: false) } }
        for dimension in layout.isRun.indices where layout.isRun[dimension] { copyContributors(dimension) }
        for dimension in layout.isRun.indices where !layout.isRun[dimension] { try foldHashed(dimension) }
        for dimension in weighted { dimension.write(contributors[dimension.dimension], groupCount) }
        for call in layout.calls.indices where layout.calls[call].role == .distinct { try countDistinct(call) }
        letGo()
    }

    /// Lets go of what only merging needs: the groups of all workers take as much as the merged ones.
    private func letGo() {
        workers = []
        for map in maps { arena.giveBack(map) }
        maps = []
        for member in members { arena.giveBack(member.order) }
        members = []
    }

    private static func arrays<T: BitwiseCopyable>(_ count: Int, _ arena: ConfidentialArena) throws(EngineError) -> [ArenaArray<T>] {
        var arrays: [ArenaArray<T>] = []
        for _ in 0..<count { arrays.append(try ArenaArray(arena: arena)) }
        return arrays
    }

    private func numberGroups() throws(EngineError) {
        let indices = workers.compactMap(\.index)
        let isAscending = !indices.isEmpty && indices.allSatisfy(\.isAscending)
        if !isAscending { for index in indices { try index.leaveAscending() } }
        let total = workers.reduce(0) { $0 + $1.groupCount }
        let partCount = threads > 1 && !indices.isEmpty && total >= Self.parallelGroups ? threads * 4 : 1
        let splits = isAscending ? Self.splits(indices, parts: partCount) : nil
        for worker in workers {
            maps.append(try arena.take(UInt32.self, worker.groupCount))
            members.append(try PartMembers(worker.index, worker.groupCount, parts: partCount, splits: splits, arena: arena))
        }
        guard let first = indices.first else { return }
        for _ in 0..<partCount {
            parts.append(
                try GroupIndex(
                    wordCount: first.wordCount, nullWordCount: first.nullWordCount, places: nil, maximum: layout.groupsMaximum,
                    batchRows: 1, arena: arena))
        }
        try Workers.run(threads, each: partCount) { (part) throws(EngineError) in
            if isAscending {
                try self.parts[part].merge(ascending: indices, self.members.map { $0.range(part) }, into: self.maps)
                return
            }
            try self.parts[part].expect(self.members.reduce(0) { max($0, $1.range(part).count) })
            for worker in indices.indices {
                try self.parts[part].adopt(indices[worker], self.members[worker].groups(part), into: self.maps[worker])
            }
        }
        groupCount = 0
        for part in parts {
            partStarts.append(groupCount)
            groupCount += part.count
        }
        guard groupCount <= layout.groupsMaximum else { throw EngineError(.resourceExhausted) }
        for worker in workers.indices {
            for part in 0..<partCount where partStarts[part] > 0 {
                let start = UInt32(truncatingIfNeeded: partStarts[part]), map = maps[worker]
                for group in members[worker].groups(part) { map[Int(group)] += start }
            }
        }
    }

    /// Keys at which ascending indices are split into parts of about the same size.
    private static func splits(_ indices: [GroupIndex], parts: Int) -> [Int64] {
        guard let longest = indices.max(by: { $0.count < $1.count }), longest.count > 0 else { return [] }
        return (1..<max(parts, 1)).map { Int64(bitPattern: longest.words[1].base[longest.count * $0 / parts]) }
    }

    private func reserve() throws(EngineError) {
        try rows.reserve(groupCount)
        for array in distinctCounts { try array.reserve(groupCount) }
        for item in layout.items.indices {
            let isMissed = workers.contains { $0.missing[item] != nil }
            missing.append(isMissed ? try ArenaArray(capacity: groupCount, arena: arena) : nil)
        }
        if !layout.isRun.contains(true) {
            let lanes = try GroupLanes(arena: arena)
            for sum in layout.sums.indices {
                let sums = try PlainSums(lanes: lanes, arena: arena)
                try sums.reserve(groupCount)
                try sums.prepare(toAbsorb: workers.map { $0.plainSums[sum] })
                plainSums.append(sums)
            }
        }
        weighted = try workers.first?.weighted.map { (dimension) throws(EngineError) in try dimension.empty(groupCount, arena: arena) } ?? []
        for (place, dimension) in weighted.enumerated() { try dimension.prepare(toAbsorb: workers.map { $0.weighted[place] }) }
        for dimension in contributors { for array in dimension { try array.reserve(groupCount) } }
        for dimension in folds { for array in dimension { try array.reserve(groupCount) } }
        for call in layout.calls {
            let states = call.role == .open ? try OpenStates(call, arena: arena) : nil
            try states?.reserve(groupCount)
            open.append(states)
        }
    }

    /// Everything that merges by addition, of one worker and part.
    private func add(_ number: Int, _ part: Int) {
        let worker = workers[number], map = maps[number], groups = members[number].groups(part)
        if let counts = worker.rows?.base {
            Self.addCounts(counts, to: rows.base, groups, map)
        } else {
            let own = rows.base
            for group in groups { own[Int(map[Int(group)])] += worker.rowCount(Int(group)) }
        }
        for (counts, own) in zip(worker.missing, missing) {
            if let counts, let own { Self.addCounts(counts.base, to: own.base, groups, map) }
        }
        for (theirs, own) in zip(worker.plainSums, plainSums) { own.absorb(theirs, groups, map) }
        for (theirs, own) in zip(worker.weighted, weighted) { own.absorb(theirs, groups, map) }
        for dimension in layout.isRun.indices where layout.isRun[dimension] {
            for item in layout.items.indices where !isOfSum[item] {
                let own = contributors[dimension][item].base
                if let counts = (worker.runCounts[dimension][item] ?? worker.runCounts[dimension][0])?.base {
                    for group in groups { own[Int(map[Int(group)])] += counts[Int(group)].contributors }
                } else if layout.isCarried {
                    let sum = worker.runSums[dimension][0]
                    for group in groups { own[Int(map[Int(group)])] += sum.carried(Int(group)) }
                }
            }
            for sum in layout.sums.indices {
                let own = folds[dimension][sum].base, theirs = worker.runSums[dimension][sum]
                for group in groups { own[Int(map[Int(group)])].add(theirs.fold(Int(group))) }
            }
        }
    }

    /// Rows in which the call's argument has a value.
    @inline(__always)
    func valueCount(_ call: AggregateLayout.Call, _ group: Int) -> Int64 {
        rows.base[group] - (missing[call.item].map { $0.base[group] } ?? 0)
    }

    private func addOpen(_ number: Int, _ part: Int, inParallel: Bool) {
        let map = maps[number]
        for (call, own) in open.enumerated() {
            guard let own, own.mergesInParallel == inParallel, let theirs = workers[number].open[call] else { continue }
            for group in members[number].groups(part) { own.absorb(theirs, Int(group), as: Int(map[Int(group)])) }
        }
    }

    private static func addCounts(
        _ source: UnsafeMutablePointer<Int64>, to target: UnsafeMutablePointer<Int64>, _ groups: UnsafeBufferPointer<UInt32>,
        _ map: UnsafeMutablePointer<UInt32>
    ) {
        for group in groups { target[Int(map[Int(group)])] += source[Int(group)] }
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
        if workers.count == 1, let hashed = workers[0].hashed[dimension] { return fold(hashed, dimension, map: maps[0]) }
        let folded = Mutex<Bool>(false)
        let partCount = max(threads, 1)
        try Workers.run(threads, each: partCount) { (part) throws(EngineError) in
            let merged = try self.mergeHashed(dimension, part, of: partCount)
            folded.withLock { _ in self.fold(merged, dimension, map: nil) }
        }
    }

    private func mergeHashed(_ dimension: Int, _ part: Int, of parts: Int) throws(EngineError) -> HashedDimension {
        let merged = try HashedDimension(items: layout.items.count, sums: layout.sums.count, arena: arena)
        for (position, worker) in workers.enumerated() {
            guard let hashed = worker.hashed[dimension] else { continue }
            let map = maps[position]
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
        let counted = Mutex<Bool>(false)
        let partCount = max(threads, 1)
        try Workers.run(threads, each: partCount) { (part) throws(EngineError) in
            let merged = try DistinctSet(arena: self.arena)
            for (position, worker) in self.workers.enumerated() {
                guard let set = worker.distinct[call] else { continue }
                let map = self.maps[position]
                for number in 0..<set.count {
                    let (group, value) = set.entry(number)
                    let own = map[Int(group)]
                    if (DistinctSet.hash(own, value) >> 40) % partCount == part { try merged.insert(own, value) }
                }
            }
            counted.withLock { _ in
                for number in 0..<merged.count { self.distinctCounts[call].base[Int(merged.entry(number).group)] += 1 }
            }
        }
    }
}

/// One worker's groups in order of their part.
private struct PartMembers {
    let order: UnsafeMutablePointer<UInt32>
    private let starts: [Int]
    var partCount: Int { starts.count - 1 }

    /// `splits`: keys at which the parts of an ascending index begin.
    init(_ index: GroupIndex?, _ count: Int, parts: Int, splits: [Int64]?, arena: ConfidentialArena) throws(EngineError) {
        order = try arena.take(UInt32.self, count)
        if let splits, let index {
            for group in 0..<count { order[group] = UInt32(truncatingIfNeeded: group) }
            starts = [0] + splits.map { index.firstGroup(atLeast: $0) } + [count]
            return
        }
        guard parts > 1, let hashes = index?.hashes.base else {
            for group in 0..<count { order[group] = UInt32(truncatingIfNeeded: group) }
            starts = [0, count]
            return
        }
        var sizes = [Int](repeating: 0, count: parts + 1)
        for group in 0..<count { sizes[Self.part(hashes[group], parts) + 1] += 1 }
        for part in 0..<parts { sizes[part + 1] += sizes[part] }
        starts = sizes
        for group in 0..<count {
            let part = Self.part(hashes[group], parts)
            order[sizes[part]] = UInt32(truncatingIfNeeded: group)
            sizes[part] += 1
        }
    }

    @inline(__always)
    private static func part(_ hash: UInt64, _ parts: Int) -> Int { Int(truncatingIfNeeded: hash >> 32) % parts }

    /// The groups of a part where these are in order.
    func range(_ part: Int) -> Range<Int> { starts[part]..<starts[part + 1] }

    func groups(_ part: Int) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(start: order + starts[part], count: starts[part + 1] - starts[part])
    }
}
