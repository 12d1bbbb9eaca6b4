// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CanonicalJSON
import JobControl
import WireContract

/// `yunei doctor`: is everything in order, and what to do if not.
struct DoctorCommand: YuneiCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the domain and the machine. 检查域与机器。")

    @Flag(help: "Make the metadata view again from the log first.") var rebuild = false

    func run(in context: CommandContext) throws -> CommandOutcome {
        let directory = try context.domainDirectory()
        let domain = rebuild ? try Domain.rebuildMetadata(at: directory, custodyPath: context.custodyPath) : try context.openDomain()
        let findings = try domain.examine(launcher: try context.launcher())
        let members: [String: JSONValue] = [
            "rebuilt": .bool(rebuild),
            "findings": .array(
                findings.map { finding in
                    let text = Texts.text(finding.code, finding.arguments)
                    return [
                        "code": .string(finding.code), "ok": .bool(finding.isGood), "message": ["zh": .string(text.zh), "en": .string(text.en)],
                    ]
                }),
        ]
        let text: (Language) -> String = { language in
            findings.map { ($0.isGood ? "✓ " : "✗ ") + Texts.text($0.code, $0.arguments).in(language) }.joined(separator: "\n")
        }
        return findings.allSatisfy { $0.isGood || !$0.isFatal } ? .done(members, text: text) : .notVerified(members, text: text)
    }
}
