// SPDX-License-Identifier: Apache-2.0

import ColumnStore
import PolicyCheck
import Tabular

extension LoadInputs {
    /// What the loader must know of a table's policy: which CSV column is which item, of which type, and whom the rows are about.
    static func plan(
        _ policy: TablePolicy, _ identity: TableIdentity, _ mode: LoadMode, period: String, asOf: String
    ) throws -> LoadPlan {
        LoadPlan(
            identity: identity, mode: mode, columns: policy.columns.map { column(policy, $0) }, entities: policy.entities.compactMap(entityRule(policy)),
            fanOut: policy.fanOut?.rows, upsertKey: upsertKey(policy), period: period, asOf: asOf, measure: measure(policy))
    }

    /// Columns by which cells may be told apart, as anybody may see them. Open tables have nobody to single out.
    private static func measure(_ policy: TablePolicy) -> LoadMeasure? {
        guard !policy.isOpen else { return nil }
        var minimum = policy.release.minimumEntities
        for case .none(let rows) in policy.entities { minimum = minimum.multipliedReportingOverflow(by: rows).partialValue }
        // A row that is a count already singles nobody out by being one row.
        let isCounted = policy.entities.contains { if case .weight = $0 { true } else { false } }
        return LoadMeasure(
            minimum: max(minimum, 1),
            columns: policy.columns.filter { $0.isQuasiIdentifier && !isCounted }.map {
                LoadMeasure.Column(name: $0.name, granularity: $0.granularity?.rawValue, prefix: $0.prefix)
            })
    }

    private static func column(_ policy: TablePolicy, _ column: ColumnPolicy) -> LoadColumn {
        // A row without an entity is stored and takes part in nothing; it is no bad row.
        LoadColumn(
            name: column.name, physicalName: column.physicalName, type: column.type,
            isNullable: column.isNullable || column.entityType != nil,
            dateFormats: column.formats, identifier: column.identifier.map(kind), entityType: column.entityType)
    }

    private static func entityRule(_ policy: TablePolicy) -> (EntityDeclaration) -> EntityRule? {
        { declaration in
            switch declaration {
            case .key(let type, let column):
                let identifier = policy.columns.first { $0.name == column }?.identifier
                return .key(type: type, column: column, kind: identifier.map(kind) ?? .key)
            case .via(let type, let table, let throughColumn, let ownColumn):
                return .via(type: type, table: table, keyColumn: throughColumn, column: ownColumn)
            case .none, .weight:
                return nil
            }
        }
    }

    private static func kind(_ kind: PolicyCheck.IdentifierKind) -> ColumnStore.IdentifierKind {
        switch kind {
        case .residentID: .residentID
        case .key: .key
        }
    }

    /// Rows that agree in these columns are the same row for `--mode upsert`: the declared key, else the first column that is not nullable.
    private static func upsertKey(_ policy: TablePolicy) -> [String] {
        if !policy.rowKey.isEmpty { return policy.rowKey }
        return policy.columns.first { !$0.isNullable }.map { [$0.name] } ?? []
    }
}
