// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import CryptoSuites
import Glibc
import JobControl
import WireContract

/// Parses, runs one command, prints its outcome once, gives its exit status.
enum Application {
    /// Exit status: 0 done, 1 refused by policy, 2 wrong use or bad input, 3 internal fault.
    static func run(arguments: [String]) -> Int32 {
        let globals: GlobalOptions
        let command: any ParsableCommand
        do {
            let (options, rest) = try GlobalOptions.extract(from: arguments)
            globals = options
            command = try RootCommand.parseAsRoot(rest)
        } catch let error as ControlError {
            return Console(globals: GlobalOptions()).finish(fault: FaultCode.of(error), sql: nil)
        } catch {
            return finishUsage(error, arguments: arguments)
        }
        let console = Console(globals: globals)
        guard let command = command as? any YuneiCommand else { return finishUsage(CleanExit.helpRequest(RootCommand.self), arguments: arguments) }
        do {
            try CryptoSuites.initialise()
            let context = CommandContext(globals: globals, console: console)
            return console.finish(try command.run(in: context))
        } catch let fault as CommandFault {
            return console.finish(fault: FaultCode.of(fault.underlying), sql: fault.sql)
        } catch {
            return console.finish(fault: FaultCode.of(error), sql: nil)
        }
    }

    private static func finishUsage(_ error: any Error, arguments: [String]) -> Int32 {
        let text = RootCommand.fullMessage(for: error)
        guard RootCommand.exitCode(for: error) != .success else {
            print(text)
            return ExitStatus.done.rawValue
        }
        if arguments.contains("--json") {
            let document: JSONValue = [
                "status": "error", "code": "command.usage", "message": ["zh": .string(Texts.text("command.usage").zh + text), "en": .string(Texts.text("command.usage").en + text)],
            ]
            print(document.canonicalText)
        } else {
            StandardError.write(text + "\n")
        }
        return ExitStatus.wrongUse.rawValue
    }
}

/// A command of ours: runs in a context and says what came of it.
protocol YuneiCommand: ParsableCommand {
    func run(in context: CommandContext) throws -> CommandOutcome
}

/// An error that belongs to a statement, so that its place can be shown.
struct CommandFault: Error {
    let underlying: any Error
    let sql: String
}

/// `yunei`.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yunei",
        abstract: "Yunei 域内: raw data never leaves the domain; data is usable, not visible. 原始数据不出域，数据可用不可见。",
        discussion: """
            Global options, anywhere: --domain DIR (or YUNEI_DOMAIN), --as NAME (or YUNEI_AS, else authority), --json, --lang zh|en.
            Exit status: 0 done, 1 refused by policy, 2 wrong use or bad input, 3 internal fault.
            """,
        version: "0.1.0",
        subcommands: [
            DomainCommand.self, IdentityCommand.self, PolicyCommand.self, TableCommand.self, ProductCommand.self, JobCommand.self,
            QueryCommand.self, AuditCommand.self, ReceiptCommand.self, DoctorCommand.self,
        ])
}
