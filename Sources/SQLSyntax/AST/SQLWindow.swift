// SPDX-License-Identifier: Apache-2.0

/// The window of a call: `OVER (PARTITION BY … ORDER BY … frame)`.
public struct SQLWindow: Equatable, Sendable {
    /// The PARTITION BY expressions.
    public let partitions: [SQLExpression]
    /// The ORDER BY keys.
    public let order: [SortItem]
    /// The frame when written; otherwise PostgreSQL's rule holds (RANGE up to the current row and its peers).
    public let frame: SQLFrame?

    package init(partitions: [SQLExpression] = [], order: [SortItem] = [], frame: SQLFrame? = nil) {
        self.partitions = partitions
        self.order = order
        self.frame = frame
    }
}

/// Which rows of its partition a row sees. The start never lies behind the end.
public struct SQLFrame: Equatable, Sendable {
    /// What bounds count.
    public enum Unit: String, Equatable, CaseIterable, Sendable {
        /// Rows.
        case rows = "ROWS"
        /// Values of the ORDER BY key.
        case range = "RANGE"
    }

    /// What bounds count.
    public let unit: Unit
    /// The first row.
    public let start: SQLFrameBound
    /// The last row; the current one when only a start is written.
    public let end: SQLFrameBound

    package init(unit: Unit, start: SQLFrameBound, end: SQLFrameBound) {
        self.unit = unit
        self.start = start
        self.end = end
    }
}

/// One end of a frame.
public enum SQLFrameBound: Equatable, Sendable {
    /// The first row of the partition.
    case unboundedPreceding
    /// So much before the current row.
    case preceding(SQLExpression)
    /// The current row.
    case currentRow
    /// So much after the current row.
    case following(SQLExpression)
    /// The last row of the partition.
    case unboundedFollowing
}
