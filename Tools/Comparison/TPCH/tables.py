# SPDX-License-Identifier: Apache-2.0
"""The eight tables of TPC-H as the policies of this folder declare them."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]


def columns(table):
    """Names and types."""
    found = {}
    with open(os.path.join(HERE, f"{table}.yaml"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("  "):
                name, rest = line.strip().split(": {", 1)
                type = rest.split("type: ")[1].split(" }")[0].split(", format")[0].strip('"')
                found[name] = {"int64": "BIGINT", "text": "VARCHAR", "date": "DATE"}.get(type, type.upper())
    return found


def fill(connection, folder):
    """Makes the tables in a DuckDB from the files of tpchgen-cli."""
    for table in TABLES:
        path = os.path.join(folder, f"{table}.csv")
        types = ", ".join(f"'{name}': '{type}'" for name, type in columns(table).items())
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{path}', header=true, quote='\"', escape='\"', columns={{{types}}})")


def query(folder, number):
    with open(os.path.join(folder, f"{number:02}.sql"), encoding="utf-8") as file:
        return file.read().strip().rstrip(";")
