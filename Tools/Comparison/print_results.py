# SPDX-License-Identifier: Apache-2.0
"""Prints the results of a run as a table."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    runs = json.load(file)["runs"]
print(f"\n{'yunei':>12} {'peer':>12}  {'unit':<7}{'ratio':>7}  what, beside what")
for run in runs:
    print(f"{run['yunei']:>12,.2f} {run['peer']:>12,.2f}  {run['unit']:<7}{run['ratio']:>7.2f}  {run['name']}  |  {run['peer_name']}")
measured = [run for run in runs if "phases" in run]
if measured:
    names = list(measured[0]["phases"])
    print("\n" + "".join(f"{name:>10}" for name in names) + "  where Yunei's time goes, ms: decrypt (read and authenticate), decode, compute (scan to sink),")
    print(" " * 10 * len(names) + "  merge (workers' results, join tables, orders, windows), rest (check, gate, result)")
    for run in measured:
        print("".join(f"{run['phases'][name]:>10,.1f}" for name in names) + f"  {run['name']}")
print(f"\nA ratio above 1 means that Yunei is ahead. Written to {sys.argv[1]}")
