// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Groups that no join will ask for are not made. Where an aggregation is joined on one of its keys with a column whose values come
/// from a table under a selective condition, only rows with such values need to be grouped: the table, read once more, becomes the
/// right side of a semi-join below the aggregation. Groups stay whole, since the semi-join tests a key.
struct GroupNarrowing {
    /// The number of the next table reference.
    private var next: Int

    init(_ plan: LogicalPlan) {
        next = (plan.scans.map(\.reference).max() ?? -1) + 1
    }

    /// The relation with its groups narrowed, the innermost first.
    mutating func narrowed(_ plan: LogicalPlan) -> LogicalPlan {
        let plan = plan.mappingInputs { narrowed($0) }
        guard case .join(let join) = plan else { return plan }
        var (left, right) = (join.left, join.right)
        for key in join.keys {
            guard case .column(let first) = key.left.kind, case .column(let second) = key.right.kind else { continue }
            switch join.kind {
            case .inner:
                if let source = join.left.selectiveSource(of: first) { right = narrowed(right, second, by: source) }
                if let source = join.right.selectiveSource(of: second) { left = narrowed(left, first, by: source) }
            case .left, .single, .semi:
                if let source = join.left.selectiveSource(of: first) { right = narrowed(right, second, by: source) }
            case .full, .anti, .mark: break
            }
        }
        return .join(
            Join(
                kind: join.kind, left: left, right: right, keys: join.keys, residual: join.residual,
                isNullAware: join.isNullAware, output: join.output, span: join.span))
    }

    /// The relation with a semi-join below the aggregation that makes the column a key; itself when there is none.
    private mutating func narrowed(_ plan: LogicalPlan, _ column: Int, by source: LogicalPlan.Source) -> LogicalPlan {
        guard next < Limits.tableReferences else { return plan }
        let copy = source.plan.renumbered(Dictionary(source.plan.scans.map { ($0.reference, next) }, uniquingKeysWith: { old, _ in old }))
        guard let changed = plan.grouping(column, only: copy, source.column) else { return plan }
        next += 1
        return changed
    }
}

extension LogicalPlan {
    /// A table under a condition, and one of its columns.
    fileprivate typealias Source = (plan: LogicalPlan, column: Int)

    /// A table under a selective condition that holds every value of the column.
    fileprivate func selectiveSource(of column: Int) -> Source? {
        switch self {
        case .scan, .window, .sort, .union: return nil
        case .filter(let filter):
            if case .scan = filter.input { return filter.predicate.isSelective ? (self, column) : nil }
            return filter.input.selectiveSource(of: column)
        case .project(let project):
            guard case .column(let below) = project.expressions[column].kind else { return nil }
            return project.input.selectiveSource(of: below)
        case .aggregate(let aggregate):
            let keys = aggregate.aggregation.keys
            guard keys.indices.contains(column), case .column(let below) = keys[column].kind else { return nil }
            return aggregate.input.selectiveSource(of: below)
        case .join(let join): return join.selectiveSource(of: column)
        }
    }

    /// The relation when only the groups are made whose key, seen as `column`, is among the values of another relation's column.
    /// Nil where no aggregation makes the column.
    fileprivate func grouping(_ column: Int, only others: LogicalPlan, _ value: Int) -> LogicalPlan? {
        switch self {
        case .scan, .window, .sort, .union: return nil
        case .filter(let filter):
            return filter.input.grouping(column, only: others, value).map {
                .filter(Filter(input: $0, predicate: filter.predicate, source: filter.source))
            }
        case .project(let project):
            guard case .column(let below) = project.expressions[column].kind else { return nil }
            return project.input.grouping(below, only: others, value).map {
                .project(Project(input: $0, expressions: project.expressions, output: project.output))
            }
        case .aggregate(let aggregate):
            let keys = aggregate.aggregation.keys
            guard keys.indices.contains(column) else { return nil }
            let pair = Join.KeyPair(left: keys[column], right: others.output.expression(at: value, keys[column].span))
            let input = LogicalPlan.joining(.semi, aggregate.input, others, keys: [pair], on: [], span: aggregate.aggregation.span)
            return .aggregate(Aggregate(input: input, aggregation: aggregate.aggregation))
        case .join(let join):
            let shift = join.left.output.count
            var (left, right) = (join.left, join.right)
            if column < shift {
                guard join.kind != .full, let changed = left.grouping(column, only: others, value) else { return nil }
                left = changed
            } else {
                guard join.kind == .inner, let changed = right.grouping(column - shift, only: others, value) else { return nil }
                right = changed
            }
            return .join(
                Join(
                    kind: join.kind, left: left, right: right, keys: join.keys, residual: join.residual,
                    isNullAware: join.isNullAware, output: join.output, span: join.span))
        }
    }
}

extension Join {
    fileprivate func selectiveSource(of column: Int) -> LogicalPlan.Source? {
        let shift = left.output.count
        switch kind {
        case .inner, .semi:
            if column < shift {
                if let source = left.selectiveSource(of: column) { return source }
                for key in keys {
                    if case .column(column) = key.left.kind, case .column(let other) = key.right.kind,
                        let source = right.selectiveSource(of: other)
                    {
                        return source
                    }
                }
                return nil
            }
            if let source = right.selectiveSource(of: column - shift) { return source }
            for key in keys {
                if case .column(column - shift) = key.right.kind, case .column(let other) = key.left.kind,
                    let source = left.selectiveSource(of: other)
                {
                    return source
                }
            }
            return nil
        case .left, .single, .anti, .mark: return column < shift ? left.selectiveSource(of: column) : nil
        case .full: return nil
        }
    }
}

extension BoundExpression {
    /// Whether a condition looks as if few rows fulfil it: an equality with a constant, IN or LIKE.
    fileprivate var isSelective: Bool {
        conjuncts.contains { condition in
            switch condition.kind {
            case .comparison(.equal, _, let right): right.isConstant
            case .inList: true
            case .function(let function, _): function == .like || function == .likeInsensitive || function == .startsWith
            case .column, .literal, .parameter, .negate, .not, .isNull, .arithmetic, .comparison, .and, .or, .caseWhen, .cast: false
            }
        }
    }
}
