// SPDX-License-Identifier: Apache-2.0

/// Cuts text into tokens. Every step moves forward by at least one character.
struct Lexer {
    let scalars: [Unicode.Scalar]
    var position = 0
    private var line = 1
    private var lineStart = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        // A byte order mark is a habit of some editors and says nothing.
        if scalars.first == "\u{FEFF}" { position = 1 }
    }

    /// All tokens, the last one `end`.
    mutating func tokens() throws(SQLError) -> [Token] {
        var result: [Token] = []
        try skipSpace()
        while position < scalars.count {
            let start = mark()
            let kind = try token(from: start)
            precondition(position > start.offset, "the lexer must move forward")
            result.append(Token(kind: kind, span: span(from: start)))
            guard result.count <= Limits.tokens else {
                throw SQLError(.tooManyTokens, [String(Limits.tokens)], at: span(from: start))
            }
            try skipSpace()
        }
        result.append(Token(kind: .end, span: span(from: mark())))
        return result
    }

    private mutating func token(from start: Mark) throws(SQLError) -> Token.Kind {
        let scalar = scalars[position]
        if CharacterClass.beginsName(scalar) { return try word(from: start) }
        if CharacterClass.isDigit(scalar) || (scalar == "." && next(1).map(CharacterClass.isDigit) == true) {
            return try number(from: start)
        }
        switch scalar {
        case "'": return .string(try quoted(by: "'", from: start))
        case "\"": return .quotedName(try quotedName(from: start))
        case ":": return try colon(from: start)
        case "$": throw dollar(from: start)
        default: return .symbol(try symbol(from: start))
        }
    }

    private mutating func symbol(from start: Mark) throws(SQLError) -> Token.Symbol {
        let first = scalars[position]
        if let second = next(1), first.isASCII, second.isASCII {
            if let symbol = Token.Symbol(first, second) {
                position += 2
                return symbol
            }
        }
        if let symbol = Token.Symbol(first) {
            position += 1
            return symbol
        }
        position += 1
        let place = span(from: start)
        switch first {
        case "^", "~", "&", "|", "#", "@", "!", "?":
            throw unsupported(.operatorSymbol, String(Character(first)), at: place)
        case "[", "]":
            throw SQLError(.unsupported, [UnsupportedConstruct.array.rawValue], at: place)
        default:
            break
        }
        if let plain = CharacterClass.halfWidth(of: first) {
            throw SQLError(.fullWidthPunctuation, [String(Character(first)), plain], at: place)
        }
        let shown = CharacterClass.isPrintable(first) ? String(Character(first)) : CharacterClass.codePoint(first)
        throw SQLError(.unexpectedCharacter, [shown], at: place)
    }

    private func unsupported(_ construct: UnsupportedConstruct, _ detail: String, at span: SourceSpan) -> SQLError {
        SQLError(.unsupported, [construct.rawValue + " " + detail], at: span)
    }
}

extension Lexer {
    /// A position from which a place can be made.
    struct Mark {
        let line: Int
        let column: Int
        let offset: Int
    }

    func mark() -> Mark {
        Mark(line: line, column: position - lineStart + 1, offset: position)
    }

    func span(from mark: Mark) -> SourceSpan {
        SourceSpan(line: mark.line, column: mark.column, length: position - mark.offset, offset: mark.offset)
    }

    /// The character so many places ahead.
    func next(_ distance: Int) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    /// Takes one character and keeps count of lines. Forbidden characters end here, in strings and comments too.
    mutating func take() throws(SQLError) {
        let scalar = scalars[position]
        if CharacterClass.isForbidden(scalar) {
            let start = mark()
            position += 1
            throw SQLError(.controlCharacter, [CharacterClass.codePoint(scalar)], at: span(from: start))
        }
        position += 1
        if scalar == "\n" || (scalar == "\r" && next(0) != "\n") {
            line += 1
            lineStart = position
        }
    }

    /// Passes over blanks and comments.
    private mutating func skipSpace() throws(SQLError) {
        while let scalar = next(0) {
            if CharacterClass.isSpace(scalar) || CharacterClass.isForbidden(scalar) {
                try take()
            } else if scalar == "-" && next(1) == "-" {
                while let inside = next(0), inside != "\n" && inside != "\r" { try take() }
            } else if scalar == "/" && next(1) == "*" {
                try skipBlockComment()
            } else {
                return
            }
        }
    }

    /// Block comments nest, as the SQL standard and PostgreSQL have it.
    private mutating func skipBlockComment() throws(SQLError) {
        let start = mark()
        position += 2
        let opening = span(from: start)
        var depth = 1
        while depth > 0 {
            guard let scalar = next(0) else { throw SQLError(.unterminated, ["*/"], at: opening) }
            if scalar == "*" && next(1) == "/" {
                position += 2
                depth -= 1
            } else if scalar == "/" && next(1) == "*" {
                position += 2
                depth += 1
            } else {
                try take()
            }
        }
    }
}
