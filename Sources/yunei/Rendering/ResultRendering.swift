// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import JobControl
import WireContract

/// A released result for people: the table with withheld cells marked, why, from which data, and where the receipt lies.
enum ResultRendering {
    static func text(_ result: JSONValue, job: ReleasedJob, language: Language) -> String {
        let columns = result["columns"]?.elements ?? []
        let withheld = withheldCells(result)
        let rows = (result["rows"]?.elements ?? []).enumerated().map { row, cells in
            (cells.elements ?? []).enumerated().map { column, cell in
                withheld.contains([Int64(row), Int64(column)]) ? Texts.text("command.withheld-cell").in(language) : plain(cell)
            }
        }
        let numbers = Set(columns.indices.filter { isNumeric(columns[$0]["type"]?.text ?? "") })
        var parts = [TableRendering.text(header: columns.map { $0["name"]?.text ?? "" }, rows: rows, rightAligned: numbers)]
        parts.append(notes(result, job: job, language: language).joined(separator: "\n"))
        return parts.joined(separator: "\n\n")
    }

    private static func notes(_ result: JSONValue, job: ReleasedJob, language: Language) -> [String] {
        var notes: [String] = []
        if result["rehearsal"]?.flag == true { notes.append(Texts.text("command.rehearsal").in(language)) }
        for reason in result["withheld"]?["reasons"]?.elements ?? [] {
            guard let name = reason.text else { continue }
            notes.append(Texts.text("release.reason." + name).in(language))
        }
        if result["release"]?["open"]?.flag != true { notes.append(Texts.text("command.groups-left-out").in(language)) }
        for source in result["sources"]?.elements ?? [] {
            notes.append(
                Texts.text(
                    "command.source",
                    [source["table"]?.text ?? "", source["version"]?.number.map(String.init) ?? "", source["as_of"]?.text ?? "—"]
                ).in(language))
        }
        notes.append(Texts.text("command.receipt", [job.receiptPath]).in(language))
        return notes
    }

    private static func withheldCells(_ result: JSONValue) -> Set<[Int64]> {
        Set((result["withheld"]?["cells_at"]?.elements ?? []).map { ($0.elements ?? []).compactMap(\.number) })
    }

    private static func plain(_ cell: JSONValue) -> String {
        switch cell {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .string(let value): value
        case .array, .object: cell.canonicalText
        }
    }

    private static func isNumeric(_ type: String) -> Bool {
        type.hasPrefix("decimal") || type == "int64" || type == "double"
    }
}
