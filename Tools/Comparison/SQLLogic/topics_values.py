# SPDX-License-Identifier: Apache-2.0
"""Values: arithmetic, casts, choices, texts, patterns, calendar."""
from corpus import File
from tables import DAYS, NUMBERS, TEXTS


def files():
    return [arithmetic(), functions(), cast(), choices(), like(), texts(), calendar()]


def arithmetic():
    file = File("arithmetic", "Exact arithmetic, its scales, and what has no value.", NUMBERS)
    safe = {"/": " WHERE b <> 0", "%": " WHERE b <> 0"}
    for operator in ["+", "-", "*", "/", "%"]:
        for left in ["a", "c", "d", "17", "-3.75"]:
            for right in ["b", "b + 0.5", "2.50", "3"]:
                file.ask(f"SELECT id, {left} {operator} {right} FROM num{safe.get(operator, '')}")
    file.ask("SELECT 1 + 2 * 3, (1 + 2) * 3, 10 - 4 - 3, 20 / 3 / 2 FROM one", "SELECT 7 / 2, -7 / 2, 7 / -2, -7 / -2 FROM one", "SELECT 7 % 3, -7 % 3, 7 % -3, -7 % -3 FROM one",
             "SELECT 0.1 + 0.2, 0.1 * 0.1, 1.10 - 1.1 FROM one", "SELECT 1.0 * 3, 1.00 + 1.000, 5 - 0.0 FROM one", "SELECT 7.5 % 2, -7.5 % 2, 7.5 % 0.4 FROM one",
             "SELECT 99999999.99 * 99999999.99 FROM one", "SELECT 123456789012345678 * 10.5 FROM one", "SELECT a + b * 2 - c / 4 FROM num", "SELECT -(a - b), - a + b FROM num",
             "SELECT SUM(a) + SUM(b), SUM(c) * 2 FROM num", "SELECT SUM(a * b), SUM(c * d) FROM num", "SELECT (a + 1) * (b - 1), a * a - b * b FROM num", "SELECT 2 * c + 3 * d FROM num", "SELECT a - a, c - c, d * 0 FROM num")
    file.note("The text of a number has the scale of its type.")
    file.ask("SELECT CAST(c * 2 AS text), CAST(c + d AS text), CAST(c * d AS text) FROM num", "SELECT CAST(1.5 + 1 AS text), CAST(1.50 * 1.5 AS text), CAST(2.50 - 0.5 AS text) FROM one",
             "SELECT CAST(SUM(c) AS text), CAST(MAX(d) AS text), CAST(MIN(c) AS text) FROM num", "SELECT CAST(c % 1 AS text) FROM num", "SELECT CAST(a * c AS text) FROM num")
    none = "no data-dependent failure, the value is NULL."
    file.hand(none, "SELECT id, a / 0 FROM num WHERE id <= 2", "II", ("1", "NULL"), ("2", "NULL"))
    file.hand(none, "SELECT id, 10 / a FROM num WHERE id IN (1, 3)", "II", ("1", "1"), ("3", "NULL"))
    file.hand(none, "SELECT id, 10 % a FROM num WHERE id IN (1, 3)", "II", ("1", "0"), ("3", "NULL"))
    file.hand(none, "SELECT id, 1.5 / c FROM num WHERE id IN (3, 6)", "IT", ("3", "NULL"), ("6", "0.6000000000000000"))
    file.hand(none, "SELECT c % 0.0 FROM num WHERE id = 1", "T", ("NULL",))
    file.hand(none, "SELECT 9223372036854775807 + x FROM one", "I", ("NULL",))
    file.hand(none, "SELECT -9223372036854775807 - x - x FROM one", "I", ("NULL",))
    file.hand(none, "SELECT 9223372036854775807 * (x + 1) FROM one", "I", ("NULL",))
    file.hand(none, "SELECT 99999999999999999999999999999999999999 + x FROM one", "T", ("NULL",))
    file.hand(none, "SELECT CAST('x' AS bigint), CAST('1.5' AS decimal(3,0)) FROM one", "IT", ("NULL", "2"))
    file.hand(none, "SELECT CAST(a AS decimal(3,1)) FROM num WHERE id IN (1, 8)", "T", ("10.0",), ("NULL",))
    scale = "quotients have 16 digits behind the point or as many as an operand, half away from zero; PostgreSQL counts significant digits."
    file.hand(scale, "SELECT c / b FROM num WHERE id IN (1, 6)", "T", ("-1.2500000000000000",), ("0.5000000000000000",))
    file.hand(scale, "SELECT 1.0 / 3, 2.0 / 3, -2.0 / 3 FROM one", "TTT", ("0.3333333333333333", "0.6666666666666667", "-0.6666666666666667"))
    file.hand(scale, "SELECT CAST(10.0 / 4 AS text) FROM one", "T", ("2.5000000000000000",))
    file.hand(scale, "SELECT AVG(a) FROM num WHERE id IN (1, 2, 3)", "T", ("1.0000000000000000",))
    file.hand(scale, "SELECT AVG(b) FROM num WHERE id <= 3", "T", ("3.3333333333333333",))
    file.hand(scale, "SELECT CAST(AVG(c) AS text) FROM num WHERE id IN (1, 2)", "T", ("-0.3750000000000000",))
    return file


def functions():
    file = File("functions", "Functions of numbers.", NUMBERS)
    for call in ["abs({})", "floor({})", "ceil({})", "ceiling({})", "round({})", "trunc({})", "sign({})"]:
        for argument in ["a", "c", "d", "-a", "d * 10", "CAST(d AS double precision)"]:
            if call == "sign({})" and argument in ("a", "-a"):
                continue
            file.ask(f"SELECT id, {call.format(argument)} FROM num")
    for digits in ["0", "1", "2", "3", "-1", "-2"]:
        for argument in ["c", "d", "d * 100", "2.5", "-2.5", "15.55"]:
            file.ask(f"SELECT id, round({argument}, {digits}) FROM num", f"SELECT id, trunc({argument}, {digits}) FROM num")
    for call in ["greatest(a, b)", "least(a, b)", "greatest(a, b, 5)", "least(c, d)", "greatest(c, a)", "greatest(NULL, a)", "least(NULL, NULL, b)", "greatest(a, c, d)"]:
        file.ask(f"SELECT id, {call} FROM num")
    file.ask("SELECT round(0.5), round(1.5), round(2.5), round(-0.5), round(-1.5) FROM one", "SELECT floor(-0.5), ceil(-0.5), trunc(-0.9) FROM one", "SELECT power(2, 10), power(2.0, 0.5) FROM one",
             "SELECT sqrt(4), sqrt(2.0), exp(0), ln(1) FROM one", "SELECT sqrt(CAST(a AS double precision)) FROM num WHERE a >= 0", "SELECT sign(c), sign(-d) FROM num", "SELECT abs(a - b) FROM num WHERE abs(a - b) > 3",
             "SELECT round(AVG(c), 2), round(SUM(d), 1) FROM num", "SELECT round(c * 1.17, 2) AS gross FROM num", "SELECT mod(a, 3) FROM num")
    file.hand("no data-dependent failure, the value is NULL.", "SELECT sqrt(-1.0 * x), ln(x - 1) FROM one", "TT", ("NULL", "NULL"))
    return file


def cast():
    file = File("cast", "CAST between types.", NUMBERS + TEXTS[2:] + DAYS[2:])
    for column, types in [("a", ["text", "decimal(20,3)", "double precision", "bigint"]), ("c", ["text", "bigint", "decimal(12,1)", "decimal(20,5)", "double precision"]),
                          ("d", ["text", "bigint", "decimal(14,2)", "decimal(9,0)"]), ("f", ["text"])]:
        for name in types:
            file.ask(f"SELECT id, CAST({column} AS {name}) FROM num")
    file.ask("SELECT id, CAST(d AS text), CAST(d AS timestamp) FROM day", "SELECT id, CAST(t AS date), CAST(t AS text) FROM day", "SELECT id FROM day WHERE CAST(t AS date) = d", "SELECT a::text || '!' FROM num", "SELECT '12'::bigint + 1 FROM one",
             "SELECT CAST('3.75' AS decimal(5,1)), CAST('-0.05' AS decimal(5,1)) FROM one", "SELECT CAST('2024-02-29' AS date), CAST('2024-02-29 10:20:30.5' AS timestamp) FROM one", "SELECT CAST(NULL AS bigint), CAST(NULL AS text) FROM one",
             "SELECT CAST(2.5 AS bigint), CAST(3.5 AS bigint), CAST(-2.5 AS bigint), CAST(2.49 AS bigint) FROM one", "SELECT CAST(1 AS double precision) / 4 FROM one", "SELECT CAST('true' AS boolean), CAST('f' AS boolean) FROM one",
             "SELECT CAST(CAST(c AS text) AS decimal(10,2)) = c FROM num", "SELECT CAST(CAST(d AS text) AS date) = d FROM day", "SELECT CAST(TRUE AS text), CAST(FALSE AS text) FROM one", "SELECT CAST(0.1 AS double precision), CAST(100 AS double precision) FROM one",
             "SELECT CAST('1.25' AS double precision) FROM one", "SELECT CAST(id AS text) FROM num ORDER BY 1", "SELECT CAST(SUM(a) AS bigint) FROM num")
    none = "no data-dependent failure, the value is NULL."
    for text in ["abc", "1x", "99999999999999999999", "--1", "2024-02-30", "true"]:
        file.hand(none, f"SELECT CAST('{text}' || substring('z', x, 0) AS bigint) FROM one", "I", ("NULL",))
    for text in ["abc", "2024-02-30", "2024-13-01", "2024-00-10", "24-1-1"]:
        file.hand(none, f"SELECT CAST('{text}' || substring('z', x, 0) AS date) FROM one", "T", ("NULL",))
    file.hand(none, "SELECT CAST(s AS bigint) FROM txt WHERE id <= 2", "I", ("NULL",), ("NULL",))
    file.hand(none, "SELECT CAST(a * 1.0 AS decimal(2,0)) FROM num WHERE id IN (1, 8)", "T", ("10",), ("NULL",))
    return file


def choices():
    file = File("choices", "CASE, COALESCE, NULLIF.", NUMBERS + TEXTS[2:])
    for one in ["a > 0", "b IS NULL", "f", "c < d", "a = b"]:
        for result, other in [("1", "0"), ("a", "b"), ("c", "a"), ("'ja'", "'nein'"), ("NULL", "d"), ("d", "NULL")]:
            file.ask(f"SELECT id, CASE WHEN {one} THEN {result} ELSE {other} END FROM num", f"SELECT id, CASE WHEN {one} THEN {result} END FROM num" if result != "NULL" else f"SELECT id, CASE WHEN NOT ({one}) THEN {other} END FROM num")
    for operand in ["a", "b", "c"]:
        file.ask(f"SELECT id, CASE {operand} WHEN 10 THEN 'ten' WHEN 3 THEN 'three' ELSE 'else' END FROM num", f"SELECT id, CASE {operand} WHEN NULL THEN 'null' WHEN 7 THEN 'seven' END FROM num", f"SELECT id, CASE {operand} WHEN b THEN 1 WHEN a THEN 2 ELSE 3 END FROM num")
    for arguments in ["a, b", "a, 0", "NULL, a", "a, b, 99", "c, d, a", "a, NULL", "NULL, NULL, 1", "c, 1", "f, TRUE"]:
        file.ask(f"SELECT id, coalesce({arguments}) FROM num")
    for arguments in ["a, b", "a, 10", "c, 1.5", "a, NULL", "c, a", "f, TRUE", "a, a"]:
        file.ask(f"SELECT id, nullif({arguments}) FROM num")
    file.ask("SELECT coalesce(s, '?') FROM txt", "SELECT nullif(s, 'abc') FROM txt", "SELECT CASE s WHEN 'abc' THEN '甲' WHEN '李四' THEN '乙' END FROM txt", "SELECT CASE WHEN a > 5 THEN CASE WHEN b > 2 THEN 'x' ELSE 'y' END ELSE 'z' END FROM num",
             "SELECT SUM(CASE WHEN f THEN a ELSE 0 END), COUNT(CASE WHEN f THEN 1 END) FROM num", "SELECT CASE WHEN b <> 0 THEN a / b END FROM num", "SELECT CASE WHEN a IS NULL THEN 'n' WHEN a < 0 THEN '-' WHEN a = 0 THEN '0' ELSE '+' END AS k, COUNT(*) FROM num GROUP BY k",
             "SELECT id FROM num WHERE CASE WHEN f THEN a > 0 ELSE b > 0 END", "SELECT coalesce(nullif(a, 10), -1) FROM num", "SELECT 100 / nullif(a, 0) FROM num", "SELECT coalesce(SUM(a), 0) FROM num WHERE id > 100", "SELECT id FROM num ORDER BY coalesce(a, b, 0), id")
    return file


def like():
    file = File("like", "LIKE and ILIKE, by characters.", TEXTS)
    for pattern in ["a%", "%c", "%b%", "abc", "___", "__", "_", "%", "", "张%", "%三%", "_四", "%医院", "第_人%", "%_%", "a_b%c", "A%", "%ï%", "na_ve", "𠮷__", "_野%", "%%c", "a%b%c%", "%abc", "abc%abc", "% %"]:
        file.ask(f"SELECT id FROM txt WHERE s LIKE '{pattern}'", f"SELECT id FROM txt WHERE s NOT LIKE '{pattern}'", f"SELECT id FROM txt WHERE s ILIKE '{pattern}'")
    file.ask("SELECT id FROM txt WHERE s LIKE 'a!_b%' ESCAPE '!'", "SELECT id FROM txt WHERE s LIKE '%!%%' ESCAPE '!'", "SELECT id FROM txt WHERE s LIKE 'a\\_b\\%c'", "SELECT id FROM txt WHERE s NOT ILIKE 'ABC'", "SELECT id, s LIKE '%b%' FROM txt", "SELECT id FROM txt WHERE s LIKE p",
             "SELECT id FROM txt WHERE s LIKE NULL", "SELECT id FROM txt WHERE s || 'x' LIKE '%cx'", "SELECT id FROM txt WHERE NOT s LIKE 'a%'", "SELECT id FROM txt WHERE lower(s) LIKE 'abc'", "SELECT id FROM txt WHERE s LIKE 'a%' OR s LIKE '李%'", "SELECT id FROM txt WHERE s LIKE 'a%' ESCAPE ''",
             "SELECT COUNT(*) FROM txt WHERE s LIKE '%a%'", "SELECT id FROM txt WHERE 'abc' LIKE p", "SELECT id FROM txt WHERE starts_with(s, 'ab')")
    return file


def texts():
    file = File("texts", "Functions of texts, by characters.", TEXTS)
    for call in ["length(s)", "char_length(s)", "upper(s)", "lower(s)", "reverse(s)", "trim(s)", "ltrim(s)", "rtrim(s)", "btrim(s, 'ac')", "trim(BOTH 'a' FROM s)", "trim(LEADING '张' FROM s)", "trim(TRAILING 'c' FROM s)",
                 "s || '!'", "'<' || s || '>'", "s || NULL", "concat(s, '-', p)", "concat(s, NULL, 'x')", "replace(s, 'b', '乙')", "replace(s, '医', '')", "position('b' IN s)", "strpos(s, '人')", "position('' IN s)", "left(s, 2)",
                 "right(s, 2)", "left(s, -1)", "right(s, -1)", "left(s, 0)", "lpad(s, 5, '*')", "rpad(s, 5, '甲乙')", "lpad(s, 2, '*')", "rpad(s, 2, '*')", "starts_with(s, 'a')", "substring(s, 2)", "substring(s, 1, 1)",
                 "substring(s, 0, 2)", "substring(s, -1, 4)", "substring(s, 3, 0)", "substring(s, 100)", "substring(s FROM 2)", "substring(s FROM 2 FOR 1)", "substring(s FOR 2)", "substr(s, 2, 2)", "nullif(s, p)", "coalesce(s, p)",
                 "length(s || '丰')", "upper(left(s, 1)) || lower(substring(s, 2))", "greatest(s, 'b')", "least(s, 'b')", "reverse(upper(s))", "length(trim(s))", "replace(s, 'abc', s)", "length(replace(s, 'a', 'aa'))", "s = reverse(s)", "s < p"]:
        file.ask(f"SELECT id, {call} FROM txt")
    for call in ["length('')", "length('𠮷')", "upper('straße é')", "lower('ÀÉÎ')", "'a' || 1", "1 || 'a'", "concat('a', 1, TRUE)", "substring('一二三四五', 2, 3)", "position('三' IN '一二三')", "lpad('x', 3, '')", "lpad('x', 0, 'y')", "rpad('', 2, 'ab')",
                 "replace('aaa', 'a', 'b')", "replace('abc', '', 'x')", "reverse('一二三')", "trim('  x ')", "btrim('xxaxx', 'x')", "left('一二三', 2)", "right('一二三', 2)", "'a' < 'B'", "'a' < 'b'", "'张' < '李'", "'Z' < 'a'", "'' = ' '", "'ab' = 'ab '", "concat(NULL, NULL)", "starts_with('医院', '医')"]:
        file.ask(f"SELECT {call} FROM one")
    file.ask("SELECT substring(s, 1, 1) AS k, COUNT(*) FROM txt GROUP BY k", "SELECT MIN(s), MAX(s), COUNT(DISTINCT lower(s)) FROM txt", "SELECT id FROM txt WHERE length(s) = 3 ORDER BY s", "SELECT SUM(length(s)) FROM txt", "SELECT id FROM txt WHERE position('a' IN s) > 0",
             "SELECT a.id, b.id FROM txt a JOIN txt b ON lower(a.s) = lower(b.s) AND a.id < b.id", "SELECT upper(s) AS u FROM txt GROUP BY u ORDER BY u")
    return file


def calendar():
    file = File("calendar", "Dates, timestamps and intervals.", DAYS)
    for field in ["year", "quarter", "month", "week", "day", "dow", "isodow", "doy", "isoyear", "decade", "century"]:
        file.ask(f"SELECT id, extract({field} FROM d) FROM day", f"SELECT id, extract({field} FROM t) FROM day")
    for field in ["hour", "minute", "second", "epoch"]:
        file.ask(f"SELECT id, extract({field} FROM t) FROM day")
    for unit in ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]:
        file.ask(f"SELECT id, date_trunc('{unit}', t) FROM day")
    file.note("date_trunc of a date is a date in Yunei, a timestamp in PostgreSQL.")
    for unit in ["year", "quarter", "month", "week", "day"]:
        file.ask(f"SELECT id, CAST(date_trunc('{unit}', d) AS date) FROM day")
    for interval in ["1 day", "-1 day", "1 month", "-1 month", "1 year", "1 year 2 months", "90 days", "3 weeks", "1 month -1 day", "13 months"]:
        file.ask(f"SELECT id, CAST(d + INTERVAL '{interval}' AS date) FROM day", f"SELECT id, CAST(d - INTERVAL '{interval}' AS date) FROM day", f"SELECT id, t + INTERVAL '{interval}' FROM day")
    for interval in ["1 hour", "30 minutes", "45 seconds", "1 day 02:30:00", "36 hours"]:
        file.ask(f"SELECT id, t + INTERVAL '{interval}' FROM day", f"SELECT id, t - INTERVAL '{interval}' FROM day", f"SELECT id, d + INTERVAL '{interval}' FROM day")
    file.ask("SELECT id, CAST(d + INTERVAL '90' DAY AS date) FROM day", "SELECT id, CAST(d - INTERVAL '1' YEAR AS date) FROM day", "SELECT id, CAST(d + INTERVAL '3' MONTH AS date) FROM day", "SELECT id, t + INTERVAL '2' HOUR FROM day",
             "SELECT id, d + 1, d - 1, d + CAST(n AS integer) FROM day", "SELECT id, d - DATE '2000-01-01' FROM day", "SELECT a.id, b.id, a.d - b.d FROM day a JOIN day b ON a.id = b.id + 1", "SELECT id FROM day WHERE d BETWEEN DATE '1999-01-01' AND DATE '2023-12-31'",
             "SELECT id FROM day WHERE d > DATE '2024-01-01' - INTERVAL '1 year'", "SELECT id FROM day WHERE d >= '2000-01-01'", "SELECT id FROM day WHERE t < TIMESTAMP '2000-01-01 00:00:00'", "SELECT extract(year FROM d) AS y, COUNT(*) FROM day GROUP BY y ORDER BY y",
             "SELECT MIN(d), MAX(d), MIN(t), MAX(t) FROM day", "SELECT make_date(2024, 2, 29), make_date(1999, 12, 31) FROM one", "SELECT id FROM day WHERE extract(month FROM d) IN (1, 2)", "SELECT extract(year FROM d) * 100 + extract(month FROM d) FROM day",
             "SELECT DATE '2024-01-31' + INTERVAL '1 month' FROM one", "SELECT DATE '2024-03-31' - INTERVAL '1 month', DATE '2023-03-31' - INTERVAL '1 month' FROM one", "SELECT TIMESTAMP '2024-01-01 00:00:00' - INTERVAL '1 second' FROM one",
             "SELECT DATE '2024-03-01' - DATE '2024-02-01', DATE '2023-03-01' - DATE '2023-02-01' FROM one", "SELECT date_part('year', d) FROM day", "SELECT CAST(d AS timestamp) = t FROM day", "SELECT id FROM day ORDER BY extract(doy FROM d), id",
             "SELECT date_trunc('month', t) AS m, COUNT(*) FROM day GROUP BY m ORDER BY m", "SELECT DATE '0001-01-01', DATE '9999-12-31' FROM one", "SELECT greatest(d, DATE '2000-01-01'), least(d, DATE '2000-01-01') FROM day")
    none = "no data-dependent failure, the value is NULL."
    file.hand(none, "SELECT DATE '9999-12-31' + CAST(x AS integer) FROM one", "T", ("NULL",))
    file.hand(none, "SELECT make_date(2023, 2, 28 + x) FROM one", "T", ("NULL",))
    file.hand(none, "SELECT id, d + 100000000 FROM day WHERE id IN (1, 4)", "IT", ("1", "NULL"), ("4", "NULL"))
    return file
