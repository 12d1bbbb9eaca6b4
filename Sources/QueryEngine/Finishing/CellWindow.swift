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
    func adding(_ calls: [WindowCall], to table: CellTable) throws(EngineError) -> CellTable {
        var columns = table.columns
        for call in calls { columns.append(try compute(call, table)) }
        return CellTable(columns: columns, count: table.count)
    }

    private func compute(_ call: WindowCall, _ table: CellTable) throws(EngineError) -> ReleasedColumn {
        let arena = ConfidentialArena(budget: evaluator.arena.budget)
        defer { withExtendedLifetime(arena) {} }
        var cells: [ReleasedColumn] = [], vectors: [ColumnVector] = []
        for expression in call.expressions {
            let column = try evaluator.evaluate(expression, over: table)
            cells.append(column)
            vectors.append(try evaluator.vector(expression, column))
        }
        let run = WindowFunctionRun(call, vectors, ties: [])
        let values = try run.compute(table.count, threads: threads, scratch: arena, into: evaluator.arena)
        let whole = WindowFunctionRun(
            function: .count, frame: WindowFrame(unit: .rows, start: .unboundedPreceding, end: .unboundedFollowing), type: .int64,
            partitions: run.partitions, order: [], argument: nil, ties: [])
        let same = WindowFunctionRun(
            function: .count, frame: run.frame, type: .int64, partitions: run.partitions, order: run.order, argument: nil, ties: [])
        let keys = call.argument == nil ? cells[...] : cells.dropFirst(), arguments = call.argument == nil ? [] : cells.prefix(1)
        var hidden: UnsafeMutablePointer<UInt8>?
        for (run, columns) in [(whole, keys), (same, arguments)] {
            guard let flags = try CellTable.withheld(in: columns, table.count, arena) else { continue }
            let read = try reads(flags, run, table.count, arena)
            let known: UnsafeMutablePointer<UInt8>
            if let hidden { known = hidden } else { known = try evaluator.arena.take(UInt8.self, table.count) }
            for row in 0..<table.count where read.int64[row] > 0 { known[row] = 1 }
            hidden = known
        }
        return try evaluator.hide(values, hidden)
    }

    /// How many of the flagged rows each row's frame holds.
    private func reads(
        _ flags: UnsafeMutablePointer<UInt8>, _ run: WindowFunctionRun, _ count: Int, _ arena: ConfidentialArena
    ) throws(EngineError) -> ColumnVector {
        let buffer = try VectorBuffer(.bool, capacity: max(count, 1), arena: arena)
        buffer.validity.update(from: flags, count: count)
        let marked = WindowFunctionRun(
            function: .count, frame: run.frame, type: .int64, partitions: run.partitions, order: run.order,
            argument: buffer.vector(count, hasValidity: true), ties: [])
        return try marked.compute(count, threads: threads, scratch: arena, into: arena)
    }
}
