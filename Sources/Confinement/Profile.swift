// SPDX-License-Identifier: Apache-2.0

/// A list of system calls: what is not on it ends the process. The files lie in Sandbox/Profiles and are built into the program.
package struct Profile: Equatable, Sendable {
    /// One line of the list.
    package struct Rule: Equatable, Sendable {
        /// Name of the system call; numbers differ between architectures.
        package let call: String
        package let action: Action
    }

    /// What becomes of the call.
    package enum Action: Equatable, Sendable {
        case allow
        /// Allowed where the architecture and the library know the name.
        case allowKnown
        case allowIf(Condition)
        /// Not run; the caller gets ENOSYS.
        case answerNotImplemented
    }

    /// Bounds on arguments.
    package enum Condition: String, Sendable, CaseIterable {
        case threadFlags = "thread-flags"
        case noExecution = "no-exec"
        case ownProcess = "own-process"
    }

    package let rules: [Rule]

    /// The profile of yunei-executor.
    package static func executor() throws(ConfinementError) -> Profile { try Profile(PackageResources.executor_profile) }

    /// Reads a profile strictly: every line must be understood, no call may be named twice, every rule has its reason.
    package init(_ bytes: [UInt8]) throws(ConfinementError) {
        var rules: [Rule] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count <= Limits.profileLines else { throw ConfinementError(.badProfile, [String(lines.count)]) }
        for (index, line) in lines.enumerated() {
            let failure = ConfinementError(.badProfile, [String(index + 1)])
            guard line.count <= Limits.profileLineBytes, let text = String(validating: line, as: UTF8.self) else { throw failure }
            if text.isEmpty || text.hasPrefix("#") { continue }
            guard let rule = Self.rule(text), !rules.contains(where: { $0.call == rule.call }) else { throw failure }
            rules.append(rule)
        }
        guard !rules.isEmpty else { throw ConfinementError(.badProfile, ["0"]) }
        self.rules = rules
    }

    private static func rule(_ line: String) -> Rule? {
        let halves = line.split(separator: "#", maxSplits: 1)
        guard halves.count == 2, halves[1].contains(where: { $0 != " " }) else { return nil }
        let words = halves[0].split(separator: " ").map(String.init)
        guard words.count >= 2, words[1].utf8.allSatisfy(isNameByte) else { return nil }
        switch (words[0], words.count) {
        case ("allow", 2): return Rule(call: words[1], action: .allow)
        case ("allow-known", 2): return Rule(call: words[1], action: .allowKnown)
        case ("allow", 4):
            guard words[2] == "if", let condition = Condition(rawValue: words[3]) else { return nil }
            return Rule(call: words[1], action: .allowIf(condition))
        case ("answer", 3):
            return words[2] == "ENOSYS" ? Rule(call: words[1], action: .answerNotImplemented) : nil
        default: return nil
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
