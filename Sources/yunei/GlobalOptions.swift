// SPDX-License-Identifier: Apache-2.0

import Glibc
import JobControl

/// Options that may stand anywhere on the command line.
struct GlobalOptions {
    var domain: String?
    var identity: String = Self.environment("YUNEI_AS") ?? "authority"
    var isJSON = false
    var language: Language = .environment

    /// Takes the global options out of the arguments; what is left is the command's. Everything after `--` is left alone.
    static func extract(from arguments: [String]) throws -> (GlobalOptions, [String]) {
        var options = GlobalOptions()
        options.domain = environment("YUNEI_DOMAIN")
        var rest: [String] = []
        var remaining = arguments[...]
        while let argument = remaining.popFirst() {
            if argument == "--" {
                rest += [argument] + remaining
                break
            }
            let (name, attached) = split(argument)
            switch name {
            case "--json" where attached == nil: options.isJSON = true
            case "--domain": options.domain = try attached ?? value(of: name, &remaining)
            case "--as": options.identity = try attached ?? value(of: name, &remaining)
            case "--lang": options.language = try Language(named: attached ?? value(of: name, &remaining))
            default: rest.append(argument)
            }
        }
        return (options, rest)
    }

    /// A non-empty environment variable.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    private static func split(_ argument: String) -> (String, String?) {
        guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
    }

    private static func value(of name: String, _ remaining: inout ArraySlice<String>) throws -> String {
        guard let value = remaining.popFirst() else { throw ControlError(.optionValueMissing, name) }
        return value
    }
}

/// Language of what people read. `--json` documents carry both.
enum Language: String {
    case zh, en

    init(named name: String) throws {
        guard let language = Language(rawValue: name) else { throw ControlError(.optionValueMissing, "--lang zh|en") }
        self = language
    }

    /// Chinese where the machine's locale is, else English.
    static var environment: Language {
        let locale = GlobalOptions.environment("LC_ALL") ?? GlobalOptions.environment("LANG") ?? ""
        return locale.hasPrefix("zh") ? .zh : .en
    }
}
