// SPDX-License-Identifier: Apache-2.0

/// Why a file is no document. Equality looks at the code only.
public struct DocumentError: Error, Sendable, Equatable {
    /// Stable codes. The first three arguments are file, line and column.
    public enum Code: String, Sendable, CaseIterable {
        case notText = "document.not-text"
        case malformed = "document.malformed"
        case empty = "document.empty"
        case severalDocuments = "document.several"
        case unknownKind = "document.unknown-kind"
        case unknownKey = "document.unknown-key"
        case duplicateKey = "document.duplicate-key"
        case missingKey = "document.missing-key"
        case wrongShape = "document.wrong-shape"
        case unknownWord = "document.unknown-word"
        case fullWidthMark = "document.full-width-mark"
        case anchor = "document.anchor"
        case tag = "document.tag"
        case tooDeep = "document.too-deep"
        case tooLarge = "document.too-large"
    }

    public let code: Code
    public let arguments: [String]

    init(_ code: Code, _ arguments: [String]) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}

/// The limits of the reader.
public enum Limits {
    /// Largest YAML file in bytes.
    public static let fileBytes = 1 << 20
    /// Deepest nesting.
    public static let nestingDepth = 16
}
