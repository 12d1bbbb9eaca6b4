// SPDX-License-Identifier: Apache-2.0

import DisclosureControl
import Tabular

/// A finished result: released values only, in the order in which they are shown.
public struct ReleasedTable: Sendable {
    public let columns: [Column]
    /// The cells of each column.
    let cells: [ReleasedColumn]
    /// Number of rows.
    public let count: Int
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

    /// The cells as Swift values, row by row.
    public var rows: [[ReleasedCell]] { (0..<count).map { row in cells.map { $0.cell(at: row) } } }
}
