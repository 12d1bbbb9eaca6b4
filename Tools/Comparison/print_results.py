# SPDX-License-Identifier: Apache-2.0
"""Prints the results of a run as a table."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    runs = json.load(file)["runs"]
print(f"\n{'yunei':>12} {'peer':>12}  {'unit':<7}{'ratio':>7}  what, beside what")
for run in runs:
    print(f"{run['yunei']:>12,.2f} {run['peer']:>12,.2f}  {run['unit']:<7}{run['ratio']:>7.2f}  {run['name']}  |  {run['peer_name']}")
print(f"\nA ratio above 1 means that Yunei is ahead. Written to {sys.argv[1]}")
