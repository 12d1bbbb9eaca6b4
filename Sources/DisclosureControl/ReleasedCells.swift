// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A cell after the gate. From here on values may be Swift values: they are released.
public enum ReleasedCell: Sendable, Hashable {
    /// A value or NULL.
    case value(Literal)
    /// Judged unsafe; reads as NULL with a reason class.
    case withheld
}

/// What came through the gate: rows in canonical order (by keys, NULL last), with the record of what was checked.
/// Made only by `UnreleasedResult.release()`.
public struct ReleasedCells: Sendable {
    /// Keys then aggregates, or the columns of open rows.
    public let columns: [ReleasedColumn]
    /// Number of rows.
    public let count: Int
    /// Coarse reasons for which cells of these rows were withheld, sorted, without numbers.
    public let reasons: [WithheldReason]
    /// The checks that were applied and what the gate may say about them.
    public let record: ReleaseRecord

    init(columns: [ReleasedColumn], count: Int, reasons: [WithheldReason], record: ReleaseRecord) {
        self.columns = columns
        self.count = count
        self.reasons = reasons
        self.record = record
    }

    /// The cells as Swift values, row by row.
    public var rows: [[ReleasedCell]] { (0..<count).map { row in columns.map { $0.cell(at: row) } } }
}

/// Why cells are withheld, in classes that say nothing about amounts.
public enum WithheldReason: String, Sendable, CaseIterable, Comparable {
    /// Fewer distinct contributors than the minimum.
    case tooFewContributors = "too-few-contributors"
    /// One or two contributors make up too large a share.
    case dominance = "dominance"
    /// A branch of a conditional aggregate has too few.
    case branchTooSmall = "branch-too-small"

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
