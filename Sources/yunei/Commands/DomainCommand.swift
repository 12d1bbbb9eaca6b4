// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import JobControl
import WireContract

/// `yunei domain`.
struct DomainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "domain", abstract: "Make a domain. 建立域。", subcommands: [DomainInitCommand.self])
}

/// `yunei domain init`: directory, keys, log, first identity.
struct DomainInitCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "init", abstract: "Make a domain and its authority. 建立域及其数据资源管理部门。")

    @Argument(help: "Directory of the new domain.") var directory: String
    @Option(help: "Name of the first identity.") var authority: String = "authority"
    @Option(help: "Its organisation.") var org: String = "数据资源管理部门"
    @Option(help: "international or shangmi.") var suite: String = "international"
    @Flag(help: "A domain for rehearsal (演练域): free SQL is always allowed, everything is marked.") var rehearsal = false

    func run(in context: CommandContext) throws -> CommandOutcome {
        let settings = Domain.Settings(
            authority: authority, organisation: org, suite: suite, isRehearsal: rehearsal, strength: context.strength)
        try Domain.create(at: directory, settings: settings, custodyPath: context.custodyPath, passphrases: context.passphrases)
        let paths = DomainPaths(root: directory)
        let members: [String: JSONValue] = [
            "domain": .string(paths.root), "authority": .string(authority), "organisation": .string(org), "suite": .string(suite),
            "rehearsal": .bool(rehearsal),
        ]
        return .done(members) { Texts.text("command.domain-made", [paths.root, authority, context.custodyPath ?? paths.key("custody.key")]).in($0) }
    }
}
