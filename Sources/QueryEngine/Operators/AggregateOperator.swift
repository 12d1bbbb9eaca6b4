// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Synchronization
import Tabular

/// The release node's sink: groups rows and keeps, per group, the values of its aggregates and the evidence for the gate.
final class AggregateOperator: BatchSink {
    let layout: AggregateLayout
    /// Nil without keys.
    let index: GroupIndex?
    private let keys: KeyTokens
    private let total: UnsafeMutablePointer<UInt32>
    /// Rows of each group.
    let rows: ArenaArray<Int64>
    /// `[call]`: rows with a value; of sums only where no run dimension counts them.
    let valueCounts: [ArenaArray<Int64>]
    /// `[sum]`: plain sums, where no dimension keeps the value.
    let plainSums: [PlainSums]
    /// `[dimension][item]` of run dimensions; nil where a sum of the item counts them.
    let runCounts: [[ArenaArray<RunCount>?]]
    /// `[dimension][sum]` of run dimensions.
    let runSums: [[RunSumStates]]
    /// `[dimension]`, nil for run dimensions.
    let hashed: [HashedDimension?]
    /// `[call]` of COUNT(DISTINCT).
    let distinct: [DistinctSet?]
    /// `[call]` of open aggregates.
    let open: [OpenStates?]
    private let arguments: [(any VectorExpression)?]
    private let branches: [[any VectorExpression]]
    private let masks: [UnsafeMutablePointer<UInt8>]
    private let mappers: [CodeMapper?]
    private let codes: UnsafeMutablePointer<UInt32>
    private let widened: UnsafeMutablePointer<Int128>
    private var isReserved = false

    init(_ layout: AggregateLayout, _ plan: ExecutionPlan, arena: ConfidentialArena) throws(EngineError) {
        self.layout = layout
        let compiler = ExpressionCompiler(arena: arena, parameters: plan.parameters)
        keys = try KeyTokens(try compiler.compile(layout.aggregation.keys), pools: layout.keyPools, arena: arena)
        let hasKeys = !layout.aggregation.keys.isEmpty
        total = try arena.take(UInt32.self, hasKeys ? 1 : EngineLimits.batchRows)
        index = hasKeys
            ? try GroupIndex(
                wordCount: keys.wordCount, nullWordCount: keys.nullWordCount, places: layout.directPlaces(keys),
                maximum: layout.groupsMaximum, batchRows: EngineLimits.batchRows, arena: arena) : nil
        rows = try ArenaArray(givesBack: true, arena: arena)
        codes = try arena.take(UInt32.self, EngineLimits.batchRows)
        widened = try arena.take(Int128.self, layout.sums.contains(where: \.isWide) ? EngineLimits.batchRows : 1)
        var arguments: [(any VectorExpression)?] = [], branches: [[any VectorExpression]] = [], mappers: [CodeMapper?] = []
        var valueCounts: [ArenaArray<Int64>] = [], distinct: [DistinctSet?] = [], open: [OpenStates?] = []
        for (position, call) in layout.calls.enumerated() {
            arguments.append(try call.argument.map { (argument) throws(EngineError) in try compiler.compile(argument) })
            branches.append(call.branches.isEmpty ? [] : try compiler.compile(plan.branchConditions[position]))
            valueCounts.append(try ArenaArray(givesBack: true, arena: arena))
            distinct.append(call.role == .distinct ? try DistinctSet(arena: arena) : nil)
            open.append(call.role == .open ? try OpenStates(call, arena: arena) : nil)
            let mapped = call.role == .distinct ? call.pool : nil
            mappers.append(try mapped.map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: false, arena: arena) })
        }
        (self.arguments, self.branches, self.mappers) = (arguments, branches, mappers)
        (self.valueCounts, self.distinct, self.open) = (valueCounts, distinct, open)
        var plainSums: [PlainSums] = [], masks: [UnsafeMutablePointer<UInt8>] = []
        for sum in layout.sums { plainSums.append(try PlainSums(isWide: sum.isWide, arena: arena)) }
        for _ in layout.items { masks.append(try arena.take(UInt8.self, EngineLimits.batchRows)) }
        (self.plainSums, self.masks) = (plainSums, masks)
        let sumItems = Set(layout.sums.map(\.item))
        var runCounts: [[ArenaArray<RunCount>?]] = [], runSums: [[RunSumStates]] = [], hashed: [HashedDimension?] = []
        for (dimension, isRun) in layout.isRun.enumerated() {
            var counts: [ArenaArray<RunCount>?] = [], sums: [RunSumStates] = []
            if isRun {
                for item in layout.items.indices { counts.append(sumItems.contains(item) ? nil : try ArenaArray(givesBack: true, arena: arena)) }
                for sum in layout.sums {
                    let bounds = sum.clampDimension == dimension ? sum.bounds : nil
                    sums.append(try RunSumStates(isWide: sum.isWide, bounds: bounds, arena: arena))
                }
            }
            runCounts.append(counts)
            runSums.append(sums)
            hashed.append(isRun ? nil : try HashedDimension(items: layout.items.count, sums: layout.sums.count, arena: arena))
        }
        (self.runCounts, self.runSums, self.hashed) = (runCounts, runSums, hashed)
        try reserve()
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) {}

    func consume(_ batch: Batch) throws(EngineError) {
        let groups = try assign(batch)
        try reserve()
        var vectors: [ColumnVector?] = []
        for argument in arguments { vectors.append(try argument.map { (compiled) throws(EngineError) in try compiled.evaluate(batch) }) }
        let masks = try itemMasks(batch, vectors)
        let rows = rows.base
        for row in 0..<batch.count { rows[Int(groups[row])] += 1 }
        for (dimension, isRun) in layout.isRun.enumerated() {
            guard let entities = batch.entities[dimension] else { throw EngineError(.malformedPlan, ["dimension"]) }
            if isRun {
                try addRuns(dimension, entities, groups, vectors, masks, batch.count)
            } else if let hashed = hashed[dimension] {
                try addHashed(hashed, entities, groups, vectors, masks, batch.count)
            }
        }
        for position in layout.calls.indices { try addCall(position, batch, groups, vectors[position], masks) }
    }

    /// Groups so far; one without keys.
    var groupCount: Int { index?.count ?? 1 }

    private func assign(_ batch: Batch) throws(EngineError) -> UnsafePointer<UInt32> {
        guard let index else { return UnsafePointer(total) }
        try keys.compute(batch)
        return try index.assign(keys, batch.count)
    }

    /// A row without the entity that a sum is clamped by counts as one without a value: it contributes nothing.
    private func itemMasks(_ batch: Batch, _ vectors: [ColumnVector?]) throws(EngineError) -> [UnsafePointer<UInt8>?] {
        var result: [UnsafePointer<UInt8>?] = []
        for (position, item) in layout.items.enumerated() {
            switch item {
            case .group: result.append(nil)
            case .value(let call):
                var validity = vectors[call]?.validity
                if case .sum(let sum) = layout.calls[call].role, let dimension = layout.sums[sum].clampDimension,
                    let presence = batch.entities[dimension]?.validity
                {
                    Validity.merge(validity, presence, into: masks[position], batch.count)
                    validity = masks[position]
                }
                result.append(validity.map { UnsafePointer($0) })
            case .branch(let call, let branch):
                let truth = try branches[call][branch].evaluate(batch)
                let mask = masks[position]
                for row in 0..<batch.count { mask[row] = truth.bool[row] & (truth.validity?[row] ?? 1) & 1 }
                result.append(UnsafePointer(mask))
            }
        }
        return result
    }

    private func addRuns(
        _ dimension: Int, _ entities: ColumnVector, _ groups: UnsafePointer<UInt32>, _ vectors: [ColumnVector?],
        _ masks: [UnsafePointer<UInt8>?], _ count: Int
    ) throws(EngineError) {
        let numbers = UnsafePointer(entities.entities)
        for (item, states) in runCounts[dimension].enumerated() {
            if let states { RunLoops.count(states.base, groups, numbers, masks[item], count) }
        }
        for (position, sum) in layout.sums.enumerated() {
            guard let vector = vectors[sum.call] else { continue }
            let isWidened = sum.isWide && vector.type.physical == .int64
            let values = isWidened ? widen(vector, count) : vector.values
            try runSums[dimension][position].add(values, groups, numbers, masks[sum.item], count)
        }
    }

    private func addHashed(
        _ hashed: HashedDimension, _ entities: ColumnVector, _ groups: UnsafePointer<UInt32>, _ vectors: [ColumnVector?],
        _ masks: [UnsafePointer<UInt8>?], _ count: Int
    ) throws(EngineError) {
        let addends = layout.sums.enumerated().compactMap { position, sum in
            vectors[sum.call].map { HashedDimension.Addend(sum: position, values: $0, mask: masks[sum.item]) }
        }
        try hashed.add(groups, entities, masks, addends, count)
    }

    /// 64-bit values whose bounds lie beyond 2^94.
    private func widen(_ vector: ColumnVector, _ count: Int) -> UnsafeMutableRawPointer {
        for row in 0..<count { widened[row] = Int128(vector.int64[row]) }
        return UnsafeMutableRawPointer(widened)
    }

    private func addCall(
        _ position: Int, _ batch: Batch, _ groups: UnsafePointer<UInt32>, _ vector: ColumnVector?, _ masks: [UnsafePointer<UInt8>?]
    ) throws(EngineError) {
        let call = layout.calls[position]
        guard let vector else { return }
        let mask = masks[call.item]
        switch call.role {
        case .rows: return
        case .open: try open[position]?.add(vector, groups)
        case .count: countValues(position, groups, mask, batch.count)
        case .distinct:
            countValues(position, groups, mask, batch.count)
            if let set = distinct[position] { try addDistinct(set, position, vector, groups) }
        case .distinctOwn(let dimension):
            countValues(position, groups, mask, batch.count)
            verifyOwn(vector, batch.entities[dimension])
        case .sum(let sum):
            if layout.isRun.contains(true) { return }
            countValues(position, groups, mask, batch.count)
            guard layout.sums[sum].clampDimension == nil else { return }
            plainSums[sum].add(vector, groups, mask, batch.count)
        }
    }

    private func countValues(_ position: Int, _ groups: UnsafePointer<UInt32>, _ mask: UnsafePointer<UInt8>?, _ count: Int) {
        let counts = valueCounts[position].base
        if let mask {
            for row in 0..<count { counts[Int(groups[row])] += Int64(mask[row] & 1) }
        } else {
            for row in 0..<count { counts[Int(groups[row])] += 1 }
        }
    }

    private func addDistinct(
        _ set: DistinctSet, _ position: Int, _ vector: ColumnVector, _ groups: UnsafePointer<UInt32>
    ) throws(EngineError) {
        if let mapper = mappers[position] { try mapper.map(vector, into: codes) }
        let numbering = layout.calls[position].numbering
        for row in 0..<vector.count where !vector.isNull(row) {
            let value: UInt64
            switch vector.type.physical {
            case .bool: value = UInt64(vector.bool[row] & 1)
            case .int64: value = UInt64(bitPattern: vector.int64[row])
            case .int128: value = UInt64(try numbering?.number(vector.int128[row]) ?? 0)
            case .double: value = UInt64(bitPattern: OrderedDouble.key(vector.double[row]))
            case .codes: value = UInt64(codes[row])
            case .entity: value = UInt64(vector.entities[row])
            }
            try set.insert(groups[row], value)
        }
    }

    private func verifyOwn(_ vector: ColumnVector, _ entities: ColumnVector?) {
        guard let entities else { return }
        let left = vector.entities, right = entities.entities
        var difference: UInt32 = 0
        if let validity = vector.validity {
            for row in 0..<vector.count where validity[row] != 0 { difference |= left[row] ^ right[row] }
        } else {
            for row in 0..<vector.count { difference |= left[row] ^ right[row] }
        }
        if difference != 0 { layout.isOwnEntityWrong.store(true, ordering: .relaxed) }
    }

    private func reserve() throws(EngineError) {
        let count = groupCount
        guard count > rows.capacity || !isReserved else { return }
        isReserved = true
        try rows.reserve(count)
        let room = rows.capacity
        for counts in valueCounts { try counts.reserve(room) }
        for sums in plainSums { try sums.reserve(room) }
        for dimension in runCounts { for counts in dimension { try counts?.reserve(room) } }
        for dimension in runSums { for sums in dimension { try sums.reserve(room) } }
        for states in open { try states?.reserve(room) }
    }
}
