// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension Execution {
    /// How a relation's rows stand when they are put aside.
    func spillLayout(_ columns: Set<Int>, of output: [OutputColumn], _ relation: PreparedRelation) -> SpillLayout {
        SpillLayout(columns: columns, of: output, dimensions: relation.entityTypes.map(\.0), of: plan.dimensions.count)
    }

    /// What rows are dealt out by.
    enum DealingKeys {
        case keys([BoundExpression])
        /// The entity of a dimension.
        case entity(dimension: Int)
    }

    /// Deals the rows of a relation out by their keys. `level`: how often they were dealt before, so that another hash is taken.
    /// `keepsNullsApart`: rows with a NULL in their key become a further part. The parts keep the order of the relation.
    func deal(
        _ relation: PreparedRelation, _ layout: SpillLayout, by keys: DealingKeys, level: Int, keepsNullsApart: Bool = false,
        _ space: SpillSpace
    ) throws(EngineError) -> [SpilledRelation] {
        let partCount = ceilings.spillParts, seed = Hashing.mix(space.store.seed &+ UInt64(level))
        return try putAside(relation, layout, partCount: partCount, space) { (compiler, arena) throws(EngineError) in
            let expressions: [any VectorExpression]
            switch keys {
            case .keys(let keys): expressions = try compiler.compile(keys)
            case .entity(let dimension): expressions = [EntityExpression(dimension: dimension)]
            }
            return SpillSink.Dealing(
                keys: expressions, hasher: try KeyHasher(seed: seed, arena: arena), partCount: partCount,
                keepsNullsApart: keepsNullsApart)
        }
    }

    /// Puts all rows of a relation aside.
    func putAside(_ relation: PreparedRelation, _ layout: SpillLayout, _ space: SpillSpace) throws(EngineError) -> SpilledRelation {
        let parts = try putAside(relation, layout, partCount: 1, space) { (_, _) throws(EngineError) in nil }
        return parts[0]
    }

    private func putAside(
        _ relation: PreparedRelation, _ layout: SpillLayout, partCount: Int, _ space: SpillSpace,
        _ dealing: @escaping (ExpressionCompiler, ConfidentialArena) throws(EngineError) -> SpillSink.Dealing?
    ) throws(EngineError) -> [SpilledRelation] {
        // Buffers of its own, which go back when all is written.
        let buffers = stage().arena, isInOrder = relation.isInOrder, bufferBytes = spillBufferBytes(partCount)
        let sinks = try run(relation, keepsEntitiesTogether: isInOrder && !plan.dimensions.isEmpty) { () throws(EngineError) in
            let compiler = ExpressionCompiler(arena: buffers, parameters: self.plan.parameters)
            return try SpillSink(layout, try dealing(compiler, buffers), space, bufferBytes: bufferBytes, arena: buffers)
        }
        try Workers.run(workers, each: sinks.count) { (number) throws(EngineError) in try sinks[number].finish() }
        let count = sinks.first?.chunks.count ?? partCount
        return (0..<count).map { part in
            SpilledRelation(layout, sinks.map { $0.chunks[part] }, isInOrder: isInOrder, space: space)
        }
    }

    /// Bytes of one buffer when so many parts are written at a time: an eighth of what is free, within bounds that are worth a write.
    func spillBufferBytes(_ partCount: Int) -> Int {
        let free = max(arena.limitBytes - arena.budget.usedBytes, 0)
        return min(max(free / 8 / (partCount * workers), 4 << 10), 256 << 10)
    }

    /// What `body` makes, or nil when memory did not do; then what it held is wiped.
    func unlessMemoryEnds<Result>(_ body: () throws(EngineError) -> Result) throws(EngineError) -> Result? {
        do throws(EngineError) {
            return try body()
        } catch {
            guard arena.budget.takeRefusal() else { throw error }
            return nil
        }
    }

    /// Hands parts to `body` one after the other. One that does not fit memory, which `body` says by false, is dealt again by `deal`.
    ///
    /// When hashes did not part anything twice it goes to `alone`, which says by false that it cannot do with it either. Ends in
    /// `engine.resource-exhausted` after `spillLevels`.
    func eachPart<Part>(
        _ parts: [Part], level: Int = 1, uneven: Int = 0, rows: (Part) -> Int, of total: Int,
        deal: (Part, Int) throws(EngineError) -> [Part], alone: (Part) throws(EngineError) -> Bool = { _ in false },
        _ body: (Part) throws(EngineError) -> Bool
    ) throws(EngineError) {
        for part in parts where try !body(part) {
            let uneven = rows(part) == total ? uneven + 1 : 0
            if uneven > 1, try alone(part) { continue }
            guard level < ceilings.spillLevels else { throw EngineError(.resourceExhausted) }
            try eachPart(
                try deal(part, level), level: level + 1, uneven: uneven, rows: rows, of: rows(part), deal: deal, alone: alone, body)
        }
    }

    /// Whether so many rows are tried in memory.
    func mayTry(_ rows: Int) -> Bool { rows <= ceilings.spillRows }
}

/// The entity numbers of one dimension.
private final class EntityExpression: VectorExpression {
    let type = LogicalType.entity("")
    private let dimension: Int

    init(dimension: Int) { self.dimension = dimension }

    func evaluate(_ batch: Batch) throws(EngineError) -> ColumnVector {
        guard batch.entities.indices.contains(dimension), let vector = batch.entities[dimension] else {
            throw EngineError(.malformedPlan, ["dimension"])
        }
        return vector
    }
}
