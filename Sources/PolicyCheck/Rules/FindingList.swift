// SPDX-License-Identifier: Apache-2.0

import SQLSyntax

/// Collects findings: all of them, each once, in the order of their places.
struct FindingList {
    private var findings: [Finding] = []
    private var seen: Set<Finding> = []

    var isEmpty: Bool { findings.isEmpty }

    mutating func add(
        _ rule: PolicyRule, _ clause: Clause, _ span: SourceSpan, _ arguments: [String] = [], column: SourceColumn? = nil,
        capability: Capability? = nil, owner: String? = nil, _ change: PolicyChange? = nil, _ changeArguments: [String] = []
    ) {
        let finding = Finding(
            rule: rule.rawValue, clause: clause.rawValue, span: span, column: column?.name, capability: capability?.rawValue,
            owner: owner ?? column?.table.unit, arguments: arguments,
            passesIf: change.map { Finding.Change(code: $0.rawValue, arguments: changeArguments) })
        if seen.insert(finding).inserted { findings.append(finding) }
    }

    /// In order of place, rule, column, capability.
    var sorted: [Finding] {
        findings.sorted { left, right in
            if left.span.offset != right.span.offset { return left.span.offset < right.span.offset }
            return Self.key(left).utf8.lexicographicallyPrecedes(Self.key(right).utf8)
        }
    }

    private static func key(_ finding: Finding) -> String {
        [finding.rule, finding.column ?? "", finding.capability ?? "", finding.clause, finding.arguments.joined(separator: "\u{1}")]
            .joined(separator: "\u{0}")
    }
}

/// Part of a statement, as findings name it.
enum Clause: String {
    case select, table, join, `where` = "where", groupBy = "group-by", aggregate, parameter
}
