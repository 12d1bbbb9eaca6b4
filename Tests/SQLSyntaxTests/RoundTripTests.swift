// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import TestBasics
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
        ("SELECT a FROM t, u JOIN v ON x, w", "SELECT a FROM t CROSS JOIN (u INNER JOIN v ON x) CROSS JOIN w"),
        ("SELECT a FROM t RIGHT OUTER JOIN u ON x FULL JOIN v USING (a) CROSS JOIN w", "SELECT a FROM t RIGHT JOIN u ON x FULL JOIN v USING (a) CROSS JOIN w"),
        ("SELECT DISTINCT a FROM t UNION ALL SELECT ALL b FROM u UNION ALL (SELECT c FROM v LIMIT 1) ORDER BY 1", "SELECT DISTINCT a FROM t UNION ALL SELECT b FROM u UNION ALL (SELECT c FROM v LIMIT 1) ORDER BY 1"),
        ("SELECT 1 UNION ALL (SELECT 2 UNION ALL SELECT 3)", "SELECT 1 UNION ALL (SELECT 2 UNION ALL SELECT 3)"),
        ("((SELECT a FROM t))", "SELECT a FROM t"),
        ("(SELECT a FROM t ORDER BY a) LIMIT 1", "SELECT a FROM t ORDER BY a LIMIT 1"),
        ("WITH w AS (SELECT 1) (SELECT a FROM w) ORDER BY a", "WITH w AS (SELECT 1) SELECT a FROM w ORDER BY a"),
        ("SELECT ((SELECT 1)), ((SELECT 1) + 1) * 2, ((SELECT 1) UNION ALL (SELECT 2)), (WITH w AS (SELECT 1) SELECT * FROM w)", "SELECT (SELECT 1), ((SELECT 1) + 1) * 2, ((SELECT 1) UNION ALL (SELECT 2)), (WITH w AS (SELECT 1) SELECT * FROM w)"),
        ("SELECT a FROM ((SELECT 1) x JOIN ((SELECT 2)) AS y ON true)", "SELECT a FROM (SELECT 1) AS x INNER JOIN (SELECT 2) AS y ON TRUE"),
        ("SELECT a FROM t WHERE EXISTS (SELECT * FROM u) AND NOT EXISTS ((SELECT 1))", "SELECT a FROM t WHERE EXISTS (SELECT * FROM u) AND NOT EXISTS (SELECT 1)"),
        ("SELECT a FROM t WHERE a IN ((SELECT b FROM u)) OR a NOT IN (SELECT 1) OR a IN ((SELECT 1), 2)", "SELECT a FROM t WHERE a IN (SELECT b FROM u) OR a NOT IN (SELECT 1) OR a IN ((SELECT 1), 2)"),
        ("SELECT a FROM t WHERE a = (SELECT min(b) FROM u WHERE u.k = t.k)", "SELECT a FROM t WHERE a = (SELECT min(b) FROM u WHERE u.k = t.k)"),
        ("SELECT a FROM t GROUP BY ROLLUP (a, (b, c)), CUBE ((a), b), GROUPING SETS ((), a, (b), (a, b), ROLLUP (c), GROUPING SETS (a))", "SELECT a FROM t GROUP BY ROLLUP (a, (b, c)), CUBE (a, b), GROUPING SETS ((), a, b, (a, b), ROLLUP (c), GROUPING SETS (a))"),
        ("SELECT a FROM t GROUP BY (a, b), (a + 1) * 2, (SELECT a, b), ()", "SELECT a FROM t GROUP BY a, b, (a + 1) * 2, (SELECT a, b), GROUPING SETS (())"),
        ("SELECT grouping(a, b), Grouping FROM t", "SELECT grouping(a, b), grouping FROM t"),
        ("SELECT a IS DISTINCT FROM b = c, a IS NOT DISTINCT FROM b + 1 AND c", "SELECT a IS DISTINCT FROM b = c, a IS NOT DISTINCT FROM b + 1 AND c"),
        ("SELECT (a IS DISTINCT FROM b) = c, a = b IS NOT UNKNOWN, a IS TRUE OR b IS NOT FALSE", "SELECT (a IS DISTINCT FROM b) = c, a = b IS NOT UNKNOWN, a IS TRUE OR b IS NOT FALSE"),
        ("SELECT a ISNULL, a = b NOTNULL FROM t", "SELECT a IS NULL, a = b IS NOT NULL FROM t"),
        ("SELECT a ILIKE 'b%', a NOT LIKE b || '!' ESCAPE '!' FROM t", "SELECT a ILIKE 'b%', a NOT LIKE b || '!' ESCAPE '!' FROM t"),
        ("SELECT count(*) OVER (), sum(DISTINCT a) FILTER (WHERE b) OVER (PARTITION BY c, d ORDER BY e DESC NULLS LAST)", "SELECT count(*) OVER (), sum(DISTINCT a) FILTER (WHERE b) OVER (PARTITION BY c, d ORDER BY e DESC NULLS LAST)"),
        ("SELECT f(a) OVER (ROWS UNBOUNDED PRECEDING), f(a) OVER (ORDER BY b RANGE BETWEEN '1' PRECEDING AND UNBOUNDED FOLLOWING)", "SELECT f(a) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), f(a) OVER (ORDER BY b RANGE BETWEEN '1' PRECEDING AND UNBOUNDED FOLLOWING)"),
        ("SELECT f(a) OVER (PARTITION BY rows ROWS BETWEEN \"unbounded\" PRECEDING AND unbounded + 1 FOLLOWING)", "SELECT f(a) OVER (PARTITION BY rows ROWS BETWEEN (unbounded) PRECEDING AND unbounded + 1 FOLLOWING)"),
        ("SELECT percentile_cont(0.5) within group (order by a) filter (where b) FROM t", "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FILTER (WHERE b) FROM t"),
        ("SELECT trim(a), trim(both from a), trim(leading 'x' from a), trim(TRAILING FROM a), trim('x' from a), trim(a, 'x')", "SELECT btrim(a), btrim(a), ltrim(a, 'x'), rtrim(a), btrim(a, 'x'), btrim(a, 'x')"),
        ("SELECT position('x' IN a || b), substring(a FOR 2 FROM 3), substring(a from 2)", "SELECT position('x' IN a || b), substring(a, 3, 2), substring(a, 2)"),
        ("SELECT INTERVAL '90' DAY, interval '-1' year, INTERVAL '1.5' SECOND, INTERVAL '1 year 2 months', interval day", "SELECT INTERVAL '90 day', INTERVAL '-1 year', INTERVAL '1.5 second', INTERVAL '1 year 2 months', interval AS day"),
        ("SELECT 1. , .5, 1e3, 1.5E+2", "SELECT 1., .5, 1e3, 1.5e+2"),
    ])
    func canonicalSpelling(pair: (text: String, canonical: String)) throws {
        let statement = try SQLParser.parse(pair.text)
        #expect(statement.canonicalText == pair.canonical)
        #expect(try SQLParser.parse(statement.canonicalText).query == statement.query)
    }

    /// Pieces of statements in a row, closed as they were opened: more of them are read than of mere words.
    @Test(arguments: 0..<4)
    func closedSoupEndsWell(part: Int) {
        let openings = [
            "(", "(SELECT 1", "(SELECT a FROM t", "EXISTS (SELECT 1", "a IN (SELECT a FROM t", "f(", "sum(a) OVER (", "trim(",
            "count(*) FILTER (WHERE a", "position(a IN b", "CASE WHEN a THEN b", "GROUP BY GROUPING SETS (", "substring(a FROM 1",
        ]
        let pieces = [
            "a", "b", ",", "1", "'x'", "+", "=", "AND", "NOT", "IS NULL", "IS DISTINCT FROM", "IS NOT UNKNOWN", "LIKE", "ESCAPE",
            "BETWEEN", "FROM t", ", u", "CROSS JOIN u", "LEFT JOIN u ON", "USING (a)", "WHERE", "GROUP BY", "ROLLUP (a, (b, c))",
            "HAVING", "ORDER BY", "LIMIT 1", "UNION ALL SELECT", "UNION ALL", "PARTITION BY a", "ROWS BETWEEN", "1 PRECEDING",
            "CURRENT ROW", "DISTINCT", "AS x", "y", "()", "INTERVAL '1' DAY",
        ]
        var random = SplitMix64(seed: UInt64(100 + part))
        var read = 0
        for _ in 0..<3000 {
            var words = ["SELECT"]
            var closings: [String] = []
            for _ in 0...random.below(9) {
                if random.below(4) == 0 {
                    let opening = random.pick(openings)
                    words.append(opening)
                    closings.append(opening.hasPrefix("CASE") ? "END" : ")")
                } else if !closings.isEmpty, random.below(4) == 0 {
                    words.append(closings.removeLast())
                } else {
                    words.append(random.pick(pieces))
                }
            }
            let text = (words + closings.reversed()).joined(separator: " ")
            do throws(SQLError) {
                let statement = try SQLParser.parse(text)
                read += 1
                #expect(statement.roundTrip, "\(text)")
            } catch {
                #expect(error.span.offset <= text.unicodeScalars.count && !error.span.caret(in: text).isEmpty)
            }
        }
        #expect(read > 100)
    }

    @Test func longChainsSurvive() throws {
        for text in [
            "SELECT a" + String(repeating: "::int", count: 400) + " FROM t",
            "SELECT " + String(repeating: "- ", count: 120) + "1",
            "SELECT " + String(repeating: "NOT ", count: 120) + "TRUE",
            "SELECT 1" + String(repeating: " + 1", count: 400),
            "SELECT 1" + String(repeating: " UNION ALL SELECT 1", count: 100),
            "SELECT a FROM t" + String(repeating: ", t", count: 50),
            String(repeating: "(", count: 100) + "SELECT 1" + String(repeating: ")", count: 100),
            "SELECT 1 WHERE " + String(repeating: "a IN (SELECT 1 WHERE ", count: 60) + "TRUE" + String(repeating: ")", count: 60),
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
            "UNION ALL", "UNION ALL SELECT", "(SELECT", "(SELECT 1)", "EXISTS", "DISTINCT", "OVER (", "PARTITION BY", "ROWS",
            "UNBOUNDED PRECEDING", "unbounded", "PRECEDING", "CURRENT ROW", "ROLLUP (", "GROUPING SETS (", "CUBE", "CROSS JOIN",
            "RIGHT", "USING (a)", "ESCAPE", "ILIKE", "IS DISTINCT FROM", "UNKNOWN", "ISNULL", "WITHIN GROUP (", "position(",
            "trim(", "substring(", "FOR", "BOTH", "INTERVAL '1'", "DAY", "grouping(", "exists", "rows", "\"position\"(",
            ":p", "\"q\"", "--", "\n", "/*", "'", "count", "FILTER", "DATE", "ORDER BY", "LIMIT", ";", "医院", "\0", "$1",
        ]
        var random = SplitMix64(seed: UInt64(part))
        for _ in 0..<2000 {
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

