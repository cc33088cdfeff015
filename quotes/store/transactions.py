"""Writing all of something or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Write all of it or, where anything goes wrong or the process dies, nothing.

    Args:
        connection: open for writing.

    Yields:
        Inside the transaction.
    """
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # where the disk is full, there may be none to roll back any more
            connection.rollback()
        raise
