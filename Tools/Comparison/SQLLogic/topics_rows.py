# SPDX-License-Identifier: Apache-2.0
"""Rows: select, where, order, limit, union, distinct, refusals, Chinese names."""
from corpus import File
from tables import CHINESE, DAYS, NUMBERS, PEOPLE, TEXTS


def files():
    return [select(), where(), order(), union(), distinct(), chinese(), refused()]


def select():
    file = File("select", "Select lists, aliases, derived tables, WITH.", NUMBERS + PEOPLE)
    file.ask("SELECT * FROM num", "SELECT n.* FROM num n", "SELECT n.*, n.a FROM num AS n", "SELECT id, a AS \"A b\" FROM num",
             "SELECT x.k FROM (SELECT id AS k FROM num) x", "SELECT k FROM (SELECT id FROM num) x (k) WHERE k > 3",
             "WITH x AS (SELECT id, a FROM num WHERE a > 0) SELECT * FROM x", "WITH x (p, q) AS (SELECT id, b FROM num) SELECT q, p FROM x",
             "WITH x AS (SELECT id, a FROM num), y AS (SELECT id FROM x WHERE a < 0) SELECT * FROM y",
             "WITH x AS (WITH z AS (SELECT id FROM num WHERE id < 4) SELECT id + 1 AS k FROM z) SELECT k FROM x",
             "SELECT id FROM num AS x WHERE x.id IN (1, 2)", "(SELECT id FROM num WHERE id = 1)", "SELECT 1 AS k, 'x' AS l, NULL AS m FROM one",
             "SELECT a + b, a - b FROM num", "SELECT (a + b) * 2 FROM num WHERE NOT (a IS NULL OR b IS NULL)", "SELECT -a, +b, - - a FROM num",
             "SELECT id, f, NOT f FROM num", "SELECT TRUE, FALSE, NULL FROM one", "SELECT DATE '2024-02-29', TIMESTAMP '2024-02-29 01:02:03' FROM one",
             "SELECT 'it''s', 'a' || 'b' FROM one", "SELECT 1.50, 100, 0.001, -2.0 FROM one", "SELECT x FROM one, num WHERE one.x = num.id",
             "SELECT d.name FROM (SELECT id, name FROM dept) d WHERE d.id <= 2", "SELECT e.name, e.pay * 12 AS year FROM emp e",
             "SELECT y.k FROM (SELECT x.k FROM (SELECT id + 1 AS k FROM num) x WHERE x.k > 2) y WHERE y.k < 6",
             "SELECT CASE WHEN a > 0 THEN 'p' END AS k, id FROM num", "SELECT id AS a, a AS id FROM num WHERE id = 1")
    file.note("Without FROM.")
    file.ask("SELECT 1", "SELECT 1 + 1 AS k, 'x' || 'y', NULL", "SELECT 1 WHERE 1 = 2", "SELECT 1 WHERE 1 = 1", "SELECT COUNT(*)", "SELECT COUNT(*) WHERE FALSE", "SELECT SUM(2), MAX('a')",
             "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 2", "SELECT 3 AS k UNION ALL SELECT id FROM num ORDER BY k DESC LIMIT 3", "SELECT DISTINCT 1", "SELECT 1 ORDER BY 1 LIMIT 1", "SELECT 1 LIMIT 0", "SELECT 1 OFFSET 1",
             "SELECT x.k + 1 FROM (SELECT 1 AS k) x", "SELECT ROW_NUMBER() OVER ()", "SELECT 1 GROUP BY 1 + 1 HAVING COUNT(*) = 1", "SELECT (SELECT 1), (SELECT 2 WHERE FALSE)", "SELECT EXISTS (SELECT 1), 1 IN (SELECT 1), 2 IN (SELECT 1 UNION ALL SELECT 3)",
             "WITH p AS (SELECT 3 AS least, 6 AS most) SELECT id FROM num, p WHERE id BETWEEN least AND most", "WITH p AS (SELECT 3 AS k) SELECT id, p.k FROM num LEFT JOIN p ON num.id = p.k", "SELECT id, p.k FROM num LEFT JOIN (SELECT 7 AS k) p ON TRUE",
             "SELECT id, p.k FROM (SELECT 7 AS k) p LEFT JOIN num ON num.id = p.k", "SELECT id, p.k FROM (SELECT 99 AS k) p FULL JOIN num ON num.id = p.k", "SELECT id FROM num JOIN (SELECT 1 AS k UNION ALL SELECT 4 UNION ALL SELECT NULL) p ON p.k = num.id",
             "SELECT a.k, b.k FROM (SELECT 1 AS k) a JOIN (SELECT 1 AS k) b ON a.k = b.k", "SELECT a.k, b.k FROM (SELECT 1 AS k) a CROSS JOIN (SELECT 2 AS k) b", "WITH x AS (SELECT 1 AS k) SELECT a.k FROM x a JOIN x b ON a.k = b.k", "SELECT a.k FROM (SELECT 1 AS k) a JOIN (SELECT 2 AS k) b ON a.k = b.k",
             "SELECT id, (SELECT 5) AS five, (SELECT id + 1) AS next FROM num", "SELECT id FROM num WHERE EXISTS (SELECT 1)", "SELECT id FROM num WHERE EXISTS (SELECT 1 WHERE id > 5)", "SELECT id FROM num WHERE id IN (SELECT 2 UNION ALL SELECT 5)",
             "SELECT id FROM num WHERE id = (SELECT 4)", "SELECT COUNT(*), (SELECT 1) FROM num GROUP BY f", "SELECT COUNT(*) FROM (SELECT 1 UNION ALL SELECT 2) x", "SELECT k, COUNT(*) FROM (SELECT 'a' AS k UNION ALL SELECT 'a' UNION ALL SELECT 'b') x GROUP BY k")
    for operator in ["+", "-", "*"]:
        for left in ["a", "c", "2"]:
            for right in ["b", "d", "0.5"]:
                file.ask(f"SELECT id, {left} {operator} {right} FROM num")
    return file


def where():
    file = File("where", "Comparisons and three-valued logic.", NUMBERS + TEXTS[2:] + DAYS[2:])
    for operator in ["=", "<>", "<", "<=", ">", ">=", "!="]:
        for left, right in [("a", "b"), ("a", "0"), ("c", "d"), ("c", "1.5"), ("a", "d"), ("7", "a"), ("a", "NULL")]:
            file.ask(f"SELECT id FROM num WHERE {left} {operator} {right}")
        file.ask(f"SELECT id FROM num WHERE f {operator} TRUE")
        file.ask(f"SELECT id FROM txt WHERE s {operator} 'abc'", f"SELECT id FROM day WHERE d {operator} DATE '2000-02-29'",
                 f"SELECT id FROM day WHERE t {operator} TIMESTAMP '2000-02-29 00:00:00'", f"SELECT id FROM day WHERE d {operator} t")
    parts = ["a > 0", "b IS NULL", "c < 2", "f", "NOT f", "d = d"]
    for one in parts:
        for other in parts:
            if one < other:
                file.ask(f"SELECT id FROM num WHERE {one} AND {other}", f"SELECT id FROM num WHERE {one} OR {other}",
                         f"SELECT id FROM num WHERE NOT ({one} AND {other})")
    file.ask("SELECT id FROM num WHERE a BETWEEN -7 AND 7", "SELECT id FROM num WHERE a NOT BETWEEN -7 AND 7",
             "SELECT id FROM num WHERE c BETWEEN b AND 3", "SELECT id FROM num WHERE a NOT BETWEEN b AND NULL",
             "SELECT id FROM num WHERE 3 BETWEEN a AND b", "SELECT id FROM txt WHERE s BETWEEN 'a' AND 'n'",
             "SELECT id FROM num WHERE a IN (10, -7)", "SELECT id FROM num WHERE a NOT IN (10, -7)", "SELECT id FROM num WHERE a IN (10, NULL)",
             "SELECT id FROM num WHERE a NOT IN (10, NULL)", "SELECT id FROM num WHERE (a IN (10, NULL)) IS NULL",
             "SELECT id FROM num WHERE c IN (1.5, 2, a)", "SELECT id FROM txt WHERE s IN ('abc', '李四')", "SELECT id FROM num WHERE a IN (b, id)",
             "SELECT id FROM num WHERE a IS NULL", "SELECT id FROM num WHERE a IS NOT NULL", "SELECT id FROM num WHERE (a > b) IS NULL",
             "SELECT id FROM num WHERE a ISNULL", "SELECT id FROM num WHERE a NOTNULL", "SELECT id FROM num WHERE a + b IS NOT NULL",
             "SELECT id FROM num WHERE TRUE", "SELECT id FROM num WHERE FALSE", "SELECT id FROM num WHERE NULL", "SELECT id FROM num WHERE 1 = 1",
             "SELECT id FROM num WHERE a > 0 AND b > 0 OR c < 0 AND NOT f", "SELECT id FROM num WHERE a % 2 = 0", "SELECT id FROM num WHERE (a = b) = f",
             "SELECT id FROM num WHERE NOT a = 7")
    for truth in ["TRUE", "FALSE", "UNKNOWN"]:
        for negated in ["", "NOT "]:
            file.ask(f"SELECT id FROM num WHERE f IS {negated}{truth}", f"SELECT id, (a > b) IS {negated}{truth} FROM num")
    for one, other in [("a", "b"), ("a", "NULL"), ("c", "d"), ("a", "c"), ("f", "NULL"), ("NULL", "NULL")]:
        file.ask(f"SELECT id FROM num WHERE {one} IS DISTINCT FROM {other}", f"SELECT id FROM num WHERE {one} IS NOT DISTINCT FROM {other}")
    return file


def order():
    file = File("order", "ORDER BY with NULLs, LIMIT, OFFSET.", NUMBERS + TEXTS[2:] + DAYS[2:])
    for column in ["a", "b", "c", "d", "f"]:
        for direction in ["", " ASC", " DESC"]:
            for nulls in ["", " NULLS FIRST", " NULLS LAST"]:
                file.ask(f"SELECT id, {column} FROM num ORDER BY {column}{direction}{nulls}, id")
    for column in ["d", "t", "n"]:
        for direction in ["", " DESC", " NULLS FIRST", " DESC NULLS LAST"]:
            file.ask(f"SELECT id FROM day ORDER BY {column}{direction}, id")
    for direction in ["", " DESC", " NULLS FIRST", " DESC NULLS LAST"]:
        file.ask(f"SELECT s FROM txt ORDER BY s{direction}, id")
    for limit in ["LIMIT 3", "LIMIT 0", "LIMIT 100", "OFFSET 2", "LIMIT 2 OFFSET 3", "LIMIT 5 OFFSET 7", "OFFSET 8", "OFFSET 100", "LIMIT ALL",
                  "OFFSET 1 LIMIT 1"]:
        file.ask(f"SELECT id FROM num ORDER BY id {limit}", f"SELECT id FROM num ORDER BY a DESC NULLS LAST, id DESC {limit}",
                 f"SELECT COUNT(*) FROM (SELECT id FROM num ORDER BY id {limit}) x", f"SELECT SUM(id) FROM (SELECT id FROM num ORDER BY a, id {limit}) x",
                 f"SELECT b, COUNT(*) FROM num GROUP BY b ORDER BY b {limit}")
    file.ask("SELECT id, a AS k FROM num ORDER BY k, id", "SELECT id, a FROM num ORDER BY 2, 1", "SELECT id, a FROM num ORDER BY 2 DESC, 1 DESC",
             "SELECT id FROM num ORDER BY a + b, id", "SELECT id FROM num ORDER BY -id", "SELECT id, -a AS a FROM num ORDER BY a, id",
             "SELECT id FROM num ORDER BY a * 0, id DESC", "SELECT id FROM num WHERE a > 0 ORDER BY c DESC, id", "SELECT id FROM num n ORDER BY n.b, n.id",
             "SELECT a, COUNT(*) AS k FROM num GROUP BY a ORDER BY k DESC, a", "SELECT a FROM num GROUP BY a ORDER BY SUM(id), a",
             "SELECT a, SUM(c) FROM num GROUP BY a ORDER BY SUM(c) NULLS FIRST, a", "SELECT id FROM num ORDER BY CASE WHEN a IS NULL THEN 0 ELSE 1 END, id",
             "SELECT * FROM (SELECT id, a FROM num ORDER BY id LIMIT 4) x ORDER BY a DESC, id LIMIT 2",
             "SELECT x.id, y.id FROM (SELECT id, a FROM num ORDER BY id LIMIT 3) x JOIN num y ON x.a = y.a ORDER BY 1, 2",
             "SELECT lower(s) AS s FROM txt ORDER BY s, id LIMIT 4", "SELECT id FROM txt ORDER BY length(s), s, id")
    return file


def union():
    file = File("union", "UNION ALL.", NUMBERS + PEOPLE)
    file.ask("SELECT id FROM num UNION ALL SELECT id FROM emp", "SELECT a FROM num UNION ALL SELECT a FROM num", "SELECT a FROM num UNION ALL SELECT c FROM num",
             "SELECT id, name FROM emp UNION ALL SELECT id, name FROM dept ORDER BY 1, 2", "SELECT id AS k FROM emp UNION ALL SELECT id FROM dept ORDER BY k",
             "SELECT id FROM emp UNION ALL SELECT id FROM dept ORDER BY id DESC LIMIT 3", "SELECT 1 AS k FROM one UNION ALL SELECT 2 FROM one UNION ALL SELECT 3 FROM one",
             "SELECT NULL AS k FROM one UNION ALL SELECT 2 FROM one", "SELECT 1.5 AS k FROM one UNION ALL SELECT 2 FROM one", "SELECT id FROM emp WHERE FALSE UNION ALL SELECT id FROM dept",
             "(SELECT id FROM emp ORDER BY id LIMIT 2) UNION ALL (SELECT id FROM dept ORDER BY id DESC LIMIT 1)",
             "(SELECT id FROM emp) UNION ALL (SELECT id FROM dept) ORDER BY 1 LIMIT 4 OFFSET 2", "SELECT * FROM (SELECT id FROM emp UNION ALL SELECT id FROM dept) x WHERE id > 3",
             "SELECT COUNT(*), SUM(id) FROM (SELECT id FROM emp UNION ALL SELECT id FROM dept) x", "SELECT id, COUNT(*) FROM (SELECT id FROM emp UNION ALL SELECT id FROM dept) x GROUP BY id",
             "SELECT DISTINCT id FROM (SELECT id FROM emp UNION ALL SELECT id FROM dept) x", "WITH u AS (SELECT id FROM emp UNION ALL SELECT id FROM dept) SELECT a.id, COUNT(*) FROM u a JOIN u b ON a.id = b.id GROUP BY a.id",
             "SELECT dept AS k, COUNT(*) FROM emp GROUP BY dept UNION ALL SELECT parent, COUNT(*) FROM dept GROUP BY parent", "SELECT COUNT(*) FROM emp UNION ALL SELECT COUNT(*) FROM dept",
             "SELECT 'e' AS k, COUNT(*) FROM emp UNION ALL SELECT 'd', COUNT(*) FROM dept ORDER BY k", "SELECT id FROM emp WHERE id IN (SELECT id FROM dept UNION ALL SELECT 7 FROM one)",
             "SELECT e.id FROM emp e JOIN (SELECT id FROM dept UNION ALL SELECT id FROM num) u ON e.id = u.id", "SELECT name FROM emp UNION ALL SELECT name FROM dept UNION ALL SELECT 'x' FROM one",
             "SELECT k, ROW_NUMBER() OVER (ORDER BY k) FROM (SELECT id AS k FROM emp UNION ALL SELECT id + 100 FROM dept) x", "SELECT since FROM emp UNION ALL SELECT DATE '2000-01-01' FROM one",
             "SELECT f FROM num UNION ALL SELECT TRUE FROM one", "SELECT id FROM (SELECT id FROM num UNION ALL SELECT a FROM num) x ORDER BY id NULLS FIRST LIMIT 3",
             "SELECT MAX(k) FROM (SELECT c AS k FROM num UNION ALL SELECT d FROM num UNION ALL SELECT a FROM num) x", "SELECT id FROM emp UNION ALL (SELECT id FROM dept UNION ALL SELECT x FROM one)")
    for one in ["SELECT a FROM num", "SELECT b FROM num WHERE a > 0", "SELECT SUM(a) FROM num", "SELECT id FROM emp"]:
        for other in ["SELECT x FROM one", "SELECT d FROM num", "SELECT COUNT(*) FROM dept", "SELECT c FROM num WHERE c > 1"]:
            file.ask(f"{one} UNION ALL {other}", f"SELECT MIN(k), COUNT(k) FROM ({one} UNION ALL {other}) x (k)")
    return file


def distinct():
    file = File("distinct", "SELECT DISTINCT.", NUMBERS + PEOPLE + TEXTS[2:])
    for columns in ["a", "b", "c", "d", "f", "a, b", "a, f", "a, b, c", "a > 0", "a IS NULL", "a % 2", "CASE WHEN a > 0 THEN 1 ELSE 0 END", "NULL", "1"]:
        file.ask(f"SELECT DISTINCT {columns} FROM num", f"SELECT COUNT(*) FROM (SELECT DISTINCT {columns} FROM num) x (k" + ", l" * columns.count(", ") + ")")
    file.ask("SELECT DISTINCT a FROM num ORDER BY a", "SELECT DISTINCT a FROM num ORDER BY a DESC LIMIT 2", "SELECT DISTINCT dept, pay FROM emp", "SELECT DISTINCT lower(s) FROM txt",
             "SELECT DISTINCT room FROM visit ORDER BY room NULLS FIRST", "SELECT DISTINCT dept FROM emp WHERE pay > 4000", "SELECT DISTINCT e.dept FROM emp e JOIN visit v ON e.id = v.emp",
             "SELECT DISTINCT COUNT(*) FROM emp GROUP BY dept", "SELECT DISTINCT dept, COUNT(*) FROM emp GROUP BY dept, pay ORDER BY 1, 2", "SELECT DISTINCT substring(s, 1, 1) FROM txt",
             "SELECT COUNT(DISTINCT dept) FROM emp", "SELECT DISTINCT * FROM (SELECT a, b FROM num) x", "SELECT DISTINCT id FROM emp UNION ALL SELECT DISTINCT dept FROM emp",
             "SELECT x.dept, COUNT(*) FROM (SELECT DISTINCT dept, pay FROM emp) x GROUP BY x.dept", "SELECT DISTINCT RANK() OVER (ORDER BY dept) FROM emp",
             "SELECT e.name FROM emp e JOIN (SELECT DISTINCT emp FROM visit) v ON e.id = v.emp")
    return file


def chinese():
    file = File("chinese", "Chinese names of tables and columns, Chinese texts.", CHINESE)
    file.ask("SELECT * FROM 患者", "SELECT 姓名 FROM 患者 WHERE 年龄 > 30", "SELECT 姓名 AS 名字 FROM 患者 ORDER BY 名字", "SELECT p.姓名, v.科室 FROM 患者 p JOIN 就诊 v ON p.编号 = v.患者编号",
             "SELECT 患者.姓名 FROM 患者 LEFT JOIN 就诊 ON 患者.编号 = 就诊.患者编号 WHERE 就诊.科室 IS NULL", "SELECT 科室, COUNT(*) AS 人次, SUM(费用) AS 合计 FROM 就诊 GROUP BY 科室 ORDER BY 人次 DESC, 科室",
             "SELECT 性别, AVG(年龄) FROM 患者 GROUP BY 性别", "WITH 老人 AS (SELECT * FROM 患者 WHERE 年龄 >= 60) SELECT 姓名 FROM 老人", "SELECT 姓名 FROM 患者 WHERE 姓名 LIKE '张%'",
             "SELECT 姓名 FROM 患者 WHERE 姓名 LIKE '_静'", "SELECT 姓名 FROM 患者 WHERE 街道 IN ('城南', '城北')", "SELECT 街道, COUNT(DISTINCT 性别) FROM 患者 GROUP BY 街道",
             "SELECT substring(姓名, 1, 1) AS 姓, COUNT(*) FROM 患者 GROUP BY 姓", "SELECT length(姓名), reverse(姓名), 姓名 || '·' || 性别 FROM 患者", "SELECT \"姓名\" FROM \"患者\" WHERE \"编号\" = 1",
             "SELECT 姓名 FROM 患者 AS 病人 WHERE 病人.编号 IN (SELECT 患者编号 FROM 就诊 WHERE 科室 = '内科')", "SELECT position('城' IN 街道), replace(街道, '城', '镇') FROM 患者",
             "SELECT CAST(date_trunc('month', 日期) AS date) AS 月, SUM(费用) FROM 就诊 GROUP BY 月 ORDER BY 月", "SELECT CASE WHEN 年龄 < 18 THEN '儿童' WHEN 年龄 < 60 THEN '成人' ELSE '老人' END AS 组, COUNT(*) FROM 患者 GROUP BY 组",
             "SELECT 姓名, ROW_NUMBER() OVER (PARTITION BY 性别 ORDER BY 年龄 DESC, 编号) FROM 患者", "SELECT 科室 FROM 就诊 GROUP BY 科室 HAVING COUNT(*) > 1", "SELECT MAX(姓名), MIN(姓名) FROM 患者",
             "SELECT 甲.姓名, 乙.姓名 FROM 患者 甲 JOIN 患者 乙 ON 甲.街道 = 乙.街道 AND 甲.编号 < 乙.编号", "SELECT 姓名 FROM 患者 WHERE EXISTS (SELECT 1 FROM 就诊 WHERE 患者编号 = 编号 AND 费用 > 100)",
             "SELECT x.性别, x.n FROM (SELECT 性别, COUNT(*) AS n FROM 患者 GROUP BY 性别) x", "SELECT 姓名 FROM 患者 ORDER BY 街道 NULLS FIRST, 编号 LIMIT 3", "SELECT COUNT(*) FROM 患者 WHERE 姓名 > '李娜'",
             "SELECT 街道 FROM 患者 UNION ALL SELECT 科室 FROM 就诊", "SELECT 性别, 街道, COUNT(*) FROM 患者 GROUP BY ROLLUP (性别, 街道)", "SELECT coalesce(街道, '不详') AS 街道 FROM 患者 ORDER BY 街道, 编号",
             "SELECT DISTINCT 街道 FROM 患者", "SELECT left(姓名, 1), right(姓名, 1) FROM 患者", "SELECT lpad(姓名, 4, '甲'), rpad(姓名, 3, '*') FROM 患者", "SELECT 年龄 + 1 AS 明年 FROM 患者")
    return file


def refused():
    file = File("refused", "Constructs that are refused, by the code that names the reason.", NUMBERS + PEOPLE)
    file.note("Outside the dialect.")
    file.refuse("sql.unsupported", "SELECT a FROM num UNION SELECT b FROM num", "SELECT a FROM num INTERSECT SELECT b FROM num", "SELECT a FROM num EXCEPT SELECT b FROM num",
                "SELECT * FROM num NATURAL JOIN emp", "SELECT * FROM emp, LATERAL (SELECT 1) x", "WITH RECURSIVE x AS (SELECT 1 AS k FROM one) SELECT k FROM x",
                "SELECT a FROM num FETCH FIRST 1 ROW ONLY", "SELECT a FROM num FOR UPDATE", "SELECT a FROM num WHERE a = ANY (SELECT b FROM num)", "SELECT a FROM num WHERE a > ALL (SELECT b FROM num)",
                "SELECT ARRAY[1, 2] FROM one", "SELECT a FROM num TABLESAMPLE SYSTEM (10)", "SELECT SUM(a) OVER w FROM num WINDOW w AS (ORDER BY id)",
                "SELECT name COLLATE \"C\" FROM emp", "SELECT name FROM emp WHERE name SIMILAR TO 'a'", "SELECT CURRENT_DATE FROM one", "SELECT a FROM public.num",
                "SELECT a FROM num WHERE a BETWEEN SYMMETRIC 3 AND 1", "SELECT DISTINCT ON (a) a FROM num", "SELECT SUM(a) OVER (ORDER BY id GROUPS CURRENT ROW) FROM num")
    file.refuse("sql.", "SELECT FROM num", "SELECT a FROM", "SELECT a, FROM num", "SELECT a FROM num WHERE", "SELECT a FROM num GROUP", "SELECT (a FROM num", "SELECT 'a FROM num",
                "SELECT a FROM num; SELECT b FROM num", "SELECT a FROM num ORDER a", "SELECT CASE a FROM num", "SELECT a FROM num LIMIT", "SELECT a，b FROM num", "SELECT a FROM (SELECT a FROM num)")
    file.note("Names.")
    file.refuse("plan.unknown-table", "SELECT a FROM numb", "SELECT a FROM num JOIN nowhere ON TRUE")
    file.refuse("plan.unknown-column", "SELECT z FROM num", "SELECT n.z FROM num n", "SELECT a FROM num WHERE z = 1", "SELECT a FROM num ORDER BY z", "SELECT a AS k FROM num WHERE k > 1", "SELECT \"A\" FROM num")
    file.refuse("plan.unknown-qualifier", "SELECT m.a FROM num", "SELECT num.a FROM num n")
    file.refuse("plan.unknown-function", "SELECT nothing(a) FROM num", "SELECT random() FROM one", "SELECT median(a) FROM num")
    file.refuse("plan.ambiguous-column", "SELECT id FROM num JOIN emp ON num.id = emp.id", "SELECT name FROM emp JOIN dept ON emp.dept = dept.id")
    file.refuse("plan.duplicate-name", "SELECT 1 FROM num JOIN num ON num.id = num.id", "WITH x AS (SELECT a FROM num), x AS (SELECT b FROM num) SELECT * FROM x")
    file.note("Types and places.")
    file.refuse("plan.type-mismatch", "SELECT a + name FROM emp JOIN num ON emp.id = num.id", "SELECT name + 1 FROM emp", "SELECT SUM(name) FROM emp", "SELECT id FROM num WHERE a", "SELECT NOT a FROM num",
                "SELECT since + since FROM emp", "SELECT CASE WHEN f THEN 1 ELSE since END FROM num JOIN emp ON num.id = emp.id", "SELECT upper(1) FROM one", "SELECT AVG(since) FROM emp")
    file.refuse("plan.wrong-arguments", "SELECT substring(name) FROM emp", "SELECT SUM(a, b) FROM num", "SELECT abs() FROM num", "SELECT COUNT() FROM num")
    file.refuse("plan.not-grouped", "SELECT a, COUNT(*) FROM num", "SELECT a, b FROM num GROUP BY a", "SELECT COUNT(*) FROM num GROUP BY a HAVING b > 1", "SELECT a FROM num GROUP BY a ORDER BY b")
    file.refuse("plan.aggregate-not-allowed", "SELECT a FROM num WHERE COUNT(*) > 1", "SELECT COUNT(*) FROM num GROUP BY SUM(a)", "SELECT e.id FROM emp e JOIN num n ON SUM(n.a) = e.id")
    file.refuse("plan.nested-aggregate", "SELECT SUM(COUNT(*)) FROM num", "SELECT MAX(SUM(a)) FROM num GROUP BY b")
    file.refuse("plan.window-not-allowed", "SELECT a FROM num WHERE ROW_NUMBER() OVER (ORDER BY id) = 1", "SELECT COUNT(*) FROM num GROUP BY RANK() OVER (ORDER BY id)")
    file.refuse("plan.subquery-columns", "SELECT (SELECT id, a FROM num) FROM one", "SELECT a FROM num WHERE a IN (SELECT id, a FROM num)")
    file.refuse("plan.union-columns", "SELECT a, b FROM num UNION ALL SELECT a FROM num")
    file.refuse("plan.ordinal-out-of-range", "SELECT a FROM num ORDER BY 2", "SELECT a FROM num GROUP BY 2", "SELECT a FROM num ORDER BY 0")
    file.refuse("plan.join-without-key", "SELECT * FROM num, emp", "SELECT * FROM num CROSS JOIN emp", "SELECT * FROM num JOIN emp ON num.a < emp.id")
    file.refuse("plan.join-without-key", "WITH x AS (SELECT 1 AS k FROM one) SELECT a.k, b.k FROM x a JOIN x b ON a.k = b.k")
    file.refuse("plan.from-required", "SELECT *", "SELECT id FROM num UNION ALL SELECT *")
    file.refuse("plan.unknown-column", "SELECT id")
    file.refuse("plan.unknown-type", "SELECT CAST(a AS money) FROM num", "SELECT CAST(a AS json) FROM num")
    file.refuse("plan.impossible-cast", "SELECT CAST(since AS bigint) FROM emp", "SELECT CAST(f AS date) FROM num")
    file.refuse("plan.invalid-literal", "SELECT DATE '2024-02-30' FROM one", "SELECT INTERVAL 'abc' + DATE '2024-01-01' FROM one", "SELECT id FROM emp WHERE since > '2024-13-01'")
    file.refuse("plan.order-not-selected", "SELECT DISTINCT a FROM num ORDER BY b")
    return file
