"""Which version of the schema a file has, and how an older one becomes the present one."""

from __future__ import annotations

from pathlib import Path

import duckdb

from quotes.errors import StoreError
from quotes.store.transactions import transaction

SCHEMA_VERSION = 3
"""What schema.sql, views.sql and macros.sql make. Whoever changes one adds one, and a file ``migrations/NNN.sql`` that
brings the tables of the version before to version NNN (empty where only views or macros changed)."""

HERE = Path(__file__).parent
MIGRATIONS = HERE / "migrations"


def prepare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring a file that is open for writing to the present version, in one transaction: all of it or nothing.

    Args:
        connection: open for writing.
        path: the file, for messages.

    Raises:
        StoreError: the file belongs to something else, is newer than this program, or is too old for it.
    """
    found = _version(connection)
    if found == SCHEMA_VERSION:
        return
    if found is None and _tables(connection):
        raise _foreign(path)
    if found is not None and found > SCHEMA_VERSION:
        raise _newer(path, found)
    if found is None:
        steps = [HERE / "schema.sql"]
    else:
        steps = [MIGRATIONS / f"{version:03}.sql" for version in range(found + 1, SCHEMA_VERSION + 1)]
    if not all(step.exists() for step in steps):
        raise StoreError(
            f"{path} has version {found} of the schema, which this program no longer understands.",
            "Move the file away and ingest the articles again.",
        )
    with transaction(connection):
        for step in [*steps, HERE / "views.sql", HERE / "macros.sql"]:
            connection.execute(step.read_text(encoding="utf8"))
        connection.execute("UPDATE schema_version SET version = ?", [SCHEMA_VERSION])


def check(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make sure that a file that is open for reading has the present version.

    Args:
        connection: open for reading.
        path: the file, for messages.

    Raises:
        StoreError: it has not; the message says what to do.
    """
    found = _version(connection)
    if found is None:
        raise _foreign(path)
    if found > SCHEMA_VERSION:
        raise _newer(path, found)
    if found < SCHEMA_VERSION:
        raise StoreError(
            f"{path} was made by an older version of quotes (schema {found}, now {SCHEMA_VERSION}).",
            f"Run `quotes status --database {path}` once, which brings it up to date.",
        )


def _version(connection: duckdb.DuckDBPyConnection) -> int | None:
    if "schema_version" not in _tables(connection):
        return None
    row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    return row[0] if row else None


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def _foreign(path: Path) -> StoreError:
    return StoreError(
        f"{path} is a DuckDB file, but not one of quotes.",
        "Name another with --database FILE; a new one is made by `quotes ingest`.",
    )


def _newer(path: Path, found: int) -> StoreError:
    return StoreError(
        f"{path} was made by a newer version of quotes (schema {found}, this one knows {SCHEMA_VERSION}).",
        "Upgrade with `pip install --upgrade quote-tracker`, or name another file with --database FILE.",
    )
