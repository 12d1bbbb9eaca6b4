// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import QueryPlan
import Tabular

/// Window functions over released cells, with the function that computes them below the release node.
///
/// A value that reads a withheld cell is withheld. Withheld keys are NULL to partition and order, and since they could stand
/// anywhere, every value of a partition that holds one is withheld.
struct CellWindow {
    let evaluator: CellEvaluator
    let threads: Int

    /// The rows with a cell for each call behind their own. Rows that are equal in the order keep their order.
    func adding(_ calls: [WindowCall], to rows: [[ReleasedCell]]) throws(EngineError) -> [[ReleasedCell]] {
        var columns: [[ReleasedCell]] = []
        for call in calls { columns.append(try compute(call, rows)) }
        return rows.indices.map { row in rows[row] + columns.map { $0[row] } }
    }

    private func compute(_ call: WindowCall, _ rows: [[ReleasedCell]]) throws(EngineError) -> [ReleasedCell] {
        let arena = ConfidentialArena(budget: evaluator.compiler.arena.budget)
        var cells: [[ReleasedCell]] = []
        for expression in call.expressions { cells.append(try evaluator.evaluate(expression, over: rows)) }
        var vectors: [ColumnVector] = []
        for (expression, column) in zip(call.expressions, cells) {
            vectors.append(try CellLoader(expression.type, capacity: rows.count, arena: arena).load(column))
        }
        let run = WindowFunctionRun(call, vectors, ties: [])
        let values = try run.compute(rows.count, threads: threads, scratch: arena, into: arena)
        let keys = call.argument == nil ? cells[...] : cells.dropFirst()
        let hiddenKeys = rows.indices.map { row in keys.contains { $0[row] == .withheld } }
        let hiddenArguments = rows.indices.map { call.argument != nil && cells[0][$0] == .withheld }
        let whole = WindowFunctionRun(
            function: .count, frame: WindowFrame(unit: .rows, start: .unboundedPreceding, end: .unboundedFollowing), type: .int64,
            partitions: run.partitions, order: [], argument: nil, ties: [])
        let same = WindowFunctionRun(
            function: .count, frame: run.frame, type: .int64, partitions: run.partitions, order: run.order, argument: nil, ties: [])
        let hidden = try [(whole, hiddenKeys), (same, hiddenArguments)].map { (run, flags) throws(EngineError) in
            try reads(flags, run, rows.count, arena)
        }
        return rows.indices.map { row in
            hidden.contains { $0?.int64[row] ?? 0 > 0 } ? .withheld : .value(CellEvaluator.literal(values, row))
        }
    }

    /// How many of the flagged rows each row's frame holds; nil when none is flagged.
    private func reads(
        _ flags: [Bool], _ run: WindowFunctionRun, _ count: Int, _ arena: ConfidentialArena
    ) throws(EngineError) -> ColumnVector? {
        guard flags.contains(true) else { return nil }
        let buffer = try VectorBuffer(.bool, capacity: count, arena: arena)
        for (row, flag) in flags.enumerated() { buffer.validity[row] = flag ? 1 : 0 }
        let marked = WindowFunctionRun(
            function: .count, frame: run.frame, type: .int64, partitions: run.partitions, order: run.order,
            argument: buffer.vector(count, hasValidity: true), ties: [])
        return try marked.compute(count, threads: threads, scratch: arena, into: arena)
    }
}
