"""CSV with a header, an article a row; the separator is the one that the header has most of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import Options, too_large
from quotes.readers.jsonl import read_row
from quotes.readers.packed import Rest
from quotes.readers.text import detect
from quotes.records import Article, Problem

SAMPLE = 2**20
"""Bytes from which the encoding is told."""
SEPARATORS = ",;\t|"


def read_csv(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read the rows of a CSV file, one by one.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it, with the names of the columns.

    Yields:
        For each row its article, or a problem that names the line in which the row ends.

    Raises:
        ReadError: there is no column of texts, it is a binary file, or from a row on it is no CSV.
    """
    head = stream.read(SAMPLE)
    if not head.strip():
        return
    whole = head[: head.rfind(b"\n") + 1] if len(head) == SAMPLE else head
    encoding = detect(whole or head)
    lines = _lines(Rest(head, stream), encoding, options)
    header = next(lines, "")
    if not header:
        return
    separator = max(SEPARATORS, key=header.count)
    csv.field_size_limit(options.max_bytes)
    names = next(csv.reader([header], delimiter=separator))
    text = options.columns.get("text", "text")
    if text not in names:
        raise ReadError(
            f"It has no column {text}, but {', '.join(names)}.", "Say which holds the articles: --map text=COLUMN."
        )
    rows = csv.reader(lines, delimiter=separator)
    try:
        for row in rows:
            if row:
                where = f"{place}, line {rows.line_num + 1}"
                yield from read_row(dict(zip(names, row, strict=False)), where, options)
    except csv.Error as error:
        raise ReadError(f"From line {rows.line_num + 1} on it is no CSV ({error}).", "Mend the file there.") from error


def _lines(stream: BinaryIO, encoding: str, options: Options) -> Iterator[str]:
    with io.TextIOWrapper(stream, encoding, errors="replace", newline="") as lines:
        while line := lines.readline(options.max_bytes + 1):
            if len(line) > options.max_bytes:
                raise too_large(options)
            yield line
