// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

extension QueryEngine {
    /// The steps above the release node: over released cells only, so they are no oracle. A withheld cell is NULL to filters and
    /// sorting, makes everything computed from it withheld, and equals withheld to DISTINCT. Sorting is stable over the canonical order of the gate.
    public func finish(
        _ cells: ReleasedCells, plan: BoundPlan, parameters: [String: Literal]
    ) throws(EngineError) -> ReleasedTable {
        let arena = ConfidentialArena(limitBytes: memoryLimitBytes)
        let compiler = ExpressionCompiler(arena: arena, parameters: parameters)
        var types: [LogicalType]
        switch plan.release {
        case .aggregate(let aggregation): types = aggregation.output.map(\.type)
        case .rows: types = plan.rows.output.map(\.type)
        }
        var rows = cells.rows
        guard rows.allSatisfy({ $0.count == types.count }) else { throw EngineError(.malformedPlan, ["released columns"]) }
        for step in plan.finishing {
            let evaluator = CellEvaluator(compiler: compiler, types: types)
            switch step {
            case .filter(let predicate):
                let truth = try evaluator.evaluate(predicate, over: rows)
                rows = zip(rows, truth).filter { $1 == .value(.bool(true)) }.map(\.0)
            case .project(let expressions, let output):
                rows = try project(rows, expressions, evaluator)
                types = output.map(\.type)
            case .sort(let keys): rows = try sort(rows, keys, evaluator)
            case .window(let calls, let output):
                let window = CellWindow(evaluator: evaluator, threads: workers)
                rows = try window.adding(calls, to: rows)
                types = output.map(\.type)
            case .distinct:
                var known: Set<[ReleasedCell]> = []
                rows = rows.filter { known.insert($0).inserted }
            case .limit(let count, let offset): rows = Self.limit(rows, count: count, offset: offset)
            }
        }
        guard plan.output.count == types.count else { throw EngineError(.malformedPlan, ["output"]) }
        return ReleasedTable(
            columns: plan.output.map { ReleasedTable.Column(name: $0.name, type: $0.type) }, rows: rows, reasons: cells.reasons,
            record: cells.record)
    }

    private func project(
        _ rows: [[ReleasedCell]], _ expressions: [BoundExpression], _ evaluator: CellEvaluator
    ) throws(EngineError) -> [[ReleasedCell]] {
        var columns: [[ReleasedCell]] = []
        for expression in expressions { columns.append(try evaluator.evaluate(expression, over: rows)) }
        return rows.indices.map { row in columns.map { $0[row] } }
    }

    private func sort(_ rows: [[ReleasedCell]], _ keys: [SortKey], _ evaluator: CellEvaluator) throws(EngineError) -> [[ReleasedCell]] {
        let arena = ConfidentialArena(budget: evaluator.compiler.arena.budget)
        var order: [OrderWords.Key] = []
        for key in keys {
            let loader = try CellLoader(key.expression.type, capacity: rows.count, arena: arena)
            let vector = try loader.load(try evaluator.evaluate(key.expression, over: rows))
            order.append(OrderWords.Key(vector: vector, isDescending: key.isDescending, nullsFirst: key.nullsFirst))
        }
        let words = try OrderWords(order, rows.count, arena: arena)
        let sorted = try RowSorter(threads: workers, arena: arena).sort([words], rows.count)
        return rows.indices.map { rows[Int(sorted[$0])] }
    }

    private static func limit(_ rows: [[ReleasedCell]], count: Int64?, offset: Int64) -> [[ReleasedCell]] {
        let start = Int(clamping: min(max(offset, 0), Int64(rows.count)))
        let rest = rows.count - start
        let length = count.map { Int(clamping: min(max($0, 0), Int64(rest))) } ?? rest
        return Array(rows[start..<(start + length)])
    }
}
