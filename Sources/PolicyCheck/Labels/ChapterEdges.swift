// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import Tabular

/// Where chapters of ICD-10 begin and end, as its categories are spelled.
enum ChapterEdges {
    /// First categories of chapters, and the first letter behind the last.
    private static let first: Set<String> = [
        "A00", "C00", "D50", "E00", "F00", "G00", "H00", "H60", "I00", "J00", "K00", "L00", "M00", "N00", "O00", "P00", "Q00", "R00", "S00", "U00",
        "V01", "Z00",
    ]
    /// Last categories, as far as two digits go.
    private static let last: Set<String> = [
        "B99", "D49", "D89", "E99", "F99", "G99", "H59", "H99", "I99", "J99", "K99", "L99", "M99", "N99", "O99", "P99", "Q99", "R99", "T99", "U99",
        "Y99", "Z99",
    ]

    /// Whether a comparison of categories with the constant cuts no chapter.
    static func isEdge(_ literal: Literal, _ symbol: ComparisonOperator) -> Bool {
        guard case .text(let text) = literal else { return literal == .null }
        switch symbol {
        case .greaterOrEqual, .less: return first.contains(text)
        case .lessOrEqual, .greater: return last.contains(text)
        case .equal, .notEqual: return false
        }
    }
}
