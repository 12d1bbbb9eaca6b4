// SPDX-License-Identifier: Apache-2.0

/// Why documents are no policy. Equality looks at the code only.
public struct PolicyError: Error, Sendable, Equatable {
    /// Stable codes.
    public enum Code: String, Sendable, CaseIterable {
        case malformed = "policy.malformed"
        case badValue = "policy.bad-value"
        case unknownType = "policy.unknown-type"
        case unknownBaseline = "policy.unknown-baseline"
        case unknownElement = "policy.unknown-element"
        case loosens = "policy.loosens"
        case tableTwice = "policy.table-twice"
        case unknownColumn = "policy.unknown-column"
        case noEntity = "policy.no-entity"
        case entityColumn = "policy.entity-column"
        case identifierCapability = "policy.identifier-capability"
        case needsBounds = "policy.needs-bounds"
        case doubleProtected = "policy.double-protected"
        case capabilityType = "policy.capability-type"
        case openOnly = "policy.open-only"
        case notInThisVersion = "policy.not-in-this-version"
        case parameterDomain = "policy.parameter-domain"
        case viaUnknown = "policy.via-unknown"
    }

    public let code: Code
    /// Table, column and key names; never a value of data.
    public let arguments: [String]

    init(_ code: Code, _ arguments: String...) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}
