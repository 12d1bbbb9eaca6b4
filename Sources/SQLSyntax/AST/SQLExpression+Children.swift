// SPDX-License-Identifier: Apache-2.0

extension SQLExpression.Kind {
    /// The direct operands, in the order in which they stand in the text.
    package var children: [SQLExpression] {
        switch self {
        case .literal, .parameter, .column:
            return []
        case .unary(_, let operand), .isNull(let operand, _), .cast(let operand, _), .extract(_, let operand):
            return [operand]
        case .binary(_, let left, let right):
            return [left, right]
        case .between(let operand, let low, let high, _):
            return [operand, low, high]
        case .inList(let operand, let elements, _):
            return [operand] + elements
        case .like(let operand, let pattern, _):
            return [operand, pattern]
        case .conditional(let operand, let branches, let otherwise):
            return [operand].compactMap(\.self) + branches.flatMap { [$0.condition, $0.result] }
                + [otherwise].compactMap(\.self)
        case .call(let call):
            switch call.arguments {
            case .star: return [call.filter].compactMap(\.self)
            case .list(let arguments): return arguments + [call.filter].compactMap(\.self)
            }
        }
    }
}
