// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import JobControl
import PolicyCheck
import WireContract

/// `yunei policy suggest TABLE`: a draft of the table's document from what its newest load recognised and measured. Records nothing.
struct PolicySuggestCommand: YuneiCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Draft a table's policy from its newest load; records nothing. 按最近一次装载起草数据表策略，不作记录。")

    @Argument(help: "Table.") var table: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let suggestion = try context.openDomain().suggestion(for: table)
        let members: [String: JSONValue] = [
            "table": .string(table), "document": .string(Self.document(suggestion, .en)), "document_zh": .string(Self.document(suggestion, .zh)),
        ]
        return .done(members) { Self.document(suggestion, $0) }
    }

    /// YAML with the reasons as comments.
    private static func document(_ suggestion: PolicySuggestion, _ language: Language) -> String {
        var lines = [comment("suggest.head", [suggestion.table], language)] + suggestion.head
        for column in suggestion.columns {
            lines += column.reasons.map { reason in
                let kind = reason.kindTextCode.map { Texts.text($0).in(language) }
                return "  " + comment(reason.code, (kind.map { [$0] } ?? []) + reason.arguments, language)
            }
            lines.append(column.line)
        }
        return (lines + suggestion.tail).joined(separator: "\n")
    }

    private static func comment(_ code: String, _ arguments: [String], _ language: Language) -> String {
        "# " + Texts.text(code, arguments).in(language)
    }
}
