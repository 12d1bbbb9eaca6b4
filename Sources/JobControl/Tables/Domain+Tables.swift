// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import MetadataStore
import PolicyCheck
import Tabular

/// A registered table, with its newest version when one was loaded.
public struct TableSummary: Sendable {
    public let name: String
    public let unit: String
    public let version: Int64?
    public let asOf: String?
    public let period: String?
    public let manifest: String?

    public var json: JSONValue {
        [
            "table": .string(name), "unit": .string(unit), "version": version.map { .integer($0) } ?? .null,
            "as_of": asOf.map { .string($0) } ?? .null, "period": period.map { .string($0) } ?? .null,
            "manifest": manifest.map { .string($0) } ?? .null,
        ]
    }
}

/// A column as its policy has it.
public struct ColumnSummary: Sendable {
    public let name: String
    public let type: String
    public let isNullable: Bool
    /// Empty: it may not be mentioned at all.
    public let capabilities: [String]

    public var json: JSONValue {
        [
            "column": .string(name), "type": .string(type), "nullable": .bool(isNullable),
            "allow": .array(capabilities.map { .string($0) }),
        ]
    }
}

extension Domain {
    /// Registered tables in order of name. A row count is a fact about people: it is not among what is told.
    public func tables() throws -> [TableSummary] {
        let policies = try policies()
        return try policies.tableNames.sorted().map { name in
            let stored = try metadata.latestVersion(of: name).map { try StoredVersion($0) }
            return TableSummary(
                name: name, unit: policies.table(name)?.unit ?? "", version: stored?.version, asOf: stored?.asOf, period: stored?.period,
                manifest: stored?.manifest)
        }
    }

    /// What the newest load of a table recognised, held against the labels in force; empty for a table without data. Throws `table.unknown`.
    public func labelAdvice(of table: String) throws -> [LabelAdvice] {
        guard let policy = try policies().table(table) else { throw ControlError(.tableUnknown, table) }
        guard let stored = try metadata.latestVersion(of: table).map({ try StoredVersion($0) }) else { return [] }
        return policy.labelAdvice(stored.recognised)
    }

    /// Columns of a table. Throws `table.unknown`.
    public func columns(of table: String) throws -> [ColumnSummary] {
        guard let policy = try policies().table(table) else { throw ControlError(.tableUnknown, table) }
        return policy.columns.map {
            ColumnSummary(
                name: $0.name, type: $0.type.name, isNullable: $0.isNullable, capabilities: $0.capabilities.map(\.rawValue).sorted())
        }
    }
}
