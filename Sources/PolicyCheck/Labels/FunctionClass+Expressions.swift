// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

extension FunctionClass {
    /// The class of the outermost operation, where everything but its first operands is constant; nil where no class has it.
    static func of(_ expression: BoundExpression) -> FunctionClass? {
        switch expression.kind {
        case .cast: return expression.type == .text ? .text : nil
        case .negate: return .number
        case .arithmetic(let symbol, let left, let right):
            return symbol != .modulo && expression.type.isExactNumeric && (left.isConstant || right.isConstant) ? .number : nil
        case .function(let function, let arguments):
            let isUnary = arguments.dropFirst().allSatisfy(\.isConstant)
            switch function {
            case .lower, .upper, .trimBoth, .trimLeft, .trimRight, .padLeft, .padRight: return isUnary ? .text : nil
            case .concat, .concatenate: return .text
            case .addDays, .addInterval: return isUnary ? .date : nil
            case .daysBetween: return arguments.contains(where: \.isConstant) ? .date : nil
            case .absolute, .round, .truncate, .floor, .ceiling, .sign: return isUnary && expression.type.isExactNumeric ? .number : nil
            case .dateTrunc, .extract, .makeDate, .coalesce, .nullIf, .greatest, .least, .isDistinct, .power, .squareRoot, .exponential, .logarithm,
                .substring, .left, .right, .length, .position, .replace, .startsWith, .reverse, .like, .likeInsensitive:
                return nil
            }
        case .column, .literal, .parameter, .not, .isNull, .comparison, .and, .or, .inList, .caseWhen: return nil
        }
    }
}
