// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import JobControl
import WireContract

/// `yunei audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The signed log. 存证日志。",
        subcommands: [
            AuditListCommand.self, AuditShowCommand.self, AuditVerifyCommand.self, AuditExportCommand.self, AuditKeyCommand.self,
        ])
}

/// `yunei audit list`.
struct AuditListCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the entries. 列出存证。")

    func run(in context: CommandContext) throws -> CommandOutcome {
        let entries = try context.openDomain().auditEntries()
        let members: [String: JSONValue] = ["entries": .array(entries.map(\.summary))]
        return .done(members) { language in
            TableRendering.text(
                header: ["command.index", "command.time", "command.entry-type", "command.actor", "command.subject"].map { Texts.text($0).in(language) },
                rows: entries.map { [String($0.index), $0.entry.time, $0.entry.type.rawValue, $0.entry.actor, $0.subject] })
        }
    }
}

/// `yunei audit show N`.
struct AuditShowCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one entry. 显示一条存证。")

    @Argument(help: "Index.") var index: UInt64

    func run(in context: CommandContext) throws -> CommandOutcome {
        let entry = try context.openDomain().auditEntry(index)
        return .done(["index": .integer(Int64(index)), "entry": entry.entry.json]) { _ in entry.entry.json.readableText }
    }
}

/// `yunei audit verify`: derives everything again from the entry bundles.
struct AuditVerifyCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "verify", abstract: "Verify the whole log. 校验整个日志。")

    func run(in context: CommandContext) throws -> CommandOutcome {
        // Opening publishes what an interrupted command left acknowledged but unpublished. A log that cannot be opened is verified as it stands.
        _ = try? context.openDomain()
        let report = try Domain.verifyLog(at: try context.domainDirectory())
        let members: [String: JSONValue] = [
            "size": .integer(Int64(report.size)), "root": .string(report.root), "failures": .array(report.failures.map { .string($0) }),
        ]
        guard report.failures.isEmpty else {
            return .notVerified(members) { language in
                ([Texts.text("command.log-not-verified").in(language)] + report.failures.map { "  " + $0 }).joined(separator: "\n")
            }
        }
        return .done(members) { Texts.text("command.log-verified", [String(report.size), report.root]).in($0) }
    }
}

/// `yunei audit export`: the static log with its key, for third parties.
struct AuditExportCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "export", abstract: "Copy the log with its key for third parties. 导出日志。")

    @Option(help: "Directory to make; default audit-export.") var out: String = "audit-export"

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        try domain.exportLog(to: out)
        return .done(["directory": .string(out), "key": .string(domain.verifierKey)]) { Texts.text("command.log-exported", [out]).in($0) }
    }
}

/// `yunei audit key`: prints the log's verifier key.
struct AuditKeyCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "key", abstract: "Print the log's verifier key. 打印日志公钥。")

    func run(in context: CommandContext) throws -> CommandOutcome {
        let key = try Domain.verifierKey(at: try context.domainDirectory())
        return .done(["key": .string(key)]) { _ in key }
    }
}
