"""Writes what a tracker's file holds as other programs read it, with a manifest by which it can be read back.

Every table becomes a file of its own (Parquet: a folder a table, a part of it for each year of publication), or all
become a DuckDB file. Format ``webannotation`` is one-way; :mod:`quotes.store.annotations` makes it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import duckdb

from quotes.errors import ExportError
from quotes.store.annotations import write_annotations
from quotes.store.importing import load_tables
from quotes.store.migrations import SCHEMA_VERSION
from quotes.store.registered import VIEWS
from quotes.store.sql import run_query
from quotes.store.store import reading, writing

Format = Literal["parquet", "csv", "jsonl", "duckdb", "webannotation"]
FORMATS: tuple[Format, ...] = get_args(Format)

MANIFEST = "manifest.json"
MOST_QUOTES = 10_000_000
SECONDS = 600.0

OPTIONS: Mapping[str, str] = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER, FORCE_QUOTE *",
    "jsonl": "FORMAT json",
}

CHOSEN: Mapping[str, str] = {
    "quote_id": "SELECT unnest($ids) AS quote_id",
    "article_id": "SELECT DISTINCT article_id FROM quotes WHERE quote_id IN (FROM chosen_quote_id)",
    "person_id": """SELECT person_id FROM quotes WHERE quote_id IN (FROM chosen_quote_id)
                    UNION SELECT person_id FROM stances WHERE quote_id IN (FROM chosen_quote_id)""",
    "ingest_id": "SELECT DISTINCT ingest_id FROM articles WHERE article_id IN (FROM chosen_article_id)",
    "docid": "SELECT docid FROM search_docs WHERE quote_id IN (FROM chosen_quote_id)",
    "text_hash": "SELECT text_hash FROM articles WHERE article_id IN (FROM chosen_article_id)",
    "quote_a": """SELECT quote_a FROM repeat_pairs
                  WHERE quote_a IN (FROM chosen_quote_id) AND quote_b IN (FROM chosen_quote_id)""",
}
"""By which column a table follows a choice of quotes, the first that it has, and which values of it are chosen."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of an export; ``path`` is relative to the manifest, ``sha256`` in hexadecimal digits."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds: the rows of each table, and every file."""

    format: Format
    schema_version: int
    where: str | None
    tables: dict[str, int]
    files: tuple[ExportedFile, ...]


def export(path: Path, folder: Path, format: Format, where: str | None, wait: float) -> Manifest:
    """Write a tracker's file as a folder for other programs.

    Args:
        path: the DuckDB file.
        folder: what to make; it may exist if it is empty.
        format: which kind of files.
        where: which rows of ``statements_view`` are wanted, as a SQL condition, which runs in the cage of
            :func:`~quotes.store.sql.run_query`; with them go the rows of other tables that belong to them. None for
            everything.
        wait: how long to try while another process writes to the file, in seconds.

    Returns:
        The manifest, which also lies in the folder as ``manifest.json``.

    Raises:
        ExportError: the folder cannot be made, or the condition lets nothing through.
        QueryError: DuckDB refuses the condition.
        StoreError: the file cannot be read.
    """
    ids = None if where is None else _chosen(path, where, wait)
    with _new_folder(folder) as made:
        with reading(path, wait) as connection:
            if ids is not None:
                for column, query in CHOSEN.items():
                    values = {"ids": ids} if "$ids" in query else {}
                    connection.execute(f"CREATE TEMP TABLE chosen_{column} AS {query}", values)
            if format == "webannotation":
                rows = {"quotes": write_annotations(connection, made / "annotations.jsonl", ids is not None)}
            elif format == "duckdb":
                with tempfile.TemporaryDirectory(dir=made) as between:
                    rows = _write_tables(connection, Path(between), "parquet", ids is not None)
                    with writing(made / "quotes.duckdb", wait) as store:
                        load_tables(store.connection, Path(between), "parquet", rows)
            else:
                rows = _write_tables(connection, made, format, ids is not None)
        manifest = Manifest(format, SCHEMA_VERSION, where, rows, tuple(_files(made)))
        (made / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False), encoding="utf8")
    return manifest


def _chosen(path: Path, where: str, wait: float) -> list[str]:
    query = f"SELECT quote_id FROM statements_view WHERE (\n{where}\n)"
    result = run_query(path, query, wait, MOST_QUOTES, SECONDS)
    if result.columns != ("quote_id",) or result.cut:
        raise ExportError(f"{where!r} is no condition.", "Give one such as \"speaker = 'Nicola Sturgeon'\".")
    if not result.rows:
        raise ExportError(
            f"No statement fulfils {where!r}.", 'Try it: `quotes sql "select * from statements_view where ..."`.'
        )
    return [quote_id for (quote_id,) in result.rows]


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside the wanted one that takes its name in the end, so that there is all of it or nothing."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder} exists and is not an empty folder.", "Name a new one.")
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    except OSError as error:
        raise ExportError(f"{folder} cannot be made: {error.strerror}.", "Name another folder.") from error
    try:
        yield made
        made.chmod(0o755)
        made.replace(folder)
    except (OSError, duckdb.IOException) as error:
        raise ExportError(f"{folder} cannot be written: {error}.", "Nothing was exported.") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write_tables(connection: duckdb.DuckDBPyConnection, folder: Path, format: str, chosen: bool) -> dict[str, int]:
    """Write every table of the file; give the number of rows of each."""
    columns = connection.execute(
        """SELECT table_name, list(column_name ORDER BY column_index), list(data_type ORDER BY column_index)
           FROM duckdb_columns()
           WHERE database_name = current_database() AND schema_name = 'main' AND table_name <> 'schema_version'
               AND table_name NOT LIKE 'lake_%' AND table_name IN (
                   SELECT table_name FROM duckdb_tables() WHERE NOT temporary UNION SELECT unnest($views))
           GROUP BY table_name ORDER BY table_name""",
        {"views": list(VIEWS)},
    ).fetchall()
    return {table: _write(connection, folder, format, chosen, table, names, types) for table, names, types in columns}


def _write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    format: str,
    chosen: bool,
    table: str,
    names: Sequence[str],
    types: Sequence[str],
) -> int:
    """Write one table; its name and its columns are the schema's own."""
    nested = format == "csv"
    values = [
        f'to_json(t."{name}") AS "{name}"' if nested and type.endswith("]") else f't."{name}"'
        for name, type in zip(names, types, strict=True)
    ]
    options, target = OPTIONS[format], folder / f"{table}.{format}"
    if format == "parquet" and (year := _year(table, names)):
        values.append(f"coalesce({year}::VARCHAR, 'unknown') AS year")
        options, target = f"{options}, PARTITION_BY (year)", folder / table
    key = next((column for column in CHOSEN if column in names), None)
    condition = f'WHERE t."{key}" IN (FROM chosen_{key})' if chosen and key else ""
    written = connection.execute(
        f"COPY (SELECT {', '.join(values)} FROM {table} AS t {condition}) TO $target ({options})",
        {"target": str(target)},
    ).fetchone()
    assert written is not None
    return int(written[0])


def _year(table: str, names: Sequence[str]) -> str | None:
    """Give the SQL for the year in which the article of a row was published; None for tables of no article's rows."""
    if table == "articles":
        return "year(t.published)"
    if "quote_id" in names:
        return """(SELECT year(a.published) FROM quotes AS q JOIN articles AS a USING (article_id)
                   WHERE q.quote_id = t.quote_id)"""
    return None


def _files(folder: Path) -> Iterator[ExportedFile]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            yield ExportedFile(file.relative_to(folder).as_posix(), file.stat().st_size, digest)
