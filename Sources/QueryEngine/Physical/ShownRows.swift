// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Which rows of an open result the finishing steps can still show: those that fulfil the first conditions and come early enough in
/// the first order. Rows that are equal in that order are all kept, so that finishing alone decides among them.
struct ShownRows {
    private(set) var conditions: [BoundExpression] = []
    private(set) var order: [SortKey] = []
    /// The most rows that are shown of those; nil: all.
    private(set) var wanted: Int?

    init(_ steps: [FinishingStep]) {
        for step in steps {
            switch step {
            case .filter(let predicate):
                guard order.isEmpty else { return }
                conditions.append(predicate)
            case .sort(let keys):
                guard order.isEmpty else { return }
                order = keys
            case .limit(let count, let offset):
                let end = count.map { max($0, 0).addingReportingOverflow(max(offset, 0)) }
                wanted = end.flatMap { $0.overflow ? nil : Int($0.partialValue) }
                return
            case .project, .window, .distinct: return
            }
        }
    }

    /// The same of groups: they stand in no order before the gate sorts them, so without ORDER BY all are kept.
    var ofGroups: ShownRows {
        var result = self
        if order.isEmpty { result.wanted = nil }
        return result
    }

    /// Whether it leaves anything out.
    var isSelective: Bool { wanted != nil || !conditions.isEmpty }

    /// Columns that it reads.
    var columns: Set<Int> {
        var columns: Set<Int> = []
        for expression in conditions + order.map(\.expression) { expression.collectColumns(into: &columns) }
        return columns
    }
}

/// Chosen rows of a relation.
struct RowChoice {
    let rows: UnsafeMutablePointer<UInt32>
    let count: Int
}

extension Execution {
    /// The rows that may be shown, in the order in which they stand.
    func choose(_ columns: [ColumnVector?], _ count: Int, _ shown: ShownRows) throws(EngineError) -> RowChoice {
        let width = columns.count, scratch = stage()
        let relation = MaterialisedRelation(rowCount: count, columns: columns + [try scratch.numbers(count)])
        var prepared = PreparedRelation.scan(PreparedScan(relation, dimensions: 0))
        var live: Set<Int> = [width]
        for key in shown.order { key.expression.collectColumns(into: &live) }
        if let predicate = BoundExpression.conjunction(shown.conditions) { prepared = .filter(prepared, predicate, live: live) }
        let keys = shown.wanted == nil ? [] : shown.order
        let layout = try CollectLayout(
            [(.column(width), .int64)] + keys.enumerated().map { (.column(width + 1 + $0), $1.expression.type) },
            rowsMaximum: ceilings.keptRows, textBytesMaximum: ceilings.textPoolBytes, arena: scratch.arena)
        let compiler = ExpressionCompiler(arena: scratch.arena, parameters: plan.parameters)
        let sinks = try scratch.run(prepared, keepsEntitiesTogether: false) { () throws(EngineError) in
            try KeyedCollector(
                try compiler.compile(keys.map(\.expression)), CollectOperator(layout, arena: scratch.arena), width: width + 1)
        }
        let (found, vectors) = try layout.assemble(sinks.map(\.collector), threads: workers, arena: scratch.arena)
        let rows = try arena.take(UInt32.self, found)
        for place in 0..<found { rows[place] = UInt32(truncatingIfNeeded: vectors[0].int64[place]) }
        guard let wanted = shown.wanted, wanted < found else { return RowChoice(rows: rows, count: found) }
        guard wanted > 0, !keys.isEmpty else { return RowChoice(rows: rows, count: wanted) }
        let words = try OrderWords(
            zip(keys, vectors.dropFirst()).map { OrderWords.Key(vector: $1, isDescending: $0.isDescending, nullsFirst: $0.nullsFirst) },
            found, arena: scratch.arena)
        return try first(wanted, rows, words, found, scratch)
    }

    /// The first rows in an order with all that are equal to the last of them, in the order in which they stand.
    private func first(
        _ wanted: Int, _ rows: UnsafeMutablePointer<UInt32>, _ words: OrderWords, _ count: Int, _ scratch: Execution
    ) throws(EngineError) -> RowChoice {
        let sorter = RowSorter(threads: workers, arena: scratch.arena)
        let sorted: UnsafeMutablePointer<UInt32>
        var known = count
        if let candidates = try sorter.candidates([words], count, wanted) {
            sorted = try sorter.sort(candidates.rows, [words], candidates.count)
            known = candidates.count
        } else {
            sorted = try sorter.sort([words], count)
        }
        var end = wanted
        while end < known, words.areEqual(Int(sorted[end]), Int(sorted[wanted - 1])) { end += 1 }
        let isKept = try scratch.arena.take(UInt8.self, count)
        for place in 0..<end { isKept[Int(sorted[place])] = 1 }
        var kept = 0
        for place in 0..<count where isKept[place] != 0 {
            rows[kept] = rows[place]
            kept += 1
        }
        return RowChoice(rows: rows, count: kept)
    }

    /// 0, 1, 2, …
    func numbers(_ count: Int) throws(EngineError) -> ColumnVector {
        let numbers = try arena.take(Int64.self, max(count, 1))
        for row in 0..<count { numbers[row] = Int64(row) }
        return ColumnVector(type: .int64, count: count, values: numbers, validity: nil, arena: arena)
    }
}
