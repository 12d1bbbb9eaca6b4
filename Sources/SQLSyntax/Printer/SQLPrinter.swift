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
                printer.write(" AS (")
                printer.write(table.query)
                printer.write(")")
            }
            write(" ")
        }
        write("SELECT ")
        separated(query.items) { (printer: inout SQLPrinter, item: SelectItem) in printer.write(item) }
        if let from = query.from {
            write(" FROM ")
            write(from)
        }
        clause(" WHERE ", query.filter)
        if !query.groups.isEmpty {
            write(" GROUP BY ")
            separated(query.groups) { (printer: inout SQLPrinter, group: SQLExpression) in printer.write(group) }
        }
        clause(" HAVING ", query.groupFilter)
        if !query.order.isEmpty {
            write(" ORDER BY ")
            separated(query.order) { (printer: inout SQLPrinter, item: SortItem) in printer.write(item) }
        }
        clause(" LIMIT ", query.limit)
        clause(" OFFSET ", query.offset)
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

    private mutating func write(_ item: SortItem) {
        write(item.expression)
        if item.isDescending { write(" DESC") }
        if let isNullsFirst = item.isNullsFirst { write(isNullsFirst ? " NULLS FIRST" : " NULLS LAST") }
    }

    private mutating func write(_ alias: TableAlias) {
        write(Self.name(alias.name))
        columns(alias.columns)
    }

    private mutating func columns(_ columns: [Identifier]) {
        guard !columns.isEmpty else { return }
        write(" (")
        separated(columns) { (printer: inout SQLPrinter, column: Identifier) in printer.write(Self.name(column)) }
        write(")")
    }

    private mutating func write(_ reference: TableReference) {
        switch reference.kind {
        case .table(let name, let alias):
            write(Self.name(name))
            if let alias {
                write(" AS ")
                write(alias)
            }
        case .derived(let query, let alias):
            write("(")
            write(query)
            write(") AS ")
            write(alias)
        case .join(let join):
            write(join.left)
            write(" " + join.kind.rawValue + " ")
            let isNested = if case .join = join.right.kind { true } else { false }
            if isNested { write("(") }
            write(join.right)
            if isNested { write(")") }
            switch join.condition {
            case .on(let condition):
                write(" ON ")
                write(condition)
            case .using(let names):
                write(" USING")
                columns(names)
            }
        }
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
