# SPDX-License-Identifier: Apache-2.0
"""How long checks take, by the size of the statement: yunei-bench checks. checks.py POLICIES

Reported beside the aims: median 1 ms, 99th percentile 5 ms, time that grows no faster than the number of lines (exponent 1)."""

import json
import math
import statistics
import sys

from common import *

RUNS = 200


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, math.ceil(share * len(times)) - 1)]


def exponent(sizes):
    """Of the power of the number of lines by which the median grows, least squares over statements of 50 lines and more."""
    points = [(math.log(lines), math.log(statistics.median(times))) for lines, times in sizes if lines >= 50]
    middle = statistics.fmean(x for x, _ in points)
    height = statistics.fmean(y for _, y in points)
    return sum((x - middle) * (y - height) for x, y in points) / sum((x - middle) ** 2 for x, _ in points)


def main():
    lines = command("yunei-bench", "checks", "--policies", sys.argv[1], "--runs", str(RUNS)).splitlines()
    found = [json.loads(line) for line in lines]
    for refused, name in ((False, "CHECK"), (True, "CHECK-CHANGES")):
        runs_of = [run for run in found if run["refused"] == refused]
        times = [time / 1e6 for run in runs_of for time in run["nanoseconds"]]
        what = "a refused statement with every change tried" if refused else "a statement of 5 to 200 lines"
        print(f"  {name}: {what}, {len(runs_of)} statements, {len(times)} checks", file=sys.stderr)
        report(f"{name}-MEDIAN", "ms", statistics.median(times), 1.0, "the aim")
        report(f"{name}-P99", "ms", percentile(times, 0.99), 5.0, "the aim")
        slopes = {}
        for form in sorted({run["form"] for run in runs_of}):
            slopes[form] = exponent([(run["lines"], run["nanoseconds"]) for run in runs_of if run["form"] == form])
            longest = [run for run in runs_of if run["form"] == form][-1]
            print(f"  {form}: exponent {slopes[form]:.2f}, {longest['lines']} lines {statistics.median(longest['nanoseconds']) / 1e6:.3f} ms", file=sys.stderr)
        report(f"{name}-SLOPE", "power", max(slopes.values()), 1.0, "linear")
    write()


main()
