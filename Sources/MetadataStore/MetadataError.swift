// SPDX-License-Identifier: Apache-2.0

/// What can be wrong with the rebuildable view. Equality looks at the code only.
public struct MetadataError: Error, Sendable, Equatable {
    /// Stable codes.
    public enum Code: String, Sendable, CaseIterable {
        /// SQLite could not open, read or write the view.
        case unusable = "metadata.unusable"
        /// A log entry does not have the members its type demands.
        case malformedEntry = "metadata.malformed-entry"
        /// A log entry has a type that this version does not know.
        case unknownEntry = "metadata.unknown-entry"
    }

    public let code: Code
    public let arguments: [String]

    public init(_ code: Code, _ arguments: String...) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}
