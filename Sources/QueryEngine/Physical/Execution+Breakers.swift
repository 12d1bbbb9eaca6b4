// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Rows that stand in memory as whole columns.
struct KeptRows {
    let count: Int
    /// For each column of the relation its rows; nil when nobody needs it.
    let columns: [ColumnVector?]
    /// Computed columns that were asked for besides.
    let extra: [ColumnVector]
}

extension Execution {
    /// Runs a relation and keeps its rows in this stage's memory, in the order in which they stood; the extra columns in `scratch`.
    func collect(
        _ plan: LogicalPlan, needed: Set<Int>, extra: [BoundExpression], rowsMaximum: Int, scratch: ConfidentialArena? = nil
    ) throws(EngineError) -> KeptRows {
        let live = needed.sorted(), output = plan.output
        var sources: [(CollectLayout.Source, LogicalType)] = live.map { (.column($0), output[$0].type) }
        for (position, expression) in extra.enumerated() { sources.append((.column(output.count + position), expression.type)) }
        let layout = try CollectLayout(
            sources, rowsMaximum: rowsMaximum, textBytesMaximum: ceilings.textPoolBytes, arena: arena)
        var below = needed
        for expression in extra { expression.collectColumns(into: &below) }
        let rows = stage()
        let sinks = try rows.collect(plan, needed: below, extra, layout)
        let (count, vectors) = try layout.assemble([sinks], threads: workers, arena: arena, passing: live.count, scratch: scratch)
        var columns = [ColumnVector?](repeating: nil, count: output.count)
        for (place, position) in live.enumerated() { columns[position] = vectors[place] }
        return KeptRows(count: count, columns: columns, extra: Array(vectors[live.count...]))
    }

    private func collect(
        _ plan: LogicalPlan, needed: Set<Int>, _ extra: [BoundExpression], _ layout: CollectLayout
    ) throws(EngineError) -> [CollectOperator] {
        let relation = try prepare(plan, needed: needed)
        let compiler = ExpressionCompiler(arena: arena, parameters: self.plan.parameters)
        let width = plan.output.count
        let sinks = try run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try KeyedCollector(try compiler.compile(extra), CollectOperator(layout, arena: self.arena), width: width)
        }
        return sinks.map(\.collector)
    }

    /// A grouping below the release node. `rows`: its input where that is prepared already.
    func aggregate(_ aggregate: Aggregate, needed: Set<Int>, of rows: PreparedRelation? = nil) throws(EngineError) -> MaterialisedRelation {
        let aggregation = aggregate.aggregation.keeping(needed)
        let layout = try AggregateLayout(inner: aggregation, ceilings, arena: arena)
        return try relation(aggregate, needed: needed, merged(aggregate.input, aggregation.columns, layout, rows))
    }

    /// The groups of the calls that are needed, as rows.
    func relation(_ aggregate: Aggregate, needed: Set<Int>, _ merge: GroupMerge) throws(EngineError) -> MaterialisedRelation {
        let whole = aggregate.aggregation, keyCount = whole.keys.count
        let chosen = whole.calls.indices.filter { needed.contains(keyCount + $0) }
        var columns = [ColumnVector?](repeating: nil, count: whole.output.count)
        for (position, column) in try merge.keyColumns(arena: arena).enumerated() { columns[position] = column }
        for (place, position) in chosen.enumerated() { columns[keyCount + position] = try merge.callColumn(place, arena: arena) }
        return MaterialisedRelation(rowCount: merge.groupCount, columns: columns)
    }

    /// The groups of all workers; what the workers held goes back before columns are made of them.
    private func merged(
        _ input: LogicalPlan, _ needed: Set<Int>, _ layout: AggregateLayout, _ prepared: PreparedRelation?
    ) throws(EngineError) -> GroupMerge {
        let states = stage()
        return try GroupMerge(layout, states.aggregate(input, needed, layout, prepared), threads: workers, arena: stage().arena)
    }

    private func aggregate(
        _ input: LogicalPlan, _ needed: Set<Int>, _ layout: AggregateLayout, _ prepared: PreparedRelation?
    ) throws(EngineError) -> [AggregateOperator] {
        let rows = stage()
        let relation = try rows.prepare(input, needed: needed, unless: prepared)
        return try rows.run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try AggregateOperator(layout, self.plan, arena: self.arena)
        }
    }

    /// Rows of several relations, one after the other.
    func union(_ union: Union, needed: Set<Int>) throws(EngineError) -> MaterialisedRelation {
        let live = needed.sorted()
        let layout = try CollectLayout(
            live.map { (.column($0), union.output[$0].type) }, rowsMaximum: ceilings.keptRows, textBytesMaximum: ceilings.textPoolBytes, arena: arena)
        var inputs: [[CollectOperator]] = []
        let parts = stage()
        for input in union.inputs {
            guard input.output.map(\.type.physical) == union.output.map(\.type.physical) else { throw EngineError(.malformedPlan, ["union"]) }
            inputs.append(try parts.collectPart(input, needed: needed, layout))
        }
        let (count, vectors) = try layout.assemble(inputs, threads: workers, arena: arena)
        var columns = [ColumnVector?](repeating: nil, count: union.output.count)
        for (place, position) in live.enumerated() { columns[position] = vectors[place] }
        return MaterialisedRelation(rowCount: count, columns: columns)
    }

    /// Rows of one input, kept in this stage's memory.
    private func collectPart(_ plan: LogicalPlan, needed: Set<Int>, _ layout: CollectLayout) throws(EngineError) -> [CollectOperator] {
        let rows = stage()
        let relation = try rows.prepare(plan, needed: needed)
        return try rows.run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try CollectOperator(layout, arena: self.arena)
        }
    }

    /// A full join: the rows of the left join, then the right rows that met no partner.
    func fullJoin(_ join: Join, needed: Set<Int>) throws(EngineError) -> MaterialisedRelation {
        let live = needed.sorted()
        let layout = try CollectLayout(
            live.map { (.column($0), join.output[$0].type) }, rowsMaximum: ceilings.keptRows, textBytesMaximum: ceilings.textPoolBytes, arena: arena)
        let rows = stage()
        let flags = MatchFlags()
        let relation = try rows.prepare(join, needed: needed, flags: flags)
        let sinks = try rows.run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try CollectOperator(layout, arena: rows.arena)
        }
        let rest = try CollectOperator(layout, arena: rows.arena)
        if case .join(_, let prepared) = relation { try UnmatchedRows(prepared, join.output, arena: rows.arena).hand(to: rest) }
        let (count, vectors) = try layout.assemble([sinks, [rest]], threads: workers, arena: arena)
        var columns = [ColumnVector?](repeating: nil, count: join.output.count)
        for (place, position) in live.enumerated() { columns[position] = vectors[place] }
        return MaterialisedRelation(rowCount: count, columns: columns)
    }
}

extension Aggregation {
    /// The same with those of its calls that are needed. `needed`: positions of the output.
    func keeping(_ needed: Set<Int>) -> Aggregation {
        let chosen = calls.indices.filter { needed.contains(keys.count + $0) }
        return Aggregation(
            keys: keys, calls: chosen.map { calls[$0] }, output: Array(output[..<keys.count]) + chosen.map { output[keys.count + $0] }, span: span)
    }
}
