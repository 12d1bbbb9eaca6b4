// SPDX-License-Identifier: Apache-2.0

/// Binding strength of operators, weakest first (PostgreSQL 16, section 4.1.6). Parser and printer share it.
enum Precedence: Int, Comparable {
    case or = 1
    case and
    case not
    case nullTest
    case comparison
    case membership
    case concatenation
    case sum
    case product
    case sign
    case cast
    case primary

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

    /// The next stronger level: what the right operand of a left-associative operator needs.
    var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }

    /// Whether operators of this level cannot stand in a row without parentheses.
    var isNonAssociative: Bool { self == .comparison || self == .membership || self == .nullTest }
}

extension SQLBinaryOperator {
    var precedence: Precedence {
        switch self {
        case .or: return .or
        case .and: return .and
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return .comparison
        case .concatenate: return .concatenation
        case .add, .subtract: return .sum
        case .multiply, .divide, .modulo: return .product
        }
    }
}

extension SQLExpression {
    /// How strongly the outermost operator binds.
    var precedence: Precedence {
        switch kind {
        case .literal, .parameter, .column, .conditional, .extract, .call, .subquery, .exists: return .primary
        case .cast: return .cast
        case .unary(.minus, _): return .sign
        case .unary(.not, _): return .not
        case .binary(let symbol, _, _): return symbol.precedence
        case .isNull, .isDistinct, .isTruth: return .nullTest
        case .between, .inList, .inQuery, .like: return .membership
        }
    }
}
