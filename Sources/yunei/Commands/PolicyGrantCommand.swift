// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import DocumentReader
import JobControl
import PolicyCheck
import WireContract

/// `yunei policy grant-for FILE`: the smallest grant under which a statement passes, and what else becomes answerable by it.
struct PolicyGrantCommand: YuneiCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant-for", abstract: "The smallest grant under which a query passes; records nothing. 使查询通过的最小授权，不作记录。")

    @Argument(help: "SQL file, or a product's YAML file when the statement has parameters.") var file: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let statement = try self.statement(try context.read(file))
        let domain = try context.openDomain()
        switch try ProductOutcome.place(statement.sql, { try domain.smallestGrant(for: statement) }) {
        case .notNeeded: return .done(["needed": false, "lines": [], "becomes_answerable": []]) { Texts.text("grant.not-needed").in($0) }
        case .found(_, let lines, let newUses):
            let members: [String: JSONValue] = [
                "needed": true, "lines": .array(lines.map(GrantRendering.json)), "becomes_answerable": .array(newUses.map(GrantRendering.json)),
            ]
            return .done(members) { GrantRendering.text(lines, newUses, $0) }
        case .impossible(let verdict): return .stopped(verdict, sql: statement.sql)
        }
    }

    private func statement(_ bytes: [UInt8]) throws -> Statement {
        if file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
            let document = try DocumentReader.read(bytes, fileName: file)
            guard document.kind == .product else { throw ControlError(.documentKind, file, "policy apply") }
            return Statement(
                name: document.name, sql: document.json["sql"]?.text ?? "", parameterDomains: document.json["parameters"] ?? .object([:]))
        }
        guard let sql = String(validating: bytes, as: UTF8.self) else { throw ControlError(.fileUnreadable, file, "UTF-8") }
        return Statement(name: file, sql: sql, parameterDomains: .object([:]))
    }
}

/// A smallest grant for people and for scripts.
enum GrantRendering {
    static func json(_ line: GrantLine) -> JSONValue {
        [
            "owner": .string(line.owner), "document": .string(line.isOfElement ? "baseline" : "unit"), "subject": .string(line.subject),
            "key": .string(line.key), "value": line.value.map { .string($0) } ?? .null, "previous": line.previous.map { .string($0) } ?? .null,
        ]
    }

    static func json(_ use: NewUse) -> JSONValue {
        let text = text(use)
        return ["column": .string(use.column), "owner": .string(use.owner), "message": ["zh": .string(text.zh), "en": .string(text.en)]]
    }

    static func text(_ lines: [GrantLine], _ newUses: [NewUse], _ language: Language) -> String {
        var parts = [Texts.text("grant.found").in(language)]
        for owner in Set(lines.map(\.owner)).sorted() {
            let own = lines.filter { $0.owner == owner }
            let head = Texts.text(own[0].isOfElement ? "grant.baseline" : "grant.document-of-unit", [owner]).in(language)
            parts.append(([head] + own.map { text($0, language) }).joined(separator: "\n"))
        }
        let uses = newUses.map { "  - " + text($0).in(language) }
        parts.append(([Texts.text("grant.becomes-answerable").in(language)] + uses).joined(separator: "\n"))
        return parts.joined(separator: "\n\n")
    }

    private static func text(_ line: GrantLine, _ language: Language) -> String {
        let subject = line.isOfElement ? Texts.text("grant.element", [line.subject]).in(language) : line.subject
        let value = line.value ?? Texts.text("grant.remove").in(language)
        let previous = line.previous.map { Texts.text("grant.previous", [$0]) } ?? Texts.text("grant.previous-none")
        return "  \(subject)  \(line.key): \(value)  # \(previous.in(language))"
    }

    private static func text(_ use: NewUse) -> Text {
        let names = [use.column, use.owner]
        return switch use.change {
        case .allow(let capability): Texts.text("grant.use." + capability.rawValue.replacing("_", with: "-"), names)
        case .granularity(let granularity?): Texts.text("grant.use.granularity", names + [granularity.chinese + " " + granularity.rawValue])
        case .granularity(nil): Texts.text("grant.use.granularity-none", names)
        case .prefix(let length?): Texts.text("grant.use.prefix", names + [String(length)])
        case .prefix(nil): Texts.text("grant.use.prefix-none", names)
        case .line(let key, let values?): Texts.text("grant.use.line", names + [key, values.joined(separator: ", ")])
        case .line(let key, nil): Texts.text("grant.use.line-none", names + [key])
        }
    }
}
