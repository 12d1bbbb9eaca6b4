// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Columns that the clauses of a query add to its rows while they are bound: results of subqueries, of window functions and of
/// GROUPING. Until the relation is widened they have positions of their own, from `base`, since its width is not yet known.
final class AddedColumns {
    static let base = 1 << 24

    /// A subquery that joins the relation. Its conditions name the right side's columns from `first`.
    struct Subquery {
        let kind: Join.Kind
        let right: LogicalPlan
        let first: Int
        let conditions: [BoundExpression]
        let isNullAware: Bool
        /// Where a mark stands.
        let mark: Int
        let span: SourceSpan
    }

    private var next = AddedColumns.base
    private var subqueries: [Subquery] = []
    private var windows: [(position: Int, call: WindowCall)] = []
    private var windowPositions: [String: Int] = [:]
    /// Arguments of GROUPING, by key number, and where the result stands.
    private(set) var groupings: [(position: Int, keys: [Int])] = []
    private var positions: [Int: Int] = [:]

    /// Positions for so many columns.
    func reserve(_ count: Int) -> Int {
        defer { next += count }
        return next
    }

    /// How many columns have positions.
    var count: Int { next - Self.base }

    var isEmpty: Bool { count == 0 }

    func add(_ subquery: Subquery) { subqueries.append(subquery) }

    /// The column of a window call; equal calls share one.
    func column(of call: WindowCall) -> BoundExpression {
        let text = call.canonicalText
        let position = windowPositions[text] ?? reserve(1)
        if windowPositions.updateValue(position, forKey: text) == nil { windows.append((position, call)) }
        return BoundExpression(kind: .column(position), type: call.type, isNullable: !call.function.isCount, span: call.span)
    }

    /// The column of GROUPING over these keys.
    func column(ofGrouping keys: [Int], at span: SourceSpan) -> BoundExpression {
        let position = reserve(1)
        groupings.append((position, keys))
        return BoundExpression(kind: .column(position), type: .int64, isNullable: false, span: span)
    }

    /// Says where the columns of GROUPING came to stand.
    func place(groupingsAt first: Int) {
        for (index, grouping) in groupings.enumerated() { positions[grouping.position] = first + index }
    }

    /// The relation with the subqueries that wait for nothing.
    func joined(_ plan: LogicalPlan) -> LogicalPlan {
        var plan = plan
        var waiting: [Subquery] = []
        for subquery in subqueries {
            let width = plan.output.count
            let count = subquery.right.output.count
            for index in 0..<count { positions[subquery.first + index] = width + index }
            if subquery.conditions.contains(where: isUnplaced) {
                waiting.append(subquery)
                continue
            }
            plan = .join(
                Join(
                    kind: subquery.kind, left: plan, right: subquery.right, keys: [],
                    residual: BoundExpression.conjunction(subquery.conditions.map(placed)), isNullAware: subquery.isNullAware,
                    output: Join.output(subquery.kind, plan.output, subquery.right.output), span: subquery.span))
            positions[subquery.mark] = width
        }
        subqueries = waiting
        return plan
    }

    /// The relation with the window functions.
    func windowed(_ plan: LogicalPlan) -> LogicalPlan {
        guard !windows.isEmpty else { return plan }
        let width = plan.output.count
        for (index, window) in windows.enumerated() { positions[window.position] = width + index }
        let calls = windows.map { $0.call.mapping(placed) }
        let columns = calls.map {
            OutputColumn(name: $0.function.rawValue, type: $0.type, isNullable: !$0.function.isCount, origin: nil)
        }
        return .window(Window(input: plan, calls: calls, output: plan.output + columns))
    }

    private func isUnplaced(_ expression: BoundExpression) -> Bool {
        if case .column(let position) = expression.kind { return position >= Self.base && positions[position] == nil }
        return expression.children.contains(where: isUnplaced)
    }

    /// The expression with the columns where they now stand.
    func placed(_ expression: BoundExpression) -> BoundExpression {
        expression.mappingColumns { position, column in
            guard position >= Self.base else { return column }
            return BoundExpression(
                kind: .column(self.positions[position] ?? position), type: column.type, isNullable: column.isNullable,
                span: column.span)
        }
    }
}

extension WindowFunction {
    /// Whether every row has a number.
    var isCount: Bool {
        switch self {
        case .rowNumber, .rank, .denseRank, .countRows, .count: true
        case .sum, .average, .minimum, .maximum: false
        }
    }
}
