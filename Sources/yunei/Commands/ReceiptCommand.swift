// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import CryptoSuites
import JobControl
import WireContract

/// `yunei receipt`.
struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Receipts of results. 回执。", subcommands: [ReceiptVerifyCommand.self])
}

/// `yunei receipt verify FILE`: needs no domain and no network.
struct ReceiptVerifyCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "verify", abstract: "Verify a receipt offline. 离线校验回执。")

    @Argument(help: "Receipt file.") var file: String
    @Option(help: "Result file; by default the one beside the receipt, if there is one.") var result: String?
    @Option(help: "The log's verifier key as known from elsewhere (yunei audit key).") var key: String?

    func run(in context: CommandContext) throws -> CommandOutcome {
        let bytes = try InputFile.read(file, limitBytes: JobControl.Limits.receiptBytes)
        let resultBytes = try resultFile(file)
        let story = try ReceiptVerifier.verify(bytes, result: resultBytes, expectedLogKey: key)
        let members: [String: JSONValue] = [
            "origin": .string(story.origin), "log_key": .string(story.logKey), "tree_size": .integer(Int64(story.treeSize)),
            "result": .string(story.resultDigest), "result_checked": .bool(resultBytes != nil), "rehearsal": .bool(story.isRehearsal),
            "steps": .array(
                story.steps.map { ["type": .string($0.type.rawValue), "actor": .string($0.actor), "time": .string($0.time)] }),
        ]
        return .done(members) { language in
            let steps = story.steps.map { "  " + $0.time + "  " + $0.type.rawValue + "  " + $0.actor }
            let result = Texts.text(resultBytes == nil ? "command.receipt-without-result" : "command.receipt-with-result", [story.resultDigest])
            let rehearsal = story.isRehearsal ? [Texts.text("command.rehearsal").in(language)] : []
            return (rehearsal + [Texts.text("command.receipt-verified", [story.origin]).in(language)] + steps + [result.in(language)])
                .joined(separator: "\n")
        }
    }

    /// The result that the receipt is about: named, or beside it under the usual names.
    private func resultFile(_ receipt: String) throws -> [UInt8]? {
        if let result { return try InputFile.read(result, limitBytes: JSONLimits.documentBytes) }
        let candidates =
            receipt.hasSuffix(".receipt.json") ? [String(receipt.dropLast(".receipt.json".count))]
            : receipt.hasSuffix("receipt.json") ? [receipt.dropLast("receipt.json".count) + "result.json"] : []
        return candidates.lazy.compactMap { try? InputFile.read(String($0), limitBytes: JSONLimits.documentBytes) }.first
    }
}
