// SPDX-License-Identifier: Apache-2.0

import SQLSyntax
import Testing

/// The error of a text, or nil when it is read.
func refusal(of text: String) -> SQLError? {
    do throws(SQLError) {
        _ = try SQLParser.parse(text)
        return nil
    } catch {
        return error
    }
}

@Suite struct RefusalTests {
    /// Each construct outside of the dialect, and where it is found.
    @Test(arguments: [
        ("SELECT a FROM t UNION SELECT 1", "UNION (without ALL)", 17),
        ("SELECT a FROM t UNION DISTINCT SELECT 1", "UNION (without ALL)", 17),
        ("SELECT 1 UNION ALL SELECT 1 INTERSECT ALL SELECT 1", "INTERSECT", 29),
        ("(SELECT 1) EXCEPT (SELECT 1)", "EXCEPT", 12),
        ("SELECT a FROM t UNION ALL VALUES (1)", "VALUES", 27),
        ("SELECT DISTINCT ON (a) a FROM t", "DISTINCT ON", 17),
        ("SELECT sum(a) OVER w FROM t", "named window", 20),
        ("SELECT sum(a) OVER (w ORDER BY b) FROM t", "named window", 21),
        ("SELECT sum(a) OVER (ORDER BY b GROUPS 1 PRECEDING) FROM t", "GROUPS in a window frame", 32),
        ("SELECT sum(a) OVER (ROWS 1 PRECEDING EXCLUDE TIES) FROM t", "EXCLUDE in a window frame", 38),
        ("SELECT lag(a) IGNORE NULLS OVER (ORDER BY b) FROM t", "IGNORE / RESPECT NULLS", 15),
        ("SELECT sum(a) FILTER (WHERE b) RESPECT NULLS FROM t", "IGNORE / RESPECT NULLS", 32),
        ("SELECT a FROM t INTERSECT SELECT 1", "INTERSECT", 17),
        ("SELECT a FROM t EXCEPT ALL SELECT 1", "EXCEPT", 17),
        ("SELECT a FROM t WINDOW w AS (ORDER BY b)", "WINDOW", 17),
        ("SELECT a FROM t WHERE a = ANY (SELECT 1)", "ANY / SOME / ALL", 27),
        ("SELECT a FROM t WHERE a LIKE ALL (SELECT 1)", "ANY / SOME / ALL", 30),
        ("SELECT a FROM t WHERE a IN (VALUES (1))", "VALUES", 29),
        ("SELECT a FROM t WHERE EXISTS (VALUES (1))", "VALUES", 31),
        ("SELECT a FROM t WHERE (a, b) IN (SELECT 1, 2)", "row value (a, b)", 25),
        ("SELECT a FROM (t JOIN u ON true) AS x", "name for a join", 34),
        ("SELECT a FROM t JOIN u USING (a) AS x", "name for a join", 34),
        ("SELECT OVERLAY(a PLACING 'b' FROM 1)", "OVERLAY", 8),
        ("SELECT substring(a SIMILAR 'b' ESCAPE 'c')", "SIMILAR TO", 20),
        ("SELECT INTERVAL '1 month' DAY", UnsupportedConstruct.intervalField.rawValue, 27),
        ("SELECT INTERVAL '1.5' DAY", UnsupportedConstruct.intervalField.rawValue, 23),
        ("SELECT INTERVAL '1' YEAR TO MONTH", UnsupportedConstruct.intervalField.rawValue, 21),
        ("SELECT INTERVAL '90' DAY (3)", UnsupportedConstruct.intervalField.rawValue, 22),
        ("SELECT a FROM t GROUP BY DISTINCT a", "GROUP BY DISTINCT / ALL", 26),
        ("SELECT a FROM t NATURAL JOIN u", "NATURAL JOIN", 17),
        ("SELECT a FROM LATERAL (SELECT 1) x", "LATERAL", 15),
        ("SELECT a FROM ONLY t", "ONLY", 15),
        ("SELECT a FROM t TABLESAMPLE system (1)", "TABLESAMPLE", 17),
        ("SELECT a FROM generate_series(1, 2)", "function in FROM", 30),
        ("SELECT a FROM public.t", "schema-qualified table name", 21),
        ("SELECT s.t.a FROM t", "column name of more than two parts", 11),
        ("SELECT s.f(a) FROM t", "schema-qualified function name", 11),
        ("WITH RECURSIVE r AS (SELECT 1) SELECT 1", "WITH RECURSIVE", 6),
        ("WITH r AS MATERIALIZED (SELECT 1) SELECT 1", "MATERIALIZED", 11),
        ("SELECT a INTO x FROM t", "SELECT INTO", 10),
        ("SELECT a FROM t FOR UPDATE", "FOR UPDATE / SHARE", 17),
        ("SELECT a FROM t FETCH FIRST 1 ROW ONLY", "FETCH FIRST", 17),
        ("SELECT a FROM (VALUES (1)) v", "VALUES", 15),
        ("SELECT 1; SELECT 2", "more than one statement", 11),
        ("SELECT E'a\\n'", "string with a prefix such as E'…'", 8),
        ("SELECT $$a$$", "dollar-quoted string", 8),
        ("SELECT $1", "positional parameter such as $1", 8),
        ("SELECT a ^ 2 FROM t", "operator ^", 10),
        ("SELECT a[1] FROM t", "ARRAY / [ ]", 9),
        ("SELECT ARRAY[1]", "ARRAY / [ ]", 13),
        ("SELECT (a, b) FROM t", "row value (a, b)", 10),
        ("SELECT a NOT SIMILAR TO 'b' FROM t", "SIMILAR TO", 14),
        ("SELECT a BETWEEN SYMMETRIC 2 AND 1 FROM t", "BETWEEN SYMMETRIC", 18),
        ("SELECT a COLLATE x FROM t", "COLLATE", 10),
        ("SELECT a AT TIME ZONE 'UTC' FROM t", "TIME ZONE", 10),
        ("SELECT CURRENT_DATE", "CURRENT_DATE / CURRENT_TIMESTAMP", 8),
        ("SELECT f(a ORDER BY b) FROM t", "ORDER BY inside a call", 12),
        ("SELECT a FROM t ORDER BY a USING <", "ORDER BY … USING", 28),
        ("(SELECT a FROM t LIMIT 2) LIMIT 1", UnsupportedConstruct.repeatedClause.rawValue, 27),
        ("(SELECT a FROM t LIMIT 2) ORDER BY a", UnsupportedConstruct.repeatedClause.rawValue, 27),
        ("(SELECT a FROM t ORDER BY a) ORDER BY a", UnsupportedConstruct.repeatedClause.rawValue, 30),
        ("(SELECT a FROM t OFFSET 1) OFFSET 1", UnsupportedConstruct.repeatedClause.rawValue, 28),
        ("WITH x AS (SELECT 1) (WITH y AS (SELECT 1) SELECT 1)", UnsupportedConstruct.repeatedClause.rawValue, 23),
        ("SELECT p(DISTINCT a) WITHIN GROUP (ORDER BY b) FROM t", "DISTINCT with WITHIN GROUP", 22),
        ("DROP TABLE t", "DROP", 1),
        ("insert into t values (1)", "INSERT", 1),
        ("WITH x AS (DELETE FROM t) SELECT 1", "DELETE", 12),
    ])
    func unsupportedConstructs(example: (text: String, construct: String, column: Int)) {
        let error = refusal(of: example.text)
        #expect(error?.code == .unsupported)
        #expect(error?.arguments == [example.construct])
        #expect(error?.span.column == example.column)
    }

    @Test(arguments: [
        ("", SQLError.Code.emptyStatement, 1, 1),
        (" -- nothing\n", .emptyStatement, 2, 1),
        ("SELEC a FROM t", .unexpectedToken, 1, 1),
        ("SELECT a FROM t WHERE", .unexpectedEnd, 1, 22),
        ("SELECT a\nFROM t\nWHERE a = = 1", .unexpectedToken, 3, 11),
        ("SELECT a FROM t WHERE a < b < c", .unexpectedToken, 1, 29),
        ("SELECT a, FROM t", .unexpectedToken, 1, 11),
        ("SELECT a FROM t GROUP a", .unexpectedToken, 1, 23),
        ("SELECT a FROM t JOIN u", .unexpectedEnd, 1, 23),
        ("SELECT 'x' FROM t extra words", .unexpectedToken, 1, 25),
        ("SELECT a FROM (t, u)", .unexpectedToken, 1, 17),
        ("SELECT a FROM t CROSS JOIN u ON true", .unexpectedToken, 1, 30),
        ("SELECT a FROM t RIGHT JOIN u", .unexpectedEnd, 1, 29),
        ("SELECT a FROM t FULL u ON true", .unexpectedToken, 1, 22),
        ("SELECT a FROM t,", .unexpectedEnd, 1, 17),
        ("SELECT a FROM t ORDER BY a UNION ALL SELECT 1", .unexpectedToken, 1, 28),
        ("SELECT 1 UNION ALL", .unexpectedEnd, 1, 19),
        ("SELECT 1 UNION ALL 2", .unexpectedToken, 1, 20),
        ("SELECT EXISTS (a) FROM t", .unexpectedToken, 1, 16),
        ("SELECT EXISTS (SELECT 1 FROM t", .unexpectedEnd, 1, 31),
        ("SELECT f(SELECT 1)", .unexpectedToken, 1, 10),
        ("SELECT (SELECT 1, FROM t)", .unexpectedToken, 1, 19),
        ("SELECT a IN () FROM t", .unexpectedToken, 1, 14),
        ("SELECT a IS b FROM t", .unexpectedToken, 1, 13),
        ("SELECT a IS DISTINCT b FROM t", .unexpectedToken, 1, 22),
        ("SELECT a IS DISTINCT FROM b IS NULL", .unexpectedToken, 1, 29),
        ("SELECT a LIKE b LIKE c FROM t", .unexpectedToken, 1, 17),
        ("SELECT a ESCAPE 'x' FROM t", .unexpectedToken, 1, 17),
        ("SELECT a FROM t GROUP BY ROLLUP ()", .unexpectedToken, 1, 34),
        ("SELECT a FROM t GROUP BY GROUPING SETS ()", .unexpectedToken, 1, 41),
        ("SELECT a FROM t GROUP BY GROUPING SETS a", .unexpectedToken, 1, 40),
        ("SELECT a FROM t GROUP BY (a, b) + 1", .unexpectedToken, 1, 33),
        ("SELECT f(a) OVER (ORDER a)", .unexpectedToken, 1, 25),
        ("SELECT f(a) OVER 1", .unexpectedToken, 1, 18),
        ("SELECT f(a) OVER (ROWS)", .unexpectedToken, 1, 23),
        ("SELECT f(a) OVER (ROWS 1)", .unexpectedToken, 1, 25),
        ("SELECT f(a) OVER (ROWS BETWEEN 1 PRECEDING)", .unexpectedToken, 1, 43),
        ("SELECT f(a) OVER (ROWS 1 FOLLOWING)", .invalidFrame, 1, 19),
        ("SELECT f(a) OVER (ROWS UNBOUNDED FOLLOWING)", .invalidFrame, 1, 19),
        ("SELECT f(a) OVER (RANGE BETWEEN CURRENT ROW AND 1 PRECEDING)", .invalidFrame, 1, 19),
        ("SELECT f(a) OVER (ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW)", .invalidFrame, 1, 19),
        ("SELECT f(a) OVER (ROWS BETWEEN 2 PRECEDING AND UNBOUNDED PRECEDING)", .invalidFrame, 1, 19),
        ("SELECT f(a) WITHIN GROUP (a)", .unexpectedToken, 1, 27),
        ("SELECT f(a) OVER () FILTER (WHERE b)", .unexpectedToken, 1, 21),
        ("SELECT position(a, b)", .unexpectedToken, 1, 18),
        ("SELECT trim(BOTH)", .unexpectedToken, 1, 17),
        ("SELECT substring(a FROM 1) OVER ()", .unexpectedToken, 1, 28),
        ("SELECT a FROM (SELECT a FROM t)", .derivedTableWithoutAlias, 1, 15),
        ("SELECT 'open", .unterminated, 1, 8),
        ("SELECT \"open", .unterminated, 1, 8),
        ("SELECT 1 /* open", .unterminated, 1, 10),
        ("SELECT \"\" FROM t", .emptyIdentifier, 1, 8),
        ("SELECT 1a FROM t", .invalidNumber, 1, 8),
        ("SELECT 1.2.3", .invalidNumber, 1, 8),
        ("SELECT count（*） FROM t", .fullWidthPunctuation, 1, 13),
        ("SELECT 医院，科室 FROM t", .fullWidthPunctuation, 1, 10),
        ("SELECT 1；", .fullWidthPunctuation, 1, 9),
        ("SELECT a\u{0} FROM t", .controlCharacter, 1, 9),
        ("SELECT 'a\u{202E}b'", .controlCharacter, 1, 10),
        ("SELECT a\u{200B} FROM t", .unexpectedCharacter, 1, 9),
        ("SELECT `a` FROM t", .unexpectedCharacter, 1, 8),
        ("SELECT : a FROM t", .unexpectedCharacter, 1, 8),
        ("SELECT CAST(a AS ) FROM t", .unexpectedToken, 1, 18),
        ("SELECT CASE END", .unexpectedToken, 1, 13),
        ("SELECT a FROM t ORDER BY a NULLS", .unexpectedEnd, 1, 33),
        ("SELECT a user FROM t", .unexpectedToken, 1, 10),
    ])
    func wrongText(example: (text: String, code: SQLError.Code, line: Int, column: Int)) {
        let error = refusal(of: example.text)
        #expect(error?.code == example.code)
        #expect(error?.span.line == example.line)
        #expect(error?.span.column == example.column)
    }

    @Test func messagesDoNotRepeatLiterals() {
        let error = refusal(of: "SELECT a FROM t 'SECRET'")
        #expect(error?.code == .unexpectedToken)
        #expect(error?.arguments.contains { $0.contains("SECRET") } == false)
    }

    @Test func placesCountCharacters() throws {
        let query = try SQLParser.parse("SELECT 总费用,\n  \"医院\" FROM t").query
        guard case .select(let block) = query.body, case .expression(let first, _) = block.items[0].kind,
            case .expression(let second, _) = block.items[1].kind
        else {
            Issue.record("expressions expected")
            return
        }
        #expect(first.span == SourceSpan(line: 1, column: 8, length: 3, offset: 7))
        #expect(second.span == SourceSpan(line: 2, column: 3, length: 4, offset: 14))
    }

    /// The place of an expression goes from its first to its last token.
    @Test(arguments: [
        "a + b", "-a", "NOT a", "a BETWEEN 1 AND 2", "a IN (1, 2)", "a IS NOT NULL", "a::int", "CAST(a AS int)",
        "CASE WHEN a THEN 1 END", "count(*) FILTER (WHERE a)", "EXTRACT(year FROM a)", "a LIKE 'x'", "t.a", "f(a, b)",
        "a * b + c = d AND e", "(SELECT 1)", "EXISTS (SELECT 1)", "a IN (SELECT 1)", "a IS DISTINCT FROM b", "a IS NOT TRUE",
        "a ILIKE b ESCAPE c", "f(a) OVER (ORDER BY b ROWS 1 PRECEDING)", "p(a) WITHIN GROUP (ORDER BY b)", "a ISNULL",
        "position(a IN b)", "trim(BOTH FROM a)", "INTERVAL '1' DAY", "grouping(a)", "((SELECT 1))", "NOT EXISTS (SELECT 1)",
    ])
    func placesOfExpressions(text: String) throws {
        let query = try SQLParser.parse("SELECT \(text) FROM t").query
        guard case .select(let block) = query.body, case .expression(let expression, _) = block.items[0].kind else {
            Issue.record("an expression was expected")
            return
        }
        #expect(expression.span == SourceSpan(line: 1, column: 8, length: text.utf8.count, offset: 7))
    }

    @Test func carets() {
        let text = "SELECT 医院,\r\n\t'费用' + 总费用 FROM t"
        #expect(SourceSpan(line: 1, column: 8, length: 2, offset: 7).caret(in: text) == "SELECT 医院,\n       ^^^^")
        #expect(
            SourceSpan(line: 2, column: 9, length: 3, offset: 20).caret(in: text)
                == "\t'费用' + 总费用 FROM t\n\t         ^^^^^^")
        #expect(SourceSpan(line: 1, column: 4, length: 1, offset: 3).caret(in: "abc") == "abc\n   ^")
        #expect(SourceSpan(line: 9, column: 4, length: 1, offset: 3).caret(in: "abc") == "\n^")
        #expect(SourceSpan(line: 1, column: 2, length: 1, offset: 1).caret(in: "a\u{1B}b") == "a\u{FFFD}b\n ^")
        let long = String(repeating: "甲", count: 1000)
        let cut = SourceSpan(line: 1, column: 500, length: 2, offset: 499).caret(in: long)
        #expect(cut.unicodeScalars.count < 3 * Limits.caretLineCharacters && cut.hasSuffix("^^^^"))
    }
}
