// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Tabular

/// Adds the results of window functions to each row. Output columns are those of the input, then one for each call.
public struct Window: Sendable {
    public let input: LogicalPlan
    public let calls: [WindowCall]
    public let output: [OutputColumn]

    public init(input: LogicalPlan, calls: [WindowCall], output: [OutputColumn]) {
        self.input = input
        self.calls = calls
        self.output = output
    }
}

/// One window function with its partition, order and frame. Semantics are PostgreSQL's.
public struct WindowCall: Sendable {
    public let function: WindowFunction
    /// Nil for the ranking functions and COUNT(*).
    public let argument: BoundExpression?
    public let partitions: [BoundExpression]
    public let order: [SortKey]
    public let frame: WindowFrame
    /// Ranking functions and counts: int64. SUM, AVG, MIN, MAX: as the aggregate.
    public let type: LogicalType
    public let span: SourceSpan

    public init(
        function: WindowFunction, argument: BoundExpression?, partitions: [BoundExpression], order: [SortKey],
        frame: WindowFrame, type: LogicalType, span: SourceSpan
    ) {
        self.function = function
        self.argument = argument
        self.partitions = partitions
        self.order = order
        self.frame = frame
        self.type = type
        self.span = span
    }
}

/// The closed set of window functions.
public enum WindowFunction: String, Sendable, CaseIterable {
    case rowNumber = "row_number"
    case rank = "rank"
    case denseRank = "dense_rank"
    /// COUNT(*) OVER: no argument.
    case countRows = "count_rows"
    case count = "count"
    case sum = "sum"
    case average = "avg"
    case minimum = "min"
    case maximum = "max"
}

/// The rows of a partition that a window aggregate reads; ranking functions ignore it.
public struct WindowFrame: Sendable, Hashable {
    /// Whether bounds count rows or whole groups of peers (rows equal in the order).
    public enum Unit: String, Sendable, Hashable { case rows, range }

    /// One end. In `range` only the unbounded ends and the current row are possible.
    public enum Bound: Sendable, Hashable {
        case unboundedPreceding
        case preceding(Int64)
        case currentRow
        case following(Int64)
        case unboundedFollowing
    }

    public let unit: Unit
    public let start: Bound
    public let end: Bound

    public init(unit: Unit, start: Bound, end: Bound) {
        self.unit = unit
        self.start = start
        self.end = end
    }

    /// The frame where none is written: up to the last peer of the current row; without an order that is the whole partition.
    public static let standard = WindowFrame(unit: .range, start: .unboundedPreceding, end: .currentRow)
}
