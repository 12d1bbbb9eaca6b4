// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Testing

/// Words that mean something in one place only are names everywhere else, as in PostgreSQL.
@Suite struct KeywordTests {
    @Test(arguments: [
        "partition", "rows", "range", "groups", "exists", "rollup", "cube", "grouping", "sets", "unbounded", "preceding",
        "following", "current", "row", "escape", "unknown", "exclude", "ties", "no", "others", "position", "trim",
        "substring", "overlay", "interval", "day", "values", "between", "nulls", "first", "last", "recursive",
        "materialized", "ignore", "respect", "filter", "over", "within", "by", "at", "time", "date", "窗口", "分组", "并集",
    ])
    func contextWordsAreNames(word: String) throws {
        for text in [
            "SELECT \(word), t.\(word), \(word).a, \(word) + 1, -\(word) FROM t",
            "SELECT a AS \(word) FROM \(word)",
            "SELECT a FROM t \(word) JOIN u AS \(word)2 ON \(word).a = \(word)2.\(word)",
            "WITH \(word) (\(word)) AS (SELECT 1) SELECT \(word).* FROM \(word), \(word) AS x",
            "SELECT 1 FROM t GROUP BY \(word), ROLLUP (\(word), b), GROUPING SETS (\(word), (\(word), b)) ORDER BY \(word) DESC",
            "SELECT sum(\(word)) FILTER (WHERE \(word)) OVER (PARTITION BY \(word) ORDER BY \(word) ROWS 1 PRECEDING) FROM t",
            "SELECT 1 FROM t WHERE \(word) IN (SELECT \(word) FROM u) AND \(word) LIKE \(word) ESCAPE \(word) LIMIT 1",
            "SELECT CASE \(word) WHEN \(word) THEN \(word) ELSE \(word) END, \(word) IS UNKNOWN FROM t",
        ] {
            #expect(try SQLParser.parse(text).roundTrip, "\(text)")
        }
    }

    /// As in PostgreSQL, a name of a result that begins a clause of a call needs AS.
    @Test(arguments: ["filter", "over", "within"])
    func clauseWordsNeedAs(word: String) {
        #expect(refusal(of: "SELECT a AS \(word) FROM t") == nil)
        #expect(refusal(of: "SELECT a \(word) FROM t")?.code == .unexpectedToken)
    }

    @Test(arguments: [
        "distinct", "union", "all", "intersect", "except", "window", "lateral", "cross", "full", "right", "left", "natural",
        "ilike", "like", "isnull", "notnull", "both", "leading", "trailing", "using", "on", "some", "any", "having",
    ])
    func reservedWordsNeedQuotes(word: String) throws {
        #expect(refusal(of: "SELECT t.a FROM t JOIN \(word) ON true") != nil)
        #expect(try SQLParser.parse("SELECT \"\(word)\" FROM t JOIN \"\(word)\" ON true").roundTrip)
    }

    /// Calls whose name has a form of its own are quoted when they are plain.
    @Test(arguments: [
        ("SELECT \"exists\"(a)", "SELECT \"exists\"(a)"), ("SELECT \"trim\"(a)", "SELECT \"trim\"(a)"),
        ("SELECT \"position\"(a, b)", "SELECT position(b IN a)"), ("SELECT \"position\"(a)", "SELECT \"position\"(a)"),
        ("SELECT \"position\"(a, b) OVER ()", "SELECT \"position\"(a, b) OVER ()"),
        ("SELECT \"substring\"(*)", "SELECT \"substring\"(*)"), ("SELECT \"grouping\"()", "SELECT \"grouping\"()"),
        ("SELECT \"rollup\"(a) FROM t GROUP BY \"rollup\"(a)", "SELECT \"rollup\"(a) FROM t GROUP BY \"rollup\"(a)"),
    ])
    func quotedFunctionsStayPlain(pair: (text: String, canonical: String)) throws {
        let statement = try SQLParser.parse(pair.text)
        #expect(statement.canonicalText == pair.canonical)
        #expect(statement.roundTrip)
    }
}

extension ParsedStatement {
    /// Whether the canonical text reads as the same tree.
    var roundTrip: Bool { (try? SQLParser.parse(canonicalText))?.query == query }
}
