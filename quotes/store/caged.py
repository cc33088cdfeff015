"""Answers one query in a process of its own, which nothing that the query does outlives: run as a script by sql.py.

DuckDB's own limits do not hold everywhere. A single call such as ``levenshtein(repeat('a', 200000), ...)`` cannot be
interrupted, strings and lists may be made outside the memory that is counted, and some calls end the whole process.
So the system sets the limits here: on memory, on the time of the processor, and on the time of the clock.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import sys
import threading
from typing import Any, BinaryIO

import duckdb

MEMORY = "1GB"
"""What DuckDB may use of its own counting; the process as a whole, three times that."""
THREADS = min(4, os.cpu_count() or 1)
GRACE = 1.0
"""Seconds after which a query that does not let itself be interrupted is ended with its process."""
ROWS_AT_ONCE = 100
QUESTIONS = frozenset(("SELECT", "EXPLAIN", "CREATE"))
"""The kinds of statements that are let through; DuckDB makes PIVOT a CREATE and a SELECT, and refuses any other."""


def cage(connection: duckdb.DuckDBPyConnection) -> None:
    """Shut a read-only connection off from files, the network, extensions and its own settings.

    It also holds for all other connections of this process to the same file while this one is open. What was
    caged already stays so.
    """
    row = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
    if row == (True,):
        return
    # Without a place to spill to, a query that needs more than the memory fails instead of filling the disk.
    connection.execute("SET temp_directory = ''")
    connection.execute("SET enable_external_access = false")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET lock_configuration = true")


def main(given: BinaryIO, out: BinaryIO) -> None:
    """Answer the query that stands in JSON on standard input, by pickles on standard output.

    The first is the list of columns, each further one a list of rows, the last whether there were more; or the last is
    ``{"error": ..., "late": ...}``, in DuckDB's words.
    """
    asked = json.load(given)
    seconds: float = asked["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cpu = int((seconds + GRACE) * THREADS) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    try:
        connection = duckdb.connect(asked["path"], read_only=True)
        for statement in asked["before"]:
            connection.execute(statement)
        cage(connection)
        watch = threading.Timer(seconds, connection.interrupt)
        watch.daemon = True
        watch.start()
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)  # whose signal ends the process
        _answer(connection, asked, out)
    except duckdb.InterruptException:
        pickle.dump({"error": "", "late": True}, out)
    except duckdb.Error as error:
        pickle.dump({"error": str(error), "late": False}, out)
    except MemoryError:
        pickle.dump({"error": "Out of Memory Error: the result does not fit.", "late": False}, out)
    out.flush()


def _answer(connection: duckdb.DuckDBPyConnection, asked: dict[str, Any], out: BinaryIO) -> None:
    answer = None
    for statement in connection.extract_statements(asked["query"]):
        kind = statement.type.name
        if kind not in QUESTIONS:
            problem = f"Only questions are answered here, since the database is read-only: {kind} is none."
            pickle.dump({"error": problem, "late": False}, out)
            return
        answer = connection.execute(statement)
    columns = [column[0] for column in answer.description or ()] if answer is not None else []
    pickle.dump(columns, out)
    left, space = asked["rows"], asked["bytes"]
    while answer is not None and left > 0:
        rows = answer.fetchmany(min(left, ROWS_AT_ONCE))
        if not rows:
            break
        data = pickle.dumps(rows)
        space -= len(data)
        if space < 0:
            pickle.dump(True, out)
            return
        out.write(data)
        left -= len(rows)
    pickle.dump(answer is not None and left == 0 and bool(answer.fetchmany(1)), out)


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
