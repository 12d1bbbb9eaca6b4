// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax

/// The protected columns by which a job tells its cells apart: what heads groups, and what is held equal to one constant. Each of them is
/// something that others may know of a person.
///
/// Ranges and lists leave many values together, and branches of a conditional too; they are left out, and thresholds hold for them.
struct QuasiIdentifiers {
    /// One column of a table and where it is used.
    struct Use {
        let position: Int
        let span: SourceSpan
        let clause: Clause
        /// In the finest form that the column's policy shows.
        let isWhole: Bool
        /// Nil: a text of a code table that the column leads to.
        let shape: ColumnView.Shape?
    }

    private(set) var uses: [Use] = []
    private let flow: PlanFlow
    private let steering: Steering

    /// - Parameter keys: of the groups, written over source columns.
    init(_ flow: PlanFlow, keys: [BoundExpression]) {
        self.flow = flow
        steering = Steering(flow)
        for key in keys { collectKey(key) }
        for predicate in flow.predicates { collectEqualities(predicate) }
    }

    /// Columns in their finest form, by table, in the order of the table.
    var columns: [String: [String]] {
        var columns: [String: [String]] = [:]
        for use in uses where use.isWhole {
            let source = flow.sources[use.position]
            if !columns[source.table.name, default: []].contains(source.column.name) {
                columns[source.table.name, default: []].append(source.column.name)
            }
        }
        for (name, found) in columns {
            guard let table = flow.references.values.first(where: { $0.policy.name == name })?.policy else { continue }
            columns[name] = table.columns.map(\.name).filter(found.contains)
        }
        return columns
    }

    private mutating func collectKey(_ key: BoundExpression) {
        if let view = ColumnView(key) { return add(view, key.span, .groupBy) }
        switch key.kind {
        case .caseWhen(let branches, let otherwise):
            for branch in branches { collectKey(branch.result) }
            if let otherwise { collectKey(otherwise) }
        case .function(.coalesce, let arguments): for argument in arguments { collectKey(argument) }
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .cast, .function: return
        }
    }

    private mutating func collectEqualities(_ condition: BoundExpression) {
        switch condition.kind {
        case .and(let operands), .or(let operands): for operand in operands { collectEqualities(operand) }
        case .comparison(.equal, let left, let right):
            for (side, other) in [(left, right), (right, left)] where other.isConstant {
                if let view = ColumnView(side) { add(view, side.span, .where) }
            }
        case .inList(let operand, let items):
            if items.count == 1, let view = ColumnView(operand) { add(view, operand.span, .where) }
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .cast, .function, .caseWhen: return
        }
    }

    private mutating func add(_ view: ColumnView, _ span: SourceSpan, _ clause: Clause) {
        let source = flow.sources[view.source]
        if source.isProtected {
            if source.column.identifier == nil { add(Use(position: view.source, span: span, clause: clause, isWhole: Self.isWhole(view, source), shape: view.shape)) }
        } else {
            // A text of a code table is a coarser view of the code that led to it.
            for position in steering.columns(over: view.source) { add(Use(position: position, span: span, clause: clause, isWhole: false, shape: nil)) }
        }
    }

    private mutating func add(_ use: Use) {
        guard let place = uses.firstIndex(where: { $0.isSame(as: use, flow) }) else { return uses.append(use) }
        let known = uses[place]
        // Two coarse views are as good as the whole: year and month of a year.
        let isWhole = known.isWhole || use.isWhole || known.shape != use.shape
        uses[place] = Use(position: known.position, span: known.span, clause: known.clause, isWhole: isWhole, shape: known.shape)
    }

    /// Whether a view shows its column as finely as the policy lets anyone see it.
    private static func isWhole(_ view: ColumnView, _ source: SourceColumn) -> Bool {
        switch view.shape {
        case .whole, .midnight: true
        case .truncated(let field): (source.column.granularity?.rawValue ?? "day") == field
        case .extracted, .band: false
        case .prefix(let length): source.column.prefix == length
        }
    }
}

extension QuasiIdentifiers.Use {
    /// Whether both are of the same column, whichever reference of the table reads it.
    fileprivate func isSame(as other: QuasiIdentifiers.Use, _ flow: PlanFlow) -> Bool {
        flow.sources[position].name == flow.sources[other.position].name
    }
}
