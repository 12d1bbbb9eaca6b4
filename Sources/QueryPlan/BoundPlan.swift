// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// A whole query, cut at its release node: `rows` below it is confidential, `finishing` above it runs on released cells only.
///
/// The cut: the topmost aggregation that only projections, conditions, ORDER BY, LIMIT, window functions and DISTINCT stand above (in
/// whatever CTE or derived table it stands) is the release node, and what stands above it is finishing. Where a join, UNION ALL or a
/// further aggregation stands above an aggregation, that one is an inner one. A statement without such an aggregation releases rows,
/// which only open tables may do.
public struct BoundPlan: Sendable {
    /// Row-level part.
    public let rows: LogicalPlan
    public let release: ReleaseNode
    /// Steps over the released cells, in order. The release node's columns are the input of the first.
    public let finishing: [FinishingStep]
    /// The columns of the result.
    public let output: [OutputColumn]
    /// Declared parameters that the statement uses.
    public let parameters: [ParameterDeclaration]

    public init(
        rows: LogicalPlan, release: ReleaseNode, finishing: [FinishingStep], output: [OutputColumn],
        parameters: [ParameterDeclaration]
    ) {
        self.rows = rows
        self.release = release
        self.finishing = finishing
        self.output = output
        self.parameters = parameters
    }
}

/// Where cells are made and judged.
public enum ReleaseNode: Sendable {
    /// Cells: one row for each distinct combination of keys (one row in all when there are no keys).
    /// Released columns: the keys, then the aggregates.
    case aggregate(Aggregation)
    /// The rows themselves (open tables only). Released columns: those of `rows`.
    case rows
}

/// GROUP BY with its aggregates, over the columns of `BoundPlan.rows`.
public struct Aggregation: Sendable {
    public let keys: [BoundExpression]
    public let calls: [AggregateCall]
    /// Keys, then calls.
    public let output: [OutputColumn]
    public let span: SourceSpan

    public init(keys: [BoundExpression], calls: [AggregateCall], output: [OutputColumn], span: SourceSpan) {
        self.keys = keys
        self.calls = calls
        self.output = output
        self.span = span
    }
}

/// One aggregate. FILTER (WHERE c) has become a CASE in the argument.
public struct AggregateCall: Sendable {
    public let function: AggregateFunction
    /// Nil exactly for COUNT(*).
    public let argument: BoundExpression?
    /// Of percentile_cont only.
    public let percentile: Percentile?
    /// COUNT: int64. SUM: decimal(38, s) of exact numbers, double of doubles. AVG: decimal or double. MIN, MAX: the argument's.
    public let type: LogicalType
    public let span: SourceSpan

    public init(
        function: AggregateFunction, argument: BoundExpression?, percentile: Percentile? = nil, type: LogicalType, span: SourceSpan
    ) {
        self.function = function
        self.argument = argument
        self.percentile = percentile
        self.type = type
        self.span = span
    }
}

/// One step over released cells.
public enum FinishingStep: Sendable {
    /// Keeps rows whose predicate is true.
    case filter(BoundExpression)
    case project([BoundExpression], output: [OutputColumn])
    case sort([SortKey])
    case limit(count: Int64?, offset: Int64)
    /// Adds a column for each call; `output` is all columns.
    case window([WindowCall], output: [OutputColumn])
    /// Keeps the first of rows that are equal in every column.
    case distinct
}

/// One ORDER BY item over the current columns.
public struct SortKey: Sendable {
    public let expression: BoundExpression
    public let isDescending: Bool
    public let nullsFirst: Bool

    public init(expression: BoundExpression, isDescending: Bool, nullsFirst: Bool) {
        self.expression = expression
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst
    }
}
