"""Parquet, an article a row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import FIELDS, Options
from quotes.readers.jsonl import read_row
from quotes.records import Article, Problem

ROWS = 64
GROWTH = 200
"""Times that the rows may grow when they are unpacked."""


def read_parquet(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read the rows of a Parquet file, a few at a time.

    Args:
        stream: the file; it must be possible to seek in it.
        place: its name, for problems.
        options: how to read it, with the names of the columns.

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
        for batch in file.iter_batches(ROWS, columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield from read_row(row, f"{place}, row {number}", options)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ReadError(f"After row {number} it is no Parquet file ({error}).", "Write it anew.") from error
