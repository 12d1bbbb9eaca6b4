// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import CryptoSuites
import DocumentReader
import JobControl
import PolicyCheck
import QueryPlan
import WireContract

/// `yunei product check FILE`: runs and records nothing. `--replay RECORD` needs no domain.
struct ProductCheckCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "check", abstract: "Tell what would happen; runs nothing. 检查产品，不执行。")

    @Argument(help: "YAML file.") var file: String?
    @Flag(help: "Show the plan after each rewrite. 显示每次改写后的执行计划。") var explain = false
    @Option(help: "Write the decision record here: the verdict with everything it rests on. 写出判定记录。") var record: String?
    @Option(help: "Compute the verdict of a decision record again, offline, and compare. 离线重算判定记录并比较。") var replay: String?

    func validate() throws {
        guard (file == nil) != (replay == nil) else { throw ValidationError("product check FILE, or product check --replay RECORD") }
        guard replay == nil || !explain && record == nil else { throw ValidationError("--replay stands alone") }
    }

    func run(in context: CommandContext) throws -> CommandOutcome {
        if let replay { return try Self.replay(replay) }
        let path = file ?? ""
        let document = try DocumentReader.read(try context.read(path), fileName: path)
        if let record { try OutputFile.requirePlace(record) }
        let domain = try context.openDomain()
        let sql = document.json["sql"]?.text ?? ""
        let decision = try ProductOutcome.place(sql) { try domain.check(document) }
        let steps = explain ? try domain.explain(document) : []
        let note = try record.map { try Self.write(decision, to: $0, domain) }
        switch decision.preparation {
        case .stopped(let verdict): return .stopped(verdict, sql: sql, steps: steps, document: decision.verdict, note: note)
        case .ready(let prepared):
            var members = decision.verdict.members ?? [:]
            if explain { members["explain"] = PlanRendering.json(steps) }
            return .done(members) { language in
                let names = [document.name, prepared.tables.map(\.name).joined(separator: ", "), prepared.units.joined(separator: ", ")]
                return Texts.text("command.product-allowed", names).in(language) + PlanRendering.text(steps, language: language)
                    + (note.map { "\n" + $0.in(language) } ?? "")
            }
        }
    }

    private static func write(_ decision: Decision, to path: String, _ domain: Domain) throws -> Text {
        let bytes = decision.record.canonicalBytes
        try domain.write(decision, to: path)
        return Texts.text("command.record-written", [path, SHA256.hash(bytes).hex])
    }

    private static func replay(_ path: String) throws -> CommandOutcome {
        let replay = try DecisionReplay.run(try InputFile.read(path, limitBytes: JobControl.Limits.decisionRecordBytes))
        var members: [String: JSONValue] = [
            "product": .string(replay.product), "verdict": .string(replay.verdict), "record": .string(replay.digest),
            "checker": .integer(PolicyChecker.version), "record_checker": .integer(replay.checker),
        ]
        if replay.isSame {
            return .done(members) { Texts.text("command.replay-same", [replay.product, replay.verdict, replay.digest]).in($0) }
        }
        members["differences"] = .array(replay.differences.map { .string($0) })
        let fault = replay.fault.map { Texts.text($0.code, $0.arguments) }
        if let fault, let code = replay.fault?.code {
            members["fault"] = ["code": .string(code), "message": ["zh": .string(fault.zh), "en": .string(fault.en)]]
        }
        let names = [String(replay.differences.count), String(replay.checker), String(PolicyChecker.version)]
        return .different(members) { language in
            ([Texts.text("command.replay-different", names).in(language)] + replay.differences.map { "   " + $0 }
                + (fault.map { [$0.in(language)] } ?? [])).joined(separator: "\n")
        }
    }
}
