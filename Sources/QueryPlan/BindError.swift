// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// Why a statement that reads well cannot be bound to the tables, and where.
public struct BindError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue of WireContract.
    public enum Code: String, CaseIterable, Sendable {
        /// Arguments: the name, the nearest known name or a dash (so for all "unknown" codes).
        case unknownTable = "plan.unknown-table"
        case unknownColumn = "plan.unknown-column"
        case unknownQualifier = "plan.unknown-qualifier"
        case unknownFunction = "plan.unknown-function"
        case unknownParameter = "plan.unknown-parameter"
        /// Arguments: the type as written.
        case unknownType = "plan.unknown-type"
        /// Arguments: the name, the tables that have it.
        case ambiguousColumn = "plan.ambiguous-column"
        /// Arguments: the name.
        case duplicateName = "plan.duplicate-name"
        /// Arguments: names given, columns there are.
        case tooManyColumnNames = "plan.too-many-column-names"
        /// Arguments: operator, function or clause; types that fit; type found.
        case typeMismatch = "plan.type-mismatch"
        /// Arguments: function, how it is called.
        case wrongArguments = "plan.wrong-arguments"
        /// Arguments: the type that the literal does not spell.
        case invalidLiteral = "plan.invalid-literal"
        /// A number of more than 38 digits.
        case numberOutOfRange = "plan.number-out-of-range"
        /// Arguments: function, fields it knows.
        case unknownField = "plan.unknown-field"
        /// Arguments: type from, type to.
        case impossibleCast = "plan.impossible-cast"
        /// Arguments: the column.
        case notGrouped = "plan.not-grouped"
        /// Arguments: the clause.
        case aggregateNotAllowed = "plan.aggregate-not-allowed"
        case nestedAggregate = "plan.nested-aggregate"
        case aggregateOverReleased = "plan.aggregate-over-released"
        case joinWithReleased = "plan.join-with-released"
        case joinWithoutKey = "plan.join-without-key"
        /// Arguments: the clause, the number of columns.
        case ordinalOutOfRange = "plan.ordinal-out-of-range"
        /// Arguments: the clause.
        case constantKey = "plan.constant-key"
        /// Arguments: the clause.
        case limitNotConstant = "plan.limit-not-constant"
        case fromRequired = "plan.from-required"
        /// Arguments: the construct.
        case unsupported = "plan.unsupported"
        /// Arguments: the limit (so for the next two).
        case tooManyTableReferences = "plan.too-many-table-references"
        case tooLarge = "plan.too-large"
        case tooManyColumns = "plan.too-many-columns"
        /// Arguments: the parameter, its type.
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
