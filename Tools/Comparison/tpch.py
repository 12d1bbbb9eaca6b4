# SPDX-License-Identifier: Apache-2.0
"""The 22 queries of TPC-H over encrypted tables beside DuckDB on plaintext. tpch.py CSV-FOLDER SCALE QUERIES-FOLDER

The tables are registered as open, so that rows may be shown. Every answer is compared with DuckDB's."""

import os
import statistics
import sys

from common import *
from TPCH.both import compare_answers, load, make_database
from TPCH.tables import query

FOLDER, SCALE, QUERIES = sys.argv[1], sys.argv[2], sys.argv[3]
DATABASE = os.path.join(PLACE, f"tpch-{SCALE}.db")
ROUNDS, RUNS_PER_ROUND = 2, 3


def main():
    make_database(DATABASE, FOLDER)
    load(FOLDER, SCALE)
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
