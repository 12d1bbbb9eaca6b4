# SPDX-License-Identifier: Apache-2.0
"""The 22 queries of TPC-H over encrypted tables beside DuckDB on plaintext. tpch.py CSV-FOLDER SCALE QUERIES-FOLDER

The tables are registered as open, so that rows may be shown. Every answer is compared with DuckDB's."""

import decimal
import json
import os
import statistics
import sys

from common import *
from TPCH.tables import TABLES, fill, query

FOLDER, SCALE, QUERIES = sys.argv[1], sys.argv[2], sys.argv[3]
DATABASE = os.path.join(PLACE, f"tpch-{SCALE}.db")
ROUNDS, RUNS_PER_ROUND = 2, 3
# Averages have different scales on the two sides; sums of products are exact on both.
TOLERANCE = decimal.Decimal("0.005")


def make_database():
    remove_database(DATABASE)
    connection = connect(DATABASE)
    fill(connection, FOLDER)
    connection.execute("CHECKPOINT")
    connection.close()


def load():
    total, taken = 0, 0.0
    for table in TABLES:
        yunei("policy", "apply", os.path.join(HERE, "TPCH", f"{table}.yaml"))
        path = os.path.join(FOLDER, f"{table}.csv")
        total += os.path.getsize(path)
        taken += seconds(lambda: yunei("table", "load", table, path))
    print(f"  loaded TPC-H scale {SCALE}: {total / 1e6 / taken:.0f} MB/s", file=sys.stderr, flush=True)


def same(mine, theirs):
    if mine is None or theirs is None:
        return mine is None and theirs is None
    if isinstance(theirs, (int, float, decimal.Decimal)) and not isinstance(theirs, bool):
        one, other = decimal.Decimal(str(mine)), decimal.Decimal(str(theirs))
        return abs(one - other) <= TOLERANCE * max(decimal.Decimal(1), abs(other) * decimal.Decimal("1e-6"))
    return str(mine) == str(theirs)[: len(str(mine))] if hasattr(theirs, "isoformat") else str(mine) == str(theirs)


def compare_answers(connection, name, statement):
    rows = json.loads(yunei("job", "run", name, "--as", "operator", "--json"))["rows"]
    truth = connection.execute(statement).fetchall()
    if len(rows) != len(truth) or not all(same(a, b) for row, other in zip(rows, truth) for a, b in zip(row, other)):
        fail(f"{name}: Yunei and DuckDB give different answers ({len(rows)} and {len(truth)} rows)")
    return len(rows)


def main():
    make_database()
    load()
    connection = connect(DATABASE)
    ratios, queries = [], []
    for number in range(1, 23):
        name = f"TPCH-{number:02}"
        statement = query(QUERIES, number)
        path = product(name, statement)
        count = compare_answers(connection, name, statement)
        mine, peer = [], []
        for _ in range(ROUNDS):
            mine += measured("query", path, RUNS_PER_ROUND)
            peer += peer_runs(connection, statement, RUNS_PER_ROUND)
        where, mine, peer = phases(mine), 1000 * statistics.median(run["seconds"] for run in mine), 1000 * statistics.median(peer)
        ratios.append(peer / mine)
        report(name, "ms", mine, peer, f"{PEER}, scale {SCALE}, {count} rows", where=where)
        queries.append((name, path, statement))
    report("TPC-H, geometric mean of 22", "ratio", 1.0, geometric_mean(ratios), f"{PEER}, scale {SCALE}")
    connection.close()
    peaks = [(peak_of_query(path), peak_of_peer(DATABASE, statement)) for _, path, statement in queries]
    report_peaks("TPC-H", [name for name, _, _ in queries], peaks, f"scale {SCALE}")
    write()


main()
