// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import DocumentReader
import JobControl
import MetadataStore
import PolicyCheck
import WireContract

/// `yunei product`.
struct ProductCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "product", abstract: "Data products. 数据产品。",
        subcommands: [
            ProductSubmitCommand.self, ProductCheckCommand.self, ProductShowCommand.self, ProductListCommand.self,
            ProductApproveCommand.self, ProductReturnCommand.self, ProductRejectCommand.self,
        ])
}

/// `yunei product submit FILE`.
struct ProductSubmitCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "submit", abstract: "Check a product and register it. 提交产品。")

    @Argument(help: "YAML file.") var file: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let document = try DocumentReader.read(try context.read(file), fileName: file)
        let domain = try context.openDomain()
        let actor = try context.actor(in: domain)
        let sql = document.json["sql"]?.text ?? ""
        let decision = try ProductOutcome.place(sql) { try domain.submit(document, by: actor) }
        if case .stopped(let verdict) = decision.preparation, verdict.decision == .refused {
            return .stopped(verdict, sql: sql, document: decision.verdict)
        }
        return try ProductOutcome.show(domain.product(document.name), text: "command.product-submitted")
    }
}

/// `yunei product show NAME`.
struct ProductShowCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a product and its signatures. 显示产品及签名。")

    @Argument(help: "Product.") var name: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        try ProductOutcome.show(try context.openDomain().product(name), text: "command.product-shown")
    }
}

/// `yunei product list`.
struct ProductListCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List products. 列出产品。")

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        let states = try domain.metadata.products().map { try domain.product($0.name) }
        let members: [String: JSONValue] = ["products": .array(states.map { .object(ProductOutcome.members($0)) })]
        return .done(members) { language in
            TableRendering.text(
                header: ["command.product", "command.submitted-by", "command.missing-signatures"].map { Texts.text($0).in(language) },
                rows: states.map { [$0.record.name, $0.record.actor, $0.missing.joined(separator: ", ")] })
        }
    }
}

/// `yunei product approve NAME`.
struct ProductApproveCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "approve", abstract: "Sign a product: approve. 批准。")

    @Argument(help: "Product.") var name: String
    @Option(help: "Opinion.") var opinion: String = ""

    func run(in context: CommandContext) throws -> CommandOutcome { try ProductOutcome.decide(name, "approve", opinion, context) }
}

/// `yunei product return NAME`.
struct ProductReturnCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "return", abstract: "Sign a product: return for changes. 退回修改。")

    @Argument(help: "Product.") var name: String
    @Option(help: "Opinion.") var opinion: String = ""

    func run(in context: CommandContext) throws -> CommandOutcome { try ProductOutcome.decide(name, "return", opinion, context) }
}

/// `yunei product reject NAME`.
struct ProductRejectCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "reject", abstract: "Sign a product: reject. 驳回。")

    @Argument(help: "Product.") var name: String
    @Option(help: "Opinion.") var opinion: String = ""

    func run(in context: CommandContext) throws -> CommandOutcome { try ProductOutcome.decide(name, "reject", opinion, context) }
}
