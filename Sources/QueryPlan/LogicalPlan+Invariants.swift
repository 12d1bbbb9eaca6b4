// SPDX-License-Identifier: Apache-2.0

import Tabular

/// What holds for every plan, whoever made it. Later stages rely on these rules instead of looking again.
public enum PlanInvariant: String, Sendable, CaseIterable {
    /// A column position lies within its input.
    case columnInRange = "a column position lies within its input"
    /// A column has the type of its input.
    case columnType = "a column has the type of its input"
    /// A condition is boolean.
    case condition = "a condition is boolean"
    /// Operands have the types that their operator needs.
    case operandTypes = "operands have the types that their operator needs"
    /// Outputs match what computes them.
    case outputShape = "outputs match what computes them"
    /// A join's keys are of equal types, and only a mark is NULL-aware.
    case joinKeys = "a join's keys are of equal types, and only a mark is NULL-aware"
    /// A policy filter stands directly above its scan.
    case policyFilter = "a policy filter stands directly above its scan"
    /// Every table reference has its own number.
    case references = "every table reference has its own number"
    /// An aggregate has the argument and type of its function.
    case aggregation = "an aggregate has the argument and type of its function"
    /// A limit is not negative.
    case limit = "a limit is not negative"
}

extension BoundPlan {
    /// The first rule that does not hold, nil when all do.
    public var brokenInvariant: PlanInvariant? {
        if let broken = rows.brokenInvariant { return broken }
        var columns = rows.output
        if case .aggregate(let aggregation) = release {
            if let broken = aggregation.brokenInvariant(over: columns) { return broken }
            columns = aggregation.output
        }
        for step in finishing {
            if let broken = step.brokenInvariant(over: columns) { return broken }
            switch step {
            case .project(_, let output), .window(_, let output): columns = output
            case .filter, .sort, .limit, .distinct: break
            }
        }
        return columns.map(\.type) == output.map(\.type) ? nil : .outputShape
    }
}

extension LogicalPlan {
    /// The first rule that does not hold, nil when all do.
    public var brokenInvariant: PlanInvariant? {
        var references: Set<Int> = []
        return brokenInvariant(&references)
    }

    private func brokenInvariant(_ references: inout Set<Int>) -> PlanInvariant? {
        switch self {
        case .scan(let scan):
            return references.insert(scan.reference).inserted ? nil : .references
        case .filter(let filter):
            if filter.source == .policy, !filter.input.isScanUnderPolicy { return .policyFilter }
            if filter.predicate.type != .bool { return .condition }
            return filter.input.brokenInvariant(&references)
                ?? filter.predicate.brokenInvariant(over: filter.input.output)
        case .project(let project):
            if project.expressions.map(\.type) != project.output.map(\.type) { return .outputShape }
            if let broken = project.input.brokenInvariant(&references) { return broken }
            return project.expressions.firstBroken(over: project.input.output)
        case .join(let join):
            if let broken = join.left.brokenInvariant(&references) ?? join.right.brokenInvariant(&references) {
                return broken
            }
            return join.brokenInvariant
        case .aggregate(let aggregate):
            return aggregate.input.brokenInvariant(&references)
                ?? aggregate.aggregation.brokenInvariant(over: aggregate.input.output)
        case .window(let window):
            if let broken = window.input.brokenInvariant(&references) { return broken }
            guard window.output.map(\.type) == (window.input.output.map(\.type) + window.calls.map(\.type)) else { return .outputShape }
            return window.calls.firstBroken(over: window.input.output)
        case .sort(let sort):
            if sort.limit ?? 0 < 0 || sort.offset < 0 { return .limit }
            return sort.input.brokenInvariant(&references) ?? sort.keys.map(\.expression).firstBroken(over: sort.input.output)
        case .union(let union):
            // A union of nothing has no rows and no columns.
            if union.inputs.isEmpty { return union.output.isEmpty ? nil : .outputShape }
            guard union.inputs.count >= 2, union.inputs.allSatisfy({ $0.output.map(\.type) == union.output.map(\.type) }) else {
                return .outputShape
            }
            for input in union.inputs {
                if let broken = input.brokenInvariant(&references) { return broken }
            }
            return nil
        }
    }

    /// A scan, with nothing but policy filters above it.
    private var isScanUnderPolicy: Bool {
        switch self {
        case .scan: true
        case .filter(let filter): filter.source == .policy && filter.input.isScanUnderPolicy
        case .project, .join, .aggregate, .window, .sort, .union: false
        }
    }
}

extension Join {
    fileprivate var brokenInvariant: PlanInvariant? {
        guard keys.allSatisfy({ $0.left.type == $0.right.type }) else { return .joinKeys }
        guard output.map(\.type) == Join.output(kind, left.output, right.output).map(\.type) else { return .outputShape }
        guard !isNullAware || kind == .mark else { return .joinKeys }
        if let residual, residual.type != .bool { return .condition }
        return keys.map(\.left).firstBroken(over: left.output) ?? keys.map(\.right).firstBroken(over: right.output)
            ?? residual?.brokenInvariant(over: left.output + right.output)
    }
}

extension Aggregation {
    fileprivate func brokenInvariant(over columns: [OutputColumn]) -> PlanInvariant? {
        guard output.map(\.type) == keys.map(\.type) + calls.map(\.type), !output.isEmpty else { return .outputShape }
        if let broken = keys.firstBroken(over: columns) { return broken }
        for call in calls {
            guard call.type == call.typeOfFunction else { return .aggregation }
            if let broken = call.argument?.brokenInvariant(over: columns) { return broken }
        }
        return nil
    }
}

extension AggregateCall {
    /// The type that the function gives for the argument, nil when it does not take it.
    fileprivate var typeOfFunction: LogicalType? {
        switch function {
        case .countRows: argument == nil ? .int64 : nil
        case .count, .countDistinct: argument == nil ? nil : .int64
        case .sum: argument.flatMap { NumericTypes.sum(of: $0.type) }
        case .average: argument.flatMap { NumericTypes.average(of: $0.type) }
        case .minimum, .maximum: argument?.type
        case .sumDistinct: argument.flatMap { NumericTypes.sum(of: $0.type) }
        case .averageDistinct: argument.flatMap { NumericTypes.average(of: $0.type) }
        case .deviationSample, .deviationPopulation, .varianceSample, .variancePopulation:
            argument?.type.isNumeric == true ? .double : nil
        case .percentile:
            argument?.type == .double && (percentile.map { (0...1).contains($0.fraction) } ?? false) ? .double : nil
        case .boolAnd, .boolOr: argument?.type == .bool ? .bool : nil
        }
    }
}

extension FinishingStep {
    fileprivate func brokenInvariant(over columns: [OutputColumn]) -> PlanInvariant? {
        switch self {
        case .window(let calls, let output):
            guard output.map(\.type) == columns.map(\.type) + calls.map(\.type) else { return .outputShape }
            return calls.firstBroken(over: columns)
        case .distinct: return nil
        case .filter(let predicate) where predicate.type != .bool: return .condition
        case .project(let expressions, let output) where expressions.map(\.type) != output.map(\.type):
            return .outputShape
        case .limit(let count, let offset): return count ?? 0 >= 0 && offset >= 0 ? nil : .limit
        case .filter, .project, .sort: return expressions.firstBroken(over: columns)
        }
    }
}

extension [WindowCall] {
    /// Ranking functions have no argument, the others the argument and type of the aggregate; only rows are counted from the current one.
    fileprivate func firstBroken(over columns: [OutputColumn]) -> PlanInvariant? {
        for call in self {
            guard call.type == call.typeOfFunction else { return .aggregation }
            if call.frame.unit == .range, call.frame.start.countsRows || call.frame.end.countsRows { return .limit }
            if let broken = call.expressions.firstBroken(over: columns) { return broken }
        }
        return nil
    }
}

extension WindowFrame.Bound {
    fileprivate var countsRows: Bool {
        switch self {
        case .preceding, .following: true
        case .unboundedPreceding, .currentRow, .unboundedFollowing: false
        }
    }
}

extension WindowCall {
    fileprivate var typeOfFunction: LogicalType? {
        switch function {
        case .rowNumber, .rank, .denseRank, .countRows: argument == nil ? .int64 : nil
        case .count: argument == nil ? nil : .int64
        case .sum: argument.flatMap { NumericTypes.sum(of: $0.type) }
        case .average: argument.flatMap { NumericTypes.average(of: $0.type) }
        case .minimum, .maximum: argument?.type
        }
    }
}

extension [BoundExpression] {
    fileprivate func firstBroken(over columns: [OutputColumn]) -> PlanInvariant? {
        for expression in self {
            if let broken = expression.brokenInvariant(over: columns) { return broken }
        }
        return nil
    }
}

extension BoundExpression {
    /// The first rule that does not hold over these columns.
    package func brokenInvariant(over columns: [OutputColumn]) -> PlanInvariant? {
        if case .column(let position) = kind {
            guard columns.indices.contains(position) else { return .columnInRange }
            return columns[position].type == type ? nil : .columnType
        }
        return hasFittingOperands ? children.firstBroken(over: columns) : .operandTypes
    }

    private var hasFittingOperands: Bool {
        switch kind {
        case .column, .parameter: return true
        case .literal(let literal): return literal.fits(type)
        case .negate(let operand): return operand.type == type && type.isNumeric
        case .not(let operand): return operand.type == .bool && type == .bool
        case .isNull: return type == .bool
        case .arithmetic(_, let left, let right):
            switch type {
            case .int64, .double: return left.type == type && right.type == type
            case .decimal: return left.type.isExactNumeric && right.type.isExactNumeric
            case .bool, .date, .timestamp, .text, .entity, .null: return false
            }
        case .comparison(_, let left, let right): return left.type == right.type && type == .bool
        case .and(let operands), .or(let operands):
            return operands.count >= 2 && type == .bool && operands.allSatisfy { $0.type == .bool }
        case .inList(let operand, let items):
            return !items.isEmpty && type == .bool && items.allSatisfy { $0.type == operand.type && $0.isConstant }
        case .caseWhen(let branches, let otherwise):
            return !branches.isEmpty && (otherwise?.type ?? type) == type
                && branches.allSatisfy { $0.condition.type == .bool && $0.result.type == type }
        case .cast(let operand): return Coercion.cast(from: operand.type, to: type).isPossible
        case .function: return type != .null
        }
    }
}

extension Literal {
    /// Whether the constant is a value of the type.
    fileprivate func fits(_ type: LogicalType) -> Bool {
        switch (self, type) {
        case (.null, _), (.bool, .bool), (.int64, .int64), (.double, .double), (.date, .date),
            (.timestamp, .timestamp), (.text, .text):
            true
        case (.decimal(_, let scale), .decimal(_, let wanted)): scale == wanted
        case (.bool, _), (.int64, _), (.decimal, _), (.double, _), (.date, _), (.timestamp, _), (.text, _): false
        }
    }
}
