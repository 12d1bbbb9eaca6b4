// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Judges what steers rows and what heads groups by the labels of expressions, and collects what is missing.
struct ExpressionJudge {
    let labeler: Labeler
    var findings = FindingList()
    /// Edges of ranges whose distance is judged when all are known: a part of the statement cannot get around another.
    private var cuts: [(cut: RangeCut, clause: Clause)] = []

    var sources: [SourceColumn] { labeler.sources }

    init(flow: PlanFlow, context: CheckContext) {
        labeler = Labeler(grants: Grants(sources: flow.sources, steering: Steering(flow)), domains: context.parameters)
    }

    /// A condition that keeps rows, matches them or picks a branch.
    mutating func judgeCondition(_ condition: BoundExpression, _ clause: Clause) {
        report(labeler.condition(condition, inKey: false), clause)
    }

    /// A value that heads groups.
    mutating func judgeKey(_ key: BoundExpression) {
        let label = labeler.value(key, inKey: true)
        report(label, .groupBy, operation: .expressionInKey)
        for view in label.views { allow(.group, view, .groupBy) }
    }

    /// Edges of ranges of one column, wherever in the statement they stand, lie apart by the width that the column asks for.
    mutating func judgeWidths() {
        var constants: [Int: RangeCut] = [:]
        var variables: [Int: [RangeCut]] = [:]
        for (cut, clause) in cuts {
            let source = sources[cut.source]
            guard let width = source.column.restrictions.rangeWidth else { continue }
            let others = (variables[cut.source] ?? []) + [constants[cut.source]].compactMap(\.self)
            if others.contains(where: { cut.isTooNear($0, width, source.column) }) {
                findings.add(labeler.grants.tooNear(source, cut.span, width), clause)
            }
            if cut.places.count == 1 {
                constants[cut.source, default: RangeCut(source: cut.source, span: cut.span, places: [], text: "")].insert(cut.places[0])
            } else if !(variables[cut.source] ?? []).contains(where: { $0.text == cut.text }) {
                variables[cut.source, default: []].append(cut)
            }
        }
    }

    private mutating func report(_ label: Label, _ clause: Clause, operation: PolicyRule = .expressionInFilter) {
        for loss in label.losses { findings.add(loss, clause, operation: operation) }
        cuts += label.cuts.map { ($0, clause) }
    }

    /// Whether a view may be used so; findings when not.
    @discardableResult
    mutating func allow(_ capability: Capability, _ view: ColumnView, _ clause: Clause) -> Bool {
        let losses = labeler.grants.losses(of: view, for: capability)
        for loss in losses { findings.add(loss, clause) }
        return losses.isEmpty
    }

    /// The same of a whole column, whatever its shape.
    @discardableResult
    mutating func require(_ capability: Capability, of position: Int, _ clause: Clause, _ span: SourceSpan) -> Bool {
        if sources[position].column.capabilities.contains(capability) { return true }
        findings.add(labeler.grants.missing(capability, of: ColumnView(source: position, shape: .whole, span: span)), clause)
        return false
    }

    func isOpen(_ expression: BoundExpression) -> Bool { labeler.isOpen(expression) }

    func protectedColumn(of expression: BoundExpression) -> SourceColumn? { labeler.protectedColumn(of: expression) }
}
