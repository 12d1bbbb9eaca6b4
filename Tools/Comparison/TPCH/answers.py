# SPDX-License-Identifier: Apache-2.0
"""Writes Tests/TPCH/Answers/NN.tsv. answers.py CSV-FOLDER

The answers are those of PostgreSQL 15, which `psql` reaches by the usual variables (collation C). DuckDB must agree on each value and on
the order of rows, else nothing is written. DuckDB has averages and quotients as doubles: there, fifteen digits must agree."""

import decimal
import os
import subprocess
import sys

import duckdb

from tables import HERE, TABLES, columns, fill, query

FOLDER = sys.argv[1]
TESTS = os.path.join(HERE, "..", "..", "..", "Tests", "TPCH")
DIGITS = decimal.Decimal("1e-14")


def psql(script):
    """Rows as texts; tabs stand between values, and no text of TPC-H has one."""
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-f", "-"], input=script, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


def fill_postgresql():
    for table in TABLES:
        types = ", ".join(f"{name} {type}" for name, type in columns(table).items())
        path = os.path.abspath(os.path.join(FOLDER, f"{table}.csv"))
        psql(f"CREATE TABLE {table} ({types});\n\\copy {table} FROM '{path}' WITH (FORMAT csv, HEADER true)\nANALYZE {table};\n")


def agrees(text, value):
    """One value of PostgreSQL beside DuckDB's."""
    if value is None:
        return text == "\\N"
    if isinstance(value, float):
        mine, other = decimal.Decimal(text), decimal.Decimal(value)
        return abs(mine - other) <= DIGITS * max(abs(mine), abs(other))
    if isinstance(value, (int, decimal.Decimal)):
        return decimal.Decimal(text) == value
    return text == str(value)


def main():
    fill_postgresql()
    connection = duckdb.connect()
    fill(connection, FOLDER)
    for number in range(1, 23):
        statement = query(os.path.join(TESTS, "Queries"), number)
        rows = psql(f"\\pset null '\\\\N'\n{statement};\n")
        others = connection.execute(statement).fetchall()
        if len(rows) != len(others) or not all(
            len(row) == len(other) and all(map(agrees, row, other)) for row, other in zip(rows, others)
        ):
            sys.exit(f"{number:02}: PostgreSQL and DuckDB give different answers ({len(rows)} and {len(others)} rows)")
        with open(os.path.join(TESTS, "Answers", f"{number:02}.tsv"), "w", encoding="utf-8") as file:
            file.writelines("\t".join(row) + "\n" for row in rows)
        print(f"{number:02}: {len(rows)} rows")


main()
