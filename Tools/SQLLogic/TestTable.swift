// SPDX-License-Identifier: Apache-2.0

package import CanonicalJSON
package import Tabular

/// A table that a test made with CREATE TABLE and INSERT.
package struct TestTable: Sendable {
    package struct Column: Sendable {
        package let name: String
        package let type: LogicalType
        package let isNullable: Bool

        package init(name: String, type: LogicalType, isNullable: Bool) {
            self.name = name
            self.type = type
            self.isNullable = isNullable
        }
    }

    package let name: String
    package let columns: [Column]
    package var rows: [[Literal]]

    package init(name: String, columns: [Column], rows: [[Literal]] = []) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }

    /// The policy: open data.
    package var policy: JSONValue {
        [
            "kind": "table", "table": .string(name), "unit": "test", "grade": "general", "personal": "not_personal", "open": true,
            "columns": .array(
                columns.map { column in
                    var members: [String: JSONValue] = [
                        "name": .string(column.name), "type": .string(column.type.name), "nullable": .bool(column.isNullable),
                    ]
                    if column.type == .date { members["format"] = ["yyyy-MM-dd"] }
                    return .object(members)
                }),
        ]
    }

    /// The rows as a file to load.
    package var csv: String {
        let header = columns.map { Self.quoted($0.name) }.joined(separator: ",")
        let lines = rows.map { row in
            row.map { Self.quoted(Self.field($0)) }.joined(separator: ",")
        }
        return ([header] + lines).joined(separator: "\n") + "\n"
    }

    /// The rows as SQL, for a peer.
    package var sql: [String] {
        let names = columns.map { "\"\($0.name)\" \(Self.sqlType($0.type))" + ($0.isNullable ? "" : " NOT NULL") }
        let create = "CREATE TABLE \"\(name)\" (\(names.joined(separator: ", ")))"
        guard !rows.isEmpty else { return [create] }
        let values = rows.map { row in "(" + row.map(Rendering.sql).joined(separator: ", ") + ")" }
        return [create, "INSERT INTO \"\(name)\" VALUES \(values.joined(separator: ", "))"]
    }

    /// Timestamps with all digits of a fraction, as files have them; else as SQL casts to text. NULL is empty.
    private static func field(_ literal: Literal) -> String {
        if case .timestamp(let microseconds) = literal { return CivilTimestamp.text(microseconds: microseconds) ?? "" }
        return Rendering.plain(literal) ?? ""
    }

    private static func sqlType(_ type: LogicalType) -> String {
        switch type {
        case .bool: "boolean"
        case .int64: "bigint"
        case .decimal(let precision, let scale): "numeric(\(precision),\(scale))"
        case .double: "double precision"
        case .date: "date"
        case .timestamp: "timestamp"
        case .text, .entity, .null: "text"
        }
    }

    private static func quoted(_ text: String) -> String {
        text.contains(where: { "\",\n\r".contains($0) }) ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
