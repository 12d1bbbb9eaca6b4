// SPDX-License-Identifier: Apache-2.0

extension SQLPrinter {
    mutating func write(_ alias: TableAlias) {
        write(Self.name(alias.name))
        columns(alias.columns)
    }

    private mutating func columns(_ columns: [Identifier]) {
        guard !columns.isEmpty else { return }
        write(" (")
        separated(columns) { (printer: inout SQLPrinter, column: Identifier) in printer.write(Self.name(column)) }
        write(")")
    }

    mutating func write(_ reference: TableReference) {
        switch reference.kind {
        case .table(let name, let alias):
            write(Self.name(name))
            if let alias {
                write(" AS ")
                write(alias)
            }
        case .derived(let query, let alias):
            parenthesised(query)
            write(" AS ")
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
            case .none: break
            }
        }
    }
}
