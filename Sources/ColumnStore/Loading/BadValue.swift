// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON

/// Why a value cannot be stored. Says nothing about the value but its class of fault.
public enum BadValueReason: String, Sendable, Hashable, CaseIterable {
    case missing = "missing"
    case notInteger = "not-an-integer"
    case notDecimal = "not-a-decimal"
    case tooManyDigits = "too-many-digits"
    case outOfRange = "out-of-range"
    case notBoolean = "not-a-boolean"
    case notNumber = "not-a-number"
    case notDate = "not-a-date"
    case notTimestamp = "not-a-timestamp"
    case tooLong = "too-long"
    /// The record has more or fewer fields than the header.
    case fieldCount = "field-count"
    /// The key of an upsert stands in an earlier row of the same file.
    case repeatedKey = "repeated-key"
}

/// A place in the file where a value cannot be stored; never the value.
public struct BadValue: Sendable, Hashable {
    /// Data rows count from 1; the header is none.
    public let row: Int64
    /// Item name of the column; empty when the whole row is meant.
    public let column: String
    public let reason: BadValueReason

    public init(row: Int64, column: String, reason: BadValueReason) {
        self.row = row
        self.column = column
        self.reason = reason
    }

    var json: JSONValue { ["row": .integer(row), "column": .string(column), "reason": .string(reason.rawValue)] }

    init?(json: JSONValue) {
        guard let row = json["row"]?.number, let column = json["column"]?.text,
            let reason = json["reason"]?.text.flatMap({ BadValueReason(rawValue: $0) })
        else { return nil }
        self.init(row: row, column: column, reason: reason)
    }
}
