// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import DocumentReader
import JobControl
import PolicyCheck
import WireContract

/// `yunei policy`.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Policies of tables. 数据表策略。",
        subcommands: [
            PolicyApplyCommand.self, PolicyLintCommand.self, PolicyDiffCommand.self, PolicyGrantCommand.self, PolicySuggestCommand.self,
            PolicyShowCommand.self,
        ])
}

/// `yunei policy apply FILE`: baseline, unit document, single table or standing approval.
struct PolicyApplyCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "apply", abstract: "Put a policy in force and register its tables. 应用策略并登记数据表。")

    @Argument(help: "YAML file.") var file: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let document = try DocumentReader.read(try context.read(file), fileName: file)
        let domain = try context.openDomain()
        let applied = try domain.applyPolicy(document, by: try context.actor(in: domain), passphrases: context.passphrases)
        let members: [String: JSONValue] = [
            "kind": .string(applied.kind), "name": .string(applied.name), "digest": .string(applied.digest),
            "tables": .array(applied.tables.map { .string($0) }), "entry": .integer(Int64(applied.entry)),
        ]
        return .done(members) { language in
            let tables = applied.tables.isEmpty ? Texts.text("command.none").in(language) : applied.tables.joined(separator: ", ")
            return Texts.text("command.policy-applied", [applied.kind, applied.name, tables]).in(language)
        }
    }
}

/// `yunei policy show --effective TABLE`: every line in force with its owner.
struct PolicyShowCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the effective policy of a table. 显示数据表的生效策略。")

    @Flag(help: "The policy in force, each line with its owner.") var effective = false
    @Argument(help: "Table.") var table: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        guard let summary = try domain.tables().first(where: { $0.name == table }) else { throw ControlError(.tableUnknown, table) }
        let lines = try domain.policies().effectiveLines(table)
        let members: [String: JSONValue] = [
            "table": .string(table), "unit": .string(summary.unit), "supplied": .bool(summary.version != nil),
            "version": summary.version.map { .integer($0) } ?? .null, "as_of": summary.asOf.map { .string($0) } ?? .null,
            "lines": .array(lines.map { ["line": .string($0.text), "owner": .string($0.owner)] }),
        ]
        return .done(members) { language in
            // A table may be listed in the catalogue long before its unit supplies it.
            let supply = summary.version.map { "v\($0)" } ?? Texts.text("command.listed-not-supplied").in(language)
            return [table, summary.unit, supply].joined(separator: " · ") + "\n\n"
                + TableRendering.text(
                    header: [Texts.text("command.effective-line").in(language), Texts.text("command.owner").in(language)],
                    rows: lines.map { [$0.text, $0.owner] })
        }
    }
}
