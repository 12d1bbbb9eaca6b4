// SPDX-License-Identifier: Apache-2.0

/// Why a result could not pass the gate as a whole. Single cells never fail: they are withheld or NULL.
public struct DisclosureError: Error, Equatable, Sendable {
    /// Stable codes; each has a text in the catalogue.
    public enum Code: String, Sendable, CaseIterable {
        /// More released rows than `Limits.releasedRows`. Depends only on what would have been released.
        case tooManyRows = "release.too-many-rows"
        /// More released cells than `Limits.releasedCells`.
        case tooManyCells = "release.too-many-cells"
        /// A column holds entity numbers, which no result may show.
        case entityColumn = "release.entity-column"
    }

    public let code: Code
    /// Limits and names, in the order of the text's placeholders; never a number that was counted.
    public let arguments: [String]

    public init(_ code: Code, _ arguments: [String] = []) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: DisclosureError, right: DisclosureError) -> Bool { left.code == right.code }
}
