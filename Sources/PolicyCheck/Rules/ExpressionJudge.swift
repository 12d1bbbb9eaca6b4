// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Judges what steers rows and what heads groups. Every form that is not named here is refused.
struct ExpressionJudge {
    let sources: [SourceColumn]
    let steering: Steering
    let context: CheckContext
    var findings = FindingList()

    init(flow: PlanFlow, context: CheckContext) {
        sources = flow.sources
        steering = Steering(flow)
        self.context = context
    }

    // MARK: Conditions

    /// A condition that keeps rows, matches them or picks a branch.
    mutating func judgeCondition(_ condition: BoundExpression, _ clause: Clause) {
        if condition.isConstant { return }
        if isOpen(condition) { return judgeOpen(condition, .filterEqual, clause) }
        switch condition.kind {
        case .and(let operands), .or(let operands): for operand in operands { judgeCondition(operand, clause) }
        case .not(let operand): judgeCondition(operand, clause)
        case .comparison(let symbol, let left, let right): judgeComparison(symbol, left, right, condition.span, clause)
        case .inList(let operand, let items):
            guard items.allSatisfy(\.isConstant) else { return refuse(condition, clause) }
            judgeTested(operand, .equal, items, clause)
        case .isNull(let operand, _): judgeNullTest(operand, clause)
        case .column: judgeTested(condition, .equal, [], clause)
        case .caseWhen(let branches, let otherwise):
            for branch in branches {
                judgeCondition(branch.condition, clause)
                judgeCondition(branch.result, clause)
            }
            if let otherwise { judgeCondition(otherwise, clause) }
        case .function(.coalesce, let arguments): for argument in arguments { judgeCondition(argument, clause) }
        case .literal, .parameter: return
        case .negate, .arithmetic, .cast, .function: refuse(condition, clause)
        }
    }

    private mutating func judgeComparison(
        _ symbol: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression, _ span: SourceSpan, _ clause: Clause
    ) {
        if right.isConstant { return judgeTested(left, symbol, [right], clause) }
        if left.isConstant { return judgeTested(right, symbol.mirrored, [left], clause) }
        let first = protectedColumn(of: left) ?? protectedColumn(of: right)
        let names = [left, right].map { side in side.columns.sorted().first.map { sources[$0].name } ?? "-" }
        findings.add(.columnComparison, clause, span, names, column: first, .compareWithConstant)
    }

    private mutating func judgeNullTest(_ operand: BoundExpression, _ clause: Clause) {
        if let atom = Atom(operand) {
            require(.filterEqual, of: atom.source, clause, operand.span)
            requireSteering(of: atom.source, .filterEqual, clause, operand.span)
        } else {
            judgeTested(operand, .equal, [], clause)
        }
    }

    /// A value compared with constants.
    private mutating func judgeTested(
        _ operand: BoundExpression, _ symbol: ComparisonOperator, _ constants: [BoundExpression], _ clause: Clause
    ) {
        if let atom = Atom(operand) { return judgeTested(atom, symbol, constants, operand.span, clause) }
        judgeBand(operand, clause)
    }

    /// A choice among constants by conditions.
    private mutating func judgeBand(_ value: BoundExpression, _ clause: Clause) {
        if value.isConstant { return }
        guard case .caseWhen(let branches, let otherwise) = value.kind else { return refuse(value, clause) }
        for branch in branches {
            judgeCondition(branch.condition, clause)
            judgeBand(branch.result, clause)
        }
        if let otherwise { judgeBand(otherwise, clause) }
    }

    private mutating func judgeTested(
        _ atom: Atom, _ symbol: ComparisonOperator, _ constants: [BoundExpression], _ span: SourceSpan, _ clause: Clause
    ) {
        let source = sources[atom.source]
        let isOrdering = symbol != .equal && symbol != .notEqual
        switch atom.shape {
        case .whole, .midnight:
            let needed: Capability = isOrdering ? .filterRange : .filterEqual
            let held = source.column.capabilities
            // A range by periods is granted: what is missing is not a grant but the period.
            if !isOrdering, source.column.granularity != nil, held.contains(.filterRange), !held.contains(.filterEqual) {
                return judgeShape(atom, clause, span)
            }
            guard require(needed, of: atom.source, clause, span) else { return }
            if isOrdering {
                for constant in constants { judgeAlignment(of: constant, symbol, atom, clause) }
            } else {
                judgeShape(atom, clause, span)
            }
        case .truncated, .extracted:
            let held: Capability = source.column.capabilities.contains(.filterEqual) ? .filterEqual : .filterRange
            guard require(held, of: atom.source, clause, span) else { return }
            judgeShape(atom, clause, span)
        case .prefix:
            guard require(isOrdering ? .filterRange : .filterEqual, of: atom.source, clause, span) else { return }
            judgeShape(atom, clause, span)
        }
        requireSteering(of: atom.source, .filterEqual, clause, span)
    }

    // MARK: Keys

    /// A value that heads groups.
    mutating func judgeKey(_ key: BoundExpression) {
        if key.isConstant { return }
        if isOpen(key) { return judgeOpen(key, .group, .groupBy) }
        if let atom = Atom(key) {
            guard require(.group, of: atom.source, .groupBy, key.span) else { return }
            judgeShape(atom, .groupBy, key.span)
            return requireSteering(of: atom.source, .group, .groupBy, key.span)
        }
        switch key.kind {
        case .caseWhen(let branches, let otherwise):
            for branch in branches {
                judgeCondition(branch.condition, .groupBy)
                judgeKey(branch.result)
            }
            if let otherwise { judgeKey(otherwise) }
        case .function(.coalesce, let arguments): for argument in arguments { judgeKey(argument) }
        case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .inList, .cast, .function:
            if key.type == .bool { return judgeCondition(key, .groupBy) }
            let column = protectedColumn(of: key)
            findings.add(.expressionInKey, .groupBy, key.span, [column?.name ?? "-"], column: column, .plainColumn, [column?.name ?? "-"])
        }
    }

    // MARK: Shapes

    /// Whether the view of a column is coarse enough.
    mutating func judgeShape(_ atom: Atom, _ clause: Clause, _ span: SourceSpan) {
        let source = sources[atom.source]
        guard source.isProtected else { return }
        if let granularity = source.column.granularity {
            let isCoarse =
                switch atom.shape {
                case .whole, .midnight: source.column.type == .date && granularity == .day
                case .truncated(let field): granularity.truncations.contains(field)
                case .extracted(let field): granularity.extracts.contains(field)
                case .prefix: false
                }
            if !isCoarse {
                findings.add(
                    .granularity, clause, span, [source.name, granularity.label], column: source,
                    owner: source.column.owners["granularity"], .truncate, [source.column.name, granularity.rawValue])
            }
        }
        if let limit = source.column.prefix {
            if case .prefix(let length) = atom.shape, length <= limit { return }
            findings.add(
                .prefix, clause, span, [source.name, String(limit)], column: source, owner: source.column.owners["prefix"], .shorten,
                [source.column.name, String(limit)])
        }
    }

    private mutating func judgeAlignment(of constant: BoundExpression, _ symbol: ComparisonOperator, _ atom: Atom, _ clause: Clause) {
        let source = sources[atom.source]
        guard source.isProtected, let granularity = source.column.granularity else { return }
        let alignment = Alignment(granularity: granularity, type: source.column.type, symbol: symbol, domains: context.parameters)
        switch alignment.judge(constant, isMidnight: atom.shape == .midnight) {
        case .aligned: return
        case .unaligned:
            findings.add(
                .unalignedLiteral, clause, constant.span, [source.name, granularity.label], column: source,
                owner: source.column.owners["granularity"], .align, [source.name, granularity.label])
        case .unalignedParameter(let name):
            findings.add(
                .unalignedParameter, .parameter, constant.span, [name, source.name, granularity.label],
                column: source, owner: source.column.owners["granularity"], .alignParameter, [name, granularity.label])
        case .withoutDomain(let name):
            findings.add(
                .parameterWithoutDomain, .parameter, constant.span, [name, source.name], column: source,
                owner: source.column.owners["granularity"], .alignParameter, [name, granularity.label])
        }
    }

    // MARK: Capabilities

    /// Whether a column grants a capability; a finding when not.
    @discardableResult
    mutating func require(_ capability: Capability, of position: Int, _ clause: Clause, _ span: SourceSpan) -> Bool {
        let source = sources[position]
        if source.column.capabilities.contains(capability) { return true }
        let owner = source.column.owner(ofMissing: capability)
        if source.column.capabilities.isEmpty {
            findings.add(.columnForbidden, clause, span, [source.name], column: source, capability: capability, owner: owner, .removeColumn)
            return false
        }
        let names = [source.name, capability.label]
        let canGrant = source.column.identifier == nil || capability == .join || capability == .countDistinct
        findings.add(
            .missingCapability, clause, span, names, column: source, capability: capability, owner: owner,
            canGrant ? .grant : .removeColumn, canGrant ? names : [])
        return false
    }

    /// What led to a column by joins must allow the same use.
    mutating func requireSteering(of position: Int, _ capability: Capability, _ clause: Clause, _ span: SourceSpan) {
        for key in steering.columns(over: position) {
            let held = sources[key].column.capabilities
            if held.contains(capability) || capability == .filterEqual && held.contains(.filterRange) { continue }
            let names = [sources[position].name, sources[key].name, capability.label]
            findings.add(
                .joinSteers, clause, span, names, column: sources[key], capability: capability,
                owner: sources[key].column.owner(ofMissing: capability), .grant, [sources[key].name, capability.label])
        }
    }

    /// Columns of open tables are free; how they were reached is not.
    private mutating func judgeOpen(_ expression: BoundExpression, _ capability: Capability, _ clause: Clause) {
        for position in expression.columns.sorted() {
            if sources[position].column.capabilities.isEmpty { require(capability, of: position, clause, expression.span) }
            requireSteering(of: position, capability, clause, expression.span)
        }
    }

    func isOpen(_ expression: BoundExpression) -> Bool { expression.columns.allSatisfy { !sources[$0].isProtected } }

    func protectedColumn(of expression: BoundExpression) -> SourceColumn? {
        expression.columns.sorted().map { sources[$0] }.first(where: \.isProtected)
    }

    private mutating func refuse(_ expression: BoundExpression, _ clause: Clause) {
        let column = protectedColumn(of: expression)
        let name = column?.name ?? "-"
        findings.add(.expressionInFilter, clause, expression.span, [name], column: column, .plainColumn, [name])
    }
}

extension ComparisonOperator {
    /// The comparison with its sides exchanged.
    var mirrored: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
