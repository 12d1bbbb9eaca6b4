// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: 0..<8)
    func generatedTreesSurvivePrintingAndReading(part: Int) throws {
        for number in 0..<150 {
            let seed = UInt64(part * 1000 + number)
            var generator = StatementGenerator(seed: seed)
            let query = generator.query(3)
            let text = query.canonicalText
            do {
                let statement = try SQLParser.parse(text)
                #expect(statement.query == query, "seed \(seed)")
                #expect(Array(statement.canonicalText.utf8) == Array(text.utf8), "seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error.code) \(error.arguments)\n\(error.span.caret(in: text))")
            }
        }
    }

    @Test func comparisonOfTreesSeesDifferences() throws {
        let left = try SQLParser.parse("select a + 1 from t").query
        #expect(left == (try SQLParser.parse("SELECT  a+1\nFROM t;").query))
        #expect(left != (try SQLParser.parse("select a + 2 from t").query))
        #expect(left != (try SQLParser.parse("select a + 1 from u").query))
    }

    @Test(arguments: [
        ("select COUNT(*) FROM visit", "SELECT count(*) FROM visit"),
        ("SELECT a.B, \"B\" x FROM t AS a", "SELECT a.b, \"B\" AS x FROM t AS a"),
        ("SELECT (a+b)*c, a+(b*c), a-(b-c), (a-b)-c FROM t", "SELECT (a + b) * c, a + b * c, a - (b - c), a - b - c FROM t"),
        ("SELECT -(-5), - -5, +5", "SELECT - -5, - -5, 5"),
        ("SELECT -a::int, (-a)::int, CAST(a+1 AS decimal(12,2)) FROM t", "SELECT -a::int, (-a)::int, (a + 1)::decimal(12, 2) FROM t"),
        ("SELECT a FROM t WHERE NOT (a = 1) AND b OR c", "SELECT a FROM t WHERE NOT a = 1 AND b OR c"),
        ("SELECT a FROM t WHERE (a = 1) IS NULL AND a != 2", "SELECT a FROM t WHERE a = 1 IS NULL AND a <> 2"),
        ("SELECT substring(a FROM 1 FOR 3), substring(a for 2), substring(a,2) FROM t", "SELECT substring(a, 1, 3), substring(a, 1, 2), substring(a, 2) FROM t"),
        ("SELECT a FROM (t JOIN (u JOIN v USING (x)) ON t.a = u.a)", "SELECT a FROM t INNER JOIN (u INNER JOIN v USING (x)) ON t.a = u.a"),
        ("SELECT a FROM t LEFT OUTER JOIN u USING (a) LIMIT ALL OFFSET 2 ROWS", "SELECT a FROM t LEFT JOIN u USING (a) OFFSET 2"),
        ("SELECT extract(YEAR from 就诊日期) 年 FROM 门急诊 -- note", "SELECT EXTRACT(year FROM 就诊日期) AS 年 FROM 门急诊"),
        ("SELECT sum(a) filter (where b in (1,2)) s /* x /* y */ */ FROM t", "SELECT sum(a) FILTER (WHERE b IN (1, 2)) AS s FROM t"),
        ("WITH w (p, q) AS (SELECT 1, 'it''s') SELECT w.* FROM w ORDER BY 1 DESC NULLS LAST, q ASC", "WITH w (p, q) AS (SELECT 1, 'it''s') SELECT w.* FROM w ORDER BY 1 DESC NULLS LAST, q"),
        ("SELECT DATE '2024-01-01', timestamp '2024-01-01', interval '1 month', :Since", "SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01', INTERVAL '1 month', :Since"),
        ("SELECT CASE WHEN a THEN 1 END, CASE a WHEN 1 THEN 2 ELSE 3 END FROM t", "SELECT CASE WHEN a THEN 1 END, CASE a WHEN 1 THEN 2 ELSE 3 END FROM t"),
        ("SELECT a FROM t WHERE a BETWEEN 1+1 AND 3 AND b NOT BETWEEN 1 AND 2", "SELECT a FROM t WHERE a BETWEEN 1 + 1 AND 3 AND b NOT BETWEEN 1 AND 2"),
        ("SELECT 1. , .5, 1e3, 1.5E+2", "SELECT 1., .5, 1e3, 1.5e+2"),
    ])
    func canonicalSpelling(pair: (text: String, canonical: String)) throws {
        let statement = try SQLParser.parse(pair.text)
        #expect(statement.canonicalText == pair.canonical)
        #expect(try SQLParser.parse(statement.canonicalText).query == statement.query)
    }

    @Test func longChainsSurvive() throws {
        for text in [
            "SELECT a" + String(repeating: "::int", count: 400) + " FROM t",
            "SELECT " + String(repeating: "- ", count: 120) + "1",
            "SELECT " + String(repeating: "NOT ", count: 120) + "TRUE",
            "SELECT 1" + String(repeating: " + 1", count: 400),
        ] {
            let statement = try SQLParser.parse(text)
            #expect(try SQLParser.parse(statement.canonicalText).query == statement.query)
        }
    }

    /// Random pieces in a row: the parser ends, with a tree that survives printing or with a place in the text.
    @Test(arguments: 0..<4)
    func tokenSoupEndsWell(part: Int) {
        let pieces = [
            "SELECT", "a", "FROM", "t", "(", ")", ",", "*", "1", "'x'", "WHERE", "AND", "NOT", "CASE", "WHEN", "THEN",
            "END", "GROUP BY", "JOIN", "ON", "::", "int", "-", "+", "IN", "BETWEEN", "WITH", "AS", "IS", "NULL", ".", "（",
            ":p", "\"q\"", "--", "\n", "/*", "'", "count", "FILTER", "DATE", "ORDER BY", "LIMIT", ";", "医院", "\0", "$1",
        ]
        var random = SplitMix64(seed: UInt64(part))
        for _ in 0..<1500 {
            let text = "SELECT " + (0..<random.below(14)).map { _ in random.pick(pieces) }.joined(separator: " ")
            do throws(SQLError) {
                let statement = try SQLParser.parse(text)
                let again = try SQLParser.parse(statement.canonicalText)
                #expect(again.query == statement.query)
            } catch {
                #expect(error.span.offset <= text.unicodeScalars.count)
                #expect(error.span.length >= 0 && !error.span.caret(in: text).isEmpty)
            }
        }
    }
}

