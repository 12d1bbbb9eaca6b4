// SPDX-License-Identifier: Apache-2.0

/// Why a file is no document, and where. The first three arguments are file, line and column.
public struct DocumentError: Error, Equatable, Sendable {
    /// Stable codes; their texts stand in the catalogue of WireContract.
    public enum Code: String, CaseIterable, Sendable {
        /// Arguments: the limit in bytes.
        case tooLarge = "document.too-large"
        case notUTF8 = "document.not-utf8"
        case tab = "document.tab"
        case empty = "document.empty"
        case severalDocuments = "document.several-documents"
        /// Not YAML.
        case malformed = "document.malformed"
        case tooDeep = "document.too-deep"
        case anchor = "document.anchor"
        case alias = "document.alias"
        case tag = "document.tag"
        case mergeKey = "document.merge-key"
        /// Arguments: the key.
        case duplicateKey = "document.duplicate-key"
        /// Arguments: the key, the nearest known key or a dash.
        case unknownKey = "document.unknown-key"
        /// Arguments: the key in both languages.
        case missingKey = "document.missing-key"
        /// None of the keys that tell the kind of document.
        case unknownKind = "document.unknown-kind"
        /// Arguments: the character, the one meant.
        case fullWidth = "document.full-width"
        /// Arguments: the key, what fits, the nearest known word or a dash.
        case badValue = "document.bad-value"
        /// Arguments: the key, what is expected.
        case wrongShape = "document.wrong-shape"
        /// Arguments: the key or word.
        case notAvailable = "document.not-available"
    }

    public let code: Code
    public let arguments: [String]

    init(_ code: Code, _ place: Place, _ arguments: String...) {
        self.code = code
        self.arguments = [place.file, String(place.line), String(place.column)] + arguments
    }

    /// Errors are equal when their codes are.
    public static func == (left: DocumentError, right: DocumentError) -> Bool { left.code == right.code }
}

/// A place in a file; lines and columns count from 1.
struct Place: Sendable, Hashable {
    let file: String
    let line: Int
    let column: Int
}

/// Limits of documents.
public enum Limits {
    /// Largest file in bytes.
    public static let documentBytes = 4 << 20
    /// Most brackets that are open at once, and most list marks in a row, before the parser is asked.
    public static let openBrackets = 256
}
