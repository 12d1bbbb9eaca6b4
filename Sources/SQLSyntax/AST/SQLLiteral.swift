// SPDX-License-Identifier: Apache-2.0

/// A constant as written. Numbers keep their digits, so nothing is rounded before types are known.
public enum SQLLiteral: Equatable, Sendable {
    /// NULL.
    case null
    /// TRUE or FALSE.
    case boolean(Bool)
    /// Digits only.
    case integer(String)
    /// Digits with a point, an exponent, or both.
    case decimal(String)
    /// A string without its quotes.
    case string(String)
    /// DATE '…', not yet checked.
    case date(String)
    /// TIMESTAMP '…', not yet checked.
    case timestamp(String)
    /// INTERVAL '…', not yet checked.
    case interval(String)
}
