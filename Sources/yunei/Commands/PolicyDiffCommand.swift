// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import DocumentReader
import JobControl
import PolicyCheck
import WireContract

/// `yunei policy diff OLD NEW`: which registered products are judged otherwise when one document replaces the other.
struct PolicyDiffCommand: YuneiCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Which products change verdict when NEW replaces OLD; records nothing. 新旧策略之间产品判定的变化，不作记录。")

    @Argument(help: "YAML file.") var old: String
    @Argument(help: "YAML file that would replace it.") var new: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let documents = try [old, new].map { try DocumentReader.read(try context.read($0), fileName: $0) }
        let difference = try context.openDomain().difference(from: documents[0], to: documents[1])
        return .done(DifferenceRendering.members(difference)) { DifferenceRendering.text(difference, $0) }
    }
}

/// The difference between two policies for people and for scripts.
enum DifferenceRendering {
    static func members(_ difference: PolicyDifference) -> [String: JSONValue] {
        [
            "lines": .array(
                difference.lines.map { line in
                    [
                        "table": .string(line.table), "change": .string(line.isNew ? "added" : "removed"), "line": .string(line.line.text),
                        "owner": .string(line.line.owner),
                    ]
                }),
            "products": .array(
                difference.products.map { product in
                    let message = reason(product)
                    return [
                        "product": .string(product.name), "old": .string(word(product.old)), "new": .string(word(product.new)),
                        "signatures_void": .bool(product.isOnlySignedAnew),
                        "rule": (product.new.firstReason ?? product.old.firstReason).map { .string($0.code) } ?? .null,
                        "message": ["zh": .string(message.zh), "en": .string(message.en)],
                    ]
                }),
            "unchanged": .integer(Int64(difference.unchangedCount)),
        ]
    }

    static func text(_ difference: PolicyDifference, _ language: Language) -> String {
        var parts: [String] = []
        if !difference.lines.isEmpty {
            let lines = difference.lines.map { ($0.isNew ? "+ " : "- ") + $0.table + "  " + $0.line.text + "  # " + $0.line.owner }
            parts.append(([Texts.text("difference.lines").in(language)] + lines).joined(separator: "\n"))
        }
        if difference.products.isEmpty {
            parts.append(Texts.text("difference.no-product").in(language))
        } else {
            let codes = ["command.product", "difference.old", "difference.new", "difference.reason"]
            parts.append(
                TableRendering.text(
                    header: codes.map { Texts.text($0).in(language) },
                    rows: difference.products.map { product in
                        let decisions = [product.old, product.new].map { Texts.text("decision." + word($0)).in(language) }
                        return [product.name] + decisions + [reason(product).in(language)]
                    }))
        }
        parts.append(Texts.text("difference.unchanged", [String(difference.unchangedCount)]).in(language))
        return parts.joined(separator: "\n\n")
    }

    private static func word(_ outcome: StatementOutcome) -> String { outcome.decision?.rawValue ?? "unreadable" }

    /// Why it is not allowed any more, or was not before.
    private static func reason(_ product: PolicyDifference.Product) -> Text {
        guard let reason = product.new.firstReason ?? product.old.firstReason else { return Texts.text("difference.signed-anew") }
        return Texts.text(reason.code, reason.arguments)
    }
}
