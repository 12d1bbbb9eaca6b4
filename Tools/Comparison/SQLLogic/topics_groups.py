# SPDX-License-Identifier: Apache-2.0
"""Groups: aggregates, grouping sets, HAVING, windows."""
from corpus import File
from tables import DAYS, NUMBERS, PEOPLE, TEXTS


def files():
    return [aggregates(), group(), sets(), having(), windows()]


def aggregates():
    file = File("aggregates", "Aggregate functions.", NUMBERS + TEXTS[2:] + DAYS[2:] + PEOPLE)
    numeric = ["COUNT", "SUM", "AVG", "MIN", "MAX", "STDDEV", "VARIANCE", "STDDEV_POP", "VAR_POP", "STDDEV_SAMP", "VAR_SAMP"]
    for name in numeric:
        for argument in ["a", "c", "d", "a + b"]:
            cast = f"CAST({name}({argument}) AS double precision)" if name.startswith(("STD", "VAR")) else f"{name}({argument})"
            file.ask(f"SELECT {cast} FROM num", f"SELECT f, {cast} FROM num GROUP BY f")
            if argument in ("a", "c"):
                file.ask(f"SELECT {cast} FROM num WHERE id > 100", f"SELECT {cast} FROM num WHERE id = 4")
    for name in ["COUNT", "SUM", "AVG"]:
        for argument in ["a", "b", "c"]:
            file.ask(f"SELECT {name}(DISTINCT {argument}) FROM num", f"SELECT f, {name}(DISTINCT {argument}) FROM num GROUP BY f")
    for argument in ["s", "p"]:
        file.ask(f"SELECT MIN({argument}), MAX({argument}), COUNT({argument}), COUNT(DISTINCT {argument}) FROM txt")
    for argument in ["d", "t"]:
        file.ask(f"SELECT MIN({argument}), MAX({argument}), COUNT({argument}), COUNT(DISTINCT {argument}) FROM day")
    file.ask("SELECT COUNT(*) FROM num", "SELECT COUNT(*) FROM num WHERE FALSE", "SELECT COUNT(*), COUNT(a), COUNT(DISTINCT a) FROM num", "SELECT COUNT(1), COUNT(NULL) FROM num", "SELECT SUM(1), SUM(2.5) FROM num", "SELECT bool_and(f), bool_or(f) FROM num", "SELECT bool_and(a > 0), bool_or(a > 5) FROM num",
             "SELECT a, bool_and(f), bool_or(f) FROM num GROUP BY a", "SELECT COUNT(f) FROM num", "SELECT MIN(a) + MAX(a) * 2 FROM num", "SELECT SUM(a) / COUNT(*) FROM num", "SELECT SUM(c) / SUM(b) FROM num", "SELECT AVG(pay), SUM(pay) FROM emp", "SELECT SUM(a) FILTER (WHERE f) FROM num",
             "SELECT COUNT(*) FILTER (WHERE a > 0), COUNT(*) FILTER (WHERE NOT a > 0), COUNT(*) FROM num", "SELECT b, SUM(c) FILTER (WHERE a > 0), MAX(d) FILTER (WHERE a < 0) FROM num GROUP BY b", "SELECT COUNT(DISTINCT b) FILTER (WHERE a > 0) FROM num", "SELECT COUNT(a + b) FROM num",
             "SELECT MAX(length(s)), SUM(length(s)) FROM txt", "SELECT SUM(a * b) - SUM(a) * SUM(b) FROM num", "SELECT COUNT(*) * 2 + 1 AS k FROM num", "SELECT MAX(k) FROM (SELECT COUNT(*) AS k FROM emp GROUP BY dept) x", "SELECT AVG(k) FROM (SELECT SUM(fee) AS k FROM visit GROUP BY room) x", "SELECT SUM(n) FROM (SELECT dept, COUNT(*) AS n FROM emp GROUP BY dept) x WHERE n > 1",
             "SELECT AVG(CAST(a AS double precision)), SUM(CAST(c AS double precision)) FROM num", "SELECT MIN(CAST(a AS double precision)), MAX(CAST(d AS double precision)) FROM num")
    for fraction in ["0", "0.25", "0.5", "0.9", "1"]:
        for argument in ["a", "CAST(c AS double precision)", "CAST(d AS double precision) DESC"]:
            file.ask(f"SELECT percentile_cont({fraction}) WITHIN GROUP (ORDER BY {argument}) FROM num")
        file.ask(f"SELECT f, percentile_cont({fraction}) WITHIN GROUP (ORDER BY a) FROM num GROUP BY f")
    return file


def group():
    file = File("group", "GROUP BY.", NUMBERS + PEOPLE + DAYS[2:] + TEXTS[2:])
    keys = ["a", "b", "c", "f", "a > 0", "a % 3", "a, b", "f, a", "a + b", "CASE WHEN a > 0 THEN 'p' ELSE 'n' END", "coalesce(a, 0)", "a IS NULL"]
    for key in keys:
        for call in ["COUNT(*)", "SUM(id)", "MIN(c), MAX(d)", "COUNT(DISTINCT b)"]:
            file.ask(f"SELECT {key}, {call} FROM num GROUP BY {key}")
        file.ask(f"SELECT COUNT(*) FROM num GROUP BY {key}")
    file.ask("SELECT a AS k, COUNT(*) FROM num GROUP BY k", "SELECT a, COUNT(*) FROM num GROUP BY 1", "SELECT COUNT(*), a FROM num GROUP BY 2", "SELECT a FROM num GROUP BY a", "SELECT a, a + 1, COUNT(*) FROM num GROUP BY a", "SELECT a + 1, COUNT(*) FROM num GROUP BY a", "SELECT 'x', COUNT(*) FROM num GROUP BY a",
             "SELECT a, b, SUM(c) FROM num WHERE id > 2 GROUP BY a, b", "SELECT a FROM num WHERE FALSE GROUP BY a", "SELECT dept, COUNT(*), SUM(pay), AVG(pay), MIN(name), MAX(since) FROM emp GROUP BY dept", "SELECT room, SUM(fee) FROM visit GROUP BY room", "SELECT date_trunc('month', on_day) AS m, SUM(fee) FROM visit WHERE on_day IS NULL GROUP BY 1",
             "SELECT extract(month FROM on_day) AS m, COUNT(*) FROM visit GROUP BY m", "SELECT d.name, COUNT(*) FROM emp e JOIN dept d ON e.dept = d.id GROUP BY d.name", "SELECT d.name, COUNT(e.id) FROM dept d LEFT JOIN emp e ON e.dept = d.id GROUP BY d.name", "SELECT e.dept, v.room, SUM(v.fee) FROM emp e JOIN visit v ON e.id = v.emp GROUP BY e.dept, v.room",
             "SELECT x.k, COUNT(*) FROM (SELECT a % 2 AS k FROM num) x GROUP BY x.k", "SELECT n, COUNT(*) FROM (SELECT dept, COUNT(*) AS n FROM emp GROUP BY dept) x GROUP BY n", "SELECT substring(s, 1, 1), COUNT(*) FROM txt GROUP BY substring(s, 1, 1)", "SELECT length(s), MIN(s) FROM txt GROUP BY length(s)",
             "SELECT a, SUM(b) FROM num GROUP BY a ORDER BY SUM(b) DESC NULLS LAST, a LIMIT 3", "SELECT since, COUNT(*) FROM emp GROUP BY since", "SELECT pay, dept FROM emp GROUP BY dept, pay", "SELECT id, SUM(a) FROM num GROUP BY id, a", "SELECT f, SUM(a) * 100 / SUM(b) FROM num GROUP BY f", "SELECT -a AS k, COUNT(*) FROM num GROUP BY k",
             "WITH g AS (SELECT dept, SUM(pay) AS total FROM emp GROUP BY dept) SELECT d.name, g.total FROM g JOIN dept d ON g.dept = d.id", "WITH g AS (SELECT emp, SUM(fee) AS total FROM visit GROUP BY emp) SELECT e.name, g.total FROM emp e LEFT JOIN g ON g.emp = e.id")
    return file


def sets():
    file = File("grouping_sets", "ROLLUP, CUBE, GROUPING SETS, GROUPING().", NUMBERS + PEOPLE)
    for clause in ["ROLLUP (a, b)", "ROLLUP (f, a, b)", "CUBE (a, b)", "CUBE (f, b)", "GROUPING SETS ((a), (b))", "GROUPING SETS ((a, b), ())", "GROUPING SETS (a, b, (a, b))", "GROUPING SETS ((a, b), (a), ())", "a, ROLLUP (b)", "ROLLUP ((a, b))", "ROLLUP (a), ROLLUP (b)",
                   "GROUPING SETS (ROLLUP (a, b), (b))", "GROUPING SETS ((a), (a), (b))", "CUBE ((a, f), b)"]:
        columns = "a, b" if "f" not in clause else ("f, b" if clause == "CUBE (f, b)" else "f, a, b")
        file.ask(f"SELECT {columns}, COUNT(*), SUM(id) FROM num GROUP BY {clause}", f"SELECT {columns}, SUM(c) FROM num WHERE id > 2 GROUP BY {clause}", f"SELECT {columns}, COUNT(*) FROM num GROUP BY {clause} HAVING COUNT(*) > 1", f"SELECT COUNT(*) FROM (SELECT COUNT(*) AS k FROM num GROUP BY {clause}) x",
                 f"SELECT {columns}, COUNT(*) FROM num WHERE FALSE GROUP BY {clause}")
        if "a" in columns:
            file.ask(f"SELECT {columns}, GROUPING(a), GROUPING(a, b), SUM(id) FROM num GROUP BY {clause}")
    file.ask("SELECT d.name, e.name, SUM(e.pay) FROM emp e JOIN dept d ON e.dept = d.id GROUP BY ROLLUP (d.name, e.name)", "SELECT dept, COUNT(*) FROM emp GROUP BY ROLLUP (dept) ORDER BY GROUPING(dept), dept", "SELECT CASE WHEN GROUPING(dept) = 1 THEN '合计' ELSE CAST(dept AS text) END AS k, SUM(pay) FROM emp GROUP BY ROLLUP (dept)",
             "SELECT COUNT(*) FROM emp GROUP BY GROUPING SETS ((), ())", "SELECT dept, COUNT(DISTINCT pay), AVG(pay) FROM emp GROUP BY CUBE (dept)", "SELECT a % 2 AS k, COUNT(*) FROM num GROUP BY ROLLUP (a % 2)", "SELECT room, extract(month FROM on_day) AS m, SUM(fee) FROM visit GROUP BY CUBE (room, m)",
             "SELECT dept, since, COUNT(*) FROM emp GROUP BY ROLLUP (dept, since) HAVING GROUPING(dept) = 0")
    return file


def having():
    file = File("having", "HAVING.", NUMBERS + PEOPLE)
    for key in ["a", "b", "f"]:
        for condition in ["COUNT(*) > 1", "SUM(c) > 0", "MAX(d) IS NULL", "COUNT(*) = 1 AND MIN(id) > 2", f"{key} IS NOT NULL", f"{key} IS NULL OR COUNT(*) > 1", "COUNT(DISTINCT b) >= 1", "SUM(a) BETWEEN -10 AND 20", "AVG(c) < 2", "NOT COUNT(*) > 1"]:
            file.ask(f"SELECT {key}, COUNT(*) FROM num GROUP BY {key} HAVING {condition}")
    file.ask("SELECT COUNT(*) FROM num HAVING COUNT(*) > 3", "SELECT COUNT(*) FROM num HAVING COUNT(*) > 300", "SELECT SUM(a) FROM num HAVING TRUE", "SELECT dept FROM emp GROUP BY dept HAVING SUM(pay) > (SELECT AVG(pay) FROM emp)", "SELECT dept, SUM(pay) AS s FROM emp GROUP BY dept HAVING SUM(pay) > 5000 ORDER BY s",
             "SELECT dept FROM emp GROUP BY dept HAVING MAX(since) > DATE '2020-06-01'", "SELECT dept FROM emp GROUP BY dept HAVING dept IN (SELECT id FROM dept)", "SELECT room FROM visit GROUP BY room HAVING COUNT(*) > 1 AND SUM(fee) IS NOT NULL", "SELECT e.dept, COUNT(*) FROM emp e JOIN visit v ON v.emp = e.id GROUP BY e.dept HAVING COUNT(*) >= 2",
             "SELECT pay, COUNT(*) FROM emp GROUP BY pay HAVING COUNT(*) > 1", "SELECT a, SUM(b) FROM num GROUP BY a HAVING SUM(b) > 2 AND a > 0")
    return file


def windows():
    file = File("windows", "Window functions.", NUMBERS + PEOPLE)
    ranks = ["ROW_NUMBER()", "RANK()", "DENSE_RANK()"]
    for call in ranks:
        for over in ["ORDER BY a, id", "ORDER BY a DESC, id", "PARTITION BY f ORDER BY b, id", "PARTITION BY a ORDER BY id DESC", "ORDER BY c NULLS FIRST, id", "PARTITION BY a, f ORDER BY id"]:
            file.ask(f"SELECT id, {call} OVER ({over}) FROM num")
    for call in ranks[1:]:
        for over in ["ORDER BY a", "ORDER BY b DESC", "PARTITION BY f ORDER BY a", "PARTITION BY a ORDER BY f NULLS FIRST", "ORDER BY f"]:
            file.ask(f"SELECT id, {call} OVER ({over}) FROM num")
    calls = ["COUNT(*)", "COUNT(a)", "SUM(b)", "AVG(b)", "MIN(c)", "MAX(d)", "SUM(c)"]
    for call in calls:
        for over in ["", "PARTITION BY f", "ORDER BY id", "PARTITION BY a ORDER BY id", "ORDER BY a", "PARTITION BY f ORDER BY b DESC"]:
            file.ask(f"SELECT id, {call} OVER ({over}) FROM num")
    frames = ["ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", "ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "ROWS 2 PRECEDING", "ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING", "ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING", "RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
              "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "RANGE UNBOUNDED PRECEDING", "ROWS UNBOUNDED PRECEDING", "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING", "RANGE BETWEEN CURRENT ROW AND CURRENT ROW"]
    for frame in frames:
        for call in ["COUNT(*)", "SUM(b)", "MIN(c)", "AVG(a)"]:
            file.ask(f"SELECT id, {call} OVER (ORDER BY id {frame}) FROM num")
        file.ask(f"SELECT id, SUM(id) OVER (PARTITION BY f ORDER BY id {frame}) FROM num", f"SELECT id, MAX(b) OVER (PARTITION BY a ORDER BY id DESC {frame}) FROM num")
        if frame.startswith("RANGE"):
            file.ask(f"SELECT id, SUM(id) OVER (ORDER BY a {frame}) FROM num", f"SELECT id, COUNT(c) OVER (ORDER BY f {frame}) FROM num")
    file.ask("SELECT name, pay, RANK() OVER (PARTITION BY dept ORDER BY pay DESC) FROM emp", "SELECT name, pay - AVG(pay) OVER (PARTITION BY dept) FROM emp", "SELECT dept, COUNT(*), RANK() OVER (ORDER BY COUNT(*) DESC) FROM emp GROUP BY dept", "SELECT dept, SUM(pay), SUM(SUM(pay)) OVER (ORDER BY dept) FROM emp GROUP BY dept",
             "SELECT x.id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY dept ORDER BY pay DESC, id) AS k FROM emp) x WHERE x.k = 1", "SELECT x.dept, COUNT(*) FROM (SELECT dept, RANK() OVER (ORDER BY pay DESC) AS k FROM emp) x WHERE x.k <= 3 GROUP BY x.dept", "SELECT id, SUM(pay) OVER (ORDER BY id) FROM emp ORDER BY id DESC LIMIT 2",
             "SELECT id, ROW_NUMBER() OVER (ORDER BY id), COUNT(*) OVER () FROM emp WHERE dept = 1", "SELECT id, COUNT(*) OVER (PARTITION BY dept) AS k FROM emp ORDER BY k, id", "SELECT dept, pay * 100 / SUM(pay) OVER (PARTITION BY dept) FROM emp WHERE pay IS NOT NULL", "SELECT e.name, SUM(v.fee) OVER (PARTITION BY e.id) FROM emp e JOIN visit v ON v.emp = e.id",
             "SELECT room, SUM(fee) OVER (PARTITION BY room ORDER BY on_day, emp) FROM visit WHERE fee > 0", "SELECT id, MAX(since) OVER (ORDER BY id) FROM emp", "SELECT id, MIN(name) OVER (PARTITION BY dept) FROM emp", "SELECT dept, MAX(SUM(pay)) OVER () FROM emp GROUP BY dept", "SELECT id, RANK() OVER (ORDER BY a % 2, b) FROM num", "SELECT id, SUM(a + b) OVER (PARTITION BY a > 0) FROM num",
             "SELECT id, CASE WHEN ROW_NUMBER() OVER (ORDER BY id) % 2 = 0 THEN 'even' ELSE 'odd' END FROM num", "SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY id) AS k FROM num) x WHERE k > 3", "SELECT room, RANK() OVER (ORDER BY SUM(fee) DESC NULLS LAST) FROM visit GROUP BY room")
    return file
