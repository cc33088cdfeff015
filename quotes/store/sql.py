"""A user's own SQL, in a cage: it reads this one file, writes nothing, reaches no other file, and ends in time."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from quotes.errors import QueryError
from quotes.store.store import reading

SECONDS = 30.0
MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: the names of its columns, its rows, and whether there were more rows than asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool


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
    connection.execute("SET lock_configuration = true")


def run_query(path: Path, query: str, wait: float, max_rows: int, seconds: float = SECONDS) -> Result:
    """Run a user's query on the tracker's file, in the cage.

    Args:
        path: the DuckDB file.
        query: SQL in DuckDB's dialect; of several statements, the last one's rows count.
        wait: how long to try while another process writes to the file, in seconds.
        max_rows: how many rows to fetch at most.
        seconds: how long the query may run.

    Returns:
        Its columns and rows.

    Raises:
        QueryError: DuckDB refused the query, in its words, or the time ran out.
        StoreError: the file cannot be read.
    """
    with reading(path, wait) as connection:
        cage(connection)
        watch = threading.Timer(seconds, connection.interrupt)
        watch.daemon = True
        watch.start()
        try:
            answer = connection.execute(query)
            if answer is None or answer.description is None:  # what DuckDB's Python client gives for nothing but blanks
                raise QueryError("There is no query in this.", 'Try "select speaker, text from statements_view".')
            columns = tuple(column[0] for column in answer.description)
            rows = answer.fetchmany(max_rows + 1)
        except duckdb.InterruptException as error:
            raise QueryError(
                f"The query was stopped after {seconds:g} seconds.", "Narrow it down, for example with WHERE."
            ) from error
        except duckdb.Error as error:
            problem, found, place = str(error).partition("\n\nLINE ")
            raise QueryError(
                problem,
                'See what there is: `quotes sql "show tables"`, `quotes sql "describe statements_view"`.',
                f"LINE {place}" if found else "",
            ) from error
        finally:
            watch.cancel()
    return Result(columns, tuple(rows[:max_rows]), len(rows) > max_rows)
