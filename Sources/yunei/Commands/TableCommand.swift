// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import JobControl
import WireContract

/// `yunei table`.
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Tables of the domain. 域内数据表。",
        subcommands: [
            TableLoadCommand.self, TableListCommand.self, TableShowCommand.self, TableSealCommand.self, TableSampleCommand.self,
        ])
}

/// `yunei table load TABLE FILE.csv`.
struct TableLoadCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "load", abstract: "Load a CSV file, encrypted, as a new version. 加载数据。")

    @Argument(help: "Table.") var table: String
    @Argument(help: "CSV file: RFC 4180, UTF-8 or GB18030, with a header line.") var file: String
    @Option(help: "Period the data is of, e.g. 2026-10.") var period: String?
    @Option(help: "replace, append or upsert.") var mode: String = "replace"
    @Option(help: "Time the data is as of, ISO 8601.") var asOf: String?
    @Option(help: "Write bad rows here (row number, column, reason) and load the rest.") var rejectFile: String?

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        let loaded = try domain.load(
            table: table, file: file, options: LoadOptions(mode: mode, period: period, asOf: asOf, rejectFile: rejectFile),
            by: try context.actor(in: domain), launcher: try context.launcher(),
            progress: { context.console.progress(Texts.text("command.rows-read", [String($0)]).in(context.globals.language)) })
        context.console.progress("")
        let members: [String: JSONValue] = [
            "table": .string(table), "version": .integer(loaded.version), "rows": .integer(loaded.rows),
            "rejected": .integer(loaded.rejected), "manifest": .string(loaded.manifest), "as_of": .string(loaded.asOf),
            "labels": LabelRendering.json(loaded.advice, table: table),
        ]
        return .done(members) { language in
            Texts.text("command.table-loaded", [table, String(loaded.version), String(loaded.rows), String(loaded.rejected)]).in(language)
                + LabelRendering.text(loaded.advice, table: table, language: language)
        }
    }
}

/// `yunei table list`.
struct TableListCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List tables. 列出数据表。")

    func run(in context: CommandContext) throws -> CommandOutcome {
        let tables = try context.openDomain().tables()
        let members: [String: JSONValue] = ["tables": .array(tables.map(\.json))]
        return .done(members) { language in
            TableRendering.text(
                header: ["command.table", "command.unit", "command.version", "command.as-of"].map { Texts.text($0).in(language) },
                rows: tables.map { table in
                    [
                        table.name, table.unit,
                        table.version.map(String.init) ?? Texts.text("command.listed-not-supplied").in(language), table.asOf ?? "",
                    ]
                })
        }
    }
}

/// `yunei table show TABLE`: schema and versions, never a row.
struct TableShowCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a table's columns and versions. 显示数据表的列与版本。")

    @Argument(help: "Table.") var table: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        guard let summary = try domain.tables().first(where: { $0.name == table }) else { throw ControlError(.tableUnknown, table) }
        let columns = try domain.columns(of: table)
        let advice = try domain.labelAdvice(of: table)
        var members = summary.json.members ?? [:]
        members["columns"] = .array(columns.map(\.json))
        members["labels"] = LabelRendering.json(advice, table: table)
        return .done(members) { language in
            let head = [table, summary.unit, summary.version.map { "v\($0)" } ?? Texts.text("command.listed-not-supplied").in(language)]
            let header = ["command.column", "command.type", "command.capabilities"].map { Texts.text($0).in(language) }
            return head.joined(separator: " · ") + "\n\n"
                + TableRendering.text(header: header, rows: columns.map { [$0.name, $0.type, $0.capabilities.joined(separator: ", ")] })
                + LabelRendering.text(advice, table: table, language: language)
        }
    }
}

/// `yunei table seal FILE`: of a later version; says so.
struct TableSealCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "seal", abstract: "Not in this version. 本版本不提供。")

    @Argument(help: "File.") var file: String

    func run(in context: CommandContext) throws -> CommandOutcome { throw ControlError(.notInThisVersion, "table seal") }
}

/// `yunei table sample TABLE --synthetic N`: invented rows, from the policy alone.
struct TableSampleCommand: YuneiCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Invent rows of a table from its policy, to write SQL against. 按策略虚构数据，供编写 SQL。",
        discussion: "No stored row is read. The same seed gives the same identifiers in all tables. 不读取任何真实数据；种子相同，各表的主体标识一致。")

    @Argument(help: "Table.") var table: String
    @Option(help: "Rows.") var synthetic: Int
    @Option(help: "Seed: the same one gives the same rows.") var seed: UInt64 = 1
    @Option(help: "Write the CSV file here instead of printing it.") var out: String?

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        let sample = try domain.sample(table: table, rows: synthetic, seed: seed)
        var members: [String: JSONValue] = ["table": .string(table), "rows": .integer(Int64(synthetic)), "synthetic": .bool(true)]
        guard let out else {
            let csv = sample.csv
            members["csv"] = .string(csv)
            return .done(members) { _ in String(csv.dropLast()) }
        }
        try domain.write(sample, to: out)
        members["file"] = .string(out)
        return .done(members) { Texts.text("command.table-sampled", [table, String(synthetic), out]).in($0) }
    }
}
