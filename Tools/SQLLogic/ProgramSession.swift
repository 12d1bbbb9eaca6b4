// SPDX-License-Identifier: Apache-2.0

internal import CanonicalJSON
internal import Foundation
internal import Tabular

/// Queries through the program `yunei` in a new rehearsal domain: tables are declared, loaded and encrypted, each query has its
/// own executor.
package final class ProgramSession: Session {
    package struct Failure: Error, CustomStringConvertible { package let description: String }

    private let program: String
    private let folder: URL
    /// Name of each table in the domain with the rows that it has there.
    private var loaded: [String: TestTable] = [:]

    package init(program: String) throws {
        self.program = program
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("yunei-slt-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try quietly(["domain", "init", domain, "--org", "test", "--rehearsal"])
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private var domain: String { folder.path + "/domain" }

    package func use(_ tables: [String: TestTable]) throws {
        for table in tables.values.sorted(by: { $0.name < $1.name }) where loaded[table.name]?.csv != table.csv {
            if loaded[table.name]?.policy != table.policy {
                let policy = folder.appendingPathComponent("policy.yaml")
                try Data(Self.yaml(table).utf8).write(to: policy)
                try quietly(["policy", "apply", policy.path])
            }
            let rows = folder.appendingPathComponent("rows.csv")
            try Data(table.csv.utf8).write(to: rows)
            try quietly(["table", "load", table.name, rows.path])
            loaded[table.name] = table
        }
    }

    package func answer(_ sql: String) throws -> Answer {
        let (_, output) = try run(["query", "--sql", sql])
        guard let json = try? JSONValue.parse(Array(output.trimmingCharacters(in: .newlines).utf8)) else {
            throw Failure(description: "no document: " + output.prefix(200))
        }
        switch json["status"]?.text {
        case "released":
            let types = (json["columns"]?.elements ?? []).map { $0["type"]?.text.flatMap { LogicalType(name: $0) } ?? .text }
            let rows = (json["rows"]?.elements ?? []).map { row in zip(row.elements ?? [], types).map(Self.literal) }
            return .rows(rows)
        case "refused":
            let finding = json["findings"]?.elements?.first
            return .refused(Refusal(code: finding?["rule"]?.text ?? "policy", detail: finding?["message"]?["en"]?.text ?? ""))
        default: return .refused(Refusal(code: json["code"]?.text ?? "unknown", detail: json["message"]?["en"]?.text ?? ""))
        }
    }

    private static func literal(_ json: JSONValue, _ type: LogicalType) -> Literal {
        switch json {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .integer(let value): return TestTable.converted(.int64(value), to: type) ?? .int64(value)
        case .string(let text): return TestTable.converted(.text(text), to: type) ?? .text(text)
        case .array, .object: return .text(json.canonicalText)
        }
    }

    private static func yaml(_ table: TestTable) -> String {
        let columns = table.columns.map { column in
            var lines = "  \"\(column.name)\": { type: \"\(column.type.name)\", nullable: \(column.isNullable)"
            if column.type == .date { lines += ", format: yyyy-MM-dd" }
            return lines + " }"
        }
        return "table: \"\(table.name)\"\nunit: test\ngrade: 一般\npersonal: 非个人\nopen: true\ncolumns:\n" + columns.joined(separator: "\n") + "\n"
    }

    private func quietly(_ arguments: [String]) throws {
        let (status, output) = try run(arguments)
        guard status == 0 else { throw Failure(description: "yunei " + arguments.joined(separator: " ") + ": " + output) }
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["--domain", domain, "--json"] + arguments
        process.environment = ["YUNEI_PASSPHRASE": "test", "YUNEI_SEAL_STRENGTH": "light", "YUNEI_ALLOW_SWAP": "1", "PATH": "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
