"""Reads an export back into a tracker's file, row for row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from quotes.errors import ExportError
from quotes.store.migrations import SCHEMA_VERSION
from quotes.store.opening import FULL, copy_through, made_whole
from quotes.store.store import reading, writing
from quotes.store.transactions import transaction

LONGEST_ROW = 2**26
"""Bytes that a row of CSV or JSON may take: more than the longest article, however it is escaped."""

READERS: Mapping[str, str] = {
    "parquet": "read_parquet($files, hive_partitioning = false)",
    "csv": f"""read_csv($files, columns = $columns, auto_detect = false, header = true, delim = ',', quote = '"',
                        escape = '"', allow_quoted_nulls = false, max_line_size = {LONGEST_ROW}, parallel = false)""",
    "jsonl": f"""read_json($files, columns = $columns, format = 'newline_delimited',
                           maximum_object_size = {LONGEST_ROW})""",
}


def import_export(folder: Path, path: Path, wait: float) -> dict[str, int]:
    """Make a tracker's file of an export; a new file gets its name when it is whole.

    Args:
        folder: what :func:`quotes.store.export.export` made.
        path: the DuckDB file to fill; it may exist if no article is in it.
        wait: how long to try while another process holds the file, in seconds.

    Returns:
        The number of rows of each table.

    Raises:
        ExportError: the folder is no export, is not whole, is of another version of the schema or of a format that
            cannot be read back, or the file has articles already.
        StoreError: the file cannot be written.
    """
    manifest = _manifest(folder)
    format, tables = manifest["format"], manifest["tables"]
    if path.exists() and format != "duckdb":
        _fill(folder, path, format, tables, wait)
        return dict(tables)
    try:
        with made_whole(path) as new:
            if format == "duckdb":
                _copy(folder / "quotes.duckdb", new, wait)
            else:
                _fill(folder, new, format, tables, wait)
    except FileExistsError as error:
        raise ExportError(f"{path} exists already.", "Name a new file with --database FILE.") from error
    return dict(tables)


def _copy(file: Path, new: Path, wait: float) -> None:
    with reading(file, wait):  # says what is wrong with it
        pass
    with file.open("rb") as source:
        copy_through(source, new)


def _fill(folder: Path, path: Path, format: str, tables: Mapping[str, int], wait: float) -> None:
    with writing(path, wait) as store:
        row = store.connection.execute("SELECT count(*) FROM articles").fetchone()
        if row != (0,):
            raise ExportError(f"{path} has articles already.", "Name a new file with --database FILE.")
        load_tables(store.connection, folder, format, tables)
        store.connection.execute("CHECKPOINT")  # closing would pass over what a full disk keeps it from


def load_tables(connection: duckdb.DuckDBPyConnection, folder: Path, format: str, tables: Mapping[str, int]) -> None:
    """Read tables from files into those of an open file, in one transaction.

    Args:
        connection: open for writing, on a file of the present schema.
        folder: where the files of the tables lie.
        format: parquet, csv or jsonl.
        tables: how many rows each must have.

    Raises:
        ExportError: a table is unknown, cannot be read, or has another number of rows.
    """
    try:
        with transaction(connection):
            for table, rows in tables.items():
                found = _load(connection, folder, format, table)
                if found != rows:
                    raise ExportError(
                        f"Table {table} has {found} rows instead of {rows}.", "Export the database again."
                    )
    except duckdb.Error as error:
        if any(sign in str(error) for sign in FULL):
            raise
        raise ExportError(f"{folder} cannot be read: {error}", "Export the database again.") from error


def _load(connection: duckdb.DuckDBPyConnection, folder: Path, format: str, table: str) -> int:
    columns = connection.execute(
        """SELECT column_name, data_type FROM duckdb_columns()
           WHERE table_name = ? AND schema_name = 'main' AND NOT internal ORDER BY column_index""",
        [table],
    ).fetchall()
    if not columns:
        raise ExportError(f"There is no table {table} in this version of quotes.", "Export the database again.")
    files = sorted(str(file) for file in [*folder.glob(f"{table}.{format}"), *folder.glob(f"{table}/**/*.{format}")])
    if not files:  # a partitioned table without rows
        return 0
    # CSV has no lists and structs: they are written as JSON there.
    nested = {name for name, type in columns if format == "csv" and type.endswith("]")}
    names = ", ".join(f'"{name}"' for name, _ in columns)
    values = ", ".join(f'"{name}"::JSON::{type}' if name in nested else f'"{name}"' for name, type in columns)
    given: dict[str, Any] = {"files": files}
    if format != "parquet":
        given["columns"] = {name: "VARCHAR" if name in nested else type for name, type in columns}
    done = connection.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {READERS[format]}", given).fetchone()
    assert done is not None
    return int(done[0])


def _manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest and compare every file with it."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf8"))
        format, version, files = manifest["format"], manifest["schema_version"], manifest["files"]
        listed = {file["path"]: file["sha256"] for file in files}
        assert isinstance(manifest["tables"], dict)
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise ExportError(
            f"{folder} is no export of quotes.", "Name a folder made by `quotes export`, with its manifest.json."
        ) from error
    if version != SCHEMA_VERSION:
        raise ExportError(
            f"{folder} was exported from version {version} of the schema, this program has {SCHEMA_VERSION}.",
            "Export the database again with this version of quotes.",
        )
    if format not in (*READERS, "duckdb"):
        raise ExportError(f"Format {format} cannot be read back.", "Export as parquet, csv, jsonl or duckdb.")
    there = {
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file() and file.parent != folder
    } | {file.name for file in folder.iterdir() if file.is_file() and file.name != "manifest.json"}
    wrong = sorted(
        path for path in {*listed, *there} if path not in there or listed.get(path) != _digest(folder / path)
    )
    if wrong:
        raise ExportError(f"{folder} is not what its manifest says: see {wrong[0]}.", "Export the database again.")
    return manifest  # type: ignore[no-any-return]


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
