// SPDX-License-Identifier: Apache-2.0

package import Tabular

/// What a test file does to tables.
package enum Script {
    package enum Statement: Sendable {
        case create(TestTable)
        case insert(table: String, columns: [String]?, rows: [[Literal]])
        case drop(table: String, ifExists: Bool)
        /// Something that may be a query.
        case query
    }

    package struct Unsupported: Error { package let construct: String }

    package static func read(_ sql: String) throws(Unsupported) -> Statement {
        // Quotes that are not closed are for the parser to refuse.
        guard let tokens = SQLToken.tokens(sql) else { return .query }
        guard let first = tokens.first else { throw Unsupported(construct: "empty text") }
        var reader = Reader(tokens: tokens)
        switch first {
        case .word("create"): return try reader.create()
        case .word("insert"): return try reader.insert()
        case .word("drop"): return try reader.drop()
        case .word("select"), .word("with"), .mark("("): return .query
        case .word(let word): throw Unsupported(construct: word)
        default: throw Unsupported(construct: "statement")
        }
    }

    private struct Reader {
        let tokens: [SQLToken]
        var place = 0

        init(tokens: [SQLToken]) { self.tokens = tokens }

        var current: SQLToken? { tokens.indices.contains(place) ? tokens[place] : nil }

        mutating func take(_ token: SQLToken) -> Bool {
            guard current == token else { return false }
            place += 1
            return true
        }

        mutating func need(_ token: SQLToken, _ construct: String) throws(Unsupported) {
            guard take(token) else { throw Unsupported(construct: construct) }
        }

        mutating func name() throws(Unsupported) -> String {
            defer { place += 1 }
            switch current {
            case .word(let name), .quotedName(let name): return name
            default: throw Unsupported(construct: "name")
            }
        }

        func end() throws(Unsupported) {
            guard current == nil || current == .mark(";") else { throw Unsupported(construct: "end") }
        }

        // MARK: Tables

        mutating func create() throws(Unsupported) -> Statement {
            place += 1
            try need(.word("table"), "create")
            if take(.word("if")) { place += 2 }
            let table = try name()
            try need(.mark("("), "create table as")
            var columns: [TestTable.Column] = []
            repeat {
                if let constraint = try constraint() {
                    if !constraint { throw Unsupported(construct: "constraint") }
                    continue
                }
                columns.append(try column())
            } while take(.mark(","))
            try need(.mark(")"), "create table")
            try end()
            return .create(TestTable(name: table, columns: columns))
        }

        /// Skips PRIMARY KEY (…) and UNIQUE (…); nil when a column stands here.
        private mutating func constraint() throws(Unsupported) -> Bool? {
            switch current {
            case .word("primary"), .word("unique"), .word("foreign"), .word("check"), .word("constraint"):
                var depth = 0
                while let token = current {
                    if token == .mark("(") { depth += 1 }
                    if token == .mark(")") {
                        if depth == 0 { break }
                        depth -= 1
                    }
                    if token == .mark(","), depth == 0 { break }
                    place += 1
                }
                return true
            default: return nil
            }
        }

        private mutating func column() throws(Unsupported) -> TestTable.Column {
            let name = try name()
            let type = try type()
            var isNullable = true
            while let token = current, token != .mark(","), token != .mark(")") {
                if token == .word("not") || token == .word("primary") { isNullable = false }
                guard case .word(let word) = token, ["not", "null", "primary", "key", "unique"].contains(word) else {
                    throw Unsupported(construct: "column constraint")
                }
                place += 1
            }
            return TestTable.Column(name: name, type: type, isNullable: isNullable)
        }

        private mutating func type() throws(Unsupported) -> LogicalType {
            guard case .word(let word) = current else { throw Unsupported(construct: "type") }
            place += 1
            var sizes: [Int] = []
            if take(.mark("(")) {
                while case .number(let text) = current {
                    sizes.append(Int(text) ?? 0)
                    place += 1
                    _ = take(.mark(","))
                }
                try need(.mark(")"), "type")
            }
            switch word {
            case "int", "integer", "bigint", "smallint", "int4", "int8", "int2", "tinyint", "int64", "hugeint": return .int64
            case "decimal", "numeric":
                guard let precision = sizes.first else { return .decimal(precision: 18, scale: 3) }
                return .decimal(precision: precision, scale: sizes.dropFirst().first ?? 0)
            case "real", "float", "float8", "float4": return .double
            case "double":
                _ = take(.word("precision"))
                return .double
            case "text", "varchar", "string": return .text
            case "bool", "boolean": return .bool
            case "date": return .date
            case "timestamp", "datetime": return .timestamp
            default: throw Unsupported(construct: "type " + word)
            }
        }

        mutating func drop() throws(Unsupported) -> Statement {
            place += 1
            try need(.word("table"), "drop")
            let ifExists = take(.word("if"))
            if ifExists { place += 1 }
            let table = try name()
            try end()
            return .drop(table: table, ifExists: ifExists)
        }

        // MARK: Rows

        mutating func insert() throws(Unsupported) -> Statement {
            place += 1
            try need(.word("into"), "insert")
            let table = try name()
            var columns: [String]?
            if take(.mark("(")) {
                var names: [String] = []
                repeat { names.append(try name()) } while take(.mark(","))
                try need(.mark(")"), "insert")
                columns = names
            }
            try need(.word("values"), "insert from a query")
            var rows: [[Literal]] = []
            repeat {
                try need(.mark("("), "values")
                var row: [Literal] = []
                repeat { row.append(try value()) } while take(.mark(","))
                try need(.mark(")"), "expression in values")
                rows.append(row)
            } while take(.mark(","))
            try end()
            return .insert(table: table, columns: columns, rows: rows)
        }

        private mutating func value() throws(Unsupported) -> Literal {
            let isNegative = take(.mark("-"))
            defer { place += 1 }
            switch current {
            case .number(let text): return try number((isNegative ? "-" : "") + text)
            case .text(let text): return .text(text)
            case .word("null"): return .null
            case .word("true"): return .bool(true)
            case .word("false"): return .bool(false)
            case .word("date"), .word("timestamp"):
                place += 1
                if case .text(let text) = current { return .text(text) }
                throw Unsupported(construct: "value")
            default: throw Unsupported(construct: "value")
            }
        }

        private func number(_ text: String) throws(Unsupported) -> Literal {
            if let value = Int64(text) { return .int64(value) }
            if let exact = ExactDecimal.parse(text) { return .decimal(units: exact.units, scale: exact.scale) }
            if let value = Double(text) { return .double(value) }
            throw Unsupported(construct: "number")
        }
    }
}
