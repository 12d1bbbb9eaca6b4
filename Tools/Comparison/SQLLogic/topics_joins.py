# SPDX-License-Identifier: Apache-2.0
"""Joins and subqueries."""
from corpus import File
from tables import NUMBERS, ONE, PEOPLE


def files():
    return [joins(), subqueries(), exists_in()]


def joins():
    file = File("joins", "Joins of every kind.", ONE + PEOPLE)
    for kind in ["JOIN", "INNER JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "LEFT OUTER JOIN", "FULL OUTER JOIN"]:
        file.ask(f"SELECT e.id, d.id FROM emp e {kind} dept d ON e.dept = d.id", f"SELECT e.name, v.room, v.fee FROM emp e {kind} visit v ON e.id = v.emp", f"SELECT COUNT(*), COUNT(e.id), COUNT(v.emp) FROM emp e {kind} visit v ON e.id = v.emp",
                 f"SELECT d.id, p.id FROM dept d {kind} dept p ON d.parent = p.id", f"SELECT e.id, v.room FROM emp e {kind} visit v ON e.id = v.emp WHERE v.fee > 8", f"SELECT e.id, v.room FROM emp e {kind} visit v ON e.id = v.emp WHERE v.room IS NULL",
                 f"SELECT e.id, d.name FROM emp e {kind} dept d ON e.dept = d.id ORDER BY e.id NULLS FIRST, d.id LIMIT 4", f"SELECT d.name, SUM(e.pay) FROM emp e {kind} dept d ON e.dept = d.id GROUP BY d.name", f"SELECT DISTINCT d.id FROM emp e {kind} dept d ON e.dept = d.id",
                 f"SELECT a.id, b.id FROM emp a {kind} emp b ON a.dept = b.dept AND a.pay = b.pay", f"SELECT e.id, d.id FROM emp e {kind} dept d ON d.id = e.dept + 1", f"SELECT e.id, d.id FROM (SELECT * FROM emp WHERE pay > 4500) e {kind} (SELECT * FROM dept WHERE id < 4) d ON e.dept = d.id",
                 f"SELECT e.id, x.n FROM emp e {kind} (SELECT emp, COUNT(*) AS n FROM visit GROUP BY emp) x ON e.id = x.emp", f"SELECT coalesce(e.id, v.emp) AS k, e.name, v.fee FROM emp e {kind} visit v ON e.id = v.emp",
                 f"SELECT id, a.name, b.name FROM emp a {kind} dept b USING (id)" if kind in ("JOIN", "INNER JOIN", "LEFT JOIN") else f"SELECT a.id, b.id FROM emp a {kind} dept b USING (id)")
    for kind in ["JOIN", "LEFT JOIN", "RIGHT JOIN"]:
        for residual in ["v.fee > 8", "e.pay > 5000", "e.pay > v.fee * 600", "v.room = 'A'", "v.fee IS NULL", "FALSE", "e.since < v.on_day", "e.name <> v.room", "v.room IN ('A', 'B')", "(v.fee > 8 OR e.dept = 2)"]:
            file.ask(f"SELECT e.id, v.room, v.fee FROM emp e {kind} visit v ON e.id = v.emp AND {residual}", f"SELECT COUNT(*) FROM emp e {kind} visit v ON e.id = v.emp AND {residual}")
    file.ask("SELECT e.id, d.id FROM emp e, dept d WHERE e.dept = d.id", "SELECT e.id, d.id, v.fee FROM emp e, dept d, visit v WHERE e.dept = d.id AND v.emp = e.id AND v.fee > 5", "SELECT e.id, x FROM emp e CROSS JOIN (SELECT COUNT(*) AS x FROM visit) c", "SELECT e.id FROM emp e, (SELECT AVG(pay) AS m FROM emp) a WHERE e.pay > a.m",
             "SELECT a.n, b.n FROM (SELECT COUNT(*) AS n FROM emp) a CROSS JOIN (SELECT COUNT(*) AS n FROM dept) b", "SELECT e.id, x.id FROM emp e CROSS JOIN (SELECT id FROM dept ORDER BY id LIMIT 2) x", "SELECT e.id, d.name, p.name FROM emp e LEFT JOIN dept d ON e.dept = d.id LEFT JOIN dept p ON d.parent = p.id",
             "SELECT e.id, d.name, v.fee FROM emp e JOIN dept d ON e.dept = d.id LEFT JOIN visit v ON v.emp = e.id", "SELECT e.id FROM emp e LEFT JOIN visit v ON v.emp = e.id WHERE v.emp IS NULL", "SELECT d.id, COUNT(v.emp) FROM dept d LEFT JOIN (emp e JOIN visit v ON v.emp = e.id) ON e.dept = d.id GROUP BY d.id",
             "SELECT e.id, v.room FROM emp e LEFT JOIN visit v ON v.emp = e.id AND v.room = 'A' WHERE e.dept = 1", "SELECT a.id, b.id FROM emp a JOIN emp b ON a.pay = b.pay AND a.id < b.id", "SELECT a.id, b.id FROM emp a JOIN emp b ON a.dept = b.dept WHERE a.pay > b.pay",
             "SELECT x.id FROM (SELECT e.id, d.id AS k FROM emp e LEFT JOIN dept d ON e.dept = d.id) x WHERE x.k IS NULL", "SELECT e.id, v.fee FROM emp e JOIN visit v ON v.emp = e.id AND v.fee = (SELECT MAX(fee) FROM visit)", "SELECT e.name, d.name FROM emp e JOIN dept d ON e.dept = d.id AND e.id = d.id", "SELECT e.id, d.id FROM emp e FULL JOIN dept d ON e.dept = d.id WHERE e.id IS NULL OR d.id IS NULL",
             "SELECT l.room, r.room FROM (SELECT DISTINCT room FROM visit) l JOIN (SELECT DISTINCT room FROM visit WHERE fee > 5) r ON l.room = r.room", "SELECT e.id, n.x FROM emp e LEFT JOIN one n ON e.id = n.x", "SELECT e.id, d.id FROM emp e JOIN dept d ON CAST(e.dept AS text) = CAST(d.id AS text)", "SELECT e.id, v.emp FROM emp e JOIN visit v ON e.pay = v.fee * 500",
             "SELECT emp.id, dept.name FROM emp JOIN dept ON emp.dept = dept.id AND dept.name LIKE '%科'", "SELECT d.name, x.total FROM dept d JOIN (SELECT e.dept, SUM(v.fee) AS total FROM emp e JOIN visit v ON v.emp = e.id GROUP BY e.dept) x ON x.dept = d.id", "SELECT a.id, b.id, c.id FROM emp a JOIN emp b ON a.dept = b.dept JOIN emp c ON b.dept = c.dept WHERE a.id < b.id AND b.id < c.id")
    return file


def subqueries():
    file = File("subqueries", "Scalar subqueries, correlated or not.", NUMBERS + PEOPLE)
    for call in ["COUNT(*)", "SUM(v.fee)", "MAX(v.fee)", "MIN(v.room)", "AVG(v.fee)", "COUNT(v.room)", "COUNT(DISTINCT v.room)", "coalesce(SUM(v.fee), 0)", "COUNT(*) + 1", "SUM(v.fee) * 2", "SUM(v.fee) IS NULL", "MAX(v.on_day)"]:
        file.ask(f"SELECT e.id, (SELECT {call} FROM visit v WHERE v.emp = e.id) FROM emp e", f"SELECT e.id, (SELECT {call} FROM visit v) FROM emp e", f"SELECT e.id, (SELECT {call} FROM visit v WHERE v.emp = e.id AND v.fee > 8) FROM emp e")
    for operator in ["=", "<", ">", "<=", ">=", "<>"]:
        file.ask(f"SELECT id FROM emp WHERE pay {operator} (SELECT AVG(pay) FROM emp)", f"SELECT e.id FROM emp e WHERE e.pay {operator} (SELECT MAX(x.pay) FROM emp x WHERE x.dept = e.dept)", f"SELECT e.id FROM emp e WHERE (SELECT COUNT(*) FROM visit v WHERE v.emp = e.id) {operator} 1",
                 f"SELECT e.id FROM emp e WHERE 10 {operator} (SELECT SUM(v.fee) FROM visit v WHERE v.emp = e.id)", f"SELECT id FROM num WHERE a {operator} (SELECT MIN(b) FROM num)")
    file.ask("SELECT (SELECT COUNT(*) FROM emp) FROM one", "SELECT (SELECT COUNT(*) FROM emp) + (SELECT COUNT(*) FROM dept) FROM one", "SELECT (SELECT id FROM emp WHERE FALSE) FROM one", "SELECT (SELECT name FROM emp WHERE id = 3) FROM one", "SELECT e.id, (SELECT d.name FROM dept d WHERE d.id = e.dept) FROM emp e",
             "SELECT e.id, (SELECT d.name FROM dept d WHERE d.id = e.dept AND d.id > 1) FROM emp e", "SELECT id, (SELECT MAX(pay) FROM emp) - pay FROM emp", "SELECT dept, SUM(pay) * 100 / (SELECT SUM(pay) FROM emp) FROM emp GROUP BY dept", "SELECT e.id FROM emp e WHERE e.pay = (SELECT MIN(pay) FROM emp WHERE dept = e.dept)",
             "SELECT e.id FROM emp e WHERE (SELECT d.name FROM dept d WHERE d.id = e.dept) = '内科'", "SELECT d.id FROM dept d WHERE (SELECT SUM(pay) FROM emp WHERE dept = d.id) > 5000", "SELECT d.id, (SELECT COUNT(*) FROM emp e WHERE e.dept = d.id) AS n FROM dept d ORDER BY n DESC, d.id", "SELECT CASE WHEN (SELECT COUNT(*) FROM emp) > 5 THEN 'many' ELSE 'few' END FROM one",
             "SELECT e.id, coalesce((SELECT SUM(fee) FROM visit WHERE emp = e.id), 0) FROM emp e", "SELECT AVG((SELECT COUNT(*) FROM visit v WHERE v.emp = e.id)) FROM emp e", "SELECT SUM(pay) FROM emp WHERE dept = (SELECT id FROM dept WHERE name = '内科')", "SELECT d.name FROM dept d WHERE (SELECT COUNT(*) FROM emp e WHERE e.dept = d.id AND e.pay > (SELECT AVG(pay) FROM emp)) > 0",
             "SELECT e.id, (SELECT MAX(v.fee) FROM visit v WHERE v.emp = e.id AND v.on_day > DATE '2024-01-10') FROM emp e", "SELECT x.id FROM (SELECT id, (SELECT COUNT(*) FROM visit v WHERE v.emp = e.id) AS n FROM emp e) x WHERE x.n > 1", "SELECT e.name FROM emp e WHERE e.since = (SELECT MAX(since) FROM emp)", "SELECT e.id FROM emp e JOIN dept d ON e.dept = d.id WHERE e.pay > (SELECT AVG(x.pay) FROM emp x WHERE x.dept = d.id)",
             "SELECT (SELECT name FROM emp ORDER BY pay DESC NULLS LAST, id LIMIT 1) FROM one", "SELECT id FROM emp WHERE pay BETWEEN (SELECT MIN(pay) FROM emp) AND (SELECT AVG(pay) FROM emp)", "SELECT room, SUM(fee) FROM visit GROUP BY room HAVING SUM(fee) = (SELECT MAX(s) FROM (SELECT SUM(fee) AS s FROM visit GROUP BY room) x)",
             "SELECT e.id, (SELECT COUNT(*) FROM visit v WHERE v.emp = e.id AND v.room = 'A') AS a, (SELECT COUNT(*) FROM visit v WHERE v.emp = e.id AND v.room = 'B') AS b FROM emp e", "SELECT id FROM num n WHERE a = (SELECT MAX(a) FROM num m WHERE m.b = n.b)")
    several = "a scalar subquery with several rows has no value; PostgreSQL fails."
    file.hand(several, "SELECT (SELECT id FROM emp) FROM one", "I", ("NULL",))
    file.hand(several, "SELECT d.id, (SELECT e.id FROM emp e WHERE e.dept = d.id) FROM dept d", "II", ("1", "NULL"), ("2", "NULL"), ("3", "5"), ("4", "NULL"), ("5", "NULL"))
    file.hand(several, "SELECT id FROM emp WHERE id > (SELECT id FROM dept)", "I")
    return file


def exists_in():
    file = File("exists_in", "EXISTS and IN, with NULLs on either side.", NUMBERS + PEOPLE)
    inner = ["SELECT b FROM num", "SELECT b FROM num WHERE b IS NOT NULL", "SELECT b FROM num WHERE FALSE", "SELECT a FROM num WHERE id > 4", "SELECT CAST(NULL AS bigint) FROM one", "SELECT dept FROM emp", "SELECT MAX(b) FROM num", "SELECT b FROM num GROUP BY b", "SELECT b FROM num ORDER BY id LIMIT 2", "SELECT a + b FROM num"]
    for query in inner:
        for column in ["a", "b", "id"]:
            file.ask(f"SELECT id FROM num WHERE {column} IN ({query})", f"SELECT id FROM num WHERE {column} NOT IN ({query})", f"SELECT id, {column} IN ({query}) FROM num", f"SELECT id FROM num WHERE ({column} IN ({query})) IS NULL")
    for condition in ["v.emp = e.id", "v.emp = e.id AND v.fee > 8", "v.emp = e.id AND v.room = 'A'", "v.emp = e.id AND v.fee > e.pay / 500", "v.emp = e.id AND v.on_day > e.since", "v.emp = e.id + 1", "v.emp = e.dept AND v.fee IS NOT NULL"]:
        file.ask(f"SELECT e.id FROM emp e WHERE EXISTS (SELECT 1 FROM visit v WHERE {condition})", f"SELECT e.id FROM emp e WHERE NOT EXISTS (SELECT * FROM visit v WHERE {condition})", f"SELECT e.id, EXISTS (SELECT 1 FROM visit v WHERE {condition}) FROM emp e",
                 f"SELECT e.id FROM emp e WHERE EXISTS (SELECT 1 FROM visit v WHERE {condition}) OR e.pay > 5500", f"SELECT COUNT(*) FROM emp e WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE {condition})",
                 f"SELECT e.dept, COUNT(*) FROM emp e WHERE EXISTS (SELECT 1 FROM visit v WHERE {condition}) GROUP BY e.dept")
    file.note("Conditions that no equality expresses, and columns of a query further out.")
    for condition in ["v.fee > e.pay / 600", "v.on_day > e.since", "v.emp < e.id", "v.emp <> e.id", "v.room = 'A' OR v.emp = e.id"]:
        file.refuse("plan.join-without-key", f"SELECT e.id FROM emp e WHERE EXISTS (SELECT 1 FROM visit v WHERE {condition})", f"SELECT e.id FROM emp e WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE {condition})")
        file.refuse("plan.correlation", f"SELECT e.id, (SELECT COUNT(*) FROM visit v WHERE {condition}) FROM emp e", f"SELECT e.id, (SELECT MAX(v.fee) FROM visit v WHERE {condition}) FROM emp e")
        file.ask(f"SELECT e.id, e.id IN (SELECT v.emp FROM visit v WHERE {condition}) FROM emp e")
    file.refuse("plan.correlation", "SELECT e.id, (SELECT COUNT(*) FROM visit v WHERE v.emp = e.id AND EXISTS (SELECT 1 FROM emp x WHERE x.dept = e.dept AND x.id > v.emp)) FROM emp e")
    file.ask("SELECT e.id FROM emp e WHERE EXISTS (SELECT 1 FROM visit v WHERE v.emp = e.id AND EXISTS (SELECT 1 FROM dept d WHERE d.id = e.dept))",
             "SELECT e.id FROM emp e WHERE EXISTS (SELECT 1 FROM visit v WHERE v.emp = e.id AND v.fee > (SELECT AVG(x.fee) FROM visit x WHERE x.emp = e.id))")
    file.ask("SELECT id FROM emp WHERE EXISTS (SELECT 1 FROM dept)", "SELECT id FROM emp WHERE EXISTS (SELECT 1 FROM dept WHERE id = 100)", "SELECT id FROM emp WHERE NOT EXISTS (SELECT 1 FROM dept WHERE id = 100)", "SELECT id FROM emp WHERE dept IN (SELECT id FROM dept WHERE name LIKE '%科')", "SELECT id FROM emp WHERE dept NOT IN (SELECT id FROM dept)",
             "SELECT id FROM emp WHERE dept NOT IN (SELECT parent FROM dept)", "SELECT id FROM emp WHERE name IN (SELECT name FROM dept)", "SELECT e.id FROM emp e WHERE e.dept IN (SELECT d.id FROM dept d WHERE d.parent = e.dept)", "SELECT e.id FROM emp e WHERE 'A' IN (SELECT v.room FROM visit v WHERE v.emp = e.id)",
             "SELECT e.id FROM emp e WHERE 'A' NOT IN (SELECT v.room FROM visit v WHERE v.emp = e.id)", "SELECT e.id, 'A' IN (SELECT v.room FROM visit v WHERE v.emp = e.id) FROM emp e", "SELECT id FROM emp WHERE id IN (SELECT emp FROM visit WHERE room IN (SELECT room FROM visit WHERE fee > 20))",
             "SELECT d.name FROM dept d WHERE EXISTS (SELECT 1 FROM emp e JOIN visit v ON v.emp = e.id WHERE e.dept = d.id)", "SELECT d.name FROM dept d WHERE d.id NOT IN (SELECT e.dept FROM emp e WHERE e.dept IS NOT NULL)",
             "SELECT id FROM emp WHERE pay IN (SELECT MAX(pay) FROM emp GROUP BY dept)", "SELECT e.id FROM emp e WHERE EXISTS (SELECT 1 FROM emp x WHERE x.dept = e.dept AND x.id <> e.id)", "SELECT e.id FROM emp e WHERE NOT EXISTS (SELECT 1 FROM emp x WHERE x.dept = e.dept AND x.pay > e.pay)", "SELECT e.id FROM emp e WHERE e.id IN (SELECT v.emp FROM visit v) AND e.dept IN (SELECT d.id FROM dept d)",
             "SELECT e.id FROM emp e WHERE e.id IN (SELECT v.emp FROM visit v) OR e.dept IN (SELECT d.parent FROM dept d)", "SELECT SUM(pay) FROM emp WHERE id IN (SELECT emp FROM visit)", "SELECT room, COUNT(*) FROM visit WHERE emp IN (SELECT id FROM emp WHERE dept = 1) GROUP BY room", "SELECT e.id FROM emp e WHERE (e.id IN (SELECT emp FROM visit)) = (e.dept IS NOT NULL)")
    return file
