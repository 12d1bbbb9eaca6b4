// SPDX-License-Identifier: Apache-2.0

extension SQLPrinter {
    /// The entries of GROUP BY.
    mutating func write(_ groups: [GroupItem]) {
        separated(groups) { (printer: inout SQLPrinter, group: GroupItem) in printer.write(group) }
    }

    private mutating func write(_ group: GroupItem) {
        switch group {
        case .expression(let expression): write(expression)
        case .rollup(let elements): write("ROLLUP", elements)
        case .cube(let elements): write("CUBE", elements)
        case .sets(let sets):
            write("GROUPING SETS (")
            separated(sets) { (printer: inout SQLPrinter, set: [GroupItem]) in
                if set.count != 1 { printer.write("(") }
                printer.write(set)
                if set.count != 1 { printer.write(")") }
            }
            write(")")
        }
    }

    private mutating func write(_ keyword: String, _ elements: [[SQLExpression]]) {
        write(keyword + " (")
        separated(elements) { (printer: inout SQLPrinter, element: [SQLExpression]) in
            if element.count != 1 { printer.write("(") }
            printer.list(element)
            if element.count != 1 { printer.write(")") }
        }
        write(")")
    }
}
