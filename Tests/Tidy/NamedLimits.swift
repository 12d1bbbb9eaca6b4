// SPDX-License-Identifier: Apache-2.0

/// A limit of a module, and where tests speak of it.
struct NamedLimit: Hashable, CustomStringConvertible {
    let module: String
    /// `Limits`, or a longer name that ends so.
    let type: String
    let name: String

    var description: String { "\(module).\(type).\(name)" }

    /// All static members of the types of `Sources` whose names end in "Limits".
    static let all: [NamedLimit] = SourceTree.sources.flatMap { file in
        declared(in: SwiftCode.of(file.text), module: String(file.path.split(separator: "/")[1]))
    }

    static func declared(in code: String, module: String) -> [NamedLimit] {
        let tokens = tokens(code)
        var found: [NamedLimit] = []
        var depth = 0
        var pending: String?
        var open: (type: String, depth: Int)?
        for (place, token) in tokens.enumerated() {
            switch token {
            case "enum", "struct", "extension":
                pending = tokens[(place + 1)...].prefix { $0 != "{" }.first { $0.hasSuffix("Limits") }.map(String.init)
            case "{":
                depth += 1
                if let type = pending { open = (type, depth) }
                pending = nil
            case "}":
                if open?.depth == depth { open = nil }
                depth -= 1
            case "static":
                guard let open, open.depth == depth, place + 2 < tokens.count, ["let", "var"].contains(tokens[place + 1]) else { continue }
                found.append(NamedLimit(module: module, type: open.type, name: String(tokens[place + 2])))
            default: break
            }
        }
        return found
    }

    /// Whether a test names the limit: with its module anywhere; without it in the tests of the module, or where no other module has a type
    /// of that name. In the tests of the module a ceiling of its name will do.
    func isNamed(by file: SourceTree.File, paths: Set<[Substring]>) -> Bool {
        let isOwn = file.path.hasPrefix("Tests/\(module)Tests/")
        let isOnly = NamedLimit.all.allSatisfy { $0.type != type || $0.module == module }
        return paths.contains { path in
            if path.starts(with: [module[...], type[...], name[...]]) { return true }
            guard isOwn || isOnly else { return false }
            return path.starts(with: [type[...], name[...]]) || (isOwn && path.starts(with: ["ceilings", name[...]]))
        }
    }

    /// Names joined by points, as `["Limits", "columns"]`.
    static func paths(_ text: String) -> Set<[Substring]> {
        Set(SwiftCode.of(text).split { !isOfWord($0) && $0 != "." }.map { $0.split(separator: ".") })
    }

    private static func isOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }

    /// Words and braces.
    private static func tokens(_ code: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = code[...]
        while let first = rest.first {
            let word = rest.prefix(while: isOfWord)
            if first == "{" || first == "}" { tokens.append(rest.prefix(1)) } else if !word.isEmpty { tokens.append(word) }
            rest = rest.dropFirst(max(1, word.count))
        }
        return tokens
    }
}
