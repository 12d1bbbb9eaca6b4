// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Synchronization
import Tabular

/// Groupings that may outgrow memory: tried in memory first; else rows are dealt out by their keys and grouped part by part. Groups of
/// different parts differ, so their results stand one after the other. What is left without keys, or as one key, is computed apart
/// (`mergedApart`).
extension Execution {
    private enum Attempt<Result> {
        case done(Result)
        case dealt([SpilledRelation])
        /// Without keys: all rows.
        case aside(SpilledRelation)
    }

    /// A grouping below the release node.
    func spillingAggregate(_ aggregate: Aggregate, needed: Set<Int>, _ space: SpillSpace) throws(EngineError) -> PreparedRelation {
        let keys = aggregate.aggregation.keys, chosen = aggregate.aggregation.keeping(needed)
        let make: MakeLayout = { (share, _, arena) throws(EngineError) in
            try AggregateLayout(inner: chosen, share: share, self.ceilings, arena: arena)
        }
        let attempt = try self.attempt(aggregate.input, chosen.columns, keys, make, space) { (rows) throws(EngineError) in
            try self.stage().aggregate(aggregate, needed: needed, of: rows)
        }
        let layout = SpillLayout(columns: needed, of: aggregate.aggregation.output, dimensions: [], of: plan.dimensions.count)
        switch attempt {
        case .done(let relation):
            // What is above needs memory too.
            guard !keys.isEmpty, relation.byteCount > arena.limitBytes / 4 else { return kept(relation) }
            return .scan(PreparedScan(try stage().putAside(kept(relation), layout, space)))
        case .aside(let rows):
            guard let merge = try mergedApart(rows, space, make) else { throw EngineError(.malformedPlan, ["groups"]) }
            return kept(try stage().relation(aggregate, needed: needed, merge))
        case .dealt(let parts):
            var chunks: [[SpillChunk]] = []
            func put(_ groups: MaterialisedRelation) throws(EngineError) {
                chunks.append(try self.stage().putAside(self.kept(groups), layout, space).chunks)
            }
            try eachPart(
                parts, keys, space,
                alone: { (part) throws(EngineError) in
                    guard let merge = try self.mergedApart(part, space, make) else { return false }
                    try put(try self.stage().relation(aggregate, needed: needed, merge))
                    return true
                },
                { (part) throws(EngineError) in
                    try put(try self.stage().aggregate(aggregate, needed: needed, of: .scan(PreparedScan(part))))
                })
            return .scan(PreparedScan(SpilledRelation(layout, chunks, isInOrder: false, space: space)))
        }
    }

    /// The release node's groups.
    func spillingAggregate(_ aggregation: Aggregation, _ space: SpillSpace) throws(EngineError) -> GroupTable {
        func make(trustsOwnEntity: Bool) -> MakeLayout {
            { (share, isInOrder, arena) throws(EngineError) in
                try AggregateLayout(
                    self.plan, aggregation, trustsOwnEntity: trustsOwnEntity, isInOrder: isInOrder, share: share, self.ceilings, arena: arena)
            }
        }
        let attempt = try self.attempt(
            orderedRows, needed(aggregation), aggregation.keys, make(trustsOwnEntity: false), space
        ) { (rows) throws(EngineError) in try self.stage().aggregate(aggregation, of: rows) }
        func apart(_ rows: SpilledRelation) throws(EngineError) -> GroupTable? {
            for trustsOwnEntity in [true, false] {
                guard let merge = try mergedApart(rows, space, make(trustsOwnEntity: trustsOwnEntity)) else { return nil }
                if trustsOwnEntity, merge.layout.isOwnEntityWrong.load(ordering: .relaxed) { continue }
                return try GroupTable(merge.layout, merge, arena: stage().arena)
            }
            return nil
        }
        switch attempt {
        case .done(let table): return table
        case .aside(let rows):
            guard let table = try apart(rows) else { throw EngineError(.malformedPlan, ["groups"]) }
            return table
        case .dealt(let parts):
            let tables = SpilledGroups(self, space)
            try eachPart(
                parts, aggregation.keys, space,
                alone: { (part) throws(EngineError) in
                    guard let table = try apart(part) else { return false }
                    try tables.add(table)
                    return true
                },
                { (part) throws(EngineError) in
                    try tables.add(try self.stage().aggregate(aggregation, of: .scan(PreparedScan(part))))
                })
            return try tables.whole()
        }
    }

    /// Groups the rows in memory, or deals them out. The input is prepared once, and gone when this returns.
    private func attempt<Result>(
        _ input: LogicalPlan, _ columns: Set<Int>, _ keys: [BoundExpression], _ make: MakeLayout, _ space: SpillSpace,
        _ body: @escaping (PreparedRelation) throws(EngineError) -> Result
    ) throws(EngineError) -> Attempt<Result> {
        let rows = stage()
        let relation = try rows.prepare(input, needed: columns)
        if keys.isEmpty, try !make(.constant, relation.isInOrder, stage().arena).isParted { return .done(try body(relation)) }
        if ceilings.spillRows == .max, let result = try unlessMemoryEnds({ () throws(EngineError) in try body(relation) }) {
            return .done(result)
        }
        let layout = spillLayout(columns, of: input.output, relation)
        if keys.isEmpty { return .aside(try rows.putAside(relation, layout, space)) }
        return .dealt(try rows.deal(relation, layout, by: .keys(keys), level: 0, space))
    }

    private func eachPart(
        _ parts: [SpilledRelation], _ keys: [BoundExpression], _ space: SpillSpace, alone: (SpilledRelation) throws(EngineError) -> Bool,
        _ body: (SpilledRelation) throws(EngineError) -> Void
    ) throws(EngineError) {
        // Without any row there is still a result without groups.
        let filled = parts.filter { $0.rowCount > 0 }
        try eachPart(
            filled.isEmpty ? Array(parts.prefix(1)) : filled, rows: \.rowCount, of: parts.reduce(0) { $0 + $1.rowCount },
            deal: { (part, level) throws(EngineError) in
                try self.stage().deal(.scan(PreparedScan(part)), part.layout, by: .keys(keys), level: level, space).filter { $0.rowCount > 0 }
            },
            alone: alone,
            { (part) throws(EngineError) in
                guard self.mayTry(part.rowCount) else { return false }
                return try self.unlessMemoryEnds { () throws(EngineError) in try body(part) } != nil
            })
    }
}

extension MaterialisedRelation {
    /// Bytes of its rows, texts as their codes.
    var byteCount: Int { columns.reduce(0) { $0 + ($1.map { $0.type.physical.strideBytes + 1 } ?? 0) } * rowCount }
}
