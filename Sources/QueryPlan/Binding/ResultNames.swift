// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension SQLExpression {
    /// The column's own name when the expression is a column.
    var columnName: String? {
        if case .column(_, let name) = kind { return name.text }
        return nil
    }

    /// The name that PostgreSQL gives a result without an alias.
    var resultName: String { figuredName ?? "?column?" }

    private var figuredName: String? {
        switch kind {
        case .column(_, let name): return name.text
        case .call(let call): return call.name.text
        case .cast(let operand, let type): return operand.figuredName ?? type.name
        case .extract: return "extract"
        case .conditional(_, _, let otherwise): return otherwise?.figuredName ?? "case"
        case .literal(.boolean): return "bool"
        case .literal(.date): return "date"
        case .literal(.timestamp): return "timestamp"
        case .literal, .parameter, .unary, .binary, .isNull, .between, .inList, .inQuery, .like, .isDistinct, .isTruth,
            .subquery, .exists:
            return nil
        }
    }
}

extension BoundExpression {
    /// The base column that the expression copies.
    func origin(in columns: [OutputColumn]) -> ColumnOrigin? {
        guard case .column(let position) = kind, columns.indices.contains(position) else { return nil }
        return columns[position].origin
    }
}

extension [OutputColumn] {
    /// One of the columns as an expression.
    func expression(at position: Int, _ span: SourceSpan) -> BoundExpression {
        BoundExpression(
            kind: .column(position), type: self[position].type, isNullable: self[position].isNullable, span: span)
    }
}

extension [BoundExpression] {
    /// Whether these are exactly the columns of a relation in order.
    func isIdentity(count: Int) -> Bool {
        guard self.count == count else { return false }
        for (index, expression) in enumerated() {
            guard case .column(index) = expression.kind else { return false }
        }
        return true
    }
}

extension LogicalPlan {
    /// Where the relation stands in the text.
    var span: SourceSpan {
        switch self {
        case .scan(let scan): scan.span
        case .filter(let filter): filter.input.span
        case .project(let project): project.input.span
        case .join(let join): join.span
        case .aggregate(let aggregate): aggregate.aggregation.span
        case .window(let window): window.input.span
        case .sort(let sort): sort.input.span
        case .union(let union): union.span
        }
    }

    /// All columns as expressions.
    var columnExpressions: [BoundExpression] {
        let columns = output
        let place = span
        return columns.indices.map { columns.expression(at: $0, place) }
    }
}
