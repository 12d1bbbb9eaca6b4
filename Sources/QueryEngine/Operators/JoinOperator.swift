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
    /// Of several keys that are looked up as one.
    private let packed: VectorBuffer?
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
    /// First partner + 1 of each left row, 0 = none.
    let matches: UnsafeMutablePointer<UInt32>
    /// Texts as numbers of the pool of the only key.
    private let codes: UnsafeMutablePointer<UInt32>
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
        probe = try JoinKeys(join.build.lookupTypes, arena: arena)
        packed = try join.build.packing.map { (_) throws(EngineError) in try VectorBuffer(.int64, arena: arena) }
        leftRows = try arena.take(UInt32.self, EngineLimits.batchRows)
        rightRows = try arena.take(UInt32.self, EngineLimits.batchRows)
        kept = try arena.take(UInt32.self, EngineLimits.batchRows)
        matches = try arena.take(UInt32.self, EngineLimits.batchRows)
        codes = try arena.take(UInt32.self, mappers.contains { $0 != nil } ? EngineLimits.batchRows : 1)
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
        let keys = try find(batch)
        if let existence { return try consume(batch, keys, existence) }
        if join.build.index.isUnique, join.kind == .inner || residual == nil { return try consumeSingle(batch) }
        let isLeft = join.kind != .inner, marks = isLeft && residual != nil, index = join.build.index, matches = matches
        for row in 0..<batch.count {
            var match = matches[row]
            if match == 0 {
                if isLeft { try add(row, GatherBuffer.nullRow, batch) }
                continue
            }
            while match != 0 {
                try add(row, match - 1, batch)
                match = index.following(match, keys.view, row)
            }
            // With a residual it is not known yet whether any of these matches: the marker decides when they are judged.
            if marks { try add(row, GatherBuffer.nullRow, batch) }
        }
        try flush(batch)
    }

    /// What is known of the keys of a batch.
    struct Probe {
        let view: JoinKeys.View
        let vectors: [ColumnVector]
    }

    /// Looks the keys of a batch up.
    private func find(_ batch: Batch) throws(EngineError) -> Probe {
        var vectors: [ColumnVector] = []
        for key in self.keys { vectors.append(try key.evaluate(batch)) }
        let index = join.build.index, wanted = try lookedUp(vectors, batch.count)
        guard index.form != .hashed else {
            try probe.compute(wanted, mappers: mappers, batch.count)
            let view = probe.view()
            index.find(view, batch.count, into: matches)
            return Probe(view: view, vectors: vectors)
        }
        guard let vector = wanted.first, vector.type.physical == join.build.lookupTypes[0].physical else {
            throw EngineError(.malformedPlan, ["join key"])
        }
        if let mapper = mappers[0] {
            try mapper.map(vector, into: codes)
            index.find(UnsafePointer(codes), vector.validity, batch.count, into: matches)
        } else if vector.type.physical == .int64 {
            index.find(UnsafePointer(vector.int64), vector.validity, batch.count, into: matches)
        } else {
            index.find(UnsafePointer(vector.codes), vector.validity, batch.count, into: matches)
        }
        if vectors.count > 1 { try join.build.compareOthers(vectors, batch.count, matches) }
        return Probe(view: probe.view(), vectors: vectors)
    }

    /// The keys themselves, the one that is enough, or the numbers that stand for several.
    private func lookedUp(_ keys: [ColumnVector], _ count: Int) throws(EngineError) -> [ColumnVector] {
        if keys.count > 1, let leading = join.build.leading { return [keys[leading]] }
        guard let packed, let packing = join.build.packing else { return keys }
        try packing.pack(keys, count, into: packed.int64, packed.validity)
        return [packed.vector(count, hasValidity: true)]
    }

    /// Each left row has at most one partner, and nothing depends on markers.
    private func consumeSingle(_ batch: Batch) throws(EngineError) {
        let count = batch.count, matches = matches, leftRows = leftRows, rightRows = rightRows
        if join.kind == .inner {
            var pairs = 0
            for row in 0..<count {
                leftRows[pairs] = UInt32(truncatingIfNeeded: row)
                rightRows[pairs] = matches[row] &- 1
                pairs += matches[row] == 0 ? 0 : 1
            }
            pairCount = pairs
        } else {
            // No match, 0, becomes the row of NULLs.
            for row in 0..<count { rightRows[row] = matches[row] &- 1 }
            pairCount = count
        }
        try flush(batch, isWholeLeft: pairCount == count)
    }

    @inline(__always)
    func add(_ left: Int, _ right: UInt32, _ batch: Batch) throws(EngineError) {
        leftRows[pairCount] = UInt32(truncatingIfNeeded: left)
        rightRows[pairCount] = right
        pairCount += 1
        if pairCount == EngineLimits.batchRows { try flush(batch) }
    }

    /// Joins the pairs that are noted and decides what becomes of them. `isWholeLeft`: the left rows are those of the batch.
    func flush(_ batch: Batch, isWholeLeft: Bool = false) throws(EngineError) {
        guard pairCount > 0 else { return }
        let joined = try gather(batch, isWholeLeft: isWholeLeft)
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
    private func gather(_ batch: Batch, isWholeLeft: Bool) throws(EngineError) -> Batch {
        var joined = isWholeLeft ? batch : try leftSelection.gather(batch, leftRows, pairCount)
        while joined.columns.count < join.leftCount { joined.columns.append(nil) }
        for position in 0..<join.rightCount {
            guard join.live.contains(join.leftCount + position), let column = join.build.columns[position] else {
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
