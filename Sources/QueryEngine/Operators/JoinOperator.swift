// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Probes the build side with each left row. Left rows keep their order, and their matches follow each other, so the rows of an
/// entity of the driving table stay together.
final class JoinOperator: BatchSink {
    let join: PreparedJoin
    private let keys: [any VectorExpression]
    let residual: (any VectorExpression)?
    private let mappers: [CodeMapper?]
    private let probe: JoinKeys
    let output: any BatchSink
    /// Pairs of left and right rows; a right row of `GatherBuffer.nullRow` stands for "no match" of a left join.
    let leftRows: UnsafeMutablePointer<UInt32>
    let rightRows: UnsafeMutablePointer<UInt32>
    private(set) var pairCount = 0
    /// The left row whose pairs are under way has had a match.
    private var isMatched = false
    private let leftSelection: Selection
    private var rightBuffers: [GatherBuffer?]
    private var entityBuffers: [GatherBuffer?]
    let survivors: Selection
    private let kept: UnsafeMutablePointer<UInt32>
    private let arena: ConfidentialArena
    /// Of full joins: right rows that met a partner.
    private let met: UnsafeMutablePointer<UInt8>?
    /// Of joins that ask whether there is a partner.
    let existence: JoinExistence?

    init(_ join: PreparedJoin, compiler: ExpressionCompiler, output: any BatchSink, arena: ConfidentialArena) throws(EngineError) {
        self.join = join
        self.output = output
        self.arena = arena
        keys = try compiler.compile(join.keys)
        residual = try join.residual.map { (expression) throws(EngineError) in try compiler.compile(expression) }
        var mappers: [CodeMapper?] = []
        for pool in join.build.keyPools {
            mappers.append(try pool.map { (pool) throws(EngineError) in try CodeMapper(pool: pool, isFrozen: true, arena: arena) })
        }
        self.mappers = mappers
        probe = try JoinKeys(join.build.keyTypes, arena: arena)
        leftRows = try arena.take(UInt32.self, EngineLimits.batchRows)
        rightRows = try arena.take(UInt32.self, EngineLimits.batchRows)
        kept = try arena.take(UInt32.self, EngineLimits.batchRows)
        leftSelection = try Selection(live: join.live.filter { $0 < join.leftCount }, arena: arena)
        survivors = try Selection(live: join.liveAbove, arena: arena)
        rightBuffers = join.build.columns.map { _ in nil }
        entityBuffers = join.build.entities.map { _ in nil }
        met = try join.flags.map { (flags) throws(EngineError) in try flags.make(arena) }
        switch join.kind {
        case .inner, .left, .full: existence = nil
        case .semi, .anti, .mark, .single: existence = try JoinExistence(join, arena: arena)
        }
    }

    func beginMorsel(_ morsel: Int) throws(EngineError) { try output.beginMorsel(morsel) }

    func consume(_ batch: Batch) throws(EngineError) {
        var vectors: [ColumnVector] = []
        for key in self.keys { vectors.append(try key.evaluate(batch)) }
        try probe.compute(vectors, mappers: mappers, batch.count, needsHashes: !join.build.index.isDirect)
        if let existence { return try consume(batch, vectors, probe.view(), existence) }
        let keys = probe.view(), index = join.build.index
        let isLeft = join.kind != .inner
        for row in 0..<batch.count {
            var match = keys.isUsable[row] != 0 ? index.first(keys, row) : 0
            if match == 0 {
                if isLeft { try add(row, GatherBuffer.nullRow, batch) }
                continue
            }
            while match != 0 {
                try add(row, match - 1, batch)
                match = index.following(match, keys, row)
            }
            // With a residual it is not known yet whether any of these matches: the marker decides when they are judged.
            if isLeft, residual != nil { try add(row, GatherBuffer.nullRow, batch) }
        }
        try flush(batch)
    }

    @inline(__always)
    func add(_ left: Int, _ right: UInt32, _ batch: Batch) throws(EngineError) {
        leftRows[pairCount] = UInt32(truncatingIfNeeded: left)
        rightRows[pairCount] = right
        pairCount += 1
        if pairCount == EngineLimits.batchRows { try flush(batch) }
    }

    /// Joins the pairs that are noted and decides what becomes of them.
    func flush(_ batch: Batch) throws(EngineError) {
        guard pairCount > 0 else { return }
        let joined = try gather(batch)
        let count = pairCount
        pairCount = 0
        let truth = try residual.map { (compiled) throws(EngineError) in try compiled.evaluate(joined) }
        if let existence { return existence.judge(truth, leftRows, rightRows, count) }
        guard let truth else {
            note(count)
            return try output.consume(joined)
        }
        var survivorCount = 0
        for pair in 0..<count {
            let isMarker = rightRows[pair] == GatherBuffer.nullRow
            let isTrue = !isMarker && truth.bool[pair] & 1 != 0 && !truth.isNull(pair)
            if isTrue {
                isMatched = true
                met?[Int(rightRows[pair])] = 1
            }
            if isTrue || (isMarker && !isMatched) {
                kept[survivorCount] = UInt32(truncatingIfNeeded: pair)
                survivorCount += 1
            }
            if isMarker { isMatched = false }
        }
        if survivorCount == count { return try output.consume(joined) }
        if survivorCount > 0 { try output.consume(try survivors.gather(joined, kept, survivorCount)) }
    }

    private func note(_ count: Int) {
        guard let met else { return }
        for pair in 0..<count where rightRows[pair] != GatherBuffer.nullRow { met[Int(rightRows[pair])] = 1 }
    }

    /// The joined columns of the pairs that are noted.
    private func gather(_ batch: Batch) throws(EngineError) -> Batch {
        var joined = try leftSelection.gather(batch, leftRows, pairCount)
        while joined.columns.count < join.leftCount { joined.columns.append(nil) }
        for position in 0..<join.rightCount {
            guard let column = join.build.columns[position] else {
                joined.columns.append(nil)
                continue
            }
            joined.columns.append(gather(column, try buffer(&rightBuffers, position, column.type)))
        }
        for (dimension, column) in join.build.entities.enumerated() {
            guard let column else { continue }
            joined.entities[dimension] = gather(column, try buffer(&entityBuffers, dimension, column.type))
        }
        return joined
    }

    private func buffer(_ buffers: inout [GatherBuffer?], _ position: Int, _ type: LogicalType) throws(EngineError) -> GatherBuffer {
        if let known = buffers[position] { return known }
        let made = try GatherBuffer(type, arena: arena)
        buffers[position] = made
        return made
    }

    private func gather(_ column: ColumnVector, _ buffer: GatherBuffer) -> ColumnVector {
        switch join.kind {
        case .inner, .semi, .anti, .mark, .single: buffer.gather(column, rightRows, pairCount)
        case .left, .full: buffer.gatherOptional(column, rightRows, pairCount)
        }
    }
}
