// SPDX-License-Identifier: Apache-2.0

/// The kinds of documents that people write. The raw value stands as `kind` in the canonical JSON.
public enum DocumentKind: String, Sendable, Hashable, CaseIterable {
    /// City baseline 基线: what no unit may fall below, and data elements.
    case baseline
    /// One document of a data-source unit with all its tables.
    case unit
    /// A single table.
    case table
    /// Standing approval 常设授权 for free SQL.
    case standing
    /// A data product.
    case product
}
