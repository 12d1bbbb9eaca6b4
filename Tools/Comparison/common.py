# SPDX-License-Identifier: Apache-2.0
"""What the measurements share: running both sides, and the table of results. Tools/bench sets the environment."""

import json
import os
import statistics
import subprocess
import sys
import time

import duckdb

BINARIES = os.environ["BENCH_BINARIES"]
PLACE = os.environ["BENCH_PLACE"]
HERE = os.path.dirname(os.path.abspath(__file__))
THREADS = 2
PEER = f"DuckDB {duckdb.__version__}, plaintext, {THREADS} threads"
PEER_PROCESS = (
    "import duckdb,sys; c=duckdb.connect(sys.argv[1], read_only=True, config={'threads':%d}); print(c.execute(sys.argv[2]).fetchall())" % THREADS
)
CHILD_PEAK = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"

runs = []


def fail(message):
    sys.exit(f"Tools/bench: FAILED: {message}")


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(program, *arguments):
    done = subprocess.run([os.path.join(BINARIES, program), *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{program} {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def yunei(*arguments):
    return command("yunei", *arguments)


PHASES = ["decrypt", "decode", "compute", "merge", "rest"]


def measured(kind, product, count):
    """What yunei-bench says of each run inside one process: seconds, and where they went; the first run warms up and is dropped."""
    lines = command("yunei-bench", kind, "--domain", os.environ["YUNEI_DOMAIN"], "--runs", str(count + 1), "--product", product).splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")][1:]


def in_process(kind, product, count):
    return [run["seconds"] for run in measured(kind, product, count)]


def phases(measurements):
    """Milliseconds in each phase: medians."""
    return {phase: round(1000 * statistics.median(run[phase] for run in measurements), 3) for phase in PHASES}


def connect(database):
    return duckdb.connect(database, config={"threads": THREADS})


def peer_runs(connection, statement, count):
    """The first run warms up and is dropped."""
    connection.execute(statement).fetchall()
    return [seconds(lambda: connection.execute(statement).fetchall()) for _ in range(count)]


def peer_process(database, statement):
    return seconds(
        lambda: subprocess.run([sys.executable, "-c", PEER_PROCESS, database, statement], check=True, stdout=subprocess.DEVNULL)
    )


def peak_mebibytes(*arguments):
    """Largest resident size of a command and of the processes it waited for."""
    done = subprocess.run([sys.executable, "-c", CHILD_PEAK, *arguments], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024


def peak_of_query(product):
    """Peak resident sizes of the executor that runs a query once, and of the control process that starts it."""
    lines = command("yunei-bench", "query", "--domain", os.environ["YUNEI_DOMAIN"], "--runs", "1", "--product", product).splitlines()
    executor = [json.loads(line)["peakKibibytes"] for line in lines if line.startswith("{")]
    control = [int(line.split()[-2]) for line in lines if line.startswith("control process: peak ")]
    return executor[-1] / 1024, control[-1] / 1024


def peak_of_peer(database, statement):
    return peak_mebibytes(sys.executable, "-c", PEER_PROCESS, database, statement)


def remove_database(database):
    for ending in ("", ".wal"):
        if os.path.exists(database + ending):
            os.remove(database + ending)


def report(name, unit, mine, peer, peer_name=PEER, more_is_better=False, where=None):
    """`where`: milliseconds of ours in each phase."""
    ratio = mine / peer if more_is_better else peer / mine
    run = {"name": name, "unit": unit, "yunei": round(mine, 3), "peer": round(peer, 3), "peer_name": peer_name, "ratio": round(ratio, 3)}
    if where:
        run["phases"] = where
    runs.append(run)
    print(f"  measured: {name}  {mine:,.2f} beside {peer:,.2f} {unit}, ratio {ratio:.2f}", file=sys.stderr, flush=True)


def report_peaks(all_names, names, peaks, scale):
    """Peak memory of the process that runs one query, and the largest. The control process, which opens the passphrase and reads the
    job's plan but no row, stands in a line of its own."""
    peer = f"{PEER}, {scale}, a process with the query"
    for name, ((executor, _), other) in zip(names, peaks):
        report(f"{name}, peak memory of the executor", "MiB", executor, other, peer)
    largest = max(other for _, other in peaks)
    report(f"{all_names}, peak memory of the executor, the largest", "MiB", max(executor for (executor, _), _ in peaks), largest, peer)
    report(f"{all_names}, peak memory of the control process, the largest", "MiB", max(control for (_, control), _ in peaks), largest, peer)


def geometric_mean(values):
    return statistics.geometric_mean(values)


def product(name, statement):
    """Submits and signs a product with this statement; gives its file."""
    path = os.path.join(PLACE, f"{name}.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"product: {name}\nform: 数据集\ncategory: 公共治理、公益事业\npurpose: measuring\nrecipients: [bench]\nsql: |\n")
        file.writelines(f"  {line}\n" for line in statement.strip().splitlines())
    yunei("product", "submit", path, "--as", "operator")
    yunei("product", "approve", name)
    return path


def write():
    """Merges this measurement's runs into the results of the run of Tools/bench under way."""
    path = os.path.join(PLACE, "latest.json")
    known = []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            known = json.load(file)["runs"]
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump({"runs": known + runs}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    os.replace(path + ".part", path)
