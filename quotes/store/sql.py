"""A user's own SQL, in a cage: it reads this one file, writes nothing, reaches no other file, and ends in time."""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotes.errors import QueryError
from quotes.store.caged import GRACE, cage
from quotes.store.registered import attaching
from quotes.store.store import reading

__all__ = ["Result", "cage", "run_query"]

SECONDS = 30.0
MAX_BYTES = 2**30
"""Bytes that a result may have, as Python writes it down (pickle)."""
AT_ONCE = 4
"""Queries that one process, such as the dashboard, answers at the same time: each may take up to three gigabytes."""
START = 30.0
"""Seconds that the process of a query may take to start, on a machine that is busy."""
CAGE = Path(__file__).with_name("caged.py")

_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: the names of its columns, its rows, and whether there were more rows than asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool


def run_query(
    path: Path, query: str, wait: float, max_rows: int, seconds: float = SECONDS, max_bytes: int = MAX_BYTES
) -> Result:
    """Run a user's query on the tracker's file, in the cage: a process of its own (:mod:`quotes.store.caged`).

    Args:
        path: the DuckDB file.
        query: SQL in DuckDB's dialect, which only asks; of several statements, the last one's rows count.
        wait: how long to try while another process writes to the file, in seconds.
        max_rows: how many rows to fetch at most.
        seconds: how long the query may run.
        max_bytes: how much to fetch at most.

    Returns:
        Its columns and rows.

    Raises:
        QueryError: DuckDB refused the query, in its words, or the time or the memory ran out.
        StoreError: the file cannot be read.
    """
    if not _turns.acquire(timeout=seconds):
        raise QueryError(f"{AT_ONCE} queries are running already.", "Try again when they are done.")
    try:
        with reading(path, wait) as connection:  # so that no writer takes the file before the other process opens it
            asked = {"path": str(path), "query": query, "seconds": seconds, "rows": max_rows, "bytes": max_bytes}
            asked["before"] = attaching(connection, path)
            code, out = _ask(asked, seconds)
    finally:
        _turns.release()
    return _result(code, out, seconds)


def _ask(asked: dict[str, object], seconds: float) -> tuple[int, bytes]:
    """Start the process, and make sure that it ends: by itself, or in the worst case by us."""
    with subprocess.Popen(
        [sys.executable, "-P", str(CAGE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C is ours to handle
        env=os.environ | {"MALLOC_ARENA_MAX": "2"},
    ) as process:
        try:
            out, _ = process.communicate(json.dumps(asked).encode(), START + seconds + GRACE)
        except subprocess.TimeoutExpired:
            return -signal.SIGALRM, b""
        finally:
            process.kill()
    return process.returncode, out


def _result(code: int, out: bytes, seconds: float) -> Result:
    parts = []
    stream = io.BytesIO(out)
    try:
        while True:
            parts.append(pickle.load(stream))
    except (EOFError, pickle.UnpicklingError):  # it may have been ended while it wrote
        pass
    last = parts[-1] if parts else None
    late = code in (-signal.SIGALRM, -signal.SIGXCPU)
    if late or (isinstance(last, dict) and last["late"]):
        raise QueryError(f"The query was stopped after {seconds:g} seconds.", "Narrow it down, for example with WHERE.")
    if isinstance(last, dict):
        problem, found, place = last["error"].partition("\n\nLINE ")
        raise QueryError(
            problem,
            'See what there is: `quotes sql "show tables"`, `quotes sql "describe statements_view"`.',
            f"LINE {place}" if found else "",
        )
    if code != 0 or not isinstance(last, bool):
        raise QueryError("DuckDB broke off in the middle of the query, perhaps for want of memory.", "Narrow it down.")
    columns, rows = parts[0], [row for some in parts[1:-1] for row in some]
    if not columns:  # what DuckDB's Python client gives for nothing but blanks
        raise QueryError("There is no query in this.", 'Try "select speaker, text from statements_view".')
    if last and not rows:
        raise QueryError("The first rows of the result are too large.", "Ask for fewer columns, or parts of them.")
    return Result(tuple(columns), tuple(rows), last)
