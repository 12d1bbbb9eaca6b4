// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension SelectBinder {
    /// The keys of ORDER BY: an ordinal or the name of a result means that result.
    func sortKeys(_ expressions: ExpressionBinder, _ results: [BoundExpression]) throws(BindError) -> [SortKey] {
        var keys: [SortKey] = []
        for item in order.items {
            var key: BoundExpression
            if let result = try ordinal(item.expression, clause: "ORDER BY") {
                key = results[result]
            } else if case .literal = item.expression.kind {
                throw BindError(.constantKey, ["ORDER BY"], at: item.expression.span)
            } else if case .column(nil, let name) = item.expression.kind, let result = try aliased(name) {
                key = results[result]
            } else {
                key = try expressions.expression(item.expression)
            }
            key = BoundExpression(
                kind: key.kind, type: key.type, isNullable: key.isNullable, span: item.expression.span)
            keys.append(
                SortKey(
                    expression: key, isDescending: item.isDescending,
                    nullsFirst: item.isNullsFirst ?? item.isDescending))
        }
        return keys
    }

    /// The result column that a whole number names.
    func ordinal(_ expression: SQLExpression, clause: String) throws(BindError) -> Int? {
        guard case .literal(.integer(let digits)) = expression.kind else { return nil }
        guard let number = Int(digits), (1...items.count).contains(number) else {
            throw BindError(.ordinalOutOfRange, [clause, String(items.count)], at: expression.span)
        }
        return number - 1
    }

    /// The result column of a name, when there is one; two different ones are ambiguous.
    func aliased(_ name: Identifier) throws(BindError) -> Int? {
        var found: Int?
        var written: SQLExpression?
        for (index, item) in items.enumerated() {
            guard case .written(let expression, let alias) = item else { continue }
            guard (alias?.text ?? expression.columnName) == name.text else { continue }
            if let written, written != expression {
                throw BindError(.ambiguousColumn, [name.text, "SELECT"], at: name.span)
            }
            found = index
            written = expression
        }
        return found
    }
}
