// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ExpressionJudge {
    /// Join keys: plain columns, or coarser views of them, that both sides allow to be joined. Entities join entities of their type.
    mutating func judgeJoin(_ join: JoinFact) {
        judgeOrder(join)
        for key in join.keys {
            judgeJoinSide(key.left, facing: key.right)
            judgeJoinSide(key.right, facing: key.left)
        }
        if let residual = join.residual { judgeCondition(residual, .join) }
    }

    /// Open tables are looked up from protected rows, never the other way round.
    private mutating func judgeOrder(_ join: JoinFact) {
        let isLeftOpen = join.leftReferences.allSatisfy { reference in
            sources.contains { $0.reference == reference && !$0.isProtected } || !sources.contains { $0.reference == reference }
        }
        guard isLeftOpen, let behind = sources.first(where: { join.rightReferences.contains($0.reference) && $0.isProtected }) else { return }
        findings.add(.openTableFirst, .join, join.span, [behind.table.name], owner: behind.table.unit, .protectedFirst, [behind.table.name])
    }

    private mutating func judgeJoinSide(_ side: BoundExpression, facing other: BoundExpression) {
        // A computed or constant key opposite a protected column would be a filter on that column in disguise.
        if !isOpen(other), isOpen(side), !side.isPlainColumn {
            findings.add(.joinKeyForm, .join, side.span, [side.columns.sorted().first.map { sources[$0].name } ?? "…"], .plainColumn, [side.columns.sorted().first.map { sources[$0].name } ?? "…"])
            return
        }
        if side.isConstant { return }
        if isOpen(side) {
            for position in side.columns.sorted() where sources[position].column.capabilities.isEmpty {
                require(.join, of: position, .join, side.span)
            }
            return
        }
        guard let view = ColumnView(side), !isEntityAsText(side) else {
            let column = protectedColumn(of: side)
            findings.add(.joinKeyForm, .join, side.span, [column?.name ?? "-"], column: column, .plainColumn, [column?.name ?? "-"])
            return
        }
        guard allow(.join, view, .join) else { return }
        judgePartner(view, other)
    }

    /// Whether the column may be joined with what it meets.
    private mutating func judgePartner(_ view: ColumnView, _ other: BoundExpression) {
        let source = sources[view.source]
        guard let named = source.column.restrictions.joinWith else { return }
        let partners = other.columns.sorted().map { sources[$0] }
        if !partners.isEmpty, partners.allSatisfy({ $0.column.entityType.map(named.contains) ?? false || named.contains($0.name) }) { return }
        findings.add(
            .joinPartner, .join, view.span, [source.name, named.joined(separator: ", ")], column: source, capability: .join,
            owner: source.column.owners["join_with"])
    }

    private func isEntityAsText(_ expression: BoundExpression) -> Bool {
        guard case .cast(let operand) = expression.kind else { return false }
        return operand.type.isEntity
    }
}

extension BoundExpression {
    /// Whether it is a column and nothing else; a cast to a wider exact number, which the binder puts around one, does not count.
    fileprivate var isPlainColumn: Bool {
        switch kind {
        case .column: true
        case .cast(let operand) where operand.type.isExactNumeric && type.isExactNumeric && type.scale >= operand.type.scale: operand.isPlainColumn
        case .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .caseWhen, .cast, .function: false
        }
    }
}

extension LogicalType {
    /// Whether it is an entity number.
    fileprivate var isEntity: Bool {
        if case .entity = self { true } else { false }
    }
}
