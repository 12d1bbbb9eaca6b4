// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ExpressionJudge {
    /// Join keys: plain columns, or coarser views of them, that both sides allow to be joined. Entities join entities of their type.
    mutating func judgeJoin(_ join: JoinFact) {
        judgeOrder(join)
        for key in join.keys {
            judgeJoinSide(key.left, facesProtected: !isOpen(key.right))
            judgeJoinSide(key.right, facesProtected: !isOpen(key.left))
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

    private mutating func judgeJoinSide(_ side: BoundExpression, facesProtected: Bool) {
        // A computed or constant key opposite a protected column would be a filter on that column in disguise.
        if facesProtected, isOpen(side), !side.isPlainColumn {
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
        guard let atom = Atom(side), !isEntityAsText(side) else {
            let column = protectedColumn(of: side)
            findings.add(.joinKeyForm, .join, side.span, [column?.name ?? "-"], column: column, .plainColumn, [column?.name ?? "-"])
            return
        }
        guard require(.join, of: atom.source, .join, side.span) else { return }
        judgeShape(atom, .join, side.span)
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
