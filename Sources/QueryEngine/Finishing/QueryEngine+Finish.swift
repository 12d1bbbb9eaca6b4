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
        let arena = ConfidentialArena(budget: finishingBudget(cells))
        let compiler = ExpressionCompiler(arena: arena, parameters: parameters)
        var types: [LogicalType]
        switch plan.release {
        case .aggregate(let aggregation): types = aggregation.output.map(\.type)
        case .rows: types = plan.rows.output.map(\.type)
        }
        var table = try Self.table(cells, types, arena)
        for step in plan.finishing {
            let evaluator = CellEvaluator(compiler: compiler, types: types, arena: arena)
            switch step {
            case .filter(let predicate): table = try filter(table, try evaluator.evaluate(predicate, over: table), arena)
            case .project(let expressions, let output):
                var columns: [ReleasedColumn] = []
                for expression in expressions { columns.append(try evaluator.evaluate(expression, over: table)) }
                table.columns = columns
                types = output.map(\.type)
            case .sort(let keys): table = try sort(table, keys, evaluator)
            case .window(let calls, let output):
                table = try CellWindow(evaluator: evaluator, threads: workers).adding(calls, to: table)
                types = output.map(\.type)
            case .distinct: table = try distinct(table, arena)
            case .limit(let count, let offset): table = Self.limit(table, count: count, offset: offset)
            }
        }
        guard plan.output.count == types.count, table.columns.count == types.count else { throw EngineError(.malformedPlan, ["output"]) }
        return ReleasedTable(
            columns: plan.output.map { ReleasedTable.Column(name: $0.name, type: $0.type) }, cells: table.columns, count: table.count,
            reasons: cells.reasons, record: cells.record)
    }

    /// That of the cells where it surely does, so that pages which are there already are used again.
    private func finishingBudget(_ cells: ReleasedCells) -> MemoryBudget {
        let (bytes, overflow) = cells.count.multipliedReportingOverflow(by: (cells.columns.count + Self.otherColumns) * Self.cellBytes)
        guard let budget = cells.columns.first?.vector.arena.budget, !overflow, budget.limitBytes <= memoryLimitBytes,
            bytes < (budget.limitBytes - budget.usedBytes) / 4
        else { return MemoryBudget(limitBytes: memoryLimitBytes) }
        return budget
    }

    /// Columns that the steps of most plans add.
    private static let otherColumns = 16
    /// Room for one cell in the columns of several steps.
    private static let cellBytes = 64

    /// What was released as a table. Nothing at all has the columns too.
    private static func table(_ cells: ReleasedCells, _ types: [LogicalType], _ arena: ConfidentialArena) throws(EngineError) -> CellTable {
        if cells.count > 0 || cells.columns.count == types.count {
            guard cells.columns.count == types.count else { throw EngineError(.malformedPlan, ["released columns"]) }
            return CellTable(columns: cells.columns, count: cells.count)
        }
        var columns: [ReleasedColumn] = []
        for type in types {
            let dictionary = type.physical == .codes ? try TextPool(arena: arena).dictionary(isLasting: true) : nil
            columns.append(ReleasedColumn(vector: try VectorBuffer(type, capacity: 1, arena: arena).vector(0, hasValidity: true, dictionary: dictionary)))
        }
        return CellTable(columns: columns, count: 0)
    }

    private func filter(_ table: CellTable, _ truth: ReleasedColumn, _ arena: ConfidentialArena) throws(EngineError) -> CellTable {
        guard truth.vector.type.physical == .bool else { throw EngineError(.malformedPlan, ["filter"]) }
        let rows = try arena.take(UInt32.self, table.count)
        var count = 0
        // A withheld cell is NULL and so not true.
        for row in 0..<table.count where !truth.vector.isNull(row) && truth.vector.bool[row] & 1 != 0 {
            rows[count] = UInt32(truncatingIfNeeded: row)
            count += 1
        }
        return try table.gather(rows, count, arena)
    }

    private func sort(_ table: CellTable, _ keys: [SortKey], _ evaluator: CellEvaluator) throws(EngineError) -> CellTable {
        let scratch = ConfidentialArena(budget: evaluator.arena.budget)
        defer { withExtendedLifetime(scratch) {} }
        var order: [OrderWords.Key] = []
        for key in keys {
            let vector = try evaluator.vector(key.expression, try evaluator.evaluate(key.expression, over: table))
            order.append(OrderWords.Key(vector: vector, isDescending: key.isDescending, nullsFirst: key.nullsFirst))
        }
        let words = try OrderWords(order, table.count, arena: scratch)
        let rows = try RowSorter(threads: workers, arena: scratch).sort([words], table.count)
        return try table.gather(rows, table.count, evaluator.arena)
    }

    private func distinct(_ table: CellTable, _ arena: ConfidentialArena) throws(EngineError) -> CellTable {
        var known: Set<[ReleasedCell]> = []
        let rows = try arena.take(UInt32.self, table.count)
        var count = 0
        for row in 0..<table.count where known.insert(table.columns.map({ $0.cell(at: row) })).inserted {
            rows[count] = UInt32(truncatingIfNeeded: row)
            count += 1
        }
        return try table.gather(rows, count, arena)
    }

    private static func limit(_ table: CellTable, count: Int64?, offset: Int64) -> CellTable {
        let start = Int(clamping: min(max(offset, 0), Int64(table.count)))
        let rest = table.count - start
        let length = count.map { Int(clamping: min(max($0, 0), Int64(rest))) } ?? rest
        return table.slice(from: start, count: length)
    }
}
