// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Testing

@Suite struct LimitTests {
    private func repeated(_ part: String, _ count: Int) -> String { String(repeating: part, count: count) }

    @Test func textBytes() {
        let padding = Limits.textBytes - "SELECT 1".utf8.count
        #expect(refusal(of: "SELECT 1" + repeated(" ", padding)) == nil)
        #expect(refusal(of: "SELECT 1" + repeated(" ", padding + 1))?.code == .textTooLong)
    }

    @Test func tokens() {
        func text(_ tokens: Int) -> String {
            "SELECT 1" + repeated(";", tokens - 2)
        }
        // Semicolons are refused by the grammar, which proves that the lexer had let them pass.
        #expect(refusal(of: text(Limits.tokens))?.code == .unsupported)
        #expect(refusal(of: text(Limits.tokens + 1))?.code == .tooManyTokens)
    }

    @Test func nestingDepth() {
        // The statement and the outermost expression take one level each.
        func text(_ depth: Int) -> String { "SELECT " + repeated("(", depth) + "1" + repeated(")", depth) }
        #expect(refusal(of: text(Limits.nestingDepth - 2)) == nil)
        #expect(refusal(of: text(Limits.nestingDepth - 1))?.code == .nestingTooDeep)
        #expect(refusal(of: "SELECT " + repeated("(", 100_000))?.code == .tooManyTokens)
        #expect(refusal(of: "SELECT " + repeated("(", 90_000))?.code == .nestingTooDeep)
        #expect(refusal(of: "SELECT " + repeated("NOT ", 50_000))?.code == .nestingTooDeep)
        #expect(refusal(of: "SELECT " + repeated("- ", 50_000))?.code == .nestingTooDeep)
        #expect(refusal(of: "SELECT " + repeated("CASE ", 40_000))?.code == .nestingTooDeep)
        #expect(refusal(of: "SELECT a FROM " + repeated("(", 90_000))?.code == .nestingTooDeep)
        #expect(refusal(of: repeated("SELECT a FROM (", 15_000))?.code == .nestingTooDeep)
    }

    @Test func expressionHeight() {
        func text(_ height: Int) -> String { "SELECT 1" + repeated(" + 1", height - 1) }
        #expect(refusal(of: text(Limits.expressionHeight)) == nil)
        #expect(refusal(of: text(Limits.expressionHeight + 1))?.code == .expressionTooDeep)
    }

    @Test func identifierCharacters() {
        for name in [repeated("列", Limits.identifierCharacters), repeated("a", Limits.identifierCharacters)] {
            #expect(refusal(of: "SELECT \(name), \"\(name)\", :\(name) FROM t") == nil)
            #expect(refusal(of: "SELECT \(name)a FROM t")?.code == .identifierTooLong)
            #expect(refusal(of: "SELECT \"\(name)a\" FROM t")?.code == .identifierTooLong)
            #expect(refusal(of: "SELECT :\(name)a FROM t")?.code == .identifierTooLong)
        }
    }

    @Test func numberCharacters() {
        #expect(refusal(of: "SELECT " + repeated("9", Limits.numberCharacters)) == nil)
        #expect(refusal(of: "SELECT " + repeated("9", Limits.numberCharacters + 1))?.code == .numberTooLong)
    }

    @Test func listElements() {
        func text(_ count: Int) -> String { "SELECT a IN (1" + repeated(",1", count - 1) + ") FROM t" }
        #expect(refusal(of: text(Limits.listElements)) == nil)
        #expect(refusal(of: text(Limits.listElements + 1))?.code == .listTooLong)
        func branches(_ count: Int) -> String { "SELECT CASE" + repeated(" WHEN a THEN 1", count) + " END FROM t" }
        #expect(refusal(of: branches(Limits.listElements)) == nil)
        #expect(refusal(of: branches(Limits.listElements + 1))?.code == .listTooLong)
    }

    @Test func tablesInFrom() {
        func text(_ count: Int) -> String { "SELECT a FROM t" + repeated(" JOIN t ON true", count - 1) }
        #expect(refusal(of: text(Limits.tablesInFrom)) == nil)
        #expect(refusal(of: text(Limits.tablesInFrom + 1))?.code == .tooManyTables)
    }
}
