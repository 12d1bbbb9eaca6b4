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
        #expect(refusal(of: repeated("(", 90_000) + "SELECT 1")?.code == .nestingTooDeep)
        for part in [
            "SELECT (", "SELECT EXISTS (", "SELECT a IN (", "SELECT 1 UNION ALL (", "WITH x AS (", "SELECT 1 LIMIT (",
            "SELECT f() OVER (ORDER BY (", "SELECT 1 FROM t JOIN (",
        ] {
            #expect(refusal(of: repeated(part, 8_000))?.code == .nestingTooDeep, "\(part)")
        }
        for part in ["f(", "trim(", "position(", "substring(", "grouping(", "f() OVER (ORDER BY ", "CASE WHEN ", "a IS DISTINCT FROM ("] {
            #expect(refusal(of: "SELECT " + repeated(part, 8_000))?.code == .nestingTooDeep, "\(part)")
        }
        for part in ["GROUPING SETS (", "ROLLUP (("] {
            #expect(refusal(of: "SELECT 1 GROUP BY " + repeated(part, 8_000))?.code != nil, "\(part)")
        }
    }

    @Test func nestingDepthOfQueries() {
        // A subquery takes two levels: itself, and the expression in which the next one stands.
        func subquery(_ count: Int) -> String { repeated("SELECT (", count) + "SELECT 1" + repeated(")", count) }
        #expect(refusal(of: subquery(Limits.nestingDepth / 2 - 1)) == nil)
        #expect(refusal(of: subquery(Limits.nestingDepth / 2))?.code == .nestingTooDeep)
        func nested(_ count: Int) -> String { repeated("(", count) + "SELECT a" + repeated(")", count) }
        #expect(refusal(of: nested(Limits.nestingDepth - 2)) == nil)
        #expect(refusal(of: nested(Limits.nestingDepth - 1))?.code == .nestingTooDeep)
        func sets(_ count: Int) -> String {
            "SELECT 1 GROUP BY " + repeated("GROUPING SETS (", count) + "a" + repeated(")", count)
        }
        #expect(refusal(of: sets(Limits.nestingDepth - 2)) == nil)
        #expect(refusal(of: sets(Limits.nestingDepth - 1))?.code == .nestingTooDeep)
    }

    @Test func unionOperands() {
        func text(_ count: Int) -> String { "SELECT 1" + repeated(" UNION ALL SELECT 1", count - 1) }
        #expect(refusal(of: text(Limits.unionOperands)) == nil)
        #expect(refusal(of: text(Limits.unionOperands + 1))?.code == .tooManyUnionOperands)
    }

    @Test func expressionHeight() {
        func text(_ height: Int) -> String { "SELECT 1" + repeated(" + 1", height - 1) }
        #expect(refusal(of: text(Limits.expressionHeight)) == nil)
        #expect(refusal(of: text(Limits.expressionHeight + 1))?.code == .expressionTooDeep)
        // The query and the expression around it add one each.
        func within(_ height: Int) -> String { "SELECT EXISTS (SELECT a FROM (\(text(height))) x)" }
        #expect(refusal(of: within(Limits.expressionHeight - 3)) == nil)
        #expect(refusal(of: within(Limits.expressionHeight - 2))?.code == .expressionTooDeep)
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
        func sets(_ count: Int) -> String { "SELECT 1 GROUP BY GROUPING SETS (a" + repeated(",a", count - 1) + ")" }
        #expect(refusal(of: sets(Limits.listElements)) == nil)
        #expect(refusal(of: sets(Limits.listElements + 1))?.code == .listTooLong)
    }

    @Test func tablesInFrom() {
        func text(_ count: Int) -> String { "SELECT a FROM t" + repeated(" JOIN t ON true", count - 1) }
        #expect(refusal(of: text(Limits.tablesInFrom)) == nil)
        #expect(refusal(of: text(Limits.tablesInFrom + 1))?.code == .tooManyTables)
        func commas(_ count: Int) -> String { "SELECT a FROM t" + repeated(", t", count - 1) }
        #expect(refusal(of: commas(Limits.tablesInFrom)) == nil)
        #expect(refusal(of: commas(Limits.tablesInFrom + 1))?.code == .tooManyTables)
    }
}
