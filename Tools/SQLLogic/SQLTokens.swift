// SPDX-License-Identifier: Apache-2.0

/// The few tokens of CREATE TABLE and INSERT.
enum SQLToken: Equatable {
    /// An unquoted word with ASCII letters in lower case.
    case word(String)
    case quotedName(String)
    case text(String)
    case number(String)
    case mark(Character)

    /// The statement's tokens; nil for what is not closed.
    static func tokens(_ sql: String) -> [SQLToken]? {
        var tokens: [SQLToken] = []
        var rest = sql[...]
        while let character = rest.first {
            if character.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if character == "'" || character == "\"" {
                guard let content = quoted(&rest, character) else { return nil }
                tokens.append(character == "'" ? .text(content) : .quotedName(content))
            } else if character.isASCII, character.isNumber || character == "." {
                tokens.append(.number(number(&rest)))
            } else if character.isLetter || character == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                rest = rest.dropFirst(word.count)
                tokens.append(.word(folded(String(word))))
            } else {
                tokens.append(.mark(rest.removeFirst()))
            }
        }
        return tokens
    }

    private static func quoted(_ rest: inout Substring, _ mark: Character) -> String? {
        var content = String.UnicodeScalarView()
        var scalars = rest.unicodeScalars.dropFirst()
        let quote = mark.unicodeScalars.first
        while let scalar = scalars.popFirst() {
            if scalar == quote {
                if scalars.first != quote {
                    rest = Substring(scalars)
                    return String(content)
                }
                scalars.removeFirst()
            }
            content.append(scalar)
        }
        return nil
    }

    private static func number(_ rest: inout Substring) -> String {
        var text = ""
        while let character = rest.first {
            let isSign = (character == "-" || character == "+") && (text.last == "e" || text.last == "E")
            guard character.isASCII, character.isNumber || character == "." || character == "e" || character == "E" || isSign else { break }
            text.append(rest.removeFirst())
        }
        return text
    }

    private static func folded(_ word: String) -> String {
        String(word.map { $0.isASCII ? Character($0.lowercased()) : $0 })
    }
}
