# SPDX-License-Identifier: Apache-2.0
"""Writes test files whose answers come from PostgreSQL, never from Yunei."""
import decimal
import os
import re
import subprocess

SEPARATOR = "\x1f"


class Peer:
    """A PostgreSQL that `psql` reaches by the usual variables (PGHOST, PGUSER, …)."""

    def run(self, setup, queries):
        """For each query (types, rows) or an error's text."""
        script = ["\\set QUIET on", "\\set ON_ERROR_STOP off", "DROP SCHEMA IF EXISTS corpus CASCADE;", "CREATE SCHEMA corpus;"]
        script += ["SET search_path TO corpus;", "SET intervalstyle TO iso_8601;", "\\pset null '\\\\N'"]
        script += [self.statement(sql) + ";" for sql in setup]
        for number, sql in enumerate(queries):
            script += [f"\\echo @types {number}", sql + " \\gdesc", f"\\echo @rows {number}", sql + ";", "\\echo @end"]
        done = subprocess.run(
            ["psql", "-X", "-A", "-t", "-F", SEPARATOR, "-f", "-"], input="\n".join(script), capture_output=True, text=True,
            env={**os.environ, "PGOPTIONS": "-c client_min_messages=error -c extra_float_digits=1"})
        answers = [None] * len(queries)
        place, types, rows = None, [], []
        for line in done.stdout.split("\n"):
            if match := re.match(r"@types (\d+)$", line):
                place, types, rows, part = int(match[1]), [], [], "types"
            elif re.match(r"@rows \d+$", line):
                part = "rows"
            elif line == "@end":
                answers[place] = (types, rows) if types else None
                place = None
            elif place is not None:
                (types if part == "types" else rows).append(line.split(SEPARATOR))
        failed = re.findall(r"<stdin>:(\d+): ERROR:  (.*)", done.stderr)
        errors = {}
        lines = "\n".join(script).split("\n")
        for number, message in failed:
            above = [line for line in lines[: int(number)] if re.match(r"@?\\echo @(types|rows) ", line)]
            if above:
                errors[int(above[-1].split()[-1])] = message
            else:
                raise SystemExit(f"setup: {message}")
        return [errors.get(number, answer) for number, answer in enumerate(answers)]

    @staticmethod
    def statement(sql):
        """Integers are 64 bits wide in Yunei."""
        return re.sub(r"\b(INTEGER|INT)\b", "BIGINT", sql) if sql.startswith("CREATE") else sql


class File:
    def __init__(self, name, title, setup):
        self.name, self.title, self.setup, self.records = name, title, setup, []

    def note(self, text):
        self.records.append(("note", text))

    def ask(self, *queries, sort=None):
        for sql in queries:
            self.records.append(("ask", sql.strip(), sort))

    def refuse(self, code, *queries):
        for sql in queries:
            self.records.append(("refuse", sql.strip(), code))

    def hand(self, why, sql, types, *rows):
        """An answer of our own documents, where they differ from PostgreSQL."""
        self.records.append(("hand", sql.strip(), types, rows, why))

    def write(self, folder, peer):
        asked = [record[1] for record in self.records if record[0] == "ask"]
        results = peer.run(self.setup, asked)
        failed = [(sql, answer) for sql, answer in zip(asked, results) if answer is None or isinstance(answer, str)]
        if failed:
            raise SystemExit("\n".join(f"{self.name}: {sql}\n  {answer}" for sql, answer in failed))
        answers = iter(results)
        lines = ["# SPDX-License-Identifier: Apache-2.0", f"# {self.title}", "# Answers by PostgreSQL 15 unless a comment says otherwise.", ""]
        for sql in self.setup:
            lines += ["statement ok", sql, ""]
        count = 0
        for record in self.records:
            if record[0] == "note":
                lines += ["# " + record[1], ""]
                continue
            count += 1
            if record[0] == "refuse":
                lines += [f"query error {record[2]}", record[1], ""]
            elif record[0] == "hand":
                lines += ["# By hand: " + record[4], f"query {record[2]} rowsort", record[1], "----"]
                lines += ["\t".join(row) for row in record[3]] + [""]
            else:
                lines += self.answered(record, next(answers))
        path = os.path.join(folder, self.name + ".slt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
        print(f"{self.name}: {count}")
        return count

    def answered(self, record, answer):
        _, sql, sort = record
        types, rows = answer
        kinds = [kind for _, kind in types]
        letters = []
        for column, kind in enumerate(kinds):
            long = any("." in row[column] and len(row[column].split(".")[1]) > 10 for row in rows if kind == "numeric")
            letters.append("I" if kind in ("bigint", "integer", "smallint") else "R" if long else "T")
        shown = [[value(row[c], kinds[c], letters[c]) for c in range(len(kinds))] for row in rows]
        if sort is None:
            # An ORDER BY at the end of the whole query.
            outer = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", sql)))
            sort = "nosort" if re.search(r"\bORDER BY\b", outer) else "rowsort"
        if sort == "rowsort":
            shown.sort(key=lambda row: [cell.encode() for cell in row])
        return [f"query {''.join(letters)} {sort}", sql, "----"] + ["\t".join(row) for row in shown] + [""]


def value(text, kind, letter):
    if text == "\\N":
        return "NULL"
    if kind == "boolean":
        return "true" if text == "t" else "false"
    if kind == "double precision":
        return "%.12g" % (float(text) + 0.0)
    if letter == "R":
        return str(decimal.Decimal(text).quantize(decimal.Decimal("0.001"), decimal.ROUND_HALF_UP))
    return text if text else "(empty)"
