// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// The right side of a join: its rows, and a hash table over their keys. Built once, then only read, by all workers.
final class BuildSide: @unchecked Sendable {
    let rowCount: Int
    /// For each output column of the right relation its rows, nil when nobody needs it.
    let columns: [ColumnVector?]
    /// For each dimension its entities, nil when it belongs elsewhere.
    let entities: [ColumnVector?]
    let keyTypes: [LogicalType]
    /// Pools of text keys.
    let keyPools: [TextPool?]
    /// Of each key which rows have one; nil: all.
    let keyValidities: [UnsafeMutablePointer<UInt8>?]
    let index: Index
    private let keys: JoinKeys

    init(_ execution: Execution, _ join: Join, needed: Set<Int>, live: Set<Int>) throws(EngineError) {
        let arena = execution.arena
        let output = join.right.output, keys = join.keys.map(\.right)
        // What it takes to make the rows is given back once they stand here.
        let rows = execution.stage()
        let relation = try rows.prepare(join.right, needed: needed)
        let liveColumns = live.sorted()
        let dimensions = relation.entityTypes
        var sources: [(CollectLayout.Source, LogicalType)] = liveColumns.map { (.column($0), output[$0].type) }
        for (position, key) in keys.enumerated() { sources.append((.column(output.count + position), key.type)) }
        for (dimension, type) in dimensions { sources.append((.entity(dimension), type)) }
        let keyRange = liveColumns.count..<(liveColumns.count + keys.count)
        let ceilings = execution.ceilings
        let layout = try CollectLayout(
            sources, mapped: Set(keyRange), rowsMaximum: ceilings.buildRows, textBytesMaximum: ceilings.textPoolBytes, arena: arena)
        let compiler = ExpressionCompiler(arena: rows.arena, parameters: execution.plan.parameters)
        let sinks = try rows.run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try KeyedCollector(try compiler.compile(keys), CollectOperator(layout, arena: rows.arena), width: output.count)
        }
        let (count, vectors) = try layout.assemble(sinks.map(\.collector), threads: execution.workers, arena: arena)
        rowCount = count
        var columns = [ColumnVector?](repeating: nil, count: output.count)
        for (place, position) in liveColumns.enumerated() { columns[position] = vectors[place] }
        self.columns = columns
        var entities = [ColumnVector?](repeating: nil, count: execution.plan.dimensions.count)
        for (place, dimension) in dimensions.enumerated() { entities[dimension.0] = vectors[liveColumns.count + keys.count + place] }
        self.entities = entities
        keyTypes = keys.map(\.type)
        keyPools = keyRange.map { layout.fields[$0].pool }
        keyValidities = keyRange.map { vectors[$0].validity }
        self.keys = try JoinKeys(keyTypes, arena: arena)
        let keyVectors = Array(vectors[keyRange])
        try self.keys.compute(keyVectors, mappers: keys.map { _ in nil }, count, needsHashes: false)
        let window = keyVectors.count == 1 ? self.keys.window(keyVectors[0].type.physical, count) : nil
        var buckets = window?.width ?? 64
        if window == nil {
            while buckets < count * 2 { buckets *= 2 }
            self.keys.hash(count)
        }
        let heads = try arena.take(UInt32.self, buckets), next = try arena.take(UInt32.self, count)
        let repeats = Self.link(self.keys, heads, next, count, window: window, mask: UInt64(buckets - 1))
        index = Index(
            heads: UnsafePointer(heads), next: UnsafePointer(next), mask: UInt64(buckets - 1), keys: self.keys.view(),
            isDirect: window != nil, low: window?.low ?? 0, hasRepeats: repeats)
    }

    /// From the last row to the first, so that chains run upwards. Whether any chain has two rows.
    private static func link(
        _ keys: JoinKeys, _ heads: UnsafeMutablePointer<UInt32>, _ next: UnsafeMutablePointer<UInt32>, _ count: Int,
        window: (low: UInt64, width: Int)?, mask: UInt64
    ) -> Bool {
        let isUsable = keys.isUsable.base
        var repeats: UInt32 = 0
        if let window {
            let values = keys.tokens[0].base
            for row in stride(from: count - 1, through: 0, by: -1) where isUsable[row] != 0 {
                let bucket = Int(truncatingIfNeeded: values[row] &- window.low)
                next[row] = heads[bucket]
                repeats |= heads[bucket]
                heads[bucket] = UInt32(truncatingIfNeeded: row + 1)
            }
        } else {
            let hashes = keys.hashes.base
            for row in stride(from: count - 1, through: 0, by: -1) where isUsable[row] != 0 {
                let bucket = Int(hashes[row] & mask)
                next[row] = heads[bucket]
                repeats |= heads[bucket]
                heads[bucket] = UInt32(truncatingIfNeeded: row + 1)
            }
        }
        return repeats != 0
    }

    /// Rows in which a key is NULL, in order.
    func rowsWithNullKey(arena: ConfidentialArena) throws(EngineError) -> (rows: UnsafeMutablePointer<UInt32>, count: Int) {
        let isUsable = keys.isUsable.base
        var count = 0
        for row in 0..<rowCount { count += Int(isUsable[row] ^ 1) }
        let rows = try arena.take(UInt32.self, count)
        count = 0
        for row in 0..<rowCount where isUsable[row] == 0 {
            rows[count] = UInt32(truncatingIfNeeded: row)
            count += 1
        }
        return (rows, count)
    }

    /// Whether two rows have the same key. NULL keys join nothing and do not count.
    var hasRepeatedKey: Bool {
        let isUsable = keys.isUsable.base
        for row in 0..<rowCount where isUsable[row] != 0 {
            if index.following(UInt32(truncatingIfNeeded: row + 1), index.keys, row) != 0 { return true }
        }
        return false
    }

    /// The hash table as plain pointers.
    struct Index {
        /// First row + 1 of each bucket, 0 = none.
        let heads: UnsafePointer<UInt32>
        /// Next row + 1 of the same bucket.
        let next: UnsafePointer<UInt32>
        let mask: UInt64
        let keys: JoinKeys.View
        /// Whether buckets are values of the only key, counted from `low`: then equal buckets are equal keys.
        let isDirect: Bool
        let low: UInt64
        /// Whether any bucket has two rows.
        let hasRepeats: Bool

        /// The first row + 1 with the key of this probing row, 0 = none.
        @inline(__always)
        func first(_ probe: JoinKeys.View, _ row: Int) -> UInt32 {
            if isDirect {
                let bucket = probe.first[row] &- low
                return bucket <= mask ? heads[Int(bucket)] : 0
            }
            return match(heads[Int(probe.hashes[row] & mask)], probe, row)
        }

        /// The row + 1 that follows `current` - 1 with the same key.
        @inline(__always)
        func following(_ current: UInt32, _ probe: JoinKeys.View, _ row: Int) -> UInt32 {
            if !hasRepeats { return 0 }
            return isDirect ? next[Int(current - 1)] : match(next[Int(current - 1)], probe, row)
        }

        @inline(__always)
        private func match(_ start: UInt32, _ probe: JoinKeys.View, _ row: Int) -> UInt32 {
            var candidate = start
            while candidate != 0 {
                if keys.isEqual(Int(candidate - 1), probe, row) { return candidate }
                candidate = next[Int(candidate - 1)]
            }
            return 0
        }
    }
}

extension PreparedRelation {
    /// The dimensions whose entities flow out of this relation.
    var entityTypes: [(Int, LogicalType)] {
        switch self {
        case .scan(let scan):
            return scan.entities.enumerated().compactMap { dimension, place in
                switch place {
                case .elsewhere: nil
                case .column, .rowNumber: (dimension, .entity(""))
                }
            }
        case .filter(let input, _, _), .project(let input, _, _): return input.entityTypes
        case .join(let left, let join):
            return left.entityTypes + join.build.entities.enumerated().compactMap { $1 == nil ? nil : ($0, .entity("")) }
        }
    }
}

/// Computes the keys of the build side as further columns before rows are kept.
final class KeyedCollector: BatchSink {
    let collector: CollectOperator
    private let keys: [any VectorExpression]
    private let width: Int

    /// `width`: columns of the relation, after which the computed ones stand.
    init(_ keys: [any VectorExpression], _ collector: CollectOperator, width: Int) {
        self.keys = keys
        self.width = width
        self.collector = collector
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) { try collector.beginMorsel(morsel) }

    func consume(_ batch: Batch) throws(EngineError) {
        var extended = batch
        while extended.columns.count < width { extended.columns.append(nil) }
        for key in keys { extended.columns.append(try key.evaluate(batch)) }
        try collector.consume(extended)
    }
}
