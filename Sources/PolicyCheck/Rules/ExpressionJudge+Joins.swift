// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension ExpressionJudge {
    /// Join keys: plain columns, or coarser views of them, that both sides allow to be joined. Entities join entities of their type.
    mutating func judgeJoin(_ join: JoinFact) {
        for key in join.keys {
            judgeJoinSide(key.left)
            judgeJoinSide(key.right)
        }
        if let residual = join.residual { judgeCondition(residual, .join) }
    }

    private mutating func judgeJoinSide(_ side: BoundExpression) {
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

extension LogicalType {
    /// Whether it is an entity number.
    fileprivate var isEntity: Bool {
        if case .entity = self { true } else { false }
    }
}
