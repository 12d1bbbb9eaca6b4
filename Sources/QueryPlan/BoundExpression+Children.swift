// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

extension BoundExpression {
    /// The direct operands.
    public var children: [BoundExpression] {
        switch kind {
        case .column, .literal, .parameter: []
        case .negate(let operand), .not(let operand), .isNull(let operand, _), .cast(let operand): [operand]
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right): [left, right]
        case .and(let operands), .or(let operands), .function(_, let operands): operands
        case .inList(let operand, let items): [operand] + items
        case .caseWhen(let branches, let otherwise):
            branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
        }
    }

    /// The same node over other operands. The operands must have the types of the old ones.
    package func mappingChildren(_ change: (BoundExpression) -> BoundExpression) -> BoundExpression {
        let changed: Kind
        switch kind {
        case .column, .literal, .parameter: return self
        case .negate(let operand): changed = .negate(change(operand))
        case .not(let operand): changed = .not(change(operand))
        case .isNull(let operand, let isNegated): changed = .isNull(change(operand), isNegated: isNegated)
        case .cast(let operand): changed = .cast(change(operand))
        case .arithmetic(let symbol, let left, let right): changed = .arithmetic(symbol, change(left), change(right))
        case .comparison(let symbol, let left, let right): changed = .comparison(symbol, change(left), change(right))
        case .and(let operands): changed = .and(operands.map(change))
        case .or(let operands): changed = .or(operands.map(change))
        case .function(let function, let arguments): changed = .function(function, arguments.map(change))
        case .inList(let operand, let items): changed = .inList(change(operand), items.map(change))
        case .caseWhen(let branches, let otherwise):
            let mapped = branches.map { Branch(condition: change($0.condition), result: change($0.result)) }
            changed = .caseWhen(mapped, otherwise: otherwise.map(change))
        }
        return BoundExpression(kind: changed, type: type, isNullable: isNullable, span: span)
    }

    /// The expression with every column replaced.
    package func mappingColumns(_ change: (Int, BoundExpression) -> BoundExpression) -> BoundExpression {
        if case .column(let position) = kind { return change(position, self) }
        return mappingChildren { $0.mappingColumns(change) }
    }

    /// The expression over a relation whose columns are computed by `columns`; columns of outer queries stay. A plain column keeps the place where it is used;
    /// what is computed keeps the place where it was written.
    package func inlining(_ columns: [BoundExpression]) -> BoundExpression {
        mappingColumns { position, use in
            guard columns.indices.contains(position) else { return use }
            let definition = columns[position]
            guard case .column = definition.kind else { return definition }
            return BoundExpression(kind: definition.kind, type: definition.type, isNullable: definition.isNullable, span: use.span)
        }
    }

    /// The expression with its columns counted from elsewhere.
    package func shifting(by distance: Int) -> BoundExpression {
        guard distance != 0 else { return self }
        return mappingColumns { position, column in
            guard position >= 0 else { return column }
            return BoundExpression(
                kind: .column(position + distance), type: column.type, isNullable: column.isNullable, span: column.span)
        }
    }

    /// Adds the positions of all columns that the expression reads; while binding, columns of outer queries are left out.
    public func collectColumns(into positions: inout Set<Int>) {
        if case .column(let position) = kind, position >= 0 { positions.insert(position) }
        for child in children { child.collectColumns(into: &positions) }
    }

    /// The positions of all columns that the expression reads.
    public var columns: Set<Int> {
        var positions: Set<Int> = []
        collectColumns(into: &positions)
        return positions
    }

    /// Whether the value is the same for every row.
    public var isConstant: Bool {
        if case .column = kind { return false }
        return children.allSatisfy(\.isConstant)
    }

    /// Number of nodes and height of the tree.
    package var extent: (nodes: Int, height: Int) {
        var nodes = 1
        var height = 0
        for child in children {
            let part = child.extent
            nodes += part.nodes
            height = max(height, part.height)
        }
        return (nodes, height + 1)
    }

    /// The operands of a conjunction, or the expression itself.
    package var conjuncts: [BoundExpression] {
        if case .and(let operands) = kind { return operands.flatMap(\.conjuncts) }
        return [self]
    }

    /// The conjunction of one or more conditions.
    package static func conjunction(_ conditions: [BoundExpression]) -> BoundExpression? {
        guard let first = conditions.first, let last = conditions.last else { return nil }
        if conditions.count == 1 { return first }
        return BoundExpression(
            kind: .and(conditions), type: .bool, isNullable: conditions.contains(where: \.isNullable),
            span: first.span.offset <= last.span.offset ? first.span.joined(with: last.span) : first.span)
    }
}
