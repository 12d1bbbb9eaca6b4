// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import QueryPlan
import Tabular

/// All policies in force, layered and checked as a whole. Also the catalogue that the binder resolves names against: columns that may not
/// be mentioned are in it, so that mentioning one is a finding with its owner and not an unknown name.
public struct PolicySet: TableCatalog, Sendable {
    private let tables: [String: TablePolicy]

    /// Merges canonical documents. Throws where a document contradicts itself, names what does not exist, or loosens a layer above it.
    public init(documents: [JSONValue]) throws(PolicyError) {
        var baselines: [String: Baseline] = [:]
        for document in documents where document["kind"]?.text == DocumentKind.baseline.rawValue {
            let baseline = try Baseline(document)
            baselines[baseline.name] = baseline
        }
        var tables: [String: TablePolicy] = [:]
        func add(_ policy: TablePolicy) throws(PolicyError) {
            guard tables[policy.name] == nil else { throw PolicyError(.tableTwice, policy.name) }
            tables[policy.name] = policy
        }
        for document in documents {
            switch document["kind"]?.text.flatMap(DocumentKind.init(rawValue:)) {
            case .baseline, .standing, .product: continue
            case .table:
                guard let name = document["table"]?.text else { throw PolicyError(.malformed, "table") }
                try add(try TablePolicyBuilder(name: name, unit: document["unit"]?.text ?? "", own: document, defaults: .null, baseline: nil).build())
            case .unit:
                for policy in try Self.tables(ofUnit: document, baselines) { try add(policy) }
            case nil: throw PolicyError(.malformed, "kind")
            }
        }
        self.tables = tables
        try checkVia()
    }

    private static func tables(ofUnit document: JSONValue, _ baselines: [String: Baseline]) throws(PolicyError) -> [TablePolicy] {
        guard let unit = document["unit"]?.text, let members = document["tables"]?.members else { throw PolicyError(.malformed, "unit") }
        let defaults = document["defaults"] ?? .null
        var baseline: Baseline?
        if let name = defaults["baseline"]?.text {
            guard let found = baselines[name] else { throw PolicyError(.unknownBaseline, unit, name) }
            baseline = found
        }
        var policies: [TablePolicy] = []
        for (name, own) in members.sorted(by: { $0.key < $1.key }) {
            policies.append(try TablePolicyBuilder(name: name, unit: unit, own: own, defaults: defaults, baseline: baseline).build())
        }
        return policies
    }

    /// A `via` must lead to a table whose first entity has an identifier of its own, through a column that exists.
    private func checkVia() throws(PolicyError) {
        for policy in tables.values.sorted(by: { $0.name < $1.name }) {
            for declaration in policy.entities {
                guard case .via(_, let through, let column, _) = declaration else { continue }
                guard let target = tables[through], target.column(column) != nil, Self.firstEntityType(target) != nil else {
                    throw PolicyError(.viaUnknown, policy.name, through, column)
                }
            }
        }
    }

    private static func firstEntityType(_ policy: TablePolicy) -> String? {
        if case .key(let type, _) = policy.entities.first { type } else { nil }
    }

    /// The policy of a table, `via` entities with the type that the other table gives them.
    public func table(_ name: String) -> TablePolicy? {
        guard let policy = tables[name] else { return nil }
        let entities = policy.entities.map { declaration in
            guard case .via(_, let through, let throughColumn, let ownColumn) = declaration,
                let type = tables[through].flatMap(Self.firstEntityType)
            else { return declaration }
            return EntityDeclaration.via(type: type, table: through, throughColumn: throughColumn, ownColumn: ownColumn)
        }
        return policy.withEntities(entities)
    }

    public var tableNames: [String] { tables.keys.sorted() }

    public func schema(of table: String) -> TableSchema? {
        guard let policy = tables[table] else { return nil }
        return TableSchema(
            name: table,
            columns: policy.columns.map { column in
                let type: LogicalType = column.identifier == nil ? column.type : .entity(column.entityType ?? "")
                return ColumnSchema(name: column.name, type: type, isNullable: column.isNullable)
            })
    }
}

extension TablePolicy {
    func withEntities(_ entities: [EntityDeclaration]) -> TablePolicy {
        TablePolicy(
            name: name, unit: unit, baseline: baseline, grade: grade, isOpen: isOpen, isForbidden: isForbidden, entities: entities,
            rowRange: rowRange, rowKey: rowKey, columns: columns, release: release)
    }
}
