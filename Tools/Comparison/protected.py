# SPDX-License-Identifier: Apache-2.0
"""Workload P, protected aggregates: P1 to P6 beside DuckDB. protected.py VISITS.csv PERSONS.csv ROWS

DuckDB runs the plain statement on plaintext. Yunei decrypts and authenticates every block on each run, merges per entity, and applies
threshold, clamp and dominance."""

import json
import os
import statistics
import sys

from common import *

VISITS, PERSONS, ROWS = sys.argv[1], sys.argv[2], int(sys.argv[3])
DATABASE = os.path.join(PLACE, "protected.db")
ROUNDS, RUNS_PER_ROUND = 3, 3
MINIMUM = 10

STATEMENTS = {
    "P1": "SELECT 医疗机构, COUNT(*) AS visits, SUM(总费用) AS total, COUNT(DISTINCT 患者索引) AS persons FROM visit GROUP BY 医疗机构",
    "P2": "SELECT 医疗机构, SUM(总费用) AS total FROM visit GROUP BY 医疗机构",
    "P3": "SELECT COUNT(*) AS visits, SUM(总费用) AS total FROM visit "
    "WHERE 就诊日期 >= DATE '2024-04-01' AND 就诊日期 < DATE '2024-10-01' AND 性别 = '女' AND 年龄段 IN ('30-39', '40-49')",
    "P4": "SELECT 疾病编码, 医疗机构, COUNT(*) AS visits, AVG(总费用) AS mean FROM visit GROUP BY 疾病编码, 医疗机构",
    "P5": "SELECT p.区县, date_trunc('month', v.就诊日期) AS month, COUNT(DISTINCT v.患者索引) AS persons, SUM(v.总费用) AS total "
    "FROM visit v JOIN person p ON v.患者索引 = p.患者索引 GROUP BY 1, 2",
    "P6": "SELECT 区县, 疾病编码, visits FROM (SELECT 区县, 疾病编码, visits, "
    "ROW_NUMBER() OVER (PARTITION BY 区县 ORDER BY visits DESC, 疾病编码) AS place FROM (SELECT p.区县, v.疾病编码, COUNT(*) AS visits "
    "FROM visit v JOIN person p ON v.患者索引 = p.患者索引 GROUP BY p.区县, v.疾病编码) g) r WHERE place <= 10",
}
# Rows without a person take part in nothing.
PEER_STATEMENTS = {
    name: statement.replace("FROM visit v", "FROM (SELECT * FROM visit WHERE 患者索引 IS NOT NULL) v")
    .replace("FROM visit WHERE", "FROM visit WHERE 患者索引 IS NOT NULL AND")
    .replace("FROM visit GROUP", "FROM visit WHERE 患者索引 IS NOT NULL GROUP")
    for name, statement in STATEMENTS.items()
}
# The same, of groups with enough persons: what must be released, and nothing else.
ENOUGH = f" HAVING COUNT(DISTINCT 患者索引) >= {MINIMUM}"
ENOUGH_JOINED = ENOUGH.replace("患者索引", "v.患者索引")
EXACT_STATEMENTS = {
    name: statement.replace("v.疾病编码) g", f"v.疾病编码{ENOUGH_JOINED}) g") if name == "P6" else statement + (ENOUGH_JOINED if " v JOIN" in statement else ENOUGH)
    for name, statement in PEER_STATEMENTS.items()
}
READ_VISITS = f"SELECT * FROM read_csv('{VISITS}', header=true, types={{'就诊日期':'DATE','总费用':'DECIMAL(12,2)','医保支付':'DECIMAL(12,2)'}})"
READ_PERSONS = f"SELECT * FROM read_csv('{PERSONS}', header=true)"


def make_database():
    remove_database(DATABASE)
    connection = connect(DATABASE)
    connection.execute(f"CREATE TABLE person AS {READ_PERSONS}")

    def load():
        connection.execute(f"CREATE TABLE visit AS {READ_VISITS}")
        connection.execute("CHECKPOINT")

    taken = seconds(load)
    connection.close()
    return taken


def key(row, count):
    return tuple(str(cell)[:10] if cell is not None else None for cell in row[:count])


def number(cell):
    return None if cell is None else float(cell)


def compare_answers(connection, name, key_count):
    """What Yunei releases is what DuckDB says, and the groups are exactly those of enough persons."""
    released = {key(row, key_count): row[key_count:] for row in json.loads(yunei("job", "run", name, "--as", "operator", "--json"))["rows"]}
    truth = {key(row, key_count): row[key_count:] for row in connection.execute(EXACT_STATEMENTS[name]).fetchall()}
    if not released or set(truth) != set(released):
        fail(f"{name}: the released groups are not those of at least {MINIMUM} persons")
    for group, cells in released.items():
        for mine, theirs in zip(cells, truth[group]):
            if mine is not None and abs(number(mine) - number(theirs)) > 1e-6 * max(1.0, abs(number(theirs))):
                fail(f"{name}: Yunei and DuckDB give different answers")
    return len(released)


def main():
    yunei("table", "load", "person", PERSONS)
    megabytes = os.path.getsize(VISITS) / 1e6
    mine = seconds(lambda: yunei("table", "load", "visit", VISITS))
    report("LOAD", "MB/s", megabytes / mine, megabytes / make_database(), f"{PEER}, CREATE TABLE AS read_csv, {ROWS:,} rows", True)
    connection = connect(DATABASE)
    ratios, paths = [], {}
    for name, keys in {"P1": 1, "P2": 1, "P3": 0, "P4": 2, "P5": 2, "P6": 2}.items():
        path = product(name, STATEMENTS[name])
        groups = compare_answers(connection, name, keys)
        mine, peer = [], []
        for _ in range(ROUNDS):
            mine += measured("query", path, RUNS_PER_ROUND)
            peer += peer_runs(connection, PEER_STATEMENTS[name], RUNS_PER_ROUND)
        where, mine, peer = phases(mine), 1000 * statistics.median(run["seconds"] for run in mine), 1000 * statistics.median(peer)
        ratios.append(peer / mine)
        report(name, "ms", mine, peer, f"{PEER}, {ROWS:,} rows, {groups} groups released", where=where)
        paths[name] = path
    print(f"  P1 to P6: geometric mean of the ratios {geometric_mean(ratios):.2f}", file=sys.stderr)
    connection.close()
    peaks = [(peak_of_query(path), peak_of_peer(DATABASE, PEER_STATEMENTS[name])) for name, path in paths.items()]
    report_peaks("P1 to P6", list(paths), peaks, f"{ROWS:,} rows")
    write()


main()
