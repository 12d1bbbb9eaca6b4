// SPDX-License-Identifier: Apache-2.0

package import DisclosureControl
package import QueryPlan
package import Tabular

/// The steps above the release node over released cells, one by one. A withheld cell is NULL to filters and orders, and what is
/// computed from it is withheld.
package struct NaiveFinishing {
    let values: NaiveExpressions

    package init(parameters: [String: Literal]) { values = NaiveExpressions(parameters: parameters) }

    package func finish(_ cells: [[ReleasedCell]], _ steps: [FinishingStep]) -> [[ReleasedCell]] {
        steps.reduce(cells) { rows, step in
            switch step {
            case .filter(let predicate): return rows.filter { evaluate(predicate, $0) == .value(.bool(true)) }
            case .project(let expressions, _): return rows.map { row in expressions.map { evaluate($0, row) } }
            case .sort(let keys):
                let orders = rows.map { row in keys.map { Self.literal(evaluate($0.expression, row)) } }
                return NaiveOrder.sorted(orders, keys).map { rows[$0] }
            case .limit(let count, let offset): return NaiveOrder.limited(rows, count: count, offset: offset)
            case .window(let calls, _):
                let added = calls.map { windowed($0, rows) }
                return rows.indices.map { row in rows[row] + added.map { $0[row] } }
            case .distinct:
                return rows.grouped(by: Self.key).compactMap(\.first)
            }
        }
    }

    private func evaluate(_ expression: BoundExpression, _ row: [ReleasedCell]) -> ReleasedCell {
        if Self.columns(of: expression).contains(where: { row[$0] == .withheld }) { return .withheld }
        return .value(values.evaluate(expression, row.map(Self.literal)))
    }

    /// A withheld cell that the call reads in any row makes all its results withheld: each row's place depends on it.
    private func windowed(_ call: WindowCall, _ rows: [[ReleasedCell]]) -> [ReleasedCell] {
        let read = ([call.argument].compactMap { $0 } + call.partitions + call.order.map(\.expression)).flatMap(Self.columns)
        if rows.contains(where: { row in read.contains { row[$0] == .withheld } }) { return rows.map { _ in .withheld } }
        return NaiveWindow(call, rows.map { $0.map(Self.literal) }, values).results().map { .value($0) }
    }

    private static func columns(of expression: BoundExpression) -> [Int] {
        if case .column(let position) = expression.kind { return [position] }
        return expression.children.flatMap(columns)
    }

    static func literal(_ cell: ReleasedCell) -> Literal {
        if case .value(let literal) = cell { return literal }
        return .null
    }

    private static func key(_ row: [ReleasedCell]) -> NaiveKey {
        NaiveKey(row.flatMap { [.bool($0 == .withheld), literal($0)] })
    }
}
