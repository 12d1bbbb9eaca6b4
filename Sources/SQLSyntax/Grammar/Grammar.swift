// SPDX-License-Identifier: Apache-2.0

/// The parser's state: the tokens and a position that only moves forward.
struct Grammar {
    private let tokens: [Token]
    private var index = 0
    private var depth = 0
    /// For each opening parenthesis the token behind its closing one; the end where it is not closed.
    private let followers: [Int]

    init(tokens: [Token]) {
        self.tokens = tokens
        followers = Self.followers(in: tokens)
    }

    /// The token at the position.
    var current: Token { tokens[index] }

    /// The token so many places ahead; the end token from there on.
    func ahead(_ distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

    /// The token behind the parenthesis that closes the one so many places ahead.
    func follower(ofParenthesis distance: Int) -> Token { tokens[followers[min(index + distance, tokens.count - 1)]] }

    /// The place of the token before the position.
    var previousSpan: SourceSpan { tokens[max(index - 1, 0)].span }

    /// From a place to the last token that was taken.
    func span(from start: SourceSpan) -> SourceSpan { start.joined(with: previousSpan) }

    /// Takes the current token; the end token stays.
    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    /// Counts one level of nesting; each is matched by `leave`.
    mutating func enter() throws(SQLError) {
        depth += 1
        guard depth <= Limits.nestingDepth else {
            throw SQLError(.nestingTooDeep, [String(Limits.nestingDepth)], at: current.span)
        }
    }

    mutating func leave() { depth -= 1 }

    private static func followers(in tokens: [Token]) -> [Int] {
        var result = [Int](repeating: tokens.count - 1, count: tokens.count)
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            if token.kind == .symbol(.leftParenthesis) {
                open.append(index)
            } else if token.kind == .symbol(.rightParenthesis), let start = open.popLast() {
                result[start] = index + 1
            }
        }
        return result
    }
}

extension Grammar {
    func isAt(_ word: String) -> Bool { current.kind == .word(word) }

    func isAt(_ symbol: Token.Symbol) -> Bool { current.kind == .symbol(symbol) }

    mutating func accept(_ word: String) -> Bool {
        guard isAt(word) else { return false }
        advance()
        return true
    }

    mutating func accept(_ symbol: Token.Symbol) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ word: String) throws(SQLError) {
        guard accept(word) else { throw unexpected(word.uppercased()) }
    }

    mutating func expect(_ symbol: Token.Symbol) throws(SQLError) {
        guard accept(symbol) else { throw unexpected(symbol.rawValue) }
    }

    /// The error for the current token.
    func unexpected(_ expected: String) -> SQLError {
        if current.kind == .end {
            let end = SourceSpan(
                line: current.span.line, column: current.span.column, length: 1, offset: current.span.offset)
            return SQLError(.unexpectedEnd, [expected], at: end)
        }
        return SQLError(.unexpectedToken, [current.description, expected], at: current.span)
    }

    /// The error for a construct that begins at the current token.
    func unsupported(_ construct: UnsupportedConstruct) -> SQLError {
        SQLError(.unsupported, [construct.rawValue], at: current.span)
    }

    /// Refuses when one of the words stands here.
    func refuse(_ words: [String: UnsupportedConstruct]) throws(SQLError) {
        if case .word(let word) = current.kind, let construct = words[word] { throw unsupported(construct) }
    }

    /// A name: quoted, or a word that is not reserved.
    mutating func name(_ expected: String) throws(SQLError) -> Identifier {
        guard let name = acceptName() else { throw unexpected(expected) }
        return name
    }

    mutating func acceptName() -> Identifier? {
        switch current.kind {
        case .word(let text) where !ReservedWords.all.contains(text), .quotedName(let text):
            let name = Identifier(text, span: current.span)
            advance()
            return name
        case .word, .integer, .decimal, .string, .parameter, .symbol, .end:
            return nil
        }
    }

    /// A name after AS, where every word will do.
    mutating func label() throws(SQLError) -> Identifier {
        if case .word(let text) = current.kind {
            let name = Identifier(text, span: current.span)
            advance()
            return name
        }
        return try name("名称 name")
    }

    /// One or more elements separated by commas. Each element takes at least one token.
    mutating func commaSeparated<Element>(
        _ element: (inout Grammar) throws(SQLError) -> Element
    ) throws(SQLError) -> [Element] {
        var result: [Element] = []
        repeat {
            guard result.count < Limits.listElements else {
                throw SQLError(.listTooLong, [String(Limits.listElements)], at: current.span)
            }
            result.append(try element(&self))
        } while accept(.comma)
        return result
    }
}
