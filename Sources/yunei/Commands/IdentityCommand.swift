// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import JobControl
import MetadataStore
import WireContract

/// `yunei identity`.
struct IdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity", abstract: "People of the domain. 域内人员。", subcommands: [IdentityAddCommand.self])
}

/// `yunei identity add`: only an authority may.
struct IdentityAddCommand: YuneiCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a person with a key of its own. 添加人员。")

    @Argument(help: "Name of the person.") var name: String
    @Option(help: "authority, unit, sector, operator, developer, user, reviewer, expert or auditor.") var role: String
    @Option(help: "Organisation; a unit's tables name it.") var org: String

    func run(in context: CommandContext) throws -> CommandOutcome {
        let domain = try context.openDomain()
        guard let role = Role(rawValue: role) else {
            throw ControlError(.identityRole, role, Role.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let authority = try context.actor(in: domain)
        try domain.addIdentity(
            name: name, role: role, organisation: org, by: authority, strength: context.strength, passphrases: context.passphrases)
        let members: [String: JSONValue] = ["identity": .string(name), "role": .string(role.rawValue), "organisation": .string(org)]
        return .done(members) { Texts.text("command.identity-added", [name, role.rawValue, org]).in($0) }
    }
}
