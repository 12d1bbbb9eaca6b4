// SPDX-License-Identifier: Apache-2.0

/// One message in the two languages of the project. Placeholders are `{0}`, `{1}` …, the same set in both.
public struct Text: Sendable, Equatable {
    /// Simplified Chinese.
    public let zh: String
    /// English.
    public let en: String

    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// The one catalogue of messages, by stable code. Arguments name things, places and limits; never a data value, row or key.
public enum Texts {
    /// One table per module, each in the file of its module.
    public static let tables: [[String: Text]] = [
        canonicalJSON, sqlSyntax, queryPlan, cryptoSuites, durableFiles, auditLog, confinement, wireContract, columnStore,
        disclosureControl, policyCheck, policyTools, documentReader, queryEngine, jobRuntime, metadataStore, jobControl, labels, commands,
    ]

    private static let all: [String: Text] = tables.reduce(into: [:]) { merged, table in
        merged.merge(table) { first, _ in first }
    }

    /// Whether the catalogue has a message for `code`.
    public static func contains(_ code: String) -> Bool { all[code] != nil }

    /// The message for `code` with its placeholders replaced. A missing argument leaves a dash, a surplus one is left out.
    /// An unknown code is our own mistake and gets a message that says so and names the code.
    public static func text(_ code: String, _ arguments: [String] = []) -> Text {
        guard let template = all[code] else { return unknown(code) }
        return Text(zh: fill(template.zh, arguments), en: fill(template.en, arguments))
    }

    private static func unknown(_ code: String) -> Text {
        Text(
            zh: "内部故障(代码 \(code))。请把该代码报告给维护者。",
            en: "Internal fault (code \(code)). Please report this code to the maintainers.")
    }

    /// One pass, so that an argument which itself looks like a placeholder is printed as it is.
    private static func fill(_ template: String, _ arguments: [String]) -> String {
        var output = ""
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{") {
            output += rest[..<open]
            let tail = rest[open...].dropFirst()
            if let close = tail.firstIndex(of: "}"), let number = placeholderNumber(tail[..<close]) {
                output += number < arguments.count ? arguments[number] : "-"
                rest = tail[close...].dropFirst()
            } else {
                output += "{"
                rest = tail
            }
        }
        return output + rest
    }

    /// The numbers of the placeholders of a template.
    public static func placeholders(_ template: String) -> Set<Int> {
        var found: Set<Int> = []
        var rest = Substring(template)
        while let open = rest.firstIndex(of: "{") {
            rest = rest[open...].dropFirst()
            if let close = rest.firstIndex(of: "}"), let number = placeholderNumber(rest[..<close]) { found.insert(number) }
        }
        return found
    }

    private static func placeholderNumber(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.count <= 2, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }
}
