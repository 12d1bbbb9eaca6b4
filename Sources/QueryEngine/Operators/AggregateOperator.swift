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
    /// Rows of each group; nil while the first sum and what it lacks tell them.
    var rows: ArenaArray<Int64>?
    /// `[item]`: rows of each group that do not belong to it; nil while there are none.
    var missing: [ArenaArray<Int64>?]
    /// `[sum]`: plain sums, where no dimension keeps the value.
    let plainSums: [PlainSums]
    /// `[dimension][item]` of run dimensions; nil while the item has the rows of item 0, and where sums of it count them.
    var runCounts: [[ArenaArray<RunCount>?]]
    /// `[dimension][sum]` of run dimensions.
    let runSums: [[RunSumStates]]
    /// `[dimension]`, nil for run dimensions.
    let hashed: [HashedDimension?]
    /// `[call]` of COUNT(DISTINCT).
    let distinct: [DistinctSet?]
    /// `[call]` of open aggregates.
    let open: [OpenStates?]
    /// Of dimensions whose rows stand for several entities.
    let weighted: [WeightedContributors]
    private let inputs: [any VectorExpression]
    private let branches: [[any VectorExpression]]
    private let shared: SharedExpressions
    private let masks: [UnsafeMutablePointer<UInt8>]
    private let mappers: [CodeMapper?]
    private let codes: UnsafeMutablePointer<UInt32>
    let lanes: GroupLanes
    /// For how many groups there is room.
    var room = 0
    let arena: ConfidentialArena

    init(_ layout: AggregateLayout, _ plan: ExecutionPlan, arena: ConfidentialArena) throws(EngineError) {
        self.layout = layout
        self.arena = arena
        shared = SharedExpressions(layout.inputs.map(\.argument))
        let compiler = ExpressionCompiler(arena: arena, parameters: plan.parameters)
        let sharing = ExpressionCompiler(arena: arena, parameters: plan.parameters, shared: shared)
        keys = try KeyTokens(try compiler.compile(layout.aggregation.keys), pools: layout.keyPools, arena: arena)
        let hasKeys = !layout.aggregation.keys.isEmpty
        total = try arena.take(UInt32.self, hasKeys ? 1 : EngineLimits.batchRows)
        index = hasKeys
            ? try GroupIndex(
                wordCount: keys.wordCount, nullWordCount: keys.nullWordCount, places: layout.directPlaces(keys),
                maximum: layout.groupsMaximum, batchRows: EngineLimits.batchRows, arena: arena) : nil
        codes = try arena.take(UInt32.self, EngineLimits.batchRows)
        lanes = try GroupLanes(arena: arena)
        inputs = try sharing.compile(layout.inputs.map(\.argument))
        var branches: [[any VectorExpression]] = [], mappers: [CodeMapper?] = []
        var distinct: [DistinctSet?] = [], open: [OpenStates?] = []
        for (position, call) in layout.calls.enumerated() {
            branches.append(call.branches.isEmpty ? [] : try compiler.compile(plan.branchConditions[position]))
            let isKept = layout.keepsStates(of: call)
            distinct.append(isKept && call.role == .distinct ? try DistinctSet(arena: arena) : nil)
            open.append(isKept && call.role == .open ? try OpenStates(call, arena: arena) : nil)
            let mapped = isKept && call.role == .distinct ? call.pool : nil
            mappers.append(try mapped.map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: false, arena: arena) })
        }
        (self.branches, self.mappers, self.distinct, self.open) = (branches, mappers, distinct, open)
        missing = layout.items.map { _ in nil }
        runCounts = layout.isRun.map { isRun in isRun ? layout.items.map { _ in nil } : [] }
        var plainSums: [PlainSums] = [], masks: [UnsafeMutablePointer<UInt8>] = []
        for _ in layout.sums { plainSums.append(try PlainSums(lanes: lanes, arena: arena)) }
        for _ in layout.items { masks.append(try arena.take(UInt8.self, EngineLimits.batchRows)) }
        (self.plainSums, self.masks) = (plainSums, masks)
        var runSums: [[RunSumStates]] = [], hashed: [HashedDimension?] = []
        for (dimension, isRun) in layout.isRun.enumerated() {
            var sums: [RunSumStates] = []
            for (position, sum) in layout.sums.enumerated() where isRun {
                sums.append(
                    try RunSumStates(
                        isWide: sum.isWide, bounds: sum.clampDimension == dimension ? sum.bounds : nil,
                        carries: layout.isCarried && position == 0, arena: arena))
            }
            runSums.append(sums)
            let isKept = layout.keepsHashed(dimension)
            hashed.append(isKept ? try HashedDimension(items: layout.items.count, sums: layout.sums.count, arena: arena) : nil)
        }
        (self.runSums, self.hashed) = (runSums, hashed)
        var weighted: [WeightedContributors] = []
        // A grouping of values alone has no dimensions.
        for (dimension, weight) in plan.weights.sorted(by: { $0.key < $1.key }) where layout.isRun.indices.contains(dimension) {
            weighted.append(
                try WeightedContributors(
                    dimension: dimension, weight: try compiler.compile([weight])[0], items: layout.items.count, lanes: lanes, arena: arena))
        }
        self.weighted = weighted
        try reserve()
        if !layout.isCarried { try separateRows() }
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) {}

    func consume(_ batch: Batch) throws(EngineError) {
        let groups = try assign(batch), count = batch.count
        try reserve()
        shared.beginBatch()
        var vectors: [ColumnVector] = []
        for (place, input) in inputs.enumerated() {
            vectors.append(layout.inputs[place].isNarrow ? try input.evaluateNarrow(batch) : try input.evaluate(batch))
        }
        let masks = try itemMasks(batch, vectors)
        for (item, mask) in masks.enumerated() { if let mask { try separate(item, mask, count) } }
        if let rows { lanes.countRows(groups, count, groupCount, into: rows.base) }
        for (item, mask) in masks.enumerated() {
            if let mask { lanes.countMissing(mask, groups, count, groupCount, into: try missingRows(item).base) }
        }
        for (dimension, isRun) in layout.isRun.enumerated() {
            guard let entities = batch.entities[dimension] else { throw EngineError(.malformedPlan, ["dimension"]) }
            if isRun {
                try addRuns(dimension, entities, groups, vectors, masks, count)
            } else if let hashed = hashed[dimension] {
                let addends = layout.sums.enumerated().map { position, sum in
                    HashedDimension.Addend(sum: position, values: vectors[sum.input], mask: masks[sum.item])
                }
                try hashed.add(groups, entities, masks, addends, count)
            }
        }
        for dimension in weighted { try dimension.add(batch, groups, masks, groupCount: groupCount) }
        for (position, sum) in layout.sums.enumerated() where sum.clampDimension == nil && !layout.isRun.contains(true) {
            try plainSums[position].add(vectors[sum.input], groups, masks[sum.item], groupCount: groupCount)
        }
        for (position, call) in layout.calls.enumerated() {
            guard let input = call.input else { continue }
            switch call.role {
            case .rows, .count, .sum: continue
            case .open: try open[position]?.add(vectors[input], groups)
            case .distinct: if let set = distinct[position] { try addDistinct(set, position, vectors[input], groups) }
            case .distinctOwn(let dimension): verifyOwn(vectors[input], batch.entities[dimension])
            }
        }
    }

    /// Groups so far; one without keys.
    var groupCount: Int { index?.count ?? 1 }

    private func assign(_ batch: Batch) throws(EngineError) -> UnsafePointer<UInt32> {
        guard let index else { return UnsafePointer(total) }
        try keys.compute(batch)
        return try index.assign(keys, batch.count)
    }

    /// Which rows belong to each item; nil: all. A row without the entity that a sum is clamped by counts as one without a value: it
    /// contributes nothing.
    private func itemMasks(_ batch: Batch, _ vectors: [ColumnVector]) throws(EngineError) -> [UnsafePointer<UInt8>?] {
        var result: [UnsafePointer<UInt8>?] = []
        for (position, item) in layout.items.enumerated() {
            var found: UnsafeMutablePointer<UInt8>?
            switch item {
            case .group: break
            case .value(let input, let clampDimension):
                found = vectors[input].validity
                if let dimension = clampDimension, let presence = batch.entities[dimension]?.validity {
                    Validity.merge(found, presence, into: masks[position], batch.count)
                    found = masks[position]
                }
            case .branch(let call, let branch):
                let truth = try branches[call][branch].evaluate(batch)
                let mask = masks[position]
                Validity.merge(truth.bool, truth.validity, into: mask, batch.count)
                found = mask
            }
            let mask = found.map { UnsafePointer($0) }
            result.append(mask.map { Validity.isFull($0, batch.count) } ?? true ? nil : mask)
        }
        return result
    }

    private func addRuns(
        _ dimension: Int, _ entities: ColumnVector, _ groups: UnsafePointer<UInt32>, _ vectors: [ColumnVector],
        _ masks: [UnsafePointer<UInt8>?], _ count: Int
    ) throws(EngineError) {
        let numbers = UnsafePointer(entities.entities)
        for (item, states) in runCounts[dimension].enumerated() {
            if let states { RunLoops.count(states.base, groups, numbers, masks[item], count) }
        }
        for (position, sum) in layout.sums.enumerated() {
            try runSums[dimension][position].add(vectors[sum.input], groups, numbers, masks[sum.item])
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
}
