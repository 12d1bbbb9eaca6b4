// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import QueryPlan
import Tabular

/// The effective policies of all tables: what the binder knows of tables and what the checker judges by.
public struct PolicySet: Sendable, Hashable {
    private var tables: [String: TablePolicy]
    /// The least memory that a baseline allows to jobs; nil when none says anything.
    public let jobMemoryBytes: Int64?

    /// Puts canonical documents together: baselines, unit documents and single tables in any order; standing approvals and products
    /// are left aside. Each layer may only tighten the one above.
    /// - Throws: `PolicyError` with the names of both when a line is weaker than the layer above, or when documents do not fit.
    public init(documents: [JSONValue]) throws(PolicyError) {
        var baselines: [String: Baseline] = [:]
        var sources: [TableSource] = []
        for document in documents {
            guard let text = document["kind"]?.text, let kind = DocumentKind(rawValue: text) else { throw PolicyError(.badDocument, "kind") }
            switch kind {
            case .baseline:
                let baseline = try Baseline(document)
                guard baselines.updateValue(baseline, forKey: baseline.name) == nil else {
                    throw PolicyError(.duplicateBaseline, baseline.name)
                }
            case .unit: sources += try TableSource.tables(ofUnit: document)
            case .table: sources.append(try TableSource(single: document))
            case .standing, .product: break
            }
        }
        jobMemoryBytes = baselines.values.compactMap(\.jobMemory).min().map { $0 << 20 }
        var declared: [String: TableSource] = [:]
        for source in sources {
            if let other = declared.updateValue(source, forKey: source.name) {
                throw PolicyError(.duplicateTable, source.name, other.unit, source.unit)
            }
        }
        var tables: [String: TablePolicy] = [:]
        for name in declared.keys.sorted() {
            guard let source = declared[name] else { continue }
            tables[name] = try TableResolver(source: source, sources: declared, baselines: baselines).resolve()
        }
        self.tables = tables
    }

    /// The policy of a table by its exact name.
    public func table(_ name: String) -> TablePolicy? { tables[name] }

    /// The same set with another policy for one table.
    func replacing(_ table: TablePolicy) -> PolicySet {
        var copy = self
        copy.tables[table.name] = table
        return copy
    }
}

extension PolicySet: TableCatalog {
    /// Identifier columns have an entity type; everything else its declared type.
    public func schema(of table: String) -> TableSchema? {
        guard let policy = tables[table] else { return nil }
        return TableSchema(
            name: table,
            columns: policy.columns.map { ColumnSchema(name: $0.name, type: $0.boundType, isNullable: $0.isNullable) })
    }

    /// Names of all tables, in order.
    public var tableNames: [String] { tables.keys.sorted() }
}
