// SPDX-License-Identifier: Apache-2.0

import QueryEngine
import Testing

/// Answers that PostgreSQL gives; NULL where it fails on a value.
@Suite struct FunctionTests {
    @Test(arguments: [
        ("substring('abc' FROM -1 FOR 3)", "a"), ("substring('abc', 2)", "bc"), ("substring('abc', 0, 2)", "a"), ("substring('abc', 4)", ""),
        ("substring('abc', -5, 2)", ""), ("substring('abc', 2, 9223372036854775807)", "bc"), ("substring('abc', -9223372036854775807, 2)", ""),
        ("substring('abc', 1, -1)", "NULL"), ("substring('仁和医院', 2, 2)", "和医"), ("left('abcde', 2)", "ab"), ("left('abcde', -2)", "abc"),
        ("left('abc', -9)", ""), ("right('abcde', 2)", "de"), ("right('abcde', -2)", "cde"), ("right('医院', 1)", "院"), ("right('abc', 9)", "abc"),
        ("left('abc', NULL)", "NULL"), ("length('仁和医院')", "4"), ("char_length('')", "0"), ("character_length('é')", "1"), ("reverse('ab医')", "医ba"),
        ("trim('  ab ')", "ab"), ("trim(BOTH 'x' FROM 'xxabx')", "ab"), ("trim(LEADING 'xy' FROM 'yxabx')", "abx"), ("rtrim('abcc', 'c')", "ab"),
        ("btrim('abba', 'ab')", ""), ("ltrim('院院a', '院')", "a"), ("btrim('ab', '')", "ab"), ("concat('a', NULL, 1, true, 1.50)", "a1t1.50"),
        ("concat(NULL, NULL)", ""), ("'a' || 1", "a1"), ("'a' || NULL", "NULL"), ("1 || 'a'", "1a"), ("'a' || true", "atrue"),
        ("position('b' IN 'abc')", "2"), ("strpos('abc', 'd')", "0"), ("position('' IN 'abc')", "1"), ("strpos('市一院', '院')", "3"),
        ("replace('abcabc', 'b', 'xx')", "axxcaxxc"), ("replace('abc', '', 'x')", "abc"), ("lpad('hi', 5, 'xy')", "xyxhi"), ("lpad('hello', 2)", "he"),
        ("rpad('hi', 5, '院')", "hi院院院"), ("lpad('hi', -1)", ""), ("lpad('hi', 5, '')", "hi"), ("rpad('a', 2)", "a "), ("starts_with('abc', 'ab')", "true"), ("starts_with('ab', 'abc')", "false"), ("upper('aä医ß')", "AÄ医ß"),
        ("lower('ÀBC')", "àbc"), ("lpad('a', 9223372036854775807)", "NULL"), ("rpad('a', 9223372036854775807, '')", "a"),
    ]) func texts(example: (text: String, answer: String)) { #expect(FunctionAnswers.answer(example.text) == example.answer, "\(example.text)") }

    @Test(arguments: [
        ("'abc' LIKE 'a%'", "true"), ("'abc' LIKE '%c'", "true"), ("'abc' LIKE '_b_'", "true"), ("'abc' LIKE 'ab'", "false"), ("'' LIKE '%'", "true"),
        ("'a' LIKE ''", "false"), ("'仁和医院' LIKE '仁__院'", "true"), ("'仁和医院' LIKE '仁_院'", "false"), ("'a%c' LIKE 'a\\%c'", "true"),
        ("'abc' LIKE 'a\\%c'", "false"), ("'a_c' LIKE 'a!_c' ESCAPE '!'", "true"), ("'a\\c' LIKE 'a\\c' ESCAPE ''", "true"),
        ("'abc' LIKE 'abc\\'", "NULL"), ("'aXbXc' LIKE '%X%X%'", "true"), ("'aXc' LIKE '%X%X%'", "false"), ("'aab' LIKE '%ab'", "true"),
        ("'aba' LIKE 'ab%ba'", "false"), ("'ABC' ILIKE 'a%'", "true"), ("'Äb' ILIKE 'ä_'", "true"), ("'ABC' LIKE 'a%'", "false"),
        ("'abc' NOT LIKE 'a%'", "false"), ("'abc' LIKE NULL", "NULL"), ("'special packages requests' NOT LIKE '%special%requests%'", "false"),
        ("'x医_y' LIKE '%医!_%' ESCAPE '!'", "true"), ("'a' LIKE 'a' ESCAPE 'ab'", "plan.wrong-arguments"),
    ]) func patterns(example: (text: String, answer: String)) { #expect(FunctionAnswers.answer(example.text) == example.answer, "\(example.text)") }

    @Test(arguments: [
        ("round(-2.5)", "-3"), ("round(2.5)", "3"), ("round(CAST(2.5 AS double precision))", "2"), ("round(1234.567, 2)", "1234.57"),
        ("round(1250, -2)", "1300"), ("trunc(-2.7)", "-2"), ("trunc(1234.567, 1)", "1234.5"), ("trunc(1299, -2)", "1200"), ("floor(-2.5)", "-3"),
        ("ceil(-2.5)", "-2"), ("ceiling(2.1)", "3"), ("abs(-9223372036854775807 - 1)", "NULL"), ("sign(-2.5)", "-1"), ("sign(0)", "0"), ("mod(7, -3)", "1"),
        ("mod(-7, 3)", "-1"), ("mod(1, 0)", "NULL"), ("power(2, 10)", "1024"), ("power(0, -1)", "NULL"), ("power(-8, 0.5)", "NULL"), ("sqrt(2)", "1.4142135623730951"),
        ("sqrt(-1)", "NULL"), ("exp(0)", "1"), ("exp(1000)", "NULL"), ("ln(0)", "NULL"), ("ln(1)", "0"), ("greatest(1, NULL, 3)", "3"), ("least('b', 'a')", "a"),
        ("least(NULL, NULL)", "NULL"), ("greatest(1, 2.5)", "2.5"), ("coalesce(NULL, 'a')", "a"), ("nullif('a', 'a')", "NULL"), ("nullif('a', 'b')", "a"),
        ("'a' IS DISTINCT FROM NULL", "true"), ("NULL IS NOT DISTINCT FROM NULL", "true"), ("1 IS NOT DISTINCT FROM 1.0", "true"),
        ("'a' IS DISTINCT FROM 'b'", "true"), ("round('x')", "plan.type-mismatch"), ("power(1)", "plan.wrong-arguments"),
    ]) func numbers(example: (text: String, answer: String)) { #expect(FunctionAnswers.answer(example.text) == example.answer, "\(example.text)") }

    @Test(arguments: [
        ("CAST(' 12 ' AS int)", "12"), ("CAST('1.5' AS int)", "NULL"), ("CAST('1e3' AS decimal(10,2))", "1000.00"), ("CAST('.5' AS decimal(10,1))", "0.5"),
        ("CAST('5.' AS decimal(10,1))", "5.0"), ("CAST('abc' AS decimal(10,1))", "NULL"), ("CAST('1e20' AS double precision)", "1e+20"),
        ("CAST('1e-5' AS double precision)", "1e-05"), ("CAST('0.0001' AS double precision)", "0.0001"), ("CAST('123456789012345' AS double precision)", "123456789012345"),
        ("CAST('1e400' AS double precision)", "NULL"), ("CAST('yes' AS bool)", "true"), ("CAST('OFF' AS bool)", "false"), ("CAST('o' AS bool)", "NULL"),
        ("CAST(true AS int)", "1"), ("CAST(0 AS bool)", "false"), ("CAST(true AS text)", "true"), ("CAST('2024-2-9' AS date)", "2024-02-09"),
        ("CAST('20240209' AS date)", "2024-02-09"), ("CAST('2023-02-29' AS date)", "NULL"), ("CAST('2024/02/09 1:02' AS timestamp)", "2024-02-09 01:02:00"),
        ("CAST('2024-02-09 24:00' AS timestamp)", "2024-02-10 00:00:00"), ("CAST(timestamp '2024-02-09 01:02:03.45' AS text)", "2024-02-09 01:02:03.45"),
        ("CAST(CAST(1.005 AS double precision) AS decimal(10,2))", "1.01"), ("CAST(2.5 AS int)", "3"), ("CAST(CAST(2.5 AS double precision) AS int)", "2"),
        ("CAST(date '2024-02-09' AS timestamp)", "2024-02-09 00:00:00"), ("CAST(timestamp '2024-02-09 23:59:59' AS date)", "2024-02-09"),
        ("CAST(12.50 AS text)", "12.50"),
    ]) func casts(example: (text: String, answer: String)) { #expect(FunctionAnswers.answer(example.text) == example.answer, "\(example.text)") }

    @Test(arguments: [
        ("date '2024-01-31' + interval '1 month'", "2024-02-29 00:00:00"), ("date '2024-03-31' - interval '1 month'", "2024-02-29 00:00:00"),
        ("date '1998-12-01' - interval '90' day", "1998-09-02 00:00:00"), ("date '2024-02-29' + interval '1 year'", "2025-02-28 00:00:00"),
        ("interval '1 year 2 months' + date '2024-01-01'", "2025-03-01 00:00:00"), ("date '2024-01-01' + interval '-1.5 days'", "2023-12-30 12:00:00"),
        ("timestamp '2024-01-01 00:00:00' + interval '1 day 02:30:00'", "2024-01-02 02:30:00"), ("date '2024-01-01' - interval '2 weeks ago'", "2024-01-15 00:00:00"),
        ("timestamp '2024-01-01 00:00:00' - interval '1 second'", "2023-12-31 23:59:59"), ("date '9999-12-31' + interval '1 day'", "NULL"),
        ("date '2024-01-01' + interval '1 fortnight'", "plan.invalid-literal"), ("interval '1 day'", "plan.unsupported"), ("NULL + interval '1 day'", "NULL"), ("date '2024-01-31' + 1", "2024-02-01"),
        ("2 + date '2024-01-31'", "2024-02-02"), ("date '2024-01-01' - 1", "2023-12-31"), ("date '2024-03-01' - date '2024-02-01'", "29"),
        ("date '9999-12-31' + 1", "NULL"), ("timestamp '2024-01-01 00:00:00' - timestamp '2024-01-01 00:00:00'", "plan.unsupported"),
        ("date '2024-01-01' * 2", "plan.type-mismatch"), ("make_date(2024, 2, 29)", "2024-02-29"), ("make_date(2023, 2, 29)", "NULL"),
        ("EXTRACT(year FROM date '2024-02-29')", "2024"), ("EXTRACT(week FROM date '2021-01-03')", "53"), ("EXTRACT(isoyear FROM date '2021-01-03')", "2020"),
        ("EXTRACT(decade FROM date '1999-12-31')", "199"), ("EXTRACT(century FROM date '2000-12-31')", "20"), ("EXTRACT(century FROM date '2001-01-01')", "21"),
        ("EXTRACT(dow FROM date '2024-02-25')", "0"), ("EXTRACT(isodow FROM date '2024-02-25')", "7"), ("EXTRACT(doy FROM date '2024-12-31')", "366"),
        ("EXTRACT(epoch FROM date '1970-01-02')", "86400"), ("EXTRACT(epoch FROM timestamp '1970-01-01 00:00:01.5')", "1.500000"),
        ("EXTRACT(second FROM timestamp '2024-01-01 00:00:07.25')", "7.250000"), ("EXTRACT(milliseconds FROM timestamp '2024-01-01 00:00:07.25')", "7250.000"),
        ("EXTRACT(hour FROM date '2024-01-01')", "plan.unknown-field"), ("date_part('month', date '2024-02-29')", "2"),
        ("date_trunc('quarter', date '2024-05-17')", "2024-04-01"), ("date_trunc('week', date '2024-02-25')", "2024-02-19"),
        ("date_trunc('decade', date '1999-05-17')", "1990-01-01"), ("date_trunc('century', date '2000-05-17')", "1901-01-01"),
        ("date_trunc('minute', timestamp '2024-05-17 10:20:30.5')", "2024-05-17 10:20:00"), ("date '2024-01-31' + interval '1 month' = date '2024-02-29'", "true"),
    ]) func dates(example: (text: String, answer: String)) { #expect(FunctionAnswers.answer(example.text) == example.answer, "\(example.text)") }

    @Test func computedTextsAtTheLimitAndOver() {
        let limit = EngineLimits.computedTextBytes
        #expect(FunctionAnswers.answer("length(lpad('a', \(limit)))") == String(limit))
        #expect(FunctionAnswers.answer("length(lpad('a', \(limit + 1)))") == "NULL")
        #expect(FunctionAnswers.answer("length('ab' || lpad('a', \(limit - 2)))") == String(limit))
        #expect(FunctionAnswers.answer("length('ab' || lpad('a', \(limit - 1)))") == "NULL")
    }
}
