// SPDX-License-Identifier: Apache-2.0

/// Limits of one release.
public enum Limits {
    /// Most rows of one result. Groups that vanish do not count: the limit looks only at what would be released.
    public static let releasedRows = 1_000_000
    /// Most cells of one result, keys included.
    public static let releasedCells = 32_000_000
    /// Fewest withheld cells that are no longer called "few".
    public static let severalCells = 10
    /// Fewest withheld cells that are called "many".
    public static let manyCells = 100

    /// Refuses a result that is larger than the limits.
    package static func check(rows: Int, columns: Int) throws(DisclosureError) {
        guard rows <= releasedRows else { throw DisclosureError(.tooManyRows, [String(releasedRows)]) }
        let (cells, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow, cells <= releasedCells else { throw DisclosureError(.tooManyCells, [String(releasedCells)]) }
    }
}
