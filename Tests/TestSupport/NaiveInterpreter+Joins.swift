// SPDX-License-Identifier: Apache-2.0

internal import QueryPlan
internal import Tabular

extension NaiveInterpreter {
    /// Every pair of rows is looked at.
    func joined(_ join: Join) -> [Row] {
        let lefts = rows(join.left), rights = rows(join.right)
        let leftKeys = lefts.map { row in join.keys.map { values.evaluate($0.left, row.values) } }
        let rightKeys = rights.map { row in join.keys.map { values.evaluate($0.right, row.values) } }
        var result: [Row] = []
        var isRightMet = rights.map { _ in false }
        for (place, left) in lefts.enumerated() {
            var partners: [Row] = []
            var couldMeet = false
            for (other, right) in rights.enumerated() {
                let pair = Row(values: left.values + right.values, entities: zip(left.entities, right.entities).map { $0 ?? $1 })
                switch truth(of: pair, leftKeys[place], rightKeys[other], join.residual) {
                case .bool(true):
                    partners.append(pair)
                    isRightMet[other] = true
                case .null: couldMeet = true
                default: break
                }
            }
            result += yielded(join, left, partners, couldMeet: couldMeet)
        }
        if join.kind == .full {
            for (other, right) in rights.enumerated() where !isRightMet[other] {
                result.append(Row(values: join.left.output.map { _ in .null } + right.values, entities: right.entities))
            }
        }
        return result
    }

    /// All keys equal and the residual true, in three-valued logic.
    private func truth(of pair: Row, _ left: [Literal], _ right: [Literal], _ residual: BoundExpression?) -> Literal {
        var parts = zip(left, right).map { one, other -> Literal in
            one == .null || other == .null ? .null : .bool(NaiveExpressions.order(one, other) == 0)
        }
        if let residual { parts.append(values.evaluate(residual, pair.values)) }
        if parts.contains(.bool(false)) { return .bool(false) }
        return parts.contains(.null) ? .null : .bool(true)
    }

    /// What one left row becomes.
    private func yielded(_ join: Join, _ left: Row, _ partners: [Row], couldMeet: Bool) -> [Row] {
        let alone = Row(values: left.values + join.right.output.map { _ in .null }, entities: left.entities)
        switch join.kind {
        case .inner: return partners
        case .left, .full: return partners.isEmpty ? [alone] : partners
        case .single: return partners.count == 1 ? partners : [alone]
        case .semi: return partners.isEmpty ? [] : [left]
        case .anti: return partners.isEmpty ? [left] : []
        case .mark:
            let mark: Literal = !partners.isEmpty ? .bool(true) : (join.isNullAware && couldMeet ? .null : .bool(false))
            return [Row(values: left.values + [mark], entities: left.entities)]
        }
    }
}
