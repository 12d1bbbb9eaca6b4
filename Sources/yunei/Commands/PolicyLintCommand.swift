// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import DocumentReader
import JobControl
import PolicyCheck
import WireContract

/// `yunei policy lint FILE`: what a careful person would ask before it is applied. Exit status 0 without warnings, 1 with warnings, 2 when
/// the document cannot be applied or nothing can come out of it.
struct PolicyLintCommand: YuneiCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Look a policy document over; records nothing. 审视策略文档，不作记录。",
        discussion: "With a domain named, beside the documents in force there. Exit status: 0 no warnings, 1 warnings, 2 errors.")

    @Argument(help: "YAML file.") var file: String
    @Option(help: "A further document to look at beside it, such as the baseline; may be repeated.") var beside: [String] = []

    func run(in context: CommandContext) throws -> CommandOutcome {
        let bytes = try context.read(file)
        let document = try DocumentReader.read(bytes, fileName: file)
        guard document.kind != .product else { throw ControlError(.documentKind, file, "product check") }
        let others = try beside.map { try DocumentReader.read(try context.read($0), fileName: $0).json }
        let findings =
            context.globals.domain == nil
            ? PolicyLint.findings(document.json, beside: others) : try context.openDomain().lint(document, beside: others)
        return LintRendering.outcome(findings, file: file, places: try DocumentReader.places(of: bytes, fileName: file))
    }
}

/// Findings of the lint for people and for scripts, in order of their places.
enum LintRendering {
    private struct Placed {
        let finding: LintFinding
        let line: Int
        let column: Int
    }

    static func outcome(_ findings: [LintFinding], file: String, places: DocumentPlaces) -> CommandOutcome {
        let placed = findings.map { finding in
            let place = places.place(of: finding.path)
            return Placed(finding: finding, line: place.line, column: place.column)
        }.sorted { ($0.line, $0.column, $0.finding.rule) < ($1.line, $1.column, $1.finding.rule) }
        let counts = LintFinding.Severity.allCases.reversed().map { severity in findings.count { $0.severity == severity } }
        let (status, exit): (String, ExitStatus) =
            counts[0] > 0 ? ("errors", .wrongUse) : counts[1] > 0 ? ("warnings", .refusedByPolicy) : ("done", .done)
        let members: [String: JSONValue] = [
            "file": .string(file), "findings": .array(placed.map(json)), "errors": .integer(Int64(counts[0])),
            "warnings": .integer(Int64(counts[1])), "notes": .integer(Int64(counts[2])),
        ]
        return .reported(members, status: status, exit: exit) { language in
            let lines = placed.map { placed in
                let severity = Texts.text("lint." + placed.finding.severity.rawValue).in(language)
                let message = message(placed.finding).in(language)
                return "\(file):\(placed.line):\(placed.column): \(severity): \(message)"
            }
            return (lines + [Texts.text("lint.summary", [file] + counts.map(String.init)).in(language)]).joined(separator: "\n")
        }
    }

    /// Advice on labels names a kind, whose name is a text too.
    private static func message(_ finding: LintFinding) -> Text {
        guard LabelAdvice.Code(rawValue: finding.rule) != nil else { return Texts.text(finding.rule, finding.arguments) }
        let kind = Texts.text(finding.arguments[2])
        func arguments(_ name: String) -> [String] { finding.arguments.enumerated().map { $0.offset == 2 ? name : $0.element } }
        return Text(zh: Texts.text(finding.rule, arguments(kind.zh)).zh, en: Texts.text(finding.rule, arguments(kind.en)).en)
    }

    private static func json(_ placed: Placed) -> JSONValue {
        let message = message(placed.finding)
        return [
            "rule": .string(placed.finding.rule), "severity": .string(placed.finding.severity.rawValue), "line": .integer(Int64(placed.line)),
            "column": .integer(Int64(placed.column)), "path": .array(placed.finding.path.map { .string($0) }),
            "message": ["zh": .string(message.zh), "en": .string(message.en)],
        ]
    }
}
