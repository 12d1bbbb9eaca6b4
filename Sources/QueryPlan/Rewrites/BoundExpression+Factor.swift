// SPDX-License-Identifier: Apache-2.0

import Tabular

extension BoundExpression {
    /// The expression with what all alternatives of an OR have in common taken out: (a AND x) OR (a AND y) is a AND (x OR y), in
    /// three-valued logic too. So an equality that stands in every alternative can become a join key.
    package var factored: BoundExpression {
        let node = mappingChildren(\.factored)
        guard case .or(let operands) = node.kind else { return node }
        let branches = operands.map { operand in operand.conjuncts.map { (text: $0.canonicalText, condition: $0) } }
        var shared = Set(branches[0].map(\.text))
        for branch in branches.dropFirst() { shared.formIntersection(branch.map(\.text)) }
        guard !shared.isEmpty else { return node }
        var taken: Set<String> = []
        let common = branches[0].filter { shared.contains($0.text) && taken.insert($0.text).inserted }.map(\.condition)
        let rests = branches.map { branch in
            BoundExpression.conjunction(branch.filter { !shared.contains($0.text) }.map(\.condition))
        }
        var result = common
        // An alternative with nothing else makes the others superfluous.
        if rests.allSatisfy({ $0 != nil }) {
            result.append(
                BoundExpression(kind: .or(rests.compactMap(\.self)), type: .bool, isNullable: node.isNullable, span: node.span))
        }
        if result.count == 1 { return result[0] }
        return BoundExpression(kind: .and(result), type: .bool, isNullable: node.isNullable, span: node.span)
    }
}
