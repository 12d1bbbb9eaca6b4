// SPDX-License-Identifier: Apache-2.0

extension Lexer {
    /// A keyword or an unquoted name.
    mutating func word(from start: Mark) throws(SQLError) -> Token.Kind {
        while let scalar = next(0), CharacterClass.continuesName(scalar) { position += 1 }
        let length = position - start.offset
        guard length <= Limits.identifierCharacters else {
            throw SQLError(.identifierTooLong, [String(Limits.identifierCharacters)], at: span(from: start))
        }
        let text = CharacterClass.folded(scalars[start.offset..<position])
        let isPrefix = ["e", "b", "x", "n"].contains(text) && next(0) == "'"
        if isPrefix || (text == "u" && next(0) == "&" && (next(1) == "'" || next(1) == "\"")) {
            throw SQLError(.unsupported, [UnsupportedConstruct.escapeString.rawValue], at: span(from: start))
        }
        return .word(text)
    }

    /// A number: digits, an optional fraction, an optional exponent, and nothing glued to it.
    mutating func number(from start: Mark) throws(SQLError) -> Token.Kind {
        var isInteger = true
        skipDigits()
        if next(0) == "." {
            isInteger = false
            position += 1
            skipDigits()
        }
        if let letter = next(0), letter == "e" || letter == "E" {
            let hasSign = next(1) == "+" || next(1) == "-"
            if let digit = next(hasSign ? 2 : 1), CharacterClass.isDigit(digit) {
                isInteger = false
                position += hasSign ? 2 : 1
                skipDigits()
            }
        }
        if let glued = next(0), CharacterClass.continuesName(glued) || glued == "." {
            while let scalar = next(0), CharacterClass.continuesName(scalar) || scalar == "." { position += 1 }
            throw SQLError(.invalidNumber, at: span(from: start))
        }
        guard position - start.offset <= Limits.numberCharacters else {
            throw SQLError(.numberTooLong, [String(Limits.numberCharacters)], at: span(from: start))
        }
        let text = CharacterClass.folded(scalars[start.offset..<position])
        return isInteger ? .integer(text) : .decimal(text)
    }

    private mutating func skipDigits() {
        while let scalar = next(0), CharacterClass.isDigit(scalar) { position += 1 }
    }

    /// The text between two marks; a doubled mark stands for itself.
    mutating func quoted(by quote: Unicode.Scalar, from start: Mark) throws(SQLError) -> String {
        position += 1
        let opening = span(from: start)
        var content = String.UnicodeScalarView()
        while true {
            guard let scalar = next(0) else {
                throw SQLError(.unterminated, [String(Character(quote))], at: opening)
            }
            try take()
            if scalar == quote {
                guard next(0) == quote else { return String(content) }
                try take()
            }
            content.append(scalar)
        }
    }

    /// A name in double quotes.
    mutating func quotedName(from start: Mark) throws(SQLError) -> String {
        let text = try quoted(by: "\"", from: start)
        guard !text.isEmpty else { throw SQLError(.emptyIdentifier, at: span(from: start)) }
        guard text.unicodeScalars.count <= Limits.identifierCharacters else {
            throw SQLError(.identifierTooLong, [String(Limits.identifierCharacters)], at: span(from: start))
        }
        for scalar in text.unicodeScalars where scalar == "\n" || scalar == "\r" || scalar == "\t" {
            throw SQLError(.controlCharacter, [CharacterClass.codePoint(scalar)], at: span(from: start))
        }
        return text
    }

    /// `::` or a parameter; the name of a parameter keeps its case, since declarations do.
    mutating func colon(from start: Mark) throws(SQLError) -> Token.Kind {
        position += 1
        if next(0) == ":" {
            position += 1
            return .symbol(.cast)
        }
        guard let first = next(0), CharacterClass.beginsName(first) else {
            throw SQLError(.unexpectedCharacter, [":"], at: span(from: start))
        }
        while let scalar = next(0), CharacterClass.continuesName(scalar) { position += 1 }
        guard position - start.offset - 1 <= Limits.identifierCharacters else {
            throw SQLError(.identifierTooLong, [String(Limits.identifierCharacters)], at: span(from: start))
        }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: scalars[(start.offset + 1)..<position])
        return .parameter(String(name))
    }

    /// What a dollar sign meant; neither meaning is supported.
    mutating func dollar(from start: Mark) -> SQLError {
        position += 1
        let isParameter = next(0).map(CharacterClass.isDigit) == true
        while let scalar = next(0), CharacterClass.continuesName(scalar) { position += 1 }
        let construct = isParameter ? UnsupportedConstruct.positionalParameter : .dollarQuote
        return SQLError(.unsupported, [construct.rawValue], at: span(from: start))
    }
}
