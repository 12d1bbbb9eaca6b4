// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// Why a statement that reads well cannot be bound to the tables, and where.
public struct BindError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue of WireContract.
    public enum Code: String, CaseIterable, Sendable {
        /// No such table. Arguments: the name, the nearest known name or a dash; so for all that is unknown.
        case unknownTable = "plan.unknown-table"
        /// No such column.
        case unknownColumn = "plan.unknown-column"
        /// FROM has no table or alias of this name.
        case unknownQualifier = "plan.unknown-qualifier"
        /// No such function.
        case unknownFunction = "plan.unknown-function"
        /// The parameter is not declared.
        case unknownParameter = "plan.unknown-parameter"
        /// No such type. Arguments: the type as written.
        case unknownType = "plan.unknown-type"
        /// Several columns have the name. Arguments: the name, the tables that have it.
        case ambiguousColumn = "plan.ambiguous-column"
        /// A name is given twice. Arguments: the name.
        case duplicateName = "plan.duplicate-name"
        /// More column names than columns. Arguments: names given, columns there are.
        case tooManyColumnNames = "plan.too-many-column-names"
        /// Arguments: operator, function or clause; types that fit; type found.
        case typeMismatch = "plan.type-mismatch"
        /// Number or form of arguments. Arguments: function, how it is called.
        case wrongArguments = "plan.wrong-arguments"
        /// A constant does not spell a value. Arguments: the type.
        case invalidLiteral = "plan.invalid-literal"
        /// A number of more than 38 digits.
        case numberOutOfRange = "plan.number-out-of-range"
        /// A field of a date that the function does not know. Arguments: function, fields it knows.
        case unknownField = "plan.unknown-field"
        /// Arguments: type from, type to.
        case impossibleCast = "plan.impossible-cast"
        /// A column beside aggregates that is not grouped. Arguments: the column.
        case notGrouped = "plan.not-grouped"
        /// An aggregate where none can stand. Arguments: the clause.
        case aggregateNotAllowed = "plan.aggregate-not-allowed"
        /// An aggregate inside an aggregate.
        case nestedAggregate = "plan.nested-aggregate"
        /// A window function where none can stand. Arguments: the clause.
        case windowNotAllowed = "plan.window-not-allowed"
        /// A subquery that refers to the query around it in a way that no join expresses. Arguments: the construct in the way.
        case correlation = "plan.correlation"
        /// A subquery with another number of columns than one. Arguments: the construct, the number of columns.
        case subqueryColumns = "plan.subquery-columns"
        /// Operands of UNION ALL with different numbers of columns. Arguments: both numbers.
        case unionColumns = "plan.union-columns"
        /// With DISTINCT, an ORDER BY key that is no result.
        case orderNotSelected = "plan.order-not-selected"
        /// Arguments: the limit.
        case tooManyGroupingSets = "plan.too-many-grouping-sets"
        /// A join without an equality between its sides, neither of which is proved small.
        case joinWithoutKey = "plan.join-without-key"
        /// Arguments: the clause, the number of columns.
        case ordinalOutOfRange = "plan.ordinal-out-of-range"
        /// A constant as a key. Arguments: the clause.
        case constantKey = "plan.constant-key"
        /// Arguments: LIMIT or OFFSET.
        case limitNotConstant = "plan.limit-not-constant"
        /// A query that reads no table.
        case fromRequired = "plan.from-required"
        /// Read by the parser and without a form in plans. Arguments: the construct.
        case unsupported = "plan.unsupported"
        /// Arguments: the limit; so for the next two.
        case tooManyTableReferences = "plan.too-many-table-references"
        /// Too many expression nodes.
        case tooLarge = "plan.too-large"
        /// Too many columns in one relation.
        case tooManyColumns = "plan.too-many-columns"
        /// A rule of plans does not hold: a fault of ours. Arguments: the rule.
        case invariantViolated = "plan.invariant-violated"
        /// A parameter without a fitting value. Arguments: the parameter, its type.
        case parameterValue = "plan.parameter-value"
    }

    /// What happened.
    public let code: Code
    /// Names, types and limits for the text; never the content of a literal.
    public let arguments: [String]
    /// Where it happened.
    public let span: SourceSpan

    package init(_ code: Code, _ arguments: [String] = [], at span: SourceSpan) {
        self.code = code
        self.arguments = arguments
        self.span = span
    }

    /// Errors are equal when their codes are.
    public static func == (left: BindError, right: BindError) -> Bool { left.code == right.code }
}
