// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import SQLSyntax

/// Everything that a verdict rests on, and the same with one edit carried out.
struct CheckInput {
    let sql: String
    let policies: PolicySet
    let parameterDomains: JSONValue
    let basis: CheckBasis

    /// The findings of a check, empty when it is allowed; nil when this is no statement over these tables any more.
    func verdict() -> Verdict? {
        guard let outcome = try? QueryCheck.run(sql: sql, policies: policies, parameterDomains: parameterDomains, basis: basis) else { return nil }
        switch outcome {
        case .approved: return Verdict(decision: .allowed, findings: [])
        case .stopped(let verdict): return verdict
        }
    }

    /// With an edit; nil where it cannot be made.
    func applying(_ edit: Edit) -> CheckInput? {
        switch edit {
        case .statement(let edits):
            return Self.applying(edits, to: sql).map { CheckInput(sql: $0, policies: policies, parameterDomains: parameterDomains, basis: basis) }
        case .grant(let table, let column, let capability):
            return policies.granting(capability, column: column, of: table).map {
                CheckInput(sql: sql, policies: $0, parameterDomains: parameterDomains, basis: basis)
            }
        case .parameter(let name, let domain):
            var domains = parameterDomains.members ?? [:]
            domains[name] = domain
            return CheckInput(sql: sql, policies: policies, parameterDomains: .object(domains), basis: basis)
        }
    }

    private static func applying(_ edits: [TextEdit], to sql: String) -> String? {
        var scalars = Array(sql.unicodeScalars)
        var end = scalars.count
        for edit in edits.sorted(by: { $0.span.offset > $1.span.offset }) {
            let from = edit.span.offset
            guard from >= 0, edit.span.length >= 0, from + edit.span.length <= end else { return nil }
            scalars.replaceSubrange(from..<from + edit.span.length, with: edit.text.unicodeScalars)
            end = from
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}

extension PolicySet {
    /// The same policies with one capability more; nil where the column's type does not allow it, or it is there already.
    func granting(_ capability: Capability, column name: String, of tableName: String) -> PolicySet? {
        guard let table = table(tableName), let index = table.columns.firstIndex(where: { $0.name == name }) else { return nil }
        let column = table.columns[index]
        guard !column.capabilities.contains(capability) else { return nil }
        let granted = column.granting(capability)
        do { try ColumnRules.check(granted, place: tableName + "." + name, isOpen: table.isOpen) } catch { return nil }
        var columns = table.columns
        columns[index] = granted
        return replacing(table.with(columns))
    }
}

extension TablePolicy {
    fileprivate func with(_ columns: [ColumnPolicy]) -> TablePolicy {
        TablePolicy(
            name: name, unit: unit, catalogue: catalogue, updated: updated, baseline: baseline, grade: grade, personal: personal,
            isOpen: isOpen, isForbidden: isForbidden, entities: entities, fanOut: fanOut, rowRange: rowRange, columns: columns, release: release,
            useLimits: useLimits, rowKey: rowKey)
    }
}

extension ColumnPolicy {
    fileprivate func granting(_ capability: Capability) -> ColumnPolicy {
        var granted = self
        granted.capabilities.insert(capability)
        return granted
    }
}
