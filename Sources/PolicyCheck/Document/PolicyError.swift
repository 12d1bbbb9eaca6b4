// SPDX-License-Identifier: Apache-2.0

/// Why documents do not make a set of policies. Arguments are names, lines and limits of documents, never data.
public struct PolicyError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue of WireContract.
    public enum Code: String, CaseIterable, Sendable {
        /// A canonical document is not of its schema. Arguments: where.
        case badDocument = "policy.bad-document"
        /// Arguments: the table, both units.
        case duplicateTable = "policy.duplicate-table"
        /// Arguments: the baseline.
        case duplicateBaseline = "policy.duplicate-baseline"
        /// Arguments: the table, the baseline.
        case unknownBaseline = "policy.unknown-baseline"
        /// A unit's line is weaker than the layer above. Arguments: table or column, line, unit, its value, baseline, its value.
        case loosens = "policy.loosens"
        /// Arguments: the column, the data element.
        case unknownElement = "policy.unknown-element"
        /// Arguments: the column.
        case missingType = "policy.missing-type"
        /// A line does not fit the column's type. Arguments: the column, the line, the type.
        case lineNotForType = "policy.line-not-for-type"
        /// An identifier with a capability other than join and count_distinct. Arguments: the column, the capability.
        case identifierCapability = "policy.identifier-capability"
        /// An identifier that no entity names. Arguments: the column.
        case identifierWithoutEntity = "policy.identifier-without-entity"
        /// Sum or average without bounds. Arguments: the column.
        case missingBounds = "policy.missing-bounds"
        /// Bounds that are no two numbers of the column's type in order. Arguments: the column.
        case badBounds = "policy.bad-bounds"
        /// Floating numbers of a protected table. Arguments: the column.
        case floatingNumber = "policy.floating-number"
        /// `project` on a protected table. Arguments: the column.
        case projectNotOpen = "policy.project-not-open"
        /// A protected table without an entity to protect. Arguments: the table.
        case missingEntity = "policy.missing-entity"
        /// Arguments: the table, the column.
        case unknownColumn = "policy.unknown-column"
        /// Two columns of one name, or two items of one source column. Arguments: the table, the column.
        case duplicateColumn = "policy.duplicate-column"
        /// Two entities of one type in one table. Arguments: the table, the type.
        case duplicateEntity = "policy.duplicate-entity"
        /// Arguments: the table, the table it goes through.
        case unknownVia = "policy.unknown-via"
        /// Arguments: the table.
        case circularVia = "policy.circular-via"
        /// A value of a row range does not fit the column. Arguments: the table, the column.
        case badRowRange = "policy.bad-row-range"
        /// Share that is no number from 0 to 1. Arguments: the table.
        case badShare = "policy.bad-share"
        /// Arguments: what, where.
        case notAvailable = "policy.not-available"
        /// Days of use that end before they begin. Arguments: first day, last day.
        case validityOrder = "policy.validity-order"
        /// A parameter's domain is not one. Arguments: the parameter.
        case badParameterDomain = "policy.bad-parameter-domain"
    }

    public let code: Code
    public let arguments: [String]

    package init(_ code: Code, _ arguments: String...) {
        self.code = code
        self.arguments = arguments
    }

    /// Errors are equal when their codes are.
    public static func == (left: PolicyError, right: PolicyError) -> Bool { left.code == right.code }
}
