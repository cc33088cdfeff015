"""Parquet, an article a row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import FIELDS, Options
from quotes.readers.jsonl import read_row
from quotes.records import Article, Problem

ROWS = 64
GROWTH = 200
"""Times that the rows may grow when they are unpacked."""


def read_parquet(
    stream: BinaryIO, place: str, options: Options, first: int = 0, rows: int | None = None
) -> Iterator[Article | Problem]:
    """Read the rows of a Parquet file, a few at a time.

    Args:
        stream: the file; it must be possible to seek in it.
        place: its name, for problems.
        options: how to read it, with the names of the columns.
        first: from which row on, counted from 0.
        rows: how many; None for all.

    Yields:
        For each row its article, or a problem that names the row.

    Raises:
        ReadError: it is no Parquet file, has no column of texts, or its rows grow beyond measure.
    """
    import pyarrow
    from pyarrow.parquet import ParquetFile

    number = 0
    try:
        file = ParquetFile(stream)
        names = file.schema_arrow.names
        wanted = {options.columns.get(name, name) for name in (*FIELDS, "date")}
        text = options.columns.get("text", "text")
        if text not in names:
            raise ReadError(
                f"It has no column {text}, but {', '.join(names)}.", "Say which holds the articles: --map text=COLUMN."
            )
        # Of the single columns pyarrow 26 tells nothing here: where they are damaged, asking ends the whole process.
        size = sum(file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups))
        if size > options.max_bytes + GROWTH * stream.seek(0, io.SEEK_END):
            raise ReadError(f"Unpacked, its rows have {size:,} bytes.", "Check where it comes from.")
        columns = [name for name in names if name in wanted]
        number, groups = _groups(file.metadata, first)
        end = file.metadata.num_rows if rows is None else first + rows
        for batch in file.iter_batches(ROWS, row_groups=groups, columns=columns):
            if number >= end:
                break
            for row in _rows(batch) if number + len(batch) > first else [None] * len(batch):
                number += 1
                if not first < number <= end:
                    continue
                where = f"{place}, row {number}"
                if row is None:
                    yield Problem(where, "It is not UTF-8.", "Write the row anew.")
                else:
                    yield from read_row(row, where, options)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ReadError(f"After row {number} it is no Parquet file ({error}).", "Write it anew.") from error


def _groups(metadata: Any, first: int) -> tuple[int, list[int]]:
    """Give the groups of rows from that on in which a row stands, and how many rows are before them."""
    number = 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        if number + rows > first:
            return number, list(range(group, metadata.num_row_groups))
        number += rows
    return number, []


def _rows(batch: Any) -> list[dict[str, Any] | None]:
    """Give rows as mappings; None for those whose text is wrongly encoded, which Parquet does not forbid."""
    try:
        return list(batch.to_pylist())
    except UnicodeDecodeError:
        return (
            [None] if len(batch) == 1 else [row for place in range(len(batch)) for row in _rows(batch.slice(place, 1))]
        )
