// SPDX-License-Identifier: Apache-2.0

/// Writes a tree in canonical spelling: one line, keywords in capitals, only the parentheses that are needed.
struct SQLPrinter {
    private(set) var text = ""

    static func text(of query: SelectQuery) -> String {
        var printer = SQLPrinter()
        printer.write(query)
        return printer.text
    }

    mutating func write(_ part: String) { text += part }

    mutating func write(_ query: SelectQuery) {
        if !query.commonTables.isEmpty {
            write("WITH ")
            separated(query.commonTables) { (printer: inout SQLPrinter, table: CommonTable) in
                printer.write(table.alias)
                printer.write(" AS ")
                printer.parenthesised(table.query)
            }
            write(" ")
        }
        write(query.body)
        if !query.order.isEmpty {
            write(" ")
            write(query.order)
        }
        clause(" LIMIT ", query.limit)
        clause(" OFFSET ", query.offset)
    }

    private mutating func write(_ body: QueryBody) {
        switch body {
        case .select(let block): write(block)
        case .nested(let query): parenthesised(query)
        case .unionAll(let left, let right):
            write(left)
            write(" UNION ALL ")
            let isChain = if case .unionAll = right { true } else { false }
            if isChain { write("(") }
            write(right)
            if isChain { write(")") }
        }
    }

    private mutating func write(_ block: SelectBlock) {
        write(block.isDistinct ? "SELECT DISTINCT " : "SELECT ")
        separated(block.items) { (printer: inout SQLPrinter, item: SelectItem) in printer.write(item) }
        if let from = block.from {
            write(" FROM ")
            write(from)
        }
        clause(" WHERE ", block.filter)
        if !block.groups.isEmpty {
            write(" GROUP BY ")
            write(block.groups)
        }
        clause(" HAVING ", block.groupFilter)
    }

    /// A query in parentheses.
    mutating func parenthesised(_ query: SelectQuery) {
        write("(")
        write(query)
        write(")")
    }

    mutating func separated<Element>(_ elements: [Element], _ one: (inout SQLPrinter, Element) -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { write(", ") }
            one(&self, element)
        }
    }

    private mutating func clause(_ keyword: String, _ expression: SQLExpression?) {
        guard let expression else { return }
        write(keyword)
        write(expression)
    }

    private mutating func write(_ item: SelectItem) {
        switch item.kind {
        case .star(let qualifier):
            if let qualifier { write(Self.name(qualifier) + ".") }
            write("*")
        case .expression(let expression, let alias):
            write(expression)
            if let alias { write(" AS " + Self.name(alias)) }
        }
    }

    /// `ORDER BY …`.
    mutating func write(_ order: [SortItem]) {
        write("ORDER BY ")
        separated(order) { (printer: inout SQLPrinter, item: SortItem) in printer.write(item) }
    }

    private mutating func write(_ item: SortItem) {
        write(item.expression)
        if item.isDescending { write(" DESC") }
        if let isNullsFirst = item.isNullsFirst { write(isNullsFirst ? " NULLS FIRST" : " NULLS LAST") }
    }

    /// A name, in quotes when the bare word would read as something else.
    static func name(_ identifier: Identifier) -> String {
        isPlain(identifier.text) ? identifier.text : quoted(identifier.text)
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, CharacterClass.beginsName(first) else { return false }
        for scalar in text.unicodeScalars {
            let isUpper = (0x41...0x5A).contains(scalar.value)
            if isUpper || !CharacterClass.continuesName(scalar) { return false }
        }
        return !ReservedWords.all.contains(text)
    }
}
