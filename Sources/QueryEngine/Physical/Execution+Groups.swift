// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import PolicyCheck
import QueryPlan
import Tabular

extension Execution {
    /// Groups of the release node of an open plan: those that finishing may show, in the order in which they are released.
    func openGroups(_ aggregation: Aggregation, of rows: PreparedRelation?) throws(EngineError) -> GroupTable {
        let shown = ShownRows(plan.finishing).ofGroups
        if rows == nil, let late = LateKeys(orderedRows, aggregation, shown) {
            let watch = KeyWatch(late.relation)
            self.watch = watch
            defer { self.watch = nil }
            if let table = try openGroups(aggregation, of: nil, shown, late) { return table }
        }
        guard let table = try openGroups(aggregation, of: rows, shown, nil) else { throw EngineError(.malformedPlan, ["groups"]) }
        return table
    }

    /// Nil when keys that were to be looked up are not determined.
    private func openGroups(
        _ aggregation: Aggregation, of rows: PreparedRelation?, _ shown: ShownRows, _ late: LateKeys?
    ) throws(EngineError) -> GroupTable? {
        let states = stage()
        let grouped = late?.reduced(aggregation) ?? aggregation
        guard let (layout, operators) = try aggregate(grouped, of: rows, trustsOwnEntity: false, states) else { return nil }
        let merge = try GroupMerge(layout, operators, threads: workers, arena: states.arena)
        let isSmall = merge.groupCount < Self.fewGroups
        if isSmall, late == nil { return try GroupTable(layout, merge, arena: arena) }
        let table = try GroupTable(layout, merge, arena: states.arena)
        let places = late?.places(aggregation.keys.count) ?? aggregation.keys.indices.map { $0 }
        var choice = RowChoice(rows: try states.all(merge.groupCount), count: merge.groupCount)
        if shown.isSelective, !isSmall {
            var columns = [ColumnVector?](repeating: nil, count: aggregation.output.count)
            for position in shown.columns {
                if position >= places.count {
                    columns[position] = try merge.callColumn(position - places.count, arena: states.arena)
                } else if let place = places[position] {
                    columns[position] = table.keys[place]
                }
            }
            choice = try states.choose(columns, merge.groupCount, shown)
        }
        var keys: [ColumnVector?] = []
        for place in places { keys.append(try place.map { (place) throws(EngineError) in try states.gather(table.keys[place], choice) }) }
        if let late {
            guard let known = keys[late.known], let found = try states.lookUp(late, known) else { return nil }
            for (column, vector) in zip(late.late, found) { keys[column.key] = vector }
        }
        return try keep(table, choice, keys.compactMap(\.self), states)
    }

    /// Fewer groups than this are left to the gate.
    private static let fewGroups = 256

    private func all(_ count: Int) throws(EngineError) -> UnsafeMutablePointer<UInt32> {
        let rows = try arena.take(UInt32.self, count)
        for row in 0..<count { rows[row] = UInt32(truncatingIfNeeded: row) }
        return rows
    }

    private func gather(_ vector: ColumnVector, _ choice: RowChoice) throws(EngineError) -> ColumnVector {
        try GatherBuffer(vector.type, capacity: choice.count, arena: arena).gather(vector, choice.rows, choice.count)
    }

    /// The chosen groups with these keys, sorted by them as the gate will want them.
    private func keep(_ table: GroupTable, _ choice: RowChoice, _ keys: [ColumnVector], _ states: Execution) throws(EngineError) -> GroupTable {
        let words = try OrderWords(
            keys.map { OrderWords.Key(vector: $0, isDescending: false, nullsFirst: false) }, choice.count, arena: states.arena)
        let sorted = try RowSorter(threads: workers, arena: states.arena).sort([words], choice.count)
        let order = RowChoice(rows: sorted, count: choice.count)
        let rows = RowChoice(rows: try states.arena.take(UInt32.self, choice.count), count: choice.count)
        for place in 0..<choice.count { rows.rows[place] = choice.rows[Int(sorted[place])] }
        var ordered: [ColumnVector] = [], aggregates: [AggregateCells] = []
        for key in keys { ordered.append(try gather(key, order)) }
        for cells in table.aggregates {
            let values = try cells.openValues.map { (values) throws(EngineError) in try gather(values, rows) }
            aggregates.append(
                AggregateCells(
                    value: try copy(cells.value, rows), valueCount: try copy(cells.valueCount, rows), overflow: try copy(cells.overflow, rows),
                    openValues: values, dimensions: [], branchContributors: cells.branchContributors))
        }
        return GroupTable(groupCount: choice.count, keys: ordered, aggregates: aggregates, groupContributors: [], arena: arena)
    }

    private func copy<Value: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<Value>, _ choice: RowChoice
    ) throws(EngineError) -> UnsafeMutablePointer<Value> {
        let target = try arena.take(Value.self, choice.count)
        for place in 0..<choice.count { target[place] = source[Int(choice.rows[place])] }
        return target
    }

    /// The columns that the keys determine, in the order of the keys. Nil when one of them is not found exactly once.
    private func lookUp(_ late: LateKeys, _ key: ColumnVector) throws(EngineError) -> [ColumnVector]? {
        let rows = stage(), count = key.count, width = late.relation.output.count
        let build = try BuildSide(rowCount: count, columns: [try rows.numbers(count)], key: key, arena: rows.arena)
        var needed = Set(late.late.map(\.column))
        let live = needed.union([width])
        late.key.collectColumns(into: &needed)
        let join = PreparedJoin(
            kind: .inner, keys: [late.key], rightKeys: [], residual: nil, build: build, leftCount: width, rightCount: 1, live: live,
            liveAbove: live, isNullAware: false, flags: nil)
        let relation = PreparedRelation.join(try rows.prepare(late.relation, needed: needed), join)
        let output = late.relation.output
        let layout = try CollectLayout(
            late.late.map { (.column($0.column), output[$0.column].type) } + [(.column(width), .int64)], rowsMaximum: ceilings.buildRows,
            textBytesMaximum: ceilings.textPoolBytes, arena: arena)
        let sinks = try rows.run(relation, keepsEntitiesTogether: false) { () throws(EngineError) in
            try CollectOperator(layout, arena: rows.arena)
        }
        let (found, vectors) = try layout.assemble(sinks, threads: workers, arena: arena)
        guard found == count else { return nil }
        let places = try rows.arena.take(UInt32.self, count), numbers = vectors[vectors.count - 1].int64
        for row in 0..<count { places[Int(numbers[row])] += UInt32(truncatingIfNeeded: row + 1) }
        // As many rows as keys, and none without: each has one.
        for row in 0..<count where places[row] == 0 { return nil }
        for row in 0..<count { places[row] -= 1 }
        var columns: [ColumnVector] = []
        for vector in vectors.dropLast() { columns.append(try gather(vector, RowChoice(rows: places, count: count))) }
        return columns
    }
}
