// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// The right side of a join: its rows, and where those with a given key stand. Built once, then only read, by all workers.
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
    let index: JoinIndex
    /// Where several keys are looked up as one.
    let packing: KeyPacking?
    /// The key that is looked up alone: the only one, or one of several of which no two rows have the same value. Nil where several are
    /// looked up together.
    let leading: Int?
    /// Of the hashed form.
    private let keys: JoinKeys?
    /// Keep the memory alive that the index points to, which may be a stage's that has ended.
    private let keyVectors: [ColumnVector]
    private let arena: ConfidentialArena

    /// `right`: the right relation where it is prepared already.
    convenience init(
        _ execution: Execution, _ join: Join, needed: Set<Int>, live: Set<Int>, right: PreparedRelation? = nil
    ) throws(EngineError) {
        let rows = try BuildRows(execution, join, needed: needed, live: live, right)
        // What is only asked whether there is a row needs no rows.
        if join.asksExistenceOnly, let index = try rows.existence(execution) {
            let count = rows.sinks.reduce(0) { $0 + $1.count }
            let none = [ColumnVector?](repeating: nil, count: join.right.output.count)
            self.init(
                rows, rowCount: count, columns: none, entities: [], keyVectors: [], lookup: Lookup(index: index, leading: 0), arena: execution.arena)
            return
        }
        let (count, vectors) = try rows.layout.assemble(rows.sinks, threads: execution.workers, arena: execution.arena)
        var columns = [ColumnVector?](repeating: nil, count: join.right.output.count)
        for (place, position) in rows.liveColumns.enumerated() { columns[position] = vectors[place] }
        var entities = [ColumnVector?](repeating: nil, count: execution.plan.dimensions.count)
        for (place, dimension) in rows.dimensions.enumerated() { entities[dimension] = vectors[vectors.count - rows.dimensions.count + place] }
        let keyVectors = rows.keyPlaces.map { vectors[$0] }
        let lookup = try Self.lookup(keyVectors, count, comparesUnknown: join.isNullAware, needsTokens: join.comparesUnknownKeys, arena: execution.arena)
        self.init(rows, rowCount: count, columns: columns, entities: entities, keyVectors: keyVectors, lookup: lookup, arena: execution.arena)
    }

    private init(
        _ rows: BuildRows, rowCount: Int, columns: [ColumnVector?], entities: [ColumnVector?], keyVectors: [ColumnVector],
        lookup: Lookup, arena: ConfidentialArena
    ) {
        self.arena = arena
        self.rowCount = rowCount
        self.columns = columns
        self.entities = entities
        keyTypes = rows.keyPlaces.map { rows.layout.fields[$0].type }
        keyPools = rows.keyPlaces.map { rows.layout.fields[$0].pool }
        keyValidities = keyVectors.map(\.validity)
        self.keyVectors = keyVectors
        index = lookup.index
        packing = lookup.packing
        leading = lookup.leading
        keys = lookup.keys
    }

    /// Rows that stand in memory, under one key that is no text.
    init(rowCount: Int, columns: [ColumnVector?], key: ColumnVector, arena: ConfidentialArena) throws(EngineError) {
        self.arena = arena
        self.rowCount = rowCount
        self.columns = columns
        entities = []
        keyTypes = [key.type]
        keyPools = [nil]
        keyValidities = [key.validity]
        keyVectors = [key]
        let lookup = try Self.lookup([key], rowCount, comparesUnknown: false, needsTokens: false, arena: arena)
        (index, packing, leading, keys) = (lookup.index, lookup.packing, lookup.leading, lookup.keys)
    }

    /// How rows are found by their keys.
    private struct Lookup {
        let index: JoinIndex
        var packing: KeyPacking?
        var leading: Int?
        var keys: JoinKeys?
    }

    /// `comparesUnknown`: NULL keys are looked at one by one, so several keys stay several.
    private static func lookup(
        _ vectors: [ColumnVector], _ count: Int, comparesUnknown: Bool, needsTokens: Bool, arena: ConfidentialArena
    ) throws(EngineError) -> Lookup {
        if vectors.count > 1, !comparesUnknown, let lookup = try unique(vectors, count, arena: arena) { return lookup }
        guard !comparesUnknown, let packing = KeyPacking(vectors, count) else {
            return try lookup(vectors, count, needsTokens: needsTokens, arena: arena)
        }
        let numbers = try arena.take(Int64.self, count), validity = try arena.take(UInt8.self, count)
        try packing.pack(vectors, count, into: numbers, validity)
        let packed = ColumnVector(type: .int64, count: count, values: numbers, validity: validity, arena: arena)
        var lookup = try lookup([packed], count, needsTokens: false, arena: arena)
        lookup.packing = packing
        lookup.leading = nil
        return lookup
    }

    /// By one of several keys, of which no two rows have the same value: the others are compared with those of the one row that is found.
    private static func unique(_ vectors: [ColumnVector], _ count: Int, arena: ConfidentialArena) throws(EngineError) -> Lookup? {
        guard vectors.allSatisfy({ $0.type.physical != .codes }) else { return nil }
        for (position, vector) in vectors.enumerated() where vector.type.physical == .int64 {
            guard let run = KeyRun(.int64, vector.values, vector.validity, count), let range = run.range,
                let window = KeyWindow(range, rows: count), window.last + 1 >= UInt64(count)
            else { continue }
            let index = try JoinIndex(run, window, arena: arena)
            if index.isUnique { return Lookup(index: index, leading: position) }
        }
        return nil
    }

    /// Strikes matches of rows whose other keys differ.
    func compareOthers(_ probe: [ColumnVector], _ count: Int, _ matches: UnsafeMutablePointer<UInt32>) throws(EngineError) {
        guard let leading, keyVectors.count > 1 else { return }
        for (position, vector) in probe.enumerated() where position != leading {
            let known = keyVectors[position]
            guard vector.type.physical == known.type.physical else { throw EngineError(.malformedPlan, ["join key"]) }
            switch known.type.physical {
            case .int64:
                let theirs = known.int64, mine = vector.int64
                strike(known, vector, count, matches) { theirs[$0] == mine[$1] }
            case .entity:
                let theirs = known.entities, mine = vector.entities
                strike(known, vector, count, matches) { theirs[$0] == mine[$1] }
            case .bool:
                let theirs = known.bool, mine = vector.bool
                strike(known, vector, count, matches) { theirs[$0] & 1 == mine[$1] & 1 }
            case .int128:
                let theirs = known.int128, mine = vector.int128
                strike(known, vector, count, matches) { theirs[$0] == mine[$1] }
            case .double:
                // As tokens: both zeros are equal, and so is what is no number.
                let theirs = known.double, mine = vector.double
                strike(known, vector, count, matches) { JoinKeys.token(theirs[$0]) == JoinKeys.token(mine[$1]) }
            case .codes: throw EngineError(.malformedPlan, ["join key"])
            }
        }
    }

    @inline(__always)
    private func strike(
        _ known: ColumnVector, _ vector: ColumnVector, _ count: Int, _ matches: UnsafeMutablePointer<UInt32>, _ isEqual: (Int, Int) -> Bool
    ) {
        let known = known.validity, validity = vector.validity
        for row in 0..<count where matches[row] != 0 {
            let partner = Int(matches[row] - 1)
            if known.map({ $0[partner] & 1 == 0 }) ?? false || validity.map({ $0[row] & 1 == 0 }) ?? false || !isEqual(partner, row) { matches[row] = 0 }
        }
    }

    private static func lookup(
        _ vectors: [ColumnVector], _ count: Int, needsTokens: Bool, arena: ConfidentialArena
    ) throws(EngineError) -> Lookup {
        if vectors.count == 1, !needsTokens,
            let run = KeyRun(vectors[0].type.physical, vectors[0].values, vectors[0].validity, count),
            let window = KeyWindow(run.range ?? 0...0, rows: count)
        {
            return Lookup(index: try JoinIndex(run, window, arena: arena), leading: 0)
        }
        let keys = try JoinKeys(vectors.map(\.type), arena: arena)
        try keys.compute(vectors, mappers: vectors.map { _ in nil }, count)
        return Lookup(index: try JoinIndex(keys, count, arena: arena), keys: keys)
    }

    /// Types of what is looked up.
    var lookupTypes: [LogicalType] { packing == nil && (leading == nil || keyTypes.count == 1) ? keyTypes : [.int64] }

    /// Rows in which a key is NULL, in order.
    func rowsWithNullKey(arena: ConfidentialArena) throws(EngineError) -> (rows: UnsafeMutablePointer<UInt32>, count: Int) {
        let validities = keyValidities.compactMap(\.self)
        let rows = try arena.take(UInt32.self, validities.isEmpty ? 1 : rowCount)
        var count = 0
        for row in 0..<(validities.isEmpty ? 0 : rowCount) where validities.contains(where: { $0[row] == 0 }) {
            rows[count] = UInt32(truncatingIfNeeded: row)
            count += 1
        }
        return (rows, count)
    }

    /// Whether two rows have the same key. NULL keys join nothing and do not count.
    var hasRepeatedKey: Bool {
        guard let keys, let view = index.keys else { return !index.isUnique }
        let isUsable = keys.isUsable.base
        for row in 0..<rowCount where isUsable[row] != 0 {
            if index.following(UInt32(truncatingIfNeeded: row + 1), view, row) != 0 { return true }
        }
        return false
    }
}

extension Join {
    /// Whether nothing of the right side matters but that a row with the key is there.
    fileprivate var asksExistenceOnly: Bool {
        switch kind {
        case .semi, .anti, .mark: residual == nil && keys.count == 1 && !isNullAware
        case .inner, .left, .full, .single: false
        }
    }

    /// Whether keys with NULLs are compared part by part.
    fileprivate var comparesUnknownKeys: Bool { isNullAware && (residual != nil || keys.count != 1) }
}

/// The rows of a right side as workers left them.
private struct BuildRows {
    let layout: CollectLayout
    let sinks: [CollectOperator]
    let liveColumns: [Int]
    /// Field of each key.
    let keyPlaces: [Int]
    let dimensions: [Int]
    /// What it took to make the rows is given back once they stand elsewhere.
    private let stage: Execution

    init(_ execution: Execution, _ join: Join, needed: Set<Int>, live: Set<Int>, _ right: PreparedRelation?) throws(EngineError) {
        let rows = execution.stage()
        stage = rows
        let relation = try rows.prepare(join.right, needed: needed, unless: right)
        let output = join.right.output
        let liveColumns = live.sorted(), dimensions = relation.entityTypes
        var sources: [(CollectLayout.Source, LogicalType)] = liveColumns.map { (.column($0), output[$0].type) }
        var keyPlaces: [Int] = [], computed: [BoundExpression] = []
        for key in join.keys.map(\.right) {
            if case .column(let position) = key.kind, let place = liveColumns.firstIndex(of: position) {
                keyPlaces.append(place)
            } else {
                keyPlaces.append(sources.count)
                sources.append((.column(output.count + computed.count), key.type))
                computed.append(key)
            }
        }
        for (dimension, type) in dimensions { sources.append((.entity(dimension), type)) }
        let ceilings = execution.ceilings
        let layout = try CollectLayout(
            sources, mapped: Set(keyPlaces), rowsMaximum: ceilings.buildRows, textBytesMaximum: ceilings.textPoolBytes, arena: execution.arena)
        let compiler = ExpressionCompiler(arena: rows.arena, parameters: execution.plan.parameters)
        let keys = computed
        sinks = try rows.run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try KeyedCollector(try compiler.compile(keys), CollectOperator(layout, arena: rows.arena), width: output.count)
        }.map(\.collector)
        self.layout = layout
        self.liveColumns = liveColumns
        self.keyPlaces = keyPlaces
        self.dimensions = dimensions.map(\.0)
    }

    /// Bits of the only key's values, nil where they lie too far apart.
    func existence(_ execution: Execution) throws(EngineError) -> JoinIndex? {
        var range: ClosedRange<Int64>?
        var count = 0
        var runs: [[KeyRun]] = []
        for sink in sinks {
            guard let parts = sink.columns[keyPlaces[0]].runs else { return nil }
            runs.append(parts)
            count += sink.count
            for part in parts {
                guard let next = part.range else { continue }
                range = range.map { min($0.lowerBound, next.lowerBound)...max($0.upperBound, next.upperBound) } ?? next
            }
        }
        guard let window = KeyWindow(range ?? 0...0, rows: count) else { return nil }
        var maps: [UnsafeMutablePointer<UInt64>] = []
        for sink in 0..<max(sinks.count, 1) { maps.append(try (sink == 0 ? execution : stage).arena.take(UInt64.self, window.words)) }
        let parts = runs, bits = maps
        try Workers.run(execution.workers, each: parts.count) { (sink) throws(EngineError) in
            for run in parts[sink] { JoinIndex.set(run, window, bits[sink]) }
        }
        for other in maps.dropFirst() { for word in 0..<window.words { maps[0][word] |= other[word] } }
        return JoinIndex(window, bits: maps[0])
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
