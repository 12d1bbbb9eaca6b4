// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// What semi, anti, mark and single joins learn about the left rows of one batch.
final class JoinExistence {
    /// Partners so far: 0, 1 or 2 for more.
    let partners: UnsafeMutablePointer<UInt8>
    /// 1 where a pair was neither true nor false.
    let unknown: UnsafeMutablePointer<UInt8>
    /// The first partner.
    let partner: UnsafeMutablePointer<UInt32>
    /// While this is set a pair that is true counts as unknown, because one of its keys is.
    var isJudgingUnknownKeys = false
    let mark: VectorBuffer
    let nullKeyRows: UnsafeMutablePointer<UInt32>
    let nullKeyCount: Int
    let buffers: [GatherBuffer?]
    /// Of keys that are compared part by part.
    let tokens: JoinKeys.View?

    init(_ join: PreparedJoin, arena: ConfidentialArena) throws(EngineError) {
        partners = try arena.take(UInt8.self, EngineLimits.batchRows)
        unknown = try arena.take(UInt8.self, EngineLimits.batchRows)
        partner = try arena.take(UInt32.self, EngineLimits.batchRows)
        mark = try VectorBuffer(.bool, arena: arena)
        // A single key that is looked up by hash could be compared so too, but need not be.
        tokens = join.residual == nil && join.keys.count == 1 ? nil : join.build.index.keys
        let nulls = join.isNullAware ? try join.build.rowsWithNullKey(arena: arena) : nil
        nullKeyCount = nulls?.count ?? 0
        if let nulls { nullKeyRows = nulls.rows } else { nullKeyRows = try arena.take(UInt32.self, 1) }
        var buffers: [GatherBuffer?] = []
        for column in join.build.columns {
            buffers.append(join.kind == .single ? try column.map { (column) throws(EngineError) in try GatherBuffer(column.type, arena: arena) } : nil)
        }
        self.buffers = buffers
    }

    func begin(_ count: Int) {
        partners.update(repeating: 0, count: count)
        unknown.update(repeating: 0, count: count)
    }

    /// Notes pairs whose keys are equal, or as `isJudgingUnknownKeys` says. No truth: there is no residual.
    func judge(_ truth: ColumnVector?, _ left: UnsafePointer<UInt32>, _ right: UnsafePointer<UInt32>, _ count: Int) {
        for pair in 0..<count {
            let row = Int(left[pair])
            let isUnknown = truth?.isNull(pair) ?? false
            if let truth, !isUnknown, truth.bool[pair] & 1 == 0 { continue }
            if isUnknown || isJudgingUnknownKeys {
                unknown[row] = 1
            } else {
                if partners[row] == 0 { partner[row] = right[pair] }
                partners[row] = min(partners[row] + 1, 2)
            }
        }
    }
}

extension JoinOperator {
    /// Semi, anti, mark and single joins: each left row comes at most once.
    func consume(_ batch: Batch, _ probe: Probe, _ existence: JoinExistence) throws(EngineError) {
        existence.begin(batch.count)
        let index = join.build.index, partners = existence.partners, keys = probe.view, matches = matches
        let isSingle = join.kind == .single
        if residual == nil {
            for row in 0..<batch.count { partners[row] = matches[row] == 0 ? 0 : 1 }
            if isSingle {
                for row in 0..<batch.count where matches[row] != 0 {
                    existence.partner[row] = matches[row] - 1
                    if index.following(matches[row], keys, row) != 0 { partners[row] = 2 }
                }
            }
        } else {
            for row in 0..<batch.count {
                var match = matches[row]
                // Some pairs may be judged already: one partner settles all but a single join.
                while match != 0, isSingle || partners[row] == 0 {
                    try add(row, match - 1, batch)
                    match = index.following(match, keys, row)
                }
            }
            try flush(batch)
        }
        if join.isNullAware, join.kind == .mark { try judgeUnknownKeys(batch, probe, existence) }
        try emit(batch, existence)
    }

    private func emit(_ batch: Batch, _ existence: JoinExistence) throws(EngineError) {
        let partners = existence.partners, count = batch.count
        switch join.kind {
        case .semi, .anti:
            let wanted: UInt8 = join.kind == .semi ? 1 : 0
            for row in 0..<count { partners[row] = (partners[row] == 0 ? 0 : 1) ^ wanted ^ 1 }
            survivors.begin(count)
            survivors.keep(partners, count)
            if let kept = try survivors.apply(batch) { try output.consume(kept) }
        case .mark:
            let mark = existence.mark
            for row in 0..<count {
                mark.bool[row] = partners[row] == 0 ? 0 : 1
                mark.validity[row] = partners[row] == 0 && existence.unknown[row] != 0 ? 0 : 1
            }
            var result = batch
            result.columns = Array(batch.columns.prefix(join.leftCount))
            while result.columns.count < join.leftCount { result.columns.append(nil) }
            result.columns.append(mark.vector(count, hasValidity: join.isNullAware))
            try output.consume(result)
        case .single:
            for row in 0..<count where partners[row] != 1 { existence.partner[row] = GatherBuffer.nullRow }
            var result = batch
            result.columns = Array(batch.columns.prefix(join.leftCount))
            while result.columns.count < join.leftCount { result.columns.append(nil) }
            for (position, column) in join.build.columns.enumerated() {
                result.columns.append(column.flatMap { existence.buffers[position]?.gatherOptional($0, existence.partner, count) })
            }
            try output.consume(result)
        case .inner, .left, .full: throw EngineError(.malformedPlan, ["join"])
        }
    }

    /// Rows without a partner that could have one if a NULL key were known.
    private func judgeUnknownKeys(_ batch: Batch, _ probe: Probe, _ existence: JoinExistence) throws(EngineError) {
        let vectors = probe.vectors, keys = probe.view
        guard let tokens = existence.tokens else {
            // Of a single key: an unknown one could equal any.
            let hasRows: UInt8 = join.build.rowCount > 0 ? 1 : 0, hasUnknown: UInt8 = existence.nullKeyCount > 0 ? 1 : 0
            for row in 0..<batch.count { existence.unknown[row] = vectors.contains { $0.isNull(row) } ? hasRows : hasUnknown }
            return
        }
        existence.isJudgingUnknownKeys = true
        defer { existence.isJudgingUnknownKeys = false }
        let build = join.build
        for row in 0..<batch.count where existence.partners[row] == 0 && existence.unknown[row] == 0 {
            let isNull = vectors.contains { $0.isNull(row) }
            let candidates = isNull ? build.rowCount : existence.nullKeyCount
            for candidate in 0..<candidates {
                let other = isNull ? candidate : Int(existence.nullKeyRows[candidate])
                guard mayMeet(row, other, vectors, keys, tokens) else { continue }
                if residual == nil {
                    existence.unknown[row] = 1
                    break
                }
                try add(row, UInt32(truncatingIfNeeded: other), batch)
                if existence.unknown[row] != 0 { break }
            }
        }
        try flush(batch)
    }

    /// Whether no known key of a pair differs.
    private func mayMeet(_ row: Int, _ other: Int, _ vectors: [ColumnVector], _ keys: JoinKeys.View, _ theirs: JoinKeys.View) -> Bool {
        var token = 0
        for (position, vector) in vectors.enumerated() {
            let width = vector.type.physical == .int128 ? 2 : 1
            let isKnown = !vector.isNull(row) && (join.build.keyValidities[position]?[other] ?? 1) != 0
            if isKnown {
                for part in token..<(token + width) where keys.tokens[part][row] != theirs.tokens[part][other] { return false }
            }
            token += width
        }
        return true
    }
}
