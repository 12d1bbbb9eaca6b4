# SPDX-License-Identifier: Apache-2.0
"""Writes Tests/SQLLogic/*.slt. Needs a PostgreSQL 15 with collation C and the character classes of UTF-8."""
import importlib
import os
import sys

from corpus import Peer

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "Tests", "SQLLogic")
peer, total = Peer(), 0
for module in ["topics_rows", "topics_values", "topics_groups", "topics_joins"]:
    for file in importlib.import_module(module).files():
        if len(sys.argv) == 1 or file.name in sys.argv[1:]:
            total += file.write(folder, peer)
print(f"{total} checks")
