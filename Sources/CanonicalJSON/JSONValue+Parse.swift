// SPDX-License-Identifier: Apache-2.0

/// Limits of the JSON reader.
public enum JSONLimits {
    /// Deepest nesting of arrays and objects.
    public static let nestingDepth = 64
    /// Largest document in bytes.
    public static let documentBytes = 256 << 20
}

/// Why a text is not a JSON document of our subset. Carries the byte offset, never the text.
public struct JSONError: Error, Sendable, Equatable {
    /// Stable codes.
    public enum Code: String, Sendable, CaseIterable {
        case malformed = "json.malformed"
        case duplicateMember = "json.duplicate-member"
        case numberOutOfRange = "json.number-out-of-range"
        case tooDeep = "json.too-deep"
        case tooLarge = "json.too-large"
        case notCanonical = "json.not-canonical"
    }
    public let code: Code
    public let offset: Int
    public static func == (left: JSONError, right: JSONError) -> Bool { left.code == right.code }
}

extension JSONValue {
    /// Reads one document strictly (RFC 8259): no duplicate members, no fractions, no trailing bytes, valid UTF-8.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue { try read(bytes).value }

    /// Reads one document and refuses it unless its bytes are the canonical ones.
    public static func parseCanonical(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        let (value, isCanonical) = try read(bytes)
        guard isCanonical else { throw JSONError(code: .notCanonical, offset: 0) }
        return value
    }

    private static func read(_ bytes: [UInt8]) throws(JSONError) -> (value: JSONValue, isCanonical: Bool) {
        guard bytes.count <= JSONLimits.documentBytes else { throw JSONError(code: .tooLarge, offset: bytes.count) }
        let result: Result<(value: JSONValue, isCanonical: Bool), JSONError> = bytes.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes)
            do throws(JSONError) { return .success((try reader.readDocument(), reader.isCanonical)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
