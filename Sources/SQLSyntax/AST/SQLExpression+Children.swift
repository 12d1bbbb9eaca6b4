// SPDX-License-Identifier: Apache-2.0

extension SQLExpression.Kind {
    /// The direct operands, in the order in which they stand in the text. The expressions of a query within are not
    /// among them, since names mean something else there; see ``query``.
    package var children: [SQLExpression] {
        switch self {
        case .literal, .parameter, .column, .subquery, .exists:
            return []
        case .unary(_, let operand), .isNull(let operand, _), .isTruth(let operand, _, _), .cast(let operand, _),
            .extract(_, let operand), .inQuery(let operand, _, _):
            return [operand]
        case .binary(_, let left, let right), .isDistinct(let left, let right, _):
            return [left, right]
        case .between(let operand, let low, let high, _):
            return [operand, low, high]
        case .inList(let operand, let elements, _):
            return [operand] + elements
        case .like(let operand, let pattern, let escape, _, _):
            return [operand, pattern] + [escape].compactMap(\.self)
        case .conditional(let operand, let branches, let otherwise):
            return [operand].compactMap(\.self) + branches.flatMap { [$0.condition, $0.result] }
                + [otherwise].compactMap(\.self)
        case .call(let call):
            return call.children
        }
    }

    /// The query that is an operand, if there is one.
    package var query: SelectQuery? {
        switch self {
        case .subquery(let query), .exists(let query), .inQuery(_, let query, _): return query
        case .literal, .parameter, .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .like,
            .conditional, .cast, .extract, .call:
            return nil
        }
    }
}

extension SQLFunctionCall {
    /// Arguments, keys of WITHIN GROUP, filter and window, in the order in which they stand in the text.
    package var children: [SQLExpression] {
        var result: [SQLExpression] = []
        if case .list(let written) = arguments { result = written }
        result += withinGroup.map(\.expression) + [filter].compactMap(\.self)
        if let window { result += window.children }
        return result
    }
}

extension SQLWindow {
    /// Partitions, keys and the distances of the frame.
    package var children: [SQLExpression] {
        partitions + order.map(\.expression) + [frame?.start.distance, frame?.end.distance].compactMap(\.self)
    }
}

extension SQLFrameBound {
    /// How far the bound lies from the current row, when that is written.
    package var distance: SQLExpression? {
        switch self {
        case .preceding(let distance), .following(let distance): return distance
        case .unboundedPreceding, .currentRow, .unboundedFollowing: return nil
        }
    }
}
