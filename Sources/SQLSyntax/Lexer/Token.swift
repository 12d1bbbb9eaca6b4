// SPDX-License-Identifier: Apache-2.0

/// One token with its place.
struct Token: Sendable {
    enum Kind: Equatable, Sendable {
        /// An unquoted word, folded; keyword or name.
        case word(String)
        /// A quoted name.
        case quotedName(String)
        case integer(String)
        case decimal(String)
        case string(String)
        case parameter(String)
        case symbol(Symbol)
        case end
    }

    enum Symbol: String, CaseIterable, Sendable {
        case plus = "+"
        case minus = "-"
        case star = "*"
        case slash = "/"
        case percent = "%"
        case equal = "="
        case notEqual = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case concatenate = "||"
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case comma = ","
        case semicolon = ";"
        case dot = "."
        case cast = "::"

        /// The symbol of one character.
        init?(_ character: Unicode.Scalar) {
            switch character {
            case "+": self = .plus
            case "-": self = .minus
            case "*": self = .star
            case "/": self = .slash
            case "%": self = .percent
            case "=": self = .equal
            case "<": self = .less
            case ">": self = .greater
            case "(": self = .leftParenthesis
            case ")": self = .rightParenthesis
            case ",": self = .comma
            case ";": self = .semicolon
            case ".": self = .dot
            default: return nil
            }
        }

        /// The symbol of two characters.
        init?(_ first: Unicode.Scalar, _ second: Unicode.Scalar) {
            switch (first, second) {
            case ("<", ">"), ("!", "="): self = .notEqual
            case ("<", "="): self = .lessOrEqual
            case (">", "="): self = .greaterOrEqual
            case ("|", "|"): self = .concatenate
            case (":", ":"): self = .cast
            default: return nil
            }
        }
    }

    let kind: Kind
    let span: SourceSpan

    /// The token for a message. The content of literals is not repeated.
    var description: String {
        switch kind {
        case .word(let text): return ReservedWords.all.contains(text) ? text.uppercased() : text
        case .quotedName(let text): return "\"" + text + "\""
        case .integer, .decimal: return "number / 数字"
        case .string: return "'…'"
        case .parameter(let name): return ":" + name
        case .symbol(let symbol): return symbol.rawValue
        case .end: return ""
        }
    }
}
