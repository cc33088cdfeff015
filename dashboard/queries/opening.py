"""Opening the database for one piece of work."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from quotes.store.sql import Result, run_query
from quotes.store.store import reading

WAIT = 10.0
"""How long a page waits for a database that another process has locked, in seconds."""

SECONDS = 10.0
"""How long a user's own query may run."""
MAX_BYTES = 2**25
"""How large its result may be: a browser must hold it too."""


def database() -> Path:
    """Name the database: ``QUOTES_DATABASE``, else ``quotes.duckdb``."""
    return Path(os.environ.get("QUOTES_DATABASE", "quotes.duckdb"))


def opened() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the database named by ``QUOTES_DATABASE`` (default ``quotes.duckdb``) for one piece of work.

    Returns:
        A context manager that gives a read-only connection and closes it at the end.

    Raises:
        StoreError: the file is missing or cannot be used; ``StoreBusyError`` where another process keeps it locked.
    """
    return reading(database(), WAIT)


def ask(query: str, rows: int) -> Result:
    """Run a user's own query in the cage of :mod:`quotes.store.sql`.

    Args:
        query: SQL in DuckDB's dialect.
        rows: how many rows to fetch at most.

    Raises:
        QueryError: DuckDB refused the query, in its words, or the time ran out.
        StoreError: the database cannot be used.
    """
    return run_query(database(), query, WAIT, rows, SECONDS, MAX_BYTES)
