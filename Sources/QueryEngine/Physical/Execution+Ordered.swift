// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension Execution {
    /// Rows with the results of window functions behind their columns.
    func window(_ window: Window, needed: Set<Int>) throws(EngineError) -> MaterialisedRelation {
        let width = window.input.output.count
        let chosen = window.calls.indices.filter { needed.contains(width + $0) }
        let scratch = stage()
        // Calls often have partitions and order in common: each expression is computed once, each order made once.
        var extra: [BoundExpression] = [], places: [String: Int] = [:]
        for expression in chosen.flatMap({ window.calls[$0].expressions }) where places[expression.canonicalText] == nil {
            places[expression.canonicalText] = extra.count
            extra.append(expression)
        }
        let rows = try collect(
            window.input, needed: needed.filter { $0 < width }, extra: extra, rowsMaximum: ceilings.keptRows, scratch: scratch.arena)
        var columns = rows.columns + [ColumnVector?](repeating: nil, count: window.calls.count)
        let ties = rows.columns.compactMap(\.self)
        let runs = chosen.map { position in
            let call = window.calls[position]
            return WindowFunctionRun(call, call.expressions.compactMap { places[$0.canonicalText].map { rows.extra[$0] } }, ties: ties)
        }
        let names = chosen.map { window.calls[$0].orderName }
        for name in Set(names).sorted() {
            let members = names.indices.filter { names[$0] == name }
            let order = stage()
            let known = try runs[members.first { runs[$0].dependsOnTies } ?? members[0]].ordered(rows.count, threads: workers, scratch: order.arena)
            for member in members {
                columns[width + chosen[member]] = try runs[member].compute(
                    rows.count, threads: workers, scratch: stage().arena, into: arena, known: known)
            }
        }
        return MaterialisedRelation(rowCount: rows.count, columns: columns)
    }

    /// The first rows in an order.
    func sort(_ sort: Sort, needed: Set<Int>) throws(EngineError) -> MaterialisedRelation {
        let scratch = stage()
        let rows = try scratch.collect(
            sort.input, needed: needed, extra: sort.keys.map(\.expression), rowsMaximum: ceilings.keptRows)
        let keys = zip(sort.keys, rows.extra).map { OrderWords.Key(vector: $1, isDescending: $0.isDescending, nullsFirst: $0.nullsFirst) }
        let start = Int(min(max(sort.offset, 0), Int64(rows.count)))
        let length = sort.limit.map { Int(min(max($0, 0), Int64(rows.count - start))) } ?? rows.count - start
        let order = try scratch.firstRows(keys, rows, start + length, isCut: start > 0 || length < rows.count)
        var columns: [ColumnVector?] = []
        for column in rows.columns {
            columns.append(
                try column.map { (column) throws(EngineError) in
                    try GatherBuffer(column.type, capacity: length, arena: arena).gather(column, order + start, length)
                })
        }
        return MaterialisedRelation(rowCount: length, columns: columns)
    }

    /// The first `wanted` rows. Columns decide among rows that are equal in all keys, so that it is not chance which of them come.
    private func firstRows(
        _ keys: [OrderWords.Key], _ rows: KeptRows, _ wanted: Int, isCut: Bool
    ) throws(EngineError) -> UnsafeMutablePointer<UInt32> {
        let words = try OrderWords(keys, rows.count, arena: arena)
        let ties = !isCut ? [] : rows.columns.compactMap(\.self)
        let tieWords = try OrderWords(
            ties.map { OrderWords.Key(vector: $0, isDescending: false, nullsFirst: false) }, rows.count, arena: arena)
        let sorter = RowSorter(threads: workers, arena: arena)
        guard let candidates = try sorter.candidates([words, tieWords], rows.count, wanted) else {
            return try sorter.sort([words, tieWords], rows.count)
        }
        return try sorter.sort(candidates.rows, [words, tieWords], candidates.count)
    }
}

extension WindowCall {
    /// Equal for calls whose rows come in the same order.
    fileprivate var orderName: String {
        let keys = order.map { $0.expression.canonicalText + ($0.isDescending ? " desc" : "") + ($0.nullsFirst ? " nulls first" : "") }
        return partitions.map(\.canonicalText).joined(separator: ", ") + " by " + keys.joined(separator: ", ")
    }
}

extension WindowFunctionRun {
    /// `vectors`: the call's expressions, evaluated, in their order.
    init(_ call: WindowCall, _ vectors: [ColumnVector], ties: [ColumnVector]) {
        let partitionStart = call.argument == nil ? 0 : 1
        let orderStart = partitionStart + call.partitions.count
        self.init(
            function: call.function, frame: call.frame, type: call.type, partitions: Array(vectors[partitionStart..<orderStart]),
            order: zip(call.order, vectors[orderStart...]).map {
                OrderWords.Key(vector: $1, isDescending: $0.isDescending, nullsFirst: $0.nullsFirst)
            },
            argument: call.argument == nil ? nil : vectors[0], ties: ties)
    }
}
