// SPDX-License-Identifier: Apache-2.0

/// Limits of documents and of checking.
public enum Limits {
    /// Most values of a parameter's domain that are proved one by one.
    public static let domainValues = 100_000
    /// Longest text value of a parameter, in bytes.
    public static let parameterTextBytes = 1_024
    /// Most columns of one table.
    public static let columns = 4_096
    /// Most rows of one entity that a table's policy may declare (`fan_out`).
    public static let fanOut = 1_000_000
    /// Most branches of conditional aggregates in one statement.
    public static let branches = 256
    /// Most combinations of all branches of different conditional aggregates; with more, every two are combined.
    public static let jointProducts = 64
    /// Most combinations of every two.
    public static let jointPairs = 512
    /// Most nodes of all expressions of a statement when they are written over the columns of tables.
    public static let flowNodes = 200_000
    /// Most digits of a scaled or multiplied amount, those behind the point included.
    public static let amountDigits = 26
    /// Longest prefix that a grant proposes; what needs more needs the whole text.
    public static let grantedPrefix = 64
    /// Most codes that a grant adds to a list.
    public static let grantedCodes = 256
    /// Longest step of ranges and bands, in units, whose divisors a grant proposes; of a longer one the line goes.
    public static let grantedSteps = 10_000
    /// Most checks of changed statements and policies for one verdict; further changes are named and not tried.
    public static let changeTrials = 64
    /// Most tables that one entity may go through.
    public static let viaDepth = 8
}
