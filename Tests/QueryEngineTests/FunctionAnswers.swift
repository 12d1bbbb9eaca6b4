// SPDX-License-Identifier: Apache-2.0

import QueryEngine
import QueryPlan
import SQLSyntax
import Tabular
import TestSupport

/// Values of SQL expressions, in two ways: as written, so that constants are folded, and with the constants as columns of a table of
/// one row, so that the engine computes. Constants that must be constants stay.
enum FunctionAnswers {
    /// The value as text, `NULL`, or the code of the refusal; both ways when they differ.
    static func answer(_ text: String) -> String {
        let written = value(text, [])
        let (template, values) = columns(text)
        let computed = value(template, values)
        return written == computed ? written : "\(written) folded, \(computed) computed from \(template)"
    }

    private struct Catalog: TableCatalog {
        let columns: [ColumnSchema]
        var tableNames: [String] { ["one"] }
        func schema(of table: String) -> TableSchema? { table == "one" ? TableSchema(name: "one", columns: columns) : nil }
    }

    private static func value(_ text: String, _ values: [Literal]) -> String {
        let types = values.map(\.type) + [.text]
        let schema = types.enumerated().map { ColumnSchema(name: "c\($0)", type: $1, isNullable: true) }
        do {
            let plan = try Binder.bind(try SQLParser.parse("SELECT \(text) FROM one"), catalog: Catalog(columns: schema), parameters: [])
            let table = MemoryTable(
                columns: schema.map { ($0.name, $0.type) }, entityTypes: [], rows: [.init(values: values + [.text("")], entities: [])])
            let engine = QueryEngine(workers: 1, memoryLimitBytes: 64 << 20)
            guard case .rows(let batches, _) = try engine.run(Build.open(plan.rows, plan.release), scans: [0: table]), let vector = batches.first?.first
            else { return "no rows" }
            return shown(GroupReading.literal(vector, 0))
        } catch let error as BindError {
            return error.code.rawValue
        } catch let error as EngineError {
            return "\(error.code.rawValue) \(error.arguments)"
        } catch {
            return "\(error)"
        }
    }

    private static func shown(_ literal: Literal) -> String {
        if literal == .null { return "NULL" }
        if case .text(let text) = NaiveExpressions.cast(literal, to: .text) { return text }
        return "no text"
    }

    /// Replaces string, date and timestamp constants by columns c0, c1, ….
    private static func columns(_ text: String) -> (String, [Literal]) {
        var result = "", values: [Literal] = []
        var rest = text[...]
        while let quote = rest.firstIndex(of: "'") {
            var before = String(rest[..<quote])
            guard let end = rest[rest.index(after: quote)...].firstIndex(of: "'") else { break }
            let content = String(rest[rest.index(after: quote)..<end])
            rest = rest[rest.index(after: end)...]
            let lowered = before.lowercased()
            let isKept = ["interval ", "date_trunc(", "date_part(", "escape "].contains { lowered.hasSuffix($0) }
            var value = Literal.text(content)
            for (keyword, type) in [("timestamp ", LogicalType.timestamp), ("date ", .date)] where lowered.hasSuffix(keyword) {
                value = NaiveExpressions.cast(value, to: type)
                before.removeLast(keyword.count)
                break
            }
            if isKept || value == .null {
                result += before + "'" + content + "'"
            } else {
                result += before + "c\(values.count)"
                values.append(value)
            }
        }
        return (result + rest, values)
    }
}
