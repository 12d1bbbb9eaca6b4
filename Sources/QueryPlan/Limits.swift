// SPDX-License-Identifier: Apache-2.0

/// The limits of binding. Each refuses with a code of its own, except the two of inlining, which only end a rewrite.
public enum Limits {
    /// Table references of one statement, those of inlined WITH queries counted at every use.
    public static let tableReferences = 64
    /// Nodes of all bound expressions together.
    public static let expressionNodes = 200_000
    /// Columns of one relation.
    public static let columns = 4_096
    /// Nodes up to which computed columns are written into the expressions above them.
    public static let inlinedNodes = 20_000
    /// Height up to which they are.
    public static let inlinedHeight = 600
    /// Rows up to which a side of a join without keys is small.
    public static let smallSideRows: Int64 = 1_000
    /// Grouping sets of one GROUP BY, those of ROLLUP and CUBE counted out.
    public static let groupingSets = 64
    /// Names compared when a suggestion is looked for.
    public static let suggestionCandidates = 10_000
}
