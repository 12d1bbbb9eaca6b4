// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// An expression whose names and types are resolved. Column positions refer to the output of the relation it is evaluated over.
/// Evaluation is total: what has no value (division by zero, bad cast, overflow) is NULL, so such an expression is nullable.
public struct BoundExpression: Sendable {
    public let kind: Kind
    public let type: LogicalType
    /// Whether NULL can come out.
    public let isNullable: Bool
    public let span: SourceSpan

    public init(kind: Kind, type: LogicalType, isNullable: Bool, span: SourceSpan) {
        self.kind = kind
        self.type = type
        self.isNullable = isNullable
        self.span = span
    }

    /// The closed set of expression nodes.
    public indirect enum Kind: Sendable {
        case column(Int)
        case literal(Literal)
        /// Replaced by a literal of the declared type before execution.
        case parameter(String)
        case negate(BoundExpression)
        case not(BoundExpression)
        case isNull(BoundExpression, isNegated: Bool)
        /// Both sides have been cast as the operator needs.
        case arithmetic(ArithmeticOperator, BoundExpression, BoundExpression)
        /// Both sides have the same type.
        case comparison(ComparisonOperator, BoundExpression, BoundExpression)
        /// Three-valued; at least two operands.
        case and([BoundExpression])
        case or([BoundExpression])
        /// Items have the type of the operand. NOT IN is `not(inList)`.
        case inList(BoundExpression, [BoundExpression])
        /// Searched form only; no `otherwise` means NULL. All results have the expression's type.
        case caseWhen([Branch], otherwise: BoundExpression?)
        /// To the expression's own type; NULL where the value has no such form.
        case cast(BoundExpression)
        case function(ScalarFunction, [BoundExpression])
    }

    /// One WHEN … THEN ….
    public struct Branch: Sendable {
        public let condition: BoundExpression
        public let result: BoundExpression

        public init(condition: BoundExpression, result: BoundExpression) {
            self.condition = condition
            self.result = result
        }
    }
}

/// Arithmetic operators. `divide` of two int64 truncates towards zero; by zero it is NULL.
public enum ArithmeticOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
}

/// Comparison operators; text compares byte by byte.
public enum ComparisonOperator: String, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}
