# SPDX-License-Identifier: Apache-2.0
"""Measures Yunei and DuckDB in turns. Started by Tools/bench: measure.py BINARIES TABLE.csv ROWS PLACE"""

import json
import os
import statistics
import subprocess
import sys
import time

import duckdb

BINARIES, TABLE, ROWS, PLACE = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
HERE = os.path.dirname(os.path.abspath(__file__))
DATABASE = os.path.join(PLACE, "duckdb.db")
PRODUCT = os.path.join(HERE, "product.yaml")
THREADS = 2
LOADS = 3
ROUNDS, RUNS_PER_ROUND = 6, 4
COMMANDS = 15
PEER = f"DuckDB {duckdb.__version__}, plaintext, {THREADS} threads"

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
PEER_PROCESS = (
    "import duckdb,sys; c=duckdb.connect(sys.argv[1], read_only=True, config={'threads':%d}); print(c.execute(sys.argv[2]).fetchall())" % THREADS
)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(program, *arguments, allowed=(0,)):
    done = subprocess.run([os.path.join(BINARIES, program), *arguments], capture_output=True, text=True)
    if done.returncode not in allowed:
        sys.exit(f"Tools/bench: FAILED: {program} {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def yunei(*arguments):
    return command("yunei", *arguments)


def in_process(kind, runs):
    """Seconds of each run, as yunei-bench measured them inside one process; the first run of a process warms up and is dropped."""
    lines = command("yunei-bench", kind, "--domain", os.environ["YUNEI_DOMAIN"], "--runs", str(runs + 1), "--product", PRODUCT).splitlines()
    return [json.loads(line)["seconds"] for line in lines if line.startswith("{")][1:]


def connect():
    return duckdb.connect(DATABASE, config={"threads": THREADS})


def peer_runs(connection, statement, runs):
    connection.execute(statement).fetchall()
    return [seconds(lambda: connection.execute(statement).fetchall()) for _ in range(runs)]


def peer_load():
    for ending in ("", ".wal"):
        if os.path.exists(DATABASE + ending):
            os.remove(DATABASE + ending)

    def load():
        connection = connect()
        connection.execute(f"CREATE TABLE visit AS {READ}")
        connection.execute("CHECKPOINT")
        connection.close()

    return seconds(load)


def peer_process(statement):
    return seconds(
        lambda: subprocess.run([sys.executable, "-c", PEER_PROCESS, DATABASE, statement], check=True, stdout=subprocess.DEVNULL)
    )


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
        sys.exit("Tools/bench: FAILED: Yunei and DuckDB give different answers")
    return len(ours), sum(cell is None for row in ours.values() for cell in row)


def in_turns(ours, theirs):
    mine, peer = [], []
    for _ in range(COMMANDS):
        mine.append(seconds(ours))
        peer.append(theirs())
    return statistics.median(mine), statistics.median(peer)


runs = []


def report(name, unit, mine, peer, peer_name=PEER, more_is_better=False):
    ratio = mine / peer if more_is_better else peer / mine
    runs.append(
        {"name": name, "unit": unit, "yunei": round(mine, 3), "peer": round(peer, 3), "peer_name": peer_name, "ratio": round(ratio, 3)}
    )
    print(f"  measured: {name}", file=sys.stderr, flush=True)


def measure_load():
    megabytes = os.path.getsize(TABLE) / 1e6
    mine, peer = [], []
    for _ in range(LOADS):
        mine.append(seconds(lambda: yunei("table", "load", "visit", TABLE)))
        peer.append(peer_load())
    mine, peer = statistics.median(mine), statistics.median(peer)
    report(f"load {ROWS:,} rows, bytes", "MB/s", megabytes / mine, megabytes / peer, f"{PEER}, CREATE TABLE AS read_csv", True)
    report(f"load {ROWS:,} rows, rows", "rows/s", ROWS / mine, ROWS / peer, f"{PEER}, CREATE TABLE AS read_csv", True)


CHILD_PEAK = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
PEER_LOAD = "import duckdb,sys; c=duckdb.connect(sys.argv[1], config={'threads':%d}); c.execute('CREATE OR REPLACE TABLE visit AS ' + sys.argv[2]); c.execute('CHECKPOINT')" % THREADS


def peak_mebibytes(*arguments):
    """Largest resident size of a command and of the processes it waited for."""
    done = subprocess.run([sys.executable, "-c", CHILD_PEAK, *arguments], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024


def measure_load_memory():
    mine = peak_mebibytes(os.path.join(BINARIES, "yunei"), "table", "load", "visit", TABLE)
    peer = peak_mebibytes(sys.executable, "-c", PEER_LOAD, DATABASE + ".memory", READ)
    report(f"load {ROWS:,} rows, peak memory", "MiB", mine, peer, f"{PEER}, a process with the load")


def measure_query():
    connection = connect()
    groups, withheld = compare_answers(connection)
    print(f"  same answers: {groups} groups, {withheld} cells withheld", file=sys.stderr)
    mine, plain, protected = [], [], []
    for _ in range(ROUNDS):
        mine += in_process("query", RUNS_PER_ROUND)
        plain += peer_runs(connection, QUERY, RUNS_PER_ROUND)
        protected += peer_runs(connection, PROTECTED, RUNS_PER_ROUND)
    median = statistics.median
    name = "COUNT, SUM, COUNT DISTINCT per hospital, threshold and dominance, decrypted on each run"
    report(name + ", beside the plain query", "ms", 1000 * median(mine), 1000 * median(plain), PEER)
    report(name + ", beside the same protection", "ms", 1000 * median(mine), 1000 * median(protected), f"{PEER}, rules written in SQL")
    connection.close()
    mine, peer = in_turns(lambda: yunei("job", "run", "bench", "--as", "operator"), lambda: peer_process(QUERY))
    report("the same as a whole job (yunei job run: passphrase, log, executor, receipt)", "ms", 1000 * mine, 1000 * peer, f"{PEER}, a process with the query")


def measure_check():
    connection = connect()
    mine, peer = [], []
    for _ in range(ROUNDS):
        mine += in_process("check", RUNS_PER_ROUND)
        peer += peer_runs(connection, "EXPLAIN " + QUERY, RUNS_PER_ROUND)
    report("product check, in process", "ms", 1000 * statistics.median(mine), 1000 * statistics.median(peer), f"{PEER}, EXPLAIN")
    connection.close()
    mine, peer = in_turns(lambda: yunei("product", "check", PRODUCT), lambda: peer_process("EXPLAIN " + QUERY))
    report("product check, whole command", "ms", 1000 * mine, 1000 * peer, f"{PEER}, a process with EXPLAIN")


def main():
    measure_load()
    measure_load_memory()
    yunei("product", "submit", PRODUCT, "--as", "operator")
    yunei("product", "approve", "bench")
    measure_query()
    measure_check()
    path = os.path.join(PLACE, "latest.json")
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump({"runs": runs}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    os.replace(path + ".part", path)
    print(f"\n{'yunei':>12} {'peer':>12}  {'unit':<7}{'ratio':>7}  what, beside what")
    for run in runs:
        print(f"{run['yunei']:>12,.2f} {run['peer']:>12,.2f}  {run['unit']:<7}{run['ratio']:>7.2f}  {run['name']}  |  {run['peer_name']}")
    print(f"\nA ratio above 1 means that Yunei is ahead. Written to {path}")


main()
