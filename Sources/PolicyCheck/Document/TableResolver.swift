// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

/// Puts one table together.
struct TableResolver {
    let source: TableSource
    let sources: [String: TableSource]
    let baselines: [String: Baseline]

    func resolve() throws(PolicyError) -> TablePolicy {
        let baseline = try baseline()
        let baselineName = source.baseline ?? source.unit
        let entities = try entities(of: source, depth: 0)
        let columns = try columns(entities, baseline, baselineName)
        var floor: ReleaseLines?
        var isForbidden = false
        if let grade = source.grade, let found = baseline?.floors[grade] {
            switch found {
            case .forbidden: isForbidden = true
            case .lines(let lines): floor = lines
            }
        }
        let release = try ReleasePolicy.effective(
            source.release, unit: source.unit, floor: floor, baseline: baselineName, table: source.name)
        let policy = TablePolicy(
            name: source.name, unit: source.unit, catalogue: source.catalogue, updated: source.updated, baseline: source.baseline, grade: source.grade,
            personal: source.personal, isOpen: source.isOpen, isForbidden: isForbidden, entities: entities, fanOut: fanOut(entities),
            rowRange: source.rowRange, columns: columns, release: release,
            useLimits: try UseLimits.effective(
                source.useLimits, unit: source.unit, under: baseline?.useLimits ?? UseLimits(), baseline: baselineName, table: source.name),
            rowKey: source.rowKey)
        try check(policy)
        return policy
    }

    private func fanOut(_ entities: [EntityDeclaration]) -> FanOut? {
        guard let rows = source.fanOut, case .key(_, let column) = entities.first else { return nil }
        return FanOut(column: column, rows: rows)
    }

    private func baseline() throws(PolicyError) -> Baseline? {
        guard let name = source.baseline else { return nil }
        guard let baseline = baselines[name] else { throw PolicyError(.unknownBaseline, source.name, name) }
        return baseline
    }

    /// The declared entities; `via` becomes the entities of the table it goes through.
    private func entities(of source: TableSource, depth: Int) throws(PolicyError) -> [EntityDeclaration] {
        guard depth <= Limits.viaDepth else { throw PolicyError(.circularVia, source.name) }
        var found: [EntityDeclaration] = []
        for entity in source.entities {
            switch entity {
            case .key(let type, let column): found.append(.key(type: type, column: column))
            case .none(let rows): found.append(.none(maximumRowsPerPerson: rows))
            case .weight(let column): found.append(.weight(column: column))
            case .via(let table, let column):
                guard let target = sources[table], table != source.name else { throw PolicyError(.unknownVia, source.name, table) }
                let types = try entities(of: target, depth: depth + 1).compactMap(\.type)
                guard !types.isEmpty else { throw PolicyError(.unknownVia, source.name, table) }
                found += types.map { .via(type: $0, table: table, keyColumn: column, column: column) }
            }
        }
        return found
    }

    /// What puts each column together.
    func columnResolver() throws(PolicyError) -> ColumnResolver {
        columnResolver(try entities(of: source, depth: 0), try baseline(), source.baseline ?? source.unit)
    }

    private func columnResolver(_ entities: [EntityDeclaration], _ baseline: Baseline?, _ baselineName: String) -> ColumnResolver {
        var entityColumns: [String: String] = [:]
        for case .key(let type, let column) in entities { entityColumns[column] = type }
        return ColumnResolver(
            table: source.name, unit: source.unit, baselineName: baselineName, elements: baseline?.elements ?? [:], isOpen: source.isOpen,
            entityColumns: entityColumns)
    }

    private func columns(
        _ entities: [EntityDeclaration], _ baseline: Baseline?, _ baselineName: String
    ) throws(PolicyError) -> [ColumnPolicy] {
        let resolver = columnResolver(entities, baseline, baselineName)
        var columns: [ColumnPolicy] = []
        var names: Set<String> = []
        var physicalNames: Set<String> = []
        for json in source.columns {
            let column = try resolver.resolve(json)
            guard names.insert(column.name).inserted, physicalNames.insert(column.physicalName).inserted else {
                throw PolicyError(.duplicateColumn, source.name, column.name)
            }
            columns.append(column)
        }
        return columns
    }

    /// Lines of a table that must fit each other.
    private func check(_ policy: TablePolicy) throws(PolicyError) {
        var types: Set<String> = []
        for entity in policy.entities {
            switch entity {
            case .key(let type, let column):
                guard policy.column(column) != nil else { throw PolicyError(.unknownColumn, policy.name, column) }
                guard types.insert(type).inserted else { throw PolicyError(.duplicateEntity, policy.name, type) }
            case .via(let type, let table, let keyColumn, let column):
                guard let own = policy.column(column), own.identifier == nil else { throw PolicyError(.unknownColumn, policy.name, column) }
                guard sources[table].map({ Self.hasColumn(keyColumn, $0) }) == true else { throw PolicyError(.unknownColumn, table, keyColumn) }
                guard types.insert(type).inserted else { throw PolicyError(.duplicateEntity, policy.name, type) }
            case .none:
                guard policy.entities.count == 1 else { throw PolicyError(.duplicateEntity, policy.name, "none") }
            case .weight(let column):
                guard policy.entities.count == 1 else { throw PolicyError(.duplicateEntity, policy.name, "weight") }
                guard policy.column(column)?.type == .int64 else { throw PolicyError(.unknownColumn, policy.name, column) }
            }
        }
        for column in policy.columns {
            for name in column.restrictions.compareWith ?? [] where policy.column(name) == nil {
                throw PolicyError(.unknownColumn, policy.name, name)
            }
        }
        for column in policy.rowKey where policy.column(column) == nil { throw PolicyError(.unknownColumn, policy.name, column) }
        for condition in policy.rowRange {
            guard let column = policy.column(condition.column) else { throw PolicyError(.unknownColumn, policy.name, condition.column) }
            guard PolicyFilter.predicate(condition, column) != nil else { throw PolicyError(.badRowRange, policy.name, condition.column) }
        }
        if !policy.isOpen, policy.protectedEntities.isEmpty { throw PolicyError(.missingEntity, policy.name) }
    }

    private static func hasColumn(_ name: String, _ source: TableSource) -> Bool {
        source.columns.contains { $0["name"]?.text == name }
    }
}
