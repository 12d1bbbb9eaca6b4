// SPDX-License-Identifier: Apache-2.0

/// A scalar expression. Parentheses are not kept; the printer sets those that are needed.
public struct SQLExpression: Equatable, Sendable {
    /// What the expression is.
    public let kind: Kind
    /// Where it stands, its first to its last token.
    @Unequated public var span: SourceSpan
    /// Height of the tree, queries within included; the parser bounds it, so walks may recurse.
    package let height: Int

    /// The closed list of expression forms.
    public indirect enum Kind: Equatable, Sendable {
        /// A constant.
        case literal(SQLLiteral)
        /// `:name`, spelled exactly so.
        case parameter(String)
        /// `column` or `table.column`.
        case column(qualifier: Identifier?, name: Identifier)
        /// A prefix operator.
        case unary(SQLUnaryOperator, SQLExpression)
        /// An operator between two operands.
        case binary(SQLBinaryOperator, SQLExpression, SQLExpression)
        /// `x IS [NOT] NULL`.
        case isNull(SQLExpression, isNegated: Bool)
        /// `x IS [NOT] DISTINCT FROM y`; `isNegated` means that NOT is written.
        case isDistinct(SQLExpression, SQLExpression, isNegated: Bool)
        /// `x IS [NOT] TRUE`, and so for FALSE and UNKNOWN.
        case isTruth(SQLExpression, SQLTruth, isNegated: Bool)
        /// `x [NOT] BETWEEN low AND high`.
        case between(SQLExpression, low: SQLExpression, high: SQLExpression, isNegated: Bool)
        /// `x [NOT] IN (…)`.
        case inList(SQLExpression, [SQLExpression], isNegated: Bool)
        /// `x [NOT] IN (SELECT …)`.
        case inQuery(SQLExpression, SelectQuery, isNegated: Bool)
        /// `x [NOT] LIKE pattern [ESCAPE mark]`, or ILIKE.
        case like(
            SQLExpression, pattern: SQLExpression, escape: SQLExpression?, isCaseInsensitive: Bool, isNegated: Bool)
        /// Both forms of CASE.
        case conditional(operand: SQLExpression?, branches: [SQLCaseBranch], otherwise: SQLExpression?)
        /// `CAST(x AS type)` and `x::type`.
        case cast(SQLExpression, SQLTypeName)
        /// `EXTRACT(field FROM x)`.
        case extract(field: Identifier, SQLExpression)
        /// A call.
        case call(SQLFunctionCall)
        /// `(SELECT …)` as a value.
        case subquery(SelectQuery)
        /// `EXISTS (SELECT …)`.
        case exists(SelectQuery)
    }

    package init(_ kind: Kind, span: SourceSpan) {
        self.kind = kind
        self._span = Unequated(wrappedValue: span)
        self.height = 1 + kind.children.reduce(kind.query?.height ?? 0) { max($0, $1.height) }
    }
}

/// Prefix operators.
public enum SQLUnaryOperator: String, Equatable, CaseIterable, Sendable {
    /// Arithmetic negation.
    case minus = "-"
    /// Logical negation.
    case not = "NOT"
}

/// Operators between two operands, by their spelling.
public enum SQLBinaryOperator: String, Equatable, CaseIterable, Sendable {
    /// Addition.
    case add = "+"
    /// Subtraction.
    case subtract = "-"
    /// Multiplication.
    case multiply = "*"
    /// Division.
    case divide = "/"
    /// Remainder.
    case modulo = "%"
    /// Joining of texts.
    case concatenate = "||"
    /// Equality.
    case equal = "="
    /// Inequality.
    case notEqual = "<>"
    /// Less.
    case less = "<"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="
    /// Conjunction.
    case and = "AND"
    /// Disjunction.
    case or = "OR"
}

/// The truth values that IS asks for.
public enum SQLTruth: String, Equatable, CaseIterable, Sendable {
    /// The condition holds.
    case isTrue = "TRUE"
    /// The condition does not hold.
    case isFalse = "FALSE"
    /// The condition is NULL.
    case isUnknown = "UNKNOWN"
}

/// One `WHEN condition THEN result`.
public struct SQLCaseBranch: Equatable, Sendable {
    /// What is tested, or compared with the operand.
    public let condition: SQLExpression
    /// The value when it holds.
    public let result: SQLExpression

    package init(condition: SQLExpression, result: SQLExpression) {
        self.condition = condition
        self.result = result
    }
}
