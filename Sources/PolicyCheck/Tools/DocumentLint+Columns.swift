// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Tabular

extension DocumentLint {
    mutating func lintColumn(_ column: ColumnPolicy, of policy: TablePolicy) {
        let path = columnPath(column.name, of: policy.name)
        let name = policy.name + "." + column.name
        if isUnlabelled(column, policy) { findings.add(.unlabelledColumn, at: path, name) }
        lintDates(column, policy, path, name)
        if !policy.isOpen, column.capabilities.contains(.join), policy.entities.contains(where: { $0.type == nil }) {
            findings.add(.joinUnusable, at: path + ["allow", Capability.join.rawValue], name)
        }
        lintBounds(column, policy, path, name)
        if !policy.isOpen { lintRestrictions(column, policy, path, name) }
        for line in unusedLines(column, policy) where written(column.name, of: policy.name)?[line] != nil {
            findings.add(.lineUnused, at: path + [line], name, line)
        }
    }

    /// Nothing is said about the use of a column that the policy does not need itself.
    private func isUnlabelled(_ column: ColumnPolicy, _ policy: TablePolicy) -> Bool {
        guard !policy.isOpen, column.capabilities.isEmpty, column.excludedRows.isEmpty, let written = written(column.name, of: policy.name)
        else { return false }
        if written["use"] != nil || written["allow"] != nil || column.owners["allow"] == policy.baseline && policy.baseline != nil { return false }
        if policy.rowRange.contains(where: { $0.column == column.name }) || policy.rowKey.contains(column.name) { return false }
        return !policy.entities.contains { entity in
            switch entity {
            case .key(_, let key), .via(_, _, let key, _): key == column.name
            case .weight(let weight): weight == column.name
            case .none: false
            }
        }
    }

    /// Without a granularity every single day can head a group or bound a range.
    private mutating func lintDates(_ column: ColumnPolicy, _ policy: TablePolicy, _ path: [String], _ name: String) {
        guard !policy.isOpen, column.type == .date || column.type == .timestamp, column.granularity == nil else { return }
        let uses = Capability.allCases.filter { column.capabilities.contains($0) && Self.picksDays.contains($0) }
        guard !uses.isEmpty else { return }
        findings.add(.dateWithoutGranularity, at: path + ["allow"], name, uses.map(\.label).joined(separator: ", "))
    }

    private mutating func lintBounds(_ column: ColumnPolicy, _ policy: TablePolicy, _ path: [String], _ name: String) {
        guard !policy.isOpen, let bounds = column.bounds else { return }
        let digits = max(ExactDecimal.digits(of: bounds.lower), ExactDecimal.digits(of: bounds.upper))
        let isAmount = !column.capabilities.isDisjoint(with: Capability.amounts)
        if isAmount, digits > Limits.amountDigits {
            findings.add(.amountTooLarge, at: path + ["bounds"], name, String(Limits.amountDigits))
        }
        if isAmount, bounds.lower == bounds.upper { findings.add(.boundsEqual, at: path + ["bounds"], name) }
        if case .decimal(let precision, _) = column.type, digits > precision {
            findings.add(.boundsBeyondType, at: path + ["bounds"], name, column.type.name)
        }
    }

    /// Lines that no granted use asks for.
    private func unusedLines(_ column: ColumnPolicy, _ policy: TablePolicy) -> [String] {
        if policy.isOpen { return ["granularity", "prefix", "bounds", "finest"] + Restrictions.keys }
        var unused = unusedRestrictions(column, policy)
        if column.capabilities.isDisjoint(with: Capability.amounts) { unused.append("bounds") }
        if column.capabilities.isDisjoint(with: Self.picksDays) { unused += ["granularity", "prefix", "finest"] }
        return unused
    }

    /// Uses for which the form of a value matters.
    private static let picksDays: Set<Capability> = [.group, .filterEqual, .filterRange, .join, .countDistinct]

    // MARK: Identifiers

    /// Labels that show what somewhere is declared to be an identifier.
    mutating func lintIdentifiers(of policy: TablePolicy) {
        for column in policy.columns {
            let path = columnPath(column.name, of: policy.name)
            let name = policy.name + "." + column.name
            let shown = Capability.allCases.filter { column.capabilities.contains($0) && Self.shows.contains($0) }
            let uses = shown.map(\.label).joined(separator: ", ")
            if let kind = column.identifier {
                if policy.isOpen { findings.add(.identifierOpen, at: path + ["identifier"], name, kind.label) }
                lintKind(kind, column, policy, path)
            } else if !shown.isEmpty {
                let allow = path + ["allow"]
                if let type = entityType(of: column, policy), Self.natural.contains(type) {
                    if policy.isOpen {
                        findings.add(.identifierOpen, at: path, name, IdentifierKind.key.label)
                    } else {
                        findings.add(.identifierShown, at: allow, name, type, uses)
                    }
                } else if let (other, kind) = identifierElsewhere(column, policy) {
                    findings.add(.identifierElsewhere, at: allow, name, uses, other, kind.label)
                }
            }
        }
    }

    /// Two kinds of keys of one type never meet: one is normalised, the other is not.
    private mutating func lintKind(_ kind: IdentifierKind, _ column: ColumnPolicy, _ policy: TablePolicy, _ path: [String]) {
        guard let type = column.entityType else { return }
        for table in policies.keys.sorted() where table != policy.name {
            for other in policies[table]?.columns ?? [] where other.entityType == type {
                guard let otherKind = other.identifier, otherKind != kind else { continue }
                let name = policy.name + "." + column.name
                findings.add(.identifierKindDiffers, at: path + ["identifier"], name, kind.label, table + "." + other.name, otherKind.label)
                return
            }
        }
    }

    private func identifierElsewhere(_ column: ColumnPolicy, _ policy: TablePolicy) -> (name: String, kind: IdentifierKind)? {
        for table in policies.keys.sorted() where table != policy.name {
            for other in policies[table]?.columns ?? [] {
                guard let kind = other.identifier, other.name == column.name || other.element != nil && other.element == column.element
                else { continue }
                return (table + "." + other.name, kind)
            }
        }
        return nil
    }

    private func entityType(of column: ColumnPolicy, _ policy: TablePolicy) -> String? {
        for case .key(let type, let key) in policy.entities where key == column.name { return type }
        return nil
    }

    /// Uses that tell a value, or whether a value is there.
    private static let shows: Set<Capability> = [.project, .group, .filterEqual, .filterRange]
    /// Entities that are persons, or stand for a few of them.
    private static let natural: Set<String> = [person, "household", "vehicle"]
}
