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
        var columns: [[ReleasedCell]] = []
        for key in keys { columns.append(try evaluator.evaluate(key.expression, over: rows)) }
        let order = rows.indices.sorted { left, right in
            for (position, key) in keys.enumerated() {
                let comparison = CellOrder.compare(columns[position][left], columns[position][right], key)
                if comparison != 0 { return comparison < 0 }
            }
            return left < right
        }
        return order.map { rows[$0] }
    }

    private static func limit(_ rows: [[ReleasedCell]], count: Int64?, offset: Int64) -> [[ReleasedCell]] {
        let start = Int(clamping: min(max(offset, 0), Int64(rows.count)))
        let rest = rows.count - start
        let length = count.map { Int(clamping: min(max($0, 0), Int64(rest))) } ?? rest
        return Array(rows[start..<(start + length)])
    }
}

/// The order of released cells in ORDER BY.
enum CellOrder {
    /// Negative, zero or positive; NULL and withheld stand where the key says.
    static func compare(_ left: ReleasedCell, _ right: ReleasedCell, _ key: SortKey) -> Int {
        let one = literal(left), other = literal(right)
        switch (one == .null, other == .null) {
        case (true, true): return 0
        case (true, false): return key.nullsFirst ? -1 : 1
        case (false, true): return key.nullsFirst ? 1 : -1
        case (false, false): return key.isDescending ? -compare(one, other) : compare(one, other)
        }
    }

    private static func literal(_ cell: ReleasedCell) -> Literal {
        if case .value(let literal) = cell { literal } else { .null }
    }

    private static func compare(_ left: Literal, _ right: Literal) -> Int {
        switch (left, right) {
        case (.bool(let one), .bool(let other)): order(one ? 1 : 0, other ? 1 : 0)
        case (.int64(let one), .int64(let other)): order(one, other)
        case (.date(let one), .date(let other)): order(one, other)
        case (.timestamp(let one), .timestamp(let other)): order(one, other)
        case (.decimal(let one, let scale), .decimal(let other, let otherScale)):
            scale == otherScale ? order(one, other) : order(ExactMath.double(one, scale: scale), ExactMath.double(other, scale: otherScale))
        case (.double(let one), .double(let other)): order(OrderedDouble.key(one), OrderedDouble.key(other))
        case (.text(let one), .text(let other)): one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : (one.utf8.elementsEqual(other.utf8) ? 0 : 1)
        case (.null, _), (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _): 0
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Int { left < right ? -1 : (left > right ? 1 : 0) }
}
