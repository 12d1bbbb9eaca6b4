// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// Groupings that may outgrow memory: tried in memory first; else rows are dealt out by their keys and grouped part by part. Groups of
/// different parts differ, so their results stand one after the other.
extension Execution {
    private enum Attempt<Result> {
        case done(Result)
        case dealt([SpilledRelation])
    }

    /// A grouping below the release node.
    func spillingAggregate(_ aggregate: Aggregate, needed: Set<Int>, _ space: SpillSpace) throws(EngineError) -> PreparedRelation {
        let parts = aggregate.aggregation.callsApart(needed: needed)
        guard parts.count > 1 else { return try spillingAggregateAtOnce(aggregate, needed: needed, space) }
        var columns = [ColumnVector?](repeating: nil, count: aggregate.aggregation.output.count)
        for part in parts {
            guard case .scan(let scan) = try spillingAggregateAtOnce(aggregate, needed: Set(part), space), let row = scan.scan as? MaterialisedRelation,
                row.rowCount == 1
            else { throw EngineError(.malformedPlan, ["groups"]) }
            for place in part { columns[place] = row.columns[place] }
        }
        return kept(MaterialisedRelation(rowCount: 1, columns: columns))
    }

    private func spillingAggregateAtOnce(_ aggregate: Aggregate, needed: Set<Int>, _ space: SpillSpace) throws(EngineError) -> PreparedRelation {
        let keys = aggregate.aggregation.dealingKeys(needed: needed), output = aggregate.aggregation.output
        let columns = aggregate.columns(needed: needed)
        let attempt = try self.attempt(aggregate.input, columns, keys, space) { (rows) throws(EngineError) in
            try self.stage().aggregate(aggregate, needed: needed, of: rows)
        }
        let layout = SpillLayout(columns: needed, of: output, dimensions: [], of: plan.dimensions.count)
        switch attempt {
        case .done(let relation):
            // What is above needs memory too.
            guard !keys.isEmpty, relation.byteCount > arena.limitBytes / 4 else { return kept(relation) }
            return .scan(PreparedScan(try stage().putAside(kept(relation), layout, space)))
        case .dealt(let parts):
            var chunks: [[SpillChunk]] = [], total: MaterialisedRelation?
            try eachPart(parts, keys, space) { (part) throws(EngineError) in
                let groups = try self.stage().aggregate(aggregate, needed: needed, of: .scan(PreparedScan(part)))
                if aggregate.aggregation.keys.isEmpty {
                    total?.add(groups)
                    total = total ?? groups
                    return
                }
                chunks.append(try self.stage().putAside(self.kept(groups), layout, space).chunks)
            }
            if let total { return kept(total) }
            return .scan(PreparedScan(SpilledRelation(layout, chunks, isInOrder: false, space: space)))
        }
    }

    /// The release node's groups.
    func spillingAggregate(_ aggregation: Aggregation, _ space: SpillSpace) throws(EngineError) -> GroupTable {
        let all = Set(aggregation.output.indices)
        let keys = plan.dimensions.isEmpty ? aggregation.dealingKeys(needed: all) : aggregation.keys
        let attempt = try self.attempt(orderedRows, needed(aggregation), keys, space) { (rows) throws(EngineError) in
            try self.stage().aggregate(aggregation, of: rows)
        }
        switch attempt {
        case .done(let table): return table
        case .dealt(let parts):
            let tables = SpilledGroups(self, space)
            try eachPart(parts, keys, space) { (part) throws(EngineError) in
                try tables.add(try self.stage().aggregate(aggregation, of: .scan(PreparedScan(part))))
            }
            return aggregation.keys.isEmpty ? try tables.whole().total() : try tables.whole()
        }
    }

    /// Groups the rows in memory, or deals them out. The input is prepared once, and gone when this returns.
    private func attempt<Result>(
        _ input: LogicalPlan, _ columns: Set<Int>, _ keys: [BoundExpression], _ space: SpillSpace,
        _ body: @escaping (PreparedRelation) throws(EngineError) -> Result
    ) throws(EngineError) -> Attempt<Result> {
        let rows = stage()
        let relation = try rows.prepare(input, needed: columns)
        guard !keys.isEmpty else { return .done(try body(relation)) }
        if ceilings.spillRows == .max, let result = try unlessMemoryEnds({ () throws(EngineError) in try body(relation) }) {
            return .done(result)
        }
        let layout = spillLayout(columns, of: input.output, relation)
        return .dealt(try rows.deal(relation, layout, by: keys, level: 0, space))
    }

    private func eachPart(
        _ parts: [SpilledRelation], _ keys: [BoundExpression], _ space: SpillSpace, _ body: (SpilledRelation) throws(EngineError) -> Void
    ) throws(EngineError) {
        // Without any row there is still a result without groups.
        let filled = parts.filter { $0.rowCount > 0 }
        try eachPart(
            filled.isEmpty ? Array(parts.prefix(1)) : filled, rows: \.rowCount, of: parts.reduce(0) { $0 + $1.rowCount },
            deal: { (part, level) throws(EngineError) in
                try self.stage().deal(.scan(PreparedScan(part)), part.layout, by: keys, level: level, space).filter { $0.rowCount > 0 }
            },
            { (part) throws(EngineError) in
                guard self.mayTry(part.rowCount) else { return false }
                return try self.unlessMemoryEnds { () throws(EngineError) in try body(part) } != nil
            })
    }
}

extension Aggregation {
    /// What its rows are dealt out by. Without keys that is the one column whose distinct values are counted, when there is nothing but
    /// counts: no value is in two parts, so the counts of all parts add up.
    /// `needed`: the columns that something above reads.
    fileprivate func dealingKeys(needed: Set<Int>) -> [BoundExpression] {
        guard keys.isEmpty else { return keys }
        var counted: BoundExpression?
        for (place, call) in calls.enumerated() where needed.contains(place) {
            switch call.function {
            case .countRows, .count: continue
            case .countDistinct:
                guard let argument = call.argument, case .column(let position) = argument.kind else { return [] }
                if let counted, case .column(let other) = counted.kind, other != position { return [] }
                counted = argument
            case .sum, .average, .minimum, .maximum, .sumDistinct, .averageDistinct, .deviationSample, .deviationPopulation, .varianceSample,
                .variancePopulation, .percentile, .boolAnd, .boolOr:
                return []
            }
        }
        return counted.map { [$0] } ?? []
    }
}

extension GroupTable {
    /// One group with the counts of all of them.
    fileprivate func total() -> GroupTable {
        for cells in aggregates {
            for group in 0..<groupCount where group > 0 {
                cells.value[0] += cells.value[group]
                cells.valueCount[0] += cells.valueCount[group]
            }
        }
        return GroupTable(groupCount: 1, keys: [], aggregates: aggregates, groupContributors: [], arena: arena)
    }
}

extension Aggregate {
    /// The input's columns that its keys and the calls that are needed read.
    func columns(needed: Set<Int>) -> Set<Int> {
        var columns: Set<Int> = []
        for key in aggregation.keys { key.collectColumns(into: &columns) }
        for (position, call) in aggregation.calls.enumerated() where needed.contains(aggregation.keys.count + position) {
            call.argument?.collectColumns(into: &columns)
        }
        return columns
    }
}

extension MaterialisedRelation {
    /// Adds the counts of another one; both are one row.
    fileprivate func add(_ other: MaterialisedRelation) {
        for (own, theirs) in zip(columns, other.columns) {
            if let own, let theirs { own.int64[0] += theirs.int64[0] }
        }
    }

    /// Bytes of its rows, texts as their codes.
    var byteCount: Int { columns.reduce(0) { $0 + ($1.map { $0.type.physical.strideBytes + 1 } ?? 0) } * rowCount }
}
