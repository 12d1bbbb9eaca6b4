// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import SQLSyntax
import Tabular

/// Ways to carry out the change that a finding names, the likeliest first. Whether one helps is found by checking again.
struct EditProposals {
    let input: CheckInput
    let map: StatementMap

    func edits(for finding: Finding) -> [Edit] {
        guard let change = finding.passesIf, let code = PolicyChange(rawValue: change.code), code.isMechanical else { return [] }
        switch code {
        case .grant: return grants(finding)
        case .aggregate: return aggregations(finding)
        case .truncate: return coarser(finding) { truncated($0, to: finding.granularity(in: input.policies)?.rawValue ?? "") }
        case .shorten: return coarser(finding) { shortened($0, to: finding.prefix(in: input.policies)) }
        case .align: return alignments(finding)
        case .alignParameter: return parameterAlignments(finding, parameter: change.arguments.first ?? "")
        case .plainColumn: return plainColumns(finding)
        case .castToDecimal: return casts(finding)
        case .scaleOutside: return factorsOutside(finding)
        case .separateAggregates: return separations(finding)
        case .useAverage: return calls(finding) { call, map in ["AVG", "SUM"].compactMap { map.call($0, like: call) } }
        case .countRows: return calls(finding) { call, map in [map.call("COUNT", like: call, of: "*")].compactMap(\.self) }
        case .protectedFirst: return exchanges(finding)
        case .removeColumn: return removals(finding)
        case .separateBranches, .compareWithConstant, .readOnce, .setGrade, .useBand, .compareWithEdges, .useListedCode, .alignEdges, .widenRange,
            .leaveOrder, .useWithin, .endUse, .coarsenUnion:
            return []
        }
    }

    // MARK: Policies and parameters

    private func grants(_ finding: Finding) -> [Edit] {
        guard let (table, column) = finding.place(in: input.policies), let capability = finding.capability.flatMap(Capability.init(rawValue:))
        else { return [] }
        return [.grant(table: table, column: column, capability: capability)]
    }

    /// Another domain whose every value is an edge; or the beginning of the period that the parameter lies in.
    private func parameterAlignments(_ finding: Finding, parameter: String) -> [Edit] {
        guard let granularity = finding.granularity(in: input.policies) else { return [] }
        var edits: [Edit] = []
        if let domain = input.parameterDomains[parameter] {
            for edge in Granularity.Edge.allCases {
                if let aligned = granularity.aligned(domain, edge) { edits.append(.parameter(name: parameter, domain: aligned)) }
            }
        }
        guard let node = map.node(at: finding.span) else { return edits }
        return edits + replacing([node], with: "date_trunc('\(granularity.rawValue)', \(map.text(finding.span)))")
    }

    // MARK: Constants

    /// The first or last moment of the period in which a constant lies.
    private func alignments(_ finding: Finding) -> [Edit] {
        guard let granularity = finding.granularity(in: input.policies), let node = map.node(at: finding.span) else { return [] }
        var texts: [String] = []
        if let moment = map.nodes[node].expression.moment {
            for edge in Granularity.Edge.allCases { texts += granularity.spellings(of: moment, edge) }
        }
        texts.append("date_trunc('\(granularity.rawValue)', \(map.text(finding.span)))")
        return texts.flatMap { replacing([node], with: $0) }
    }

    // MARK: Coarser views

    /// A coarser view in place of an expression, also where the same SELECT says the same again; constants it is compared with likewise.
    private func coarser(_ finding: Finding, _ view: (SQLExpression) -> (value: String, constant: (SQLExpression) -> String?)?) -> [Edit] {
        guard let node = map.node(at: finding.span), let made = view(map.nodes[node].expression) else { return [] }
        var edits: [Edit] = []
        if let parent = map.nodes[node].parent {
            let constants = map.nodes[parent].expression.kind.comparedConstants(with: map.nodes[node].expression)
            let pieces = constants.compactMap { constant in made.constant(constant).map { TextEdit(span: constant.span, text: $0) } }
            if !pieces.isEmpty, pieces.count == constants.count {
                edits.append(.statement(pieces + [TextEdit(span: finding.span, text: made.value)]))
            }
        }
        edits += replacing(map.equals(of: node), with: made.value)
        return map.equals(of: node).count > 1 ? edits + replacing([node], with: made.value) : edits
    }

    private func truncated(_ expression: SQLExpression, to field: String) -> (value: String, constant: (SQLExpression) -> String?)? {
        guard let granularity = Granularity(rawValue: field), let inner = expression.innermost(of: ["date_trunc", "date_part"]) else { return nil }
        return (
            "date_trunc('\(field)', \(map.text(inner)))",
            { constant in constant.moment.flatMap { granularity.spellings(of: $0, .first).first } }
        )
    }

    private func shortened(_ expression: SQLExpression, to length: Int?) -> (value: String, constant: (SQLExpression) -> String?)? {
        guard let length, let inner = expression.innermost(of: ["substring", "substr", "left", "lower", "upper"]) else { return nil }
        return (
            "substring(\(map.text(inner)), 1, \(length))",
            { constant in
                guard case .literal(.string(let text)) = constant.kind else { return nil }
                return "'" + text.unicodeScalars.prefix(length).map { $0 == "'" ? "''" : String($0) }.joined() + "'"
            }
        )
    }

    // MARK: Plain columns

    private func plainColumns(_ finding: Finding) -> [Edit] {
        guard let node = map.node(at: finding.span) else { return [] }
        let equals = map.equals(of: node)
        return map.columns(within: node).flatMap { column in
            (equals.count > 1 ? replacing(equals, with: map.text(column)) : []) + replacing([node], with: map.text(column))
        }
    }

    /// The dividend as a decimal with room behind the point.
    private func casts(_ finding: Finding) -> [Edit] {
        guard let node = map.node(at: finding.span), case .binary(.divide, let left, _) = map.nodes[node].expression.kind,
            let dividend = map.nodes.firstIndex(where: { $0.expression.span == left.span })
        else { return [] }
        return ["decimal(12,2)", "decimal(18,6)", "decimal(28,10)"].flatMap { type in
            replacing([dividend], with: "CAST(\(map.text(left)) AS \(type))")
        }
    }

    // MARK: Shared

    /// Text in place of expressions. A column of a select list that has no name keeps its own.
    func replacing(_ indices: [Int], with text: String) -> [Edit] {
        let edits = indices.map { index in
            let node = map.nodes[index]
            var new = text
            if case .column(_, let name) = node.expression.kind, node.region == .items, node.parent == nil, let block = node.block,
                map.blocks[block].items.contains(where: { $0.isUnnamed(node.expression) })
            {
                new += " AS " + map.text(name.span)
            }
            return TextEdit(span: node.expression.span, text: new)
        }
        return edits.isEmpty ? [] : [.statement(edits)]
    }
}

extension PolicyChange {
    /// Whether it can be carried out by a rule; every other change is a person's to think out.
    public var isMechanical: Bool {
        switch self {
        case .grant, .aggregate, .truncate, .align, .alignParameter, .shorten, .plainColumn, .separateAggregates, .useAverage, .countRows,
            .castToDecimal, .scaleOutside, .protectedFirst, .removeColumn:
            true
        case .separateBranches, .compareWithConstant, .readOnce, .setGrade, .useBand, .compareWithEdges, .useListedCode, .alignEdges, .widenRange,
            .leaveOrder, .useWithin, .endUse, .coarsenUnion:
            false
        }
    }
}

extension Finding {
    /// Table and column of the base column.
    func place(in policies: PolicySet) -> (table: String, column: String)? {
        guard let column else { return nil }
        for table in policies.tableNames where column.hasPrefix(table + ".") {
            let name = String(column.dropFirst(table.count + 1))
            if policies.table(table)?.column(name) != nil { return (table, name) }
        }
        return nil
    }

    func granularity(in policies: PolicySet) -> Granularity? { column(in: policies)?.granularity }

    func prefix(in policies: PolicySet) -> Int? { column(in: policies)?.prefix }

    private func column(in policies: PolicySet) -> ColumnPolicy? {
        place(in: policies).flatMap { policies.table($0.table)?.column($0.column) }
    }
}
