# SPDX-License-Identifier: Apache-2.0
"""Loading TPC-H on both sides, and whether both give the same answers."""

import decimal
import json
import os
import sys

from common import *
from TPCH.tables import TABLES, fill

# Averages have different scales on the two sides; sums of products are exact on both.
TOLERANCE = decimal.Decimal("0.005")


def make_database(database, folder):
    remove_database(database)
    connection = connect(database)
    fill(connection, folder)
    connection.execute("CHECKPOINT")
    connection.close()


def load(folder, scale):
    total, taken = 0, 0.0
    for table in TABLES:
        yunei("policy", "apply", os.path.join(HERE, "TPCH", f"{table}.yaml"))
        path = os.path.join(folder, f"{table}.csv")
        total += os.path.getsize(path)
        taken += seconds(lambda: yunei("table", "load", table, path))
    print(f"  loaded TPC-H scale {scale}: {total / 1e6 / taken:.0f} MB/s", file=sys.stderr, flush=True)


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
