// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import JobControl
import WireContract

/// `yunei job`.
struct JobCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Runs of products. 作业。", subcommands: [JobRunCommand.self])
}

/// `yunei job run PRODUCT`.
struct JobRunCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Run an approved product. 运行已批准的产品。")

    @Argument(help: "Product.") var product: String
    @Option(name: .customLong("param"), help: "name=value; may be repeated.") var parameters: [String] = []
    @Option(help: "Also write the result here; its receipt beside it as FILE.receipt.json.") var out: String?

    func run(in context: CommandContext) throws -> CommandOutcome {
        var values: [String: String] = [:]
        for parameter in parameters {
            guard let equals = parameter.firstIndex(of: "="), equals != parameter.startIndex else {
                throw ControlError(.optionValueMissing, "--param name=value")
            }
            guard values[String(parameter[..<equals])] == nil else {
                throw ControlError(.parameterRepeated, String(parameter[..<equals]))
            }
            values[String(parameter[..<equals])] = String(parameter[parameter.index(after: equals)...])
        }
        if let out { try OutputFile.requirePlace(out) }
        let domain = try context.openDomain()
        let actor = try context.actor(in: domain)
        switch try domain.runProduct(product, parameters: values, by: actor, launcher: try context.launcher()) {
        case .stopped(let verdict, let document): return .stopped(verdict, sql: try domain.product(product).sql, document: document)
        case .released(let job): return .released(try out.map { try domain.copy(job, to: $0) } ?? job)
        }
    }
}

/// `yunei query --sql`.
struct QueryCommand: YuneiCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Run free SQL, under a standing approval or in a rehearsal domain. 自由查询。")

    @Option(help: "The statement.") var sql: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        let actor = try context.actor(in: domain)
        let launcher = try context.launcher()
        switch try ProductOutcome.place(sql, { try domain.runQuery(sql: sql, by: actor, launcher: launcher) }) {
        case .stopped(let verdict, let document): return .stopped(verdict, sql: sql, document: document)
        case .released(let job): return .released(job)
        }
    }
}
