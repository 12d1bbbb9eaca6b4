# SPDX-License-Identifier: Apache-2.0
"""The first path: loading one table, the query of one product, its check. first_light.py TABLE.csv ROWS"""

import json
import os
import statistics
import subprocess
import sys

from common import *

TABLE, ROWS = sys.argv[1], int(sys.argv[2])
DATABASE = os.path.join(PLACE, "duckdb.db")
PRODUCT = os.path.join(HERE, "product.yaml")
LOADS = 3
ROUNDS, RUNS_PER_ROUND = 6, 4
COMMANDS = 15

READ = (
    f"SELECT * FROM read_csv('{TABLE}', header=true, types={{'就诊日期':'DATE','总费用':'DECIMAL(12,2)','医保支付':'DECIMAL(12,2)'}})"
)
QUERY = (
    "SELECT 医疗机构, COUNT(*) AS visits, SUM(总费用) AS total, COUNT(DISTINCT 患者索引) AS persons "
    "FROM visit WHERE 患者索引 IS NOT NULL GROUP BY 医疗机构"
)
# The same with Yunei's rules: persons merged and clamped, fewest persons, share of the largest and the two largest.
PROTECTED = (
    "WITH person AS (SELECT 医疗机构, 患者索引, COUNT(*) AS n, SUM(总费用) AS x FROM visit WHERE 患者索引 IS NOT NULL GROUP BY ALL), "
    "cell AS (SELECT 医疗机构, SUM(n) AS visits, SUM(CASE WHEN x > 10000000 THEN 10000000 WHEN x < 0 THEN 0 ELSE x END) AS total, COUNT(*) AS persons, max(abs(x), 2) AS top "
    "FROM person GROUP BY 医疗机构) "
    "SELECT 医疗机构, visits, CASE WHEN top[1] <= 0.5 * total AND list_sum(top) <= 0.8 * total THEN total END AS total, persons "
    "FROM cell WHERE persons >= 10"
)


def peer_load():
    remove_database(DATABASE)

    def load():
        connection = connect(DATABASE)
        connection.execute(f"CREATE TABLE visit AS {READ}")
        connection.execute("CHECKPOINT")
        connection.close()

    return seconds(load)


def compare_answers(connection):
    """The released cells must be what DuckDB says about the same rows."""
    released = json.loads(yunei("job", "run", "bench", "--as", "operator", "--json"))
    truth = {row[0]: row[1:] for row in connection.execute(PROTECTED).fetchall()}
    ours = {row[0]: row[1:] for row in released["rows"]}
    same = set(ours) == set(truth) and all(
        [None if cell is None else float(cell) for cell in ours[key]] == [None if cell is None else float(cell) for cell in truth[key]]
        for key in truth
    )
    if not same:
        fail("Yunei and DuckDB give different answers")
    return len(ours), sum(cell is None for row in ours.values() for cell in row)


def in_turns(ours, theirs):
    mine, peer = [], []
    for _ in range(COMMANDS):
        mine.append(seconds(ours))
        peer.append(theirs())
    return statistics.median(mine), statistics.median(peer)


def measure_load():
    megabytes = os.path.getsize(TABLE) / 1e6
    mine, peer = [], []
    for _ in range(LOADS):
        mine.append(seconds(lambda: yunei("table", "load", "visit", TABLE)))
        peer.append(peer_load())
    mine, peer = statistics.median(mine), statistics.median(peer)
    report(f"load {ROWS:,} rows, bytes", "MB/s", megabytes / mine, megabytes / peer, f"{PEER}, CREATE TABLE AS read_csv", True)
    report(f"load {ROWS:,} rows, rows", "rows/s", ROWS / mine, ROWS / peer, f"{PEER}, CREATE TABLE AS read_csv", True)


PEER_LOAD = "import duckdb,sys; c=duckdb.connect(sys.argv[1], config={'threads':%d}); c.execute('CREATE OR REPLACE TABLE visit AS ' + sys.argv[2]); c.execute('CHECKPOINT')" % THREADS


def measure_load_memory():
    mine = peak_mebibytes(os.path.join(BINARIES, "yunei"), "table", "load", "visit", TABLE)
    peer = peak_mebibytes(sys.executable, "-c", PEER_LOAD, DATABASE + ".memory", READ)
    report(f"load {ROWS:,} rows, peak memory", "MiB", mine, peer, f"{PEER}, a process with the load")


def measure_query():
    connection = connect(DATABASE)
    groups, withheld = compare_answers(connection)
    print(f"  same answers: {groups} groups, {withheld} cells withheld", file=sys.stderr)
    mine, plain, protected = [], [], []
    for _ in range(ROUNDS):
        mine += in_process("query", PRODUCT, RUNS_PER_ROUND)
        plain += peer_runs(connection, QUERY, RUNS_PER_ROUND)
        protected += peer_runs(connection, PROTECTED, RUNS_PER_ROUND)
    median = statistics.median
    name = "COUNT, SUM, COUNT DISTINCT per hospital, threshold and dominance, decrypted on each run"
    report(name + ", beside the plain query", "ms", 1000 * median(mine), 1000 * median(plain), PEER)
    report(name + ", beside the same protection", "ms", 1000 * median(mine), 1000 * median(protected), f"{PEER}, rules written in SQL")
    connection.close()
    mine, peer = in_turns(lambda: yunei("job", "run", "bench", "--as", "operator"), lambda: peer_process(DATABASE, QUERY))
    report("the same as a whole job (yunei job run: passphrase, log, executor, receipt)", "ms", 1000 * mine, 1000 * peer, f"{PEER}, a process with the query")


def measure_check():
    connection = connect(DATABASE)
    mine, peer = [], []
    for _ in range(ROUNDS):
        mine += in_process("check", PRODUCT, RUNS_PER_ROUND)
        peer += peer_runs(connection, "EXPLAIN " + QUERY, RUNS_PER_ROUND)
    report("product check, in process", "ms", 1000 * statistics.median(mine), 1000 * statistics.median(peer), f"{PEER}, EXPLAIN")
    connection.close()
    mine, peer = in_turns(lambda: yunei("product", "check", PRODUCT), lambda: peer_process(DATABASE, "EXPLAIN " + QUERY))
    report("product check, whole command", "ms", 1000 * mine, 1000 * peer, f"{PEER}, a process with EXPLAIN")


measure_load()
measure_load_memory()
yunei("product", "submit", PRODUCT, "--as", "operator")
yunei("product", "approve", "bench")
measure_query()
measure_check()
write()
