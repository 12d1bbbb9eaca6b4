// SPDX-License-Identifier: Apache-2.0

import Tabular

/// What the binder may know about tables: names and schemas, nothing about contents.
public protocol TableCatalog: Sendable {
    /// The schema of a table by its exact name, nil when there is none.
    func schema(of table: String) -> TableSchema?
    /// All table names, for suggestions.
    var tableNames: [String] { get }
}

/// A parameter `:name` that a product declares: its type. Its domain is judged by PolicyCheck.
public struct ParameterDeclaration: Sendable, Hashable {
    public let name: String
    public let type: LogicalType

    public init(name: String, type: LogicalType) {
        self.name = name
        self.type = type
    }
}
