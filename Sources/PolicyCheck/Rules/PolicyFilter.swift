// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Turns a table's row range and excluded codes into the filter that stands directly above its scan.
enum PolicyFilter {
    /// The scan widened by what the filter needs, under the filter; the scan itself when the policy has none.
    /// Columns that were added stand after those of the query.
    static func applied(_ policy: TablePolicy, to scan: Scan) -> LogicalPlan {
        var columns = scan.output
        var conditions: [BoundExpression] = []
        for condition in policy.rowRange {
            guard let column = policy.column(condition.column) else { continue }
            let position = position(of: column, in: &columns, scan)
            if let predicate = predicate(condition, column, at: position) { conditions.append(predicate) }
        }
        for case .weight(let name) in policy.entities {
            guard let column = policy.column(name) else { continue }
            conditions.append(standsForSomebody(column, at: position(of: column, in: &columns, scan)))
        }
        for column in policy.columns where !column.excludedRows.isEmpty {
            let position = position(of: column, in: &columns, scan)
            conditions.append(exclusion(column, at: position))
        }
        guard let predicate = conjunction(conditions) else { return .scan(scan) }
        let widened = Scan(reference: scan.reference, table: scan.table, output: columns, span: scan.span)
        return .filter(Filter(input: .scan(widened), predicate: predicate, source: .policy))
    }

    /// The condition of a row range; nil when a value is none of the column's type.
    static func predicate(_ condition: RowCondition, _ column: ColumnPolicy, at position: Int = 0) -> BoundExpression? {
        guard column.identifier == nil else { return nil }
        var items: [BoundExpression] = []
        for value in condition.values {
            guard let literal = literal(value, column.type) else { return nil }
            items.append(.made(.literal(literal), column.type))
        }
        let operand = BoundExpression.made(.column(position), column.type, isNullable: column.isNullable)
        if items.count == 1 { return .made(.comparison(.equal, operand, items[0]), .bool, isNullable: column.isNullable) }
        return .made(.inList(operand, items), .bool, isNullable: column.isNullable)
    }

    /// The value that a row range spells; nil when it is none of the type.
    static func literal(_ value: String, _ type: LogicalType) -> Literal? {
        let spelled = type == .bool ? ["是": "true", "否": "false", "yes": "true", "no": "false"][value] ?? value : value
        return ParameterDomain.literal(spelled, type)
    }

    private static func position(of column: ColumnPolicy, in columns: inout [OutputColumn], _ scan: Scan) -> Int {
        if let position = columns.firstIndex(where: { $0.origin?.column == column.name }) { return position }
        let origin = ColumnOrigin(reference: scan.reference, table: scan.table, column: column.name)
        columns.append(OutputColumn(name: column.name, type: column.boundType, isNullable: column.isNullable, origin: origin))
        return columns.count - 1
    }

    /// True for rows that stand for at least one person: others are nobody's and take part in nothing.
    private static func standsForSomebody(_ column: ColumnPolicy, at position: Int) -> BoundExpression {
        let weight = BoundExpression.made(.column(position), column.boundType, isNullable: column.isNullable)
        return .made(.comparison(.greater, weight, .made(.literal(.int64(0)), .int64)), .bool, isNullable: column.isNullable)
    }

    /// True for rows that have none of the codes; a row without a code stays.
    private static func exclusion(_ column: ColumnPolicy, at position: Int) -> BoundExpression {
        let operand = BoundExpression.made(.column(position), .text, isNullable: column.isNullable)
        let kept = column.excludedRows.map { exclusion in
            let length = BoundExpression.made(.literal(.int64(Int64(exclusion.length))), .int64)
            let one = BoundExpression.made(.literal(.int64(1)), .int64)
            let start = BoundExpression.made(.function(.substring, [operand, one, length]), .text, isNullable: column.isNullable)
            func compare(_ symbol: ComparisonOperator, _ code: String) -> BoundExpression {
                .made(.comparison(symbol, start, .made(.literal(.text(code)), .text)), .bool, isNullable: column.isNullable)
            }
            if exclusion.lower == exclusion.upper { return compare(.notEqual, exclusion.lower) }
            return BoundExpression.made(
                .or([compare(.less, exclusion.lower), compare(.greater, exclusion.upper)]), .bool, isNullable: column.isNullable)
        }
        let all = kept.count == 1 ? kept[0] : .made(.and(kept), .bool, isNullable: column.isNullable)
        guard column.isNullable else { return all }
        return .made(.or([.made(.isNull(operand, isNegated: false), .bool), all]), .bool)
    }

    private static func conjunction(_ conditions: [BoundExpression]) -> BoundExpression? {
        guard let first = conditions.first else { return nil }
        if conditions.count == 1 { return first }
        return .made(.and(conditions), .bool, isNullable: conditions.contains(where: \.isNullable))
    }
}

extension BoundExpression {
    /// A node that the policy adds; it stands nowhere in the statement.
    static func made(_ kind: Kind, _ type: LogicalType, isNullable: Bool = false) -> BoundExpression {
        BoundExpression(kind: kind, type: type, isNullable: isNullable, span: SourceSpan(line: 1, column: 1, length: 0, offset: 0))
    }
}
