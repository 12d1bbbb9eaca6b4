# SPDX-License-Identifier: Apache-2.0
"""How time and memory grow with the rows of workload P: one size per call. slope.py VISITS.csv PERSONS.csv ROWS

Milliseconds per million rows are reported beside those of the size before, memory beside the bound of 2 GiB. A ratio of 1 means linear."""

import json
import os
import statistics
import sys

from common import *

VISITS, PERSONS, ROWS = sys.argv[1], sys.argv[2], int(sys.argv[3])
BOUND_MEBIBYTES = 2048
RUNS = 3
# Milliseconds per million rows of the sizes measured before in this run of Tools/bench.
BEFORE = os.path.join(PLACE, "slope.json")

STATEMENTS = {
    "P1": "SELECT 医疗机构, COUNT(*) AS visits, SUM(总费用) AS total, COUNT(DISTINCT 患者索引) AS persons FROM visit GROUP BY 医疗机构",
    "P4": "SELECT 疾病编码, 医疗机构, COUNT(*) AS visits, AVG(总费用) AS mean FROM visit GROUP BY 疾病编码, 医疗机构",
    "P5": "SELECT p.区县, date_trunc('month', v.就诊日期) AS month, COUNT(DISTINCT v.患者索引) AS persons, SUM(v.总费用) AS total "
    "FROM visit v JOIN person p ON v.患者索引 = p.患者索引 GROUP BY 1, 2",
}


def measured(*arguments):
    """Seconds of a command, seconds of processors, and the largest resident size in MiB of it and the processes it waited for."""
    before, peak = os.times(), []
    taken = seconds(lambda: peak.append(peak_mebibytes(os.path.join(BINARIES, "yunei"), *arguments)))
    after = os.times()
    return taken, after.children_user + after.children_system - before.children_user - before.children_system, peak[0]


def known():
    if not os.path.exists(BEFORE):
        return {}
    with open(BEFORE, encoding="utf-8") as file:
        return json.load(file)


def main():
    before, now = known(), {}

    def grow(name, taken):
        now[name] = taken * 1000 / ROWS * 1e6
        report(f"{name}, {ROWS:,} rows", "ms/M rows", now[name], before.get(name, now[name]), "Yunei, the size before")

    def bounded(name, peak):
        report(f"{name}, {ROWS:,} rows, peak memory", "MiB", peak, BOUND_MEBIBYTES, "the bound")

    yunei("table", "load", "person", PERSONS)
    taken, processors, peak = measured("table", "load", "visit", VISITS)
    speed = os.path.getsize(VISITS) / 1e6 / taken
    print(f"  loaded {ROWS:,} rows in {taken:.1f} s, {processors:.1f} s of processors, {speed:.0f} MB/s", file=sys.stderr, flush=True)
    grow("load", taken)
    grow("load, processors", processors)
    bounded("load", peak)
    for name, statement in STATEMENTS.items():
        path = product(name, statement)
        _, _, peak = measured("job", "run", name, "--as", "operator")
        grow(name, statistics.median(in_process("query", path, RUNS)))
        bounded(name, peak)
    with open(BEFORE, "w", encoding="utf-8") as file:
        json.dump(now, file)
    write()


main()
