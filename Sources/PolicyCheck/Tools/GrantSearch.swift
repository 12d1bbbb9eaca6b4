// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import QueryPlan
import SQLSyntax

/// Finds the smallest grant under which a statement passes. The checker itself decides, on the documents as they would be: nothing is
/// proposed that it has not approved. What the layers above do not let a unit grant is asked of them too.
public enum GrantSearch {
    /// Searches from the documents in force.
    ///
    /// Grants are added only where findings name a capability, a granularity or a prefix that is missing, and left out again where the
    /// statement passes without. Throws as `QueryCheck.run` for what is no statement over these tables.
    public static func run(_ statement: Statement, documents: [JSONValue]) throws -> GrantOutcome {
        let policies = try PolicySet(documents: documents)
        let search = Search(statement: statement, documents: documents, policies: policies)
        switch try search.widen() {
        case .stopped(let verdict): return .impossible(verdict)
        case .grants(let grants) where grants.isEmpty: return .notNeeded
        case .grants(let grants):
            let smallest = try search.shrunk(grants)
            let changed = GrantedDocuments(documents, policies).applying(smallest)
            return .found(
                grants: smallest, lines: changed.lines, newUses: NewUse.uses(of: try PolicySet(documents: changed.documents), notOf: policies))
        }
    }

    /// The documents as they would be with grants written into them: the unit's, and its baseline's where that holds a column back.
    public static func documents(_ documents: [JSONValue], with grants: [Grant]) throws(PolicyError) -> [JSONValue] {
        GrantedDocuments(documents, try PolicySet(documents: documents)).applying(grants).documents
    }
}

private struct Search {
    let statement: Statement
    let documents: [JSONValue]
    let policies: PolicySet

    enum Widening {
        case grants([Grant])
        case stopped(Verdict)
    }

    // MARK: Widening

    /// Grants under which it passes; some may be too many or too wide. Every round adds one at least, and there are finitely many.
    func widen() throws -> Widening {
        var grants: [Grant] = []
        while true {
            let current = try policies(under: grants)
            guard case .stopped(let verdict) = try check(current) else { return .grants(grants) }
            var obstacles: [Finding] = []
            var wanted: [Grant] = []
            for finding in verdict.findings {
                guard let grant = current.grant(for: finding), !isForbidden(grant) else {
                    obstacles.append(finding)
                    continue
                }
                do throws(PolicyError) {
                    _ = try policies(under: grants + [grant])
                    if !grants.contains(grant), !wanted.contains(grant) { wanted.append(grant) }
                } catch { obstacles.append(finding.standing(for: error)) }
            }
            guard obstacles.isEmpty else { return .stopped(Verdict(decision: verdict.decision, findings: obstacles)) }
            guard !wanted.isEmpty else { return .stopped(verdict) }
            grants += wanted
        }
    }

    /// A column that its owner forbids in so many words stays so.
    private func isForbidden(_ grant: Grant) -> Bool { GrantedDocuments(documents, policies).isForbidden(grant) }

    private func policies(under grants: [Grant]) throws(PolicyError) -> PolicySet {
        try PolicySet(documents: GrantedDocuments(documents, policies).applying(grants).documents)
    }

    private func check(_ policies: PolicySet) throws -> CheckOutcome {
        try QueryCheck.run(sql: statement.sql, policies: policies, parameterDomains: statement.parameterDomains)
    }

    private func isApproved(_ grants: [Grant]) throws -> Bool {
        if case .approved = try check(try policies(under: grants)) { true } else { false }
    }

    // MARK: Shrinking

    /// Without any grant that is not needed, and each as tight as it can be. One pass is enough: a tighter grant never makes more pass.
    func shrunk(_ grants: [Grant]) throws -> [Grant] {
        var kept = grants
        for grant in grants {
            let others = kept.filter { $0 != grant }
            if try isApproved(others) {
                kept = others
                continue
            }
            // The last of them is the grant itself, under which it passes.
            let forms = policies.forms(of: grant)
            if case .line = grant.change {
                // Of steps none need be looser than the other.
                let first = try withCodes(grant, others) ?? forms.first { try isApproved(others + [$0]) } ?? grant
                kept = kept.map { $0 == grant ? first : $0 }
                continue
            }
            var (low, high) = (0, forms.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if try isApproved(others + [forms[middle]]) { high = middle } else { low = middle + 1 }
            }
            kept = kept.map { $0 == grant ? forms[high] : $0 }
        }
        return kept
    }
}

extension Search {
    /// A list of codes with those constants of the statement that it lacks; nil where that does not help.
    private func withCodes(_ grant: Grant, _ others: [Grant]) throws -> Grant? {
        guard case .line("filter_codes", _) = grant.change, let map = StatementMap(statement.sql) else { return nil }
        let listed = policies.table(grant.table)?.column(grant.column)?.restrictions.codes ?? []
        var added: [String] = []
        for node in map.nodes {
            guard let code = node.expression.code, !listed.contains(code), !added.contains(code) else { continue }
            added.append(code)
        }
        func form(_ codes: [String]) -> Grant { Grant(table: grant.table, column: grant.column, change: .line("filter_codes", listed + codes)) }
        guard added.count <= Limits.grantedCodes, try isApproved(others + [form(added)]) else { return nil }
        for code in added where try isApproved(others + [form(added.filter { $0 != code })]) { added.removeAll { $0 == code } }
        return form(added)
    }
}

extension SQLExpression {
    /// The code that a constant spells.
    fileprivate var code: String? {
        switch kind {
        case .literal(.string(let text)), .literal(.integer(let text)): text
        case .literal, .parameter, .column, .unary, .binary, .isNull, .isDistinct, .isTruth, .between, .inList, .inQuery, .like, .conditional, .cast,
            .extract, .call, .subquery, .exists:
            nil
        }
    }
}

extension Finding {
    /// The same place, but what stands in the way is that the documents would not fit.
    fileprivate func standing(for error: PolicyError) -> Finding {
        Finding(
            rule: error.code.rawValue, clause: clause, span: span, column: column, capability: capability, owner: owner,
            arguments: error.arguments, passesIf: nil)
    }
}

extension PolicySet {
    /// The grant that a finding asks for; nil when it is no matter of a grant.
    fileprivate func grant(for finding: Finding) -> Grant? {
        guard let rule = PolicyRule(rawValue: finding.rule), let (table, column) = finding.column.flatMap({ self.column($0) }) else { return nil }
        func allow() -> Grant? {
            finding.capability.flatMap { Capability(rawValue: $0) }.map { Grant(table: table.name, column: column.name, change: .allow($0)) }
        }
        switch rule {
        case .missingCapability: return finding.passesIf?.code == PolicyChange.grant.rawValue ? allow() : nil
        case .joinSteers: return allow()
        case .columnForbidden: return column.mayGrant(finding.capability) ? allow() : nil
        case .rowsNotReleased: return table.isOpen ? allow() : nil
        case .granularity, .unalignedLiteral, .unalignedParameter:
            return column.granularity == nil ? nil : Grant(table: table.name, column: column.name, change: .granularity(nil))
        case .prefix: return column.prefix == nil ? nil : Grant(table: table.name, column: column.name, change: .prefix(nil))
        case .band: return column.loosening("band", table)
        case .codeNotListed: return column.loosening("filter_codes", table)
        case .rangeWidth: return column.loosening("range_width", table)
        case .joinPartner: return column.loosening("join_with", table)
        case .orderInResult: return column.loosening("order_in_result", table)
        case .rangeAlignment:
            // The band is asked of edges too: which of both it was is found by trying.
            return column.loosening(finding.arguments.last == column.restrictions.rangeAlignment?.text ? "range_alignment" : "band", table)
        // What is written otherwise, a threshold, a grade, a review: nothing that a column could grant.
        default: return nil
        }
    }

    /// Everything wider than what is in force and no wider than the grant, the tightest first, the grant itself last.
    fileprivate func forms(of grant: Grant) -> [Grant] {
        func form(_ change: Grant.Change) -> Grant { Grant(table: grant.table, column: grant.column, change: change) }
        let column = table(grant.table)?.column(grant.column)
        switch grant.change {
        case .allow: return [grant]
        case .granularity:
            let periods: [Granularity] = [.quarter, .month, .day]
            return periods.filter { period in column?.granularity.map { !period.isCoarse(as: $0) } ?? false }.map { form(.granularity($0)) } + [grant]
        case .line(let key, _):
            return (column?.looserSteps(key) ?? []).map { form(.line(key, [$0.text])) } + [grant]
        case .prefix:
            return ((column?.prefix ?? Limits.grantedPrefix)..<Limits.grantedPrefix).map { form(.prefix($0 + 1)) } + [grant]
        }
    }

    /// A column by `table.column`.
    private func column(_ name: String) -> (TablePolicy, ColumnPolicy)? {
        for tableName in tableNames where name.hasPrefix(tableName + ".") {
            guard let table = table(tableName), let column = table.column(String(name.dropFirst(tableName.count + 1))) else { continue }
            return (table, column)
        }
        return nil
    }
}

extension ColumnPolicy {
    /// The grant that a restraining line goes; nil where there is none.
    fileprivate func loosening(_ key: String, _ table: TablePolicy) -> Grant? {
        restrictions.lines.contains { $0.key == key } ? Grant(table: table.name, column: name, change: .line(key, nil)) : nil
    }

    /// Steps of which the step in force is a multiple, or that are shorter than the width in force; the longest first.
    fileprivate func looserSteps(_ key: String) -> [ParameterStep] {
        switch key {
        case "band": restrictions.band?.divisors ?? []
        case "range_alignment", "range_width": (key == "range_width" ? restrictions.rangeWidth : restrictions.rangeAlignment)?.divisors ?? []
        default: []
        }
    }

    /// Identifiers may be joined and counted, nothing else.
    fileprivate func mayGrant(_ capability: String?) -> Bool {
        identifier == nil || capability == Capability.join.rawValue || capability == Capability.countDistinct.rawValue
    }
}

extension ParameterStep {
    /// Smaller steps that divide it, the longest first; of long ones no more than are tried.
    fileprivate var divisors: [ParameterStep] {
        func smaller(_ count: Int128) -> [Int128] {
            guard count <= Int128(Limits.grantedSteps) else { return [] }
            return (1..<max(count, 1)).reversed().filter { count % $0 == 0 }
        }
        return switch self {
        case .days(let count): smaller(Int128(count)).map { .days(Int64($0)) }
        case .months(let count): smaller(Int128(count)).map { .months(Int64($0)) }
        case .number(let units, let scale): smaller(units).map { .number(units: $0, scale: scale) }
        }
    }
}
