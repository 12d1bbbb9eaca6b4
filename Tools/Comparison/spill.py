# SPDX-License-Identifier: Apache-2.0
"""TPC-H with less and less memory for a job, down to what makes joins and groupings spill. spill.py CSV-FOLDER SCALE QUERIES-FOLDER

The authority's baseline lowers the memory. Every answer is compared with DuckDB's; a query that cannot be answered in so little memory must
say so with its one code. Seconds are those of the whole command."""

import os
import subprocess
import sys

from common import *
from TPCH.both import compare_answers, load, make_database
from TPCH.tables import query

FOLDER, SCALE, QUERIES = sys.argv[1], sys.argv[2], sys.argv[3]
DATABASE = os.path.join(PLACE, f"tpch-{SCALE}.db")
MEBIBYTES = [2048, 64, 32, 16]
EXHAUSTED = "engine.resource-exhausted"


def lower(mebibytes):
    path = os.path.join(PLACE, "baseline.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"baseline: bench@{mebibytes}\nfloors: {{ core: forbidden }}\njob_memory: {mebibytes}\n")
    yunei("policy", "apply", path)


def is_exhausted(name):
    done = subprocess.run(
        [os.path.join(BINARIES, "yunei"), "job", "run", name, "--as", "operator", "--json"], capture_output=True, text=True)
    return done.returncode != 0 and EXHAUSTED in done.stdout + done.stderr


def main():
    make_database(DATABASE, FOLDER)
    load(FOLDER, SCALE)
    connection = connect(DATABASE)
    whole, refused = {}, []
    for mebibytes in MEBIBYTES:
        lower(mebibytes)
        for number in range(1, 23):
            name, statement = f"TPCH-{number:02}-{mebibytes}", query(QUERIES, number)
            product(name, statement)
            if mebibytes < MEBIBYTES[0] and is_exhausted(name):
                refused.append(name)
                print(f"  {name}: {EXHAUSTED}", file=sys.stderr, flush=True)
                continue
            taken = seconds(lambda: compare_answers(connection, name, statement))
            whole.setdefault(number, taken)
            report(f"TPCH-{number:02} in {mebibytes} MiB", "s", taken, whole[number], f"Yunei in {MEBIBYTES[0]} MiB, same answer as DuckDB's")
    print(f"  {len(refused)} of {22 * (len(MEBIBYTES) - 1)} could not be answered in so little memory: {', '.join(refused) or 'none'}", file=sys.stderr)
    write()


main()
