// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Computes the label of any expression over the columns of tables. Every form that is not named here leaves nothing.
package struct Labeler {
    let grants: Grants
    let domains: [String: ParameterDomain]

    var sources: [SourceColumn] { grants.sources }

    package init(grants: Grants, domains: [String: ParameterDomain]) {
        self.grants = grants
        self.domains = domains
    }

    // MARK: Values

    /// The label of a value that heads groups, or is a part of what is tested.
    package func value(_ expression: BoundExpression, inKey: Bool) -> Label {
        if expression.isConstant { return .constant }
        if isOpen(expression) { return open(expression) }
        if let view = ColumnView(expression) { return Label(view) }
        switch expression.kind {
        case .caseWhen(let branches, let otherwise):
            var label = Label.constant
            for branch in branches {
                label.formIntersection(condition(branch.condition, inKey: inKey))
                label.formIntersection(value(branch.result, inKey: inKey))
            }
            if let otherwise { label.formIntersection(value(otherwise, inKey: inKey)) }
            return label
        case .function(.coalesce, let arguments): return arguments.reduce(.constant) { $0.intersection(value($1, inKey: inKey)) }
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .cast, .function:
            if expression.type == .bool { return condition(expression, inKey: inKey) }
            return applied(expression, inKey: inKey) ?? Label(losses: [.operation(expression.span, withholding(expression))])
        }
    }

    /// The label of a function of an allowed class; nil where a column does not allow it.
    private func applied(_ expression: BoundExpression, inKey: Bool) -> Label? {
        guard let functions = FunctionClass.of(expression), expression.columns.allSatisfy({ sources[$0].allows(functions) }) else { return nil }
        return expression.children.reduce(.constant) { $0.intersection(value($1, inKey: inKey)) }
    }

    /// The column whose owner keeps an operation from being used: the first that does not allow its class, else the first of all.
    private func withholding(_ expression: BoundExpression) -> SourceColumn? {
        let columns = expression.columns.sorted().map { sources[$0] }.filter(\.isProtected)
        let functions = FunctionClass.of(expression)
        return columns.first { column in functions.map { !column.allows($0) } ?? true } ?? columns.first
    }

    /// Columns of open tables are free; how they were reached is not.
    private func open(_ expression: BoundExpression) -> Label {
        var label = Label.constant
        for position in expression.columns.sorted() {
            label.formIntersection(Label(ColumnView(source: position, shape: .whole, span: expression.span)))
        }
        return label
    }

    // MARK: Conditions

    /// The label of a condition that keeps rows, matches them or picks a branch: nothing is lost when it may.
    func condition(_ condition: BoundExpression, inKey: Bool) -> Label {
        if condition.isConstant { return .constant }
        if isOpen(condition) { return Label(losses: losses(of: open(condition), for: .filterEqual)) }
        func both(_ operands: [BoundExpression]) -> Label {
            operands.reduce(.constant) { $0.intersection(self.condition($1, inKey: inKey)) }
        }
        switch condition.kind {
        case .and(let operands), .or(let operands), .function(.coalesce, let operands): return both(operands)
        case .not(let operand): return both([operand])
        case .caseWhen(let branches, let otherwise): return both(branches.flatMap { [$0.condition, $0.result] } + [otherwise].compactMap(\.self))
        case .comparison(let symbol, let left, let right):
            if right.isConstant { return tested(left, Test(symbol, [right], inKey)) }
            if left.isConstant { return tested(right, Test(symbol.mirrored, [left], inKey)) }
            return compared(left, right, condition.span)
        case .inList(let operand, let items):
            guard items.allSatisfy(\.isConstant) else { return refused(condition) }
            return tested(operand, Test(.equal, items, inKey))
        case .isNull(let operand, _): return nullTested(operand, inKey)
        case .column: return tested(condition, Test(.equal, [.made(.literal(.bool(true)), .bool)], inKey))
        case .literal, .parameter: return .constant
        case .negate, .arithmetic, .cast, .function: return refused(condition)
        }
    }

    /// A value compared with constants.
    private func tested(_ operand: BoundExpression, _ test: Test) -> Label {
        if operand.isConstant { return .constant }
        if let view = ColumnView(operand), sources[view.source].isProtected { return grants.label(of: test, on: view, domains) }
        if case .caseWhen(let branches, let otherwise) = operand.kind {
            var label = Label.constant
            for branch in branches {
                label.formIntersection(condition(branch.condition, inKey: test.isInKey))
                label.formIntersection(chosen(branch.result, test))
            }
            if let otherwise { label.formIntersection(chosen(otherwise, test)) }
            return label
        }
        // A spelling that has the value, for tests of equality: any number of values may have one spelling, so all must be free.
        guard !test.isOrdering, let label = applied(operand, inKey: test.isInKey) else { return refused(operand) }
        guard label.views.allSatisfy({ sources[$0.source].column.restrictions.codes == nil }) else { return refused(operand) }
        return Label(losses: losses(of: label, for: .filterEqual), cuts: label.cuts)
    }

    /// The result of a branch that is compared: a constant, or a choice again.
    private func chosen(_ result: BoundExpression, _ test: Test) -> Label {
        if case .caseWhen = result.kind { return tested(result, test) }
        return result.isConstant ? .constant : refused(result)
    }

    private func nullTested(_ operand: BoundExpression, _ isInKey: Bool) -> Label {
        guard let view = ColumnView(operand) else { return tested(operand, Test(.equal, [], isInKey)) }
        var losses: [Loss] = []
        if !sources[view.source].column.capabilities.contains(.filterEqual) {
            losses.append(grants.missing(.filterEqual, of: view))
        } else if sources[view.source].column.restrictions.codes != nil {
            losses.append(grants.unlisted(view, view.span))
        }
        return Label(losses: losses + grants.steeringLosses(view, .filterEqual))
    }

    /// Two columns of one table that name each other may be compared, seen no finer than each allows.
    private func compared(_ left: BoundExpression, _ right: BoundExpression, _ span: SourceSpan) -> Label {
        if let one = ColumnView(left), let two = ColumnView(right), sources[one.source].mayCompare(with: sources[two.source]) {
            return Label(losses: [one, two].flatMap { grants.losses(of: $0, for: .compare) + grants.steeringLosses($0, .filterEqual) })
        }
        let names = [left, right].map { side in side.columns.sorted().first.map { sources[$0].name } ?? "-" }
        let column = protectedColumn(of: left) ?? protectedColumn(of: right)
        return Label(losses: [
            Loss(rule: .named(.columnComparison), span: span, arguments: names, column: column, change: .compareWithConstant)
        ])
    }

    private func refused(_ expression: BoundExpression) -> Label {
        var loss = Loss.operation(expression.span, withholding(expression))
        loss.rule = .named(.expressionInFilter)
        return Label(losses: [loss])
    }

    // MARK: Capabilities

    /// Why a value may not be used so; empty when it may.
    package func losses(of label: Label, for capability: Capability) -> [Loss] {
        label.losses + label.views.flatMap { grants.losses(of: $0, for: capability) }
    }

    /// What may be done with a value.
    package func capabilities(_ label: Label) -> Set<Capability> {
        Capability.all.filter { losses(of: label, for: $0).isEmpty }
    }

    func isOpen(_ expression: BoundExpression) -> Bool { expression.columns.allSatisfy { !sources[$0].isProtected } }

    func protectedColumn(of expression: BoundExpression) -> SourceColumn? {
        expression.columns.sorted().map { sources[$0] }.first(where: \.isProtected)
    }
}

extension SourceColumn {
    fileprivate func allows(_ functions: FunctionClass) -> Bool { !isProtected || column.restrictions.functions?.contains(functions) == true }

    fileprivate func mayCompare(with other: SourceColumn) -> Bool {
        isProtected && reference == other.reference && column.name != other.column.name
            && column.capabilities.contains(.compare) && other.column.capabilities.contains(.compare)
            && column.restrictions.compareWith?.contains(other.column.name) == true
            && other.column.restrictions.compareWith?.contains(column.name) == true
    }
}
