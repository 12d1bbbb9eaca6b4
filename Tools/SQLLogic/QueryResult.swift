// SPDX-License-Identifier: Apache-2.0

package import Tabular

/// The rows of a query as text, in the order that the record asks for.
package struct QueryResult {
    package let rows: [[String]]
    private let types: [Character]
    private let sort: TestFile.SortMode
    private let approximateColumns: Set<Int>

    package init(_ rows: [[Literal]], types: [Character], sort: TestFile.SortMode) {
        self.types = types
        self.sort = sort
        let rendered = rows.map { row in zip(row, types).map { Rendering.text($0, $1) } }
        self.rows = sort == .rowsort ? rendered.sorted { $0.lexicographicallyPrecedes($1, by: Self.precedes) } : rendered
        var columns: Set<Int> = []
        for row in rows { for (column, value) in row.enumerated() { if case .double = value { columns.insert(column) } } }
        approximateColumns = columns
    }

    private static func precedes(_ one: String, _ other: String) -> Bool { one.utf8.lexicographicallyPrecedes(other.utf8) }

    /// All values from the left, row by row.
    package var values: [String] {
        let all = rows.flatMap { $0 }
        return sort == .valuesort ? all.sorted(by: Self.precedes) : all
    }

    /// What differs from the lines of the file; nil when nothing does.
    package func difference(from expected: [String], hashThreshold: Int) -> String? {
        if expected.count == 1, let digest = Self.digest(expected[0]) {
            let text = values.map { $0 + "\n" }.joined()
            if values.count != digest.count { return "\(values.count) values instead of \(digest.count)" }
            return MD5.hex(text) == digest.hex ? nil : "another digest: \(MD5.hex(text))"
        }
        guard let wanted = values(of: expected) else { return differ(expected) }
        let actual = values
        guard wanted.count == actual.count else { return differ(expected) }
        let width = max(types.count, 1)
        for place in actual.indices {
            let isApproximate = sort == .valuesort ? !approximateColumns.isEmpty : approximateColumns.contains(place % width)
            if !Rendering.areSame(actual[place], wanted[place], isApproximate: isApproximate) { return differ(expected) }
        }
        return nil
    }

    private static func digest(_ line: String) -> (count: Int, hex: String)? {
        let words = line.split(separator: " ")
        guard words.count == 5, words[1...3].elementsEqual(["values", "hashing", "to"]), let count = Int(words[0]) else { return nil }
        return (count, String(words[4]))
    }

    /// The values of the file, one on a line or one row on a line, in the record's order.
    private func values(of lines: [String]) -> [String]? {
        let width = types.count
        if width == 1 { return sort == .nosort ? lines : lines.sorted(by: Self.precedes) }
        var split = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        if !split.allSatisfy({ $0.count == width }) {
            split = lines.map { $0.split(separator: " ").map(String.init) }
            guard split.allSatisfy({ $0.count == width }), lines.count == rows.count else {
                return lines.count == rows.count * width ? lines : nil
            }
        }
        if sort == .rowsort { split.sort { $0.lexicographicallyPrecedes($1, by: Self.precedes) } }
        let values = split.flatMap { $0 }
        return sort == .valuesort ? values.sorted(by: Self.precedes) : values
    }

    private func differ(_ expected: [String]) -> String {
        func shown(_ lines: [String]) -> String {
            lines.isEmpty ? " nothing" : "\n      " + lines.prefix(20).joined(separator: "\n      ")
        }
        return "expected" + shown(expected) + "\n    got" + shown(rows.map { $0.joined(separator: "\t") })
    }
}
