// SPDX-License-Identifier: Apache-2.0

/// What went wrong with a stored table or a load; names tables, columns, blocks and limits, never a value, key or row content.
public struct StoreError: Error, Equatable, Sendable {
    /// Stable codes; each has a text in the catalogue.
    public enum Code: String, CaseIterable, Sendable {
        case blockAltered = "store.block-altered"
        case fileAltered = "store.file-altered"
        case manifestAltered = "store.manifest-altered"
        case directoryAltered = "store.directory-altered"
        case wrongVersion = "store.wrong-version"
        case formatUnknown = "store.format-unknown"
        case wrongKey = "store.wrong-key"
        case columnUnknown = "store.column-unknown"
        case fileMissing = "store.file-missing"
        case outOfMemory = "store.out-of-memory"
        case readFailed = "store.read-failed"
        case writeFailed = "store.write-failed"
        case noSpace = "store.no-space"
        case planInvalid = "store.plan-invalid"
        case schemaChanged = "store.schema-changed"
        case previousMissing = "store.previous-missing"
        case columnMissing = "store.column-missing"
        case columnRepeated = "store.column-repeated"
        case headerMissing = "store.header-missing"
        case csvMalformed = "store.csv-malformed"
        case recordTooLong = "store.record-too-long"
        case byteZero = "store.byte-zero"
        case encodingUnknown = "store.encoding-unknown"
        case decoderUnavailable = "store.decoder-unavailable"
        case limitExceeded = "store.limit-exceeded"
        case fanOutExceeded = "store.fan-out-exceeded"
        case spillMissing = "store.spill-missing"
        case spillNoSpace = "store.spill-no-space"
        case spillFailed = "store.spill-failed"
        case spillAltered = "store.spill-altered"
        case cryptography = "store.cryptography"
    }

    public let code: Code
    /// Names and limits, in the order of the text's placeholders.
    public let arguments: [String]

    public init(_ code: Code, _ arguments: [String] = []) {
        self.code = code
        self.arguments = arguments
    }

    public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }
}
