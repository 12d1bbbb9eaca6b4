// SPDX-License-Identifier: Apache-2.0

import QueryPlan
import SQLSyntax
import Tabular

/// Where a comparison cuts the line of a column's values: below the first value on the far side, for every value that the constant can have.
struct RangeCut {
    let source: Int
    let span: SourceSpan
    /// In units of the column's scale, days, or microseconds; ascending.
    private(set) var places: [Int128]
    /// The same text is the same place in every run.
    let text: String

    init(source: Int, span: SourceSpan, places: [Int128], text: String) {
        self.source = source
        self.span = span
        self.places = places
        self.text = text
    }

    mutating func insert(_ place: Int128) {
        let index = places.partitioningIndex { $0 >= place }
        if index == places.count || places[index] != place { places.insert(place, at: index) }
    }

    /// Two cuts that are neither the same nor the width apart, for some values of parameters.
    func isTooNear(_ other: RangeCut, _ width: ParameterStep, _ column: ColumnPolicy) -> Bool {
        if text == other.text { return false }
        let (few, many) = places.count <= other.places.count ? (places, other.places) : (other.places, places)
        return few.contains { place in
            let index = many.partitioningIndex { $0 >= place }
            if index > 0, !Self.isApart(many[index - 1], place, width, column) { return true }
            let next = index < many.count && many[index] == place ? index + 1 : index
            return next < many.count && !Self.isApart(place, many[next], width, column)
        }
    }

    /// Whether the second place lies the width or more above the first.
    private static func isApart(_ first: Int128, _ second: Int128, _ width: ParameterStep, _ column: ColumnPolicy) -> Bool {
        let day = column.type == .timestamp ? Int128(CivilTimestamp.microsecondsPerDay) : 1
        switch width {
        case .number: return column.units(width).map { second - first >= $0 } ?? false
        case .days(let count): return second - first >= Int128(count) * day
        case .months(let count):
            guard let start = Int64(exactly: first), let end = Int64(exactly: second) else { return false }
            let (low, lowRest) = column.type == .timestamp ? CivilTimestamp.split(start) : (start, 0)
            let (high, highRest) = column.type == .timestamp ? CivilTimestamp.split(end) : (end, 0)
            guard let one = CivilDate(days: low), let two = CivilDate(days: high) else { return false }
            let months = Int64(two.year - one.year) * 12 + Int64(two.month - one.month)
            if months != count { return months > count }
            // From the last day of a month to that of a shorter one is a whole month.
            let isLast = two.day == CivilDate.daysIn(month: two.month, year: two.year)
            return two.day > one.day || two.day == one.day && highRest >= lowRest || isLast && one.day > two.day && lowRest == 0
        }
    }
}

extension [Int128] {
    /// The first index from which the test holds; the array is in its order.
    fileprivate func partitioningIndex(_ test: (Int128) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if test(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
