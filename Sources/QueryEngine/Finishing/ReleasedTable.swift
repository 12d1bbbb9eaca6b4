// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular

/// A finished result: released values only, in the order in which they are shown.
public struct ReleasedTable: Sendable, Hashable {
    public let columns: [Column]
    /// One cell for each column.
    public let rows: [[ReleasedCell]]
    /// Why cells of the released rows were withheld, in classes, sorted.
    public let reasons: [WithheldReason]
    /// What the gate checked.
    public let record: ReleaseRecord

    public struct Column: Sendable, Hashable {
        public let name: String
        public let type: LogicalType

        public init(name: String, type: LogicalType) {
            self.name = name
            self.type = type
        }
    }

    package init(columns: [Column], rows: [[ReleasedCell]], reasons: [WithheldReason], record: ReleaseRecord) {
        self.columns = columns
        self.rows = rows
        self.reasons = reasons
        self.record = record
    }

    /// Where withheld cells stand, row by row.
    public var withheldCells: [(row: Int, column: Int)] {
        rows.indices.flatMap { row in
            rows[row].indices.compactMap { column in rows[row][column] == .withheld ? (row, column) : nil }
        }
    }
}
