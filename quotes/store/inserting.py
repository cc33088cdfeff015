"""Putting rows into tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]], on_conflict: str = ""
) -> None:
    """Insert rows, handed over as a table of Arrow.

    DuckDB takes a quarter of the time that a long list of VALUES costs, and a fortieth of that of its executemany.

    Args:
        connection: open for writing, in a transaction.
        table: the table's name; like ``on_conflict``, it is the program's own.
        rows: values by the names of their columns, the same in each row.
        on_conflict: what becomes of rows that are there.

    Raises:
        UnicodeError: a text is none that UTF-8 can hold.
        duckdb.Error: DuckDB refuses a row.
    """
    if rows:
        connection.register("given", pa.Table.from_pylist(list(rows)))
        connection.execute(f"INSERT INTO {table} BY NAME FROM given {on_conflict}")
        connection.unregister("given")
