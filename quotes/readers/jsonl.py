"""JSON Lines: an article a line, ``{"id", "text", "title", "published" or "date", "publisher", "author", "url"}``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import Options, make_article, read_all, too_large
from quotes.readers.packed import Rest
from quotes.readers.text import decode, looks_binary
from quotes.records import Article, Problem


def read_jsonl(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read articles from lines of JSON, one by one.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        For each line that is not blank its article, or a problem that names the line; the others are still read.

    Raises:
        ReadError: it is a binary file, or a line is too large; what stands before that line was given already.
    """
    head = stream.read(8192)
    if looks_binary(head):
        raise ReadError("It is a binary file, not JSON Lines.", "Check the file, or leave it out.")
    lines = Rest(head, stream)
    number = 0
    while line := lines.readline(options.max_bytes + 1):
        number += 1
        if len(line) > options.max_bytes:
            raise too_large(options)
        where = f"{place}, line {number}"
        try:
            written = decode(line).strip()
            value = json.loads(written) if written else None
        except ReadError as error:
            yield Problem(where, error.problem, error.advice)
        except (ValueError, RecursionError) as error:
            yield Problem(where, f"It is not valid JSON ({error}).", "Write one JSON object on each line.")
        else:
            if written:
                yield from read_row(value, where, options)


def read_json(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read a JSON file: one article, a list of them, or JSON Lines under the wrong name.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        Articles and problems.

    Raises:
        ReadError: it is no text, or too large.
    """
    data = read_all(stream, options)
    try:
        value = json.loads(decode(data))
    except (ValueError, RecursionError):
        yield from read_jsonl(BytesIO(data), place, options)
        return
    if isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from read_row(item, f"{place}, item {number}", options)
    else:
        yield from read_row(value, place, options)


def read_row(value: object, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read one article from named values: an object of JSON, or the row of a table.

    Args:
        value: what should be a mapping with the text at least.
        place: the file and the line in it, for problems.
        options: how to read it, with the names of the columns.

    Yields:
        The article, or a problem.
    """
    name = options.columns.get("text", "text")
    text = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(text, str):
        yield Problem(place, "It is not an article.", f'It needs at least "{name}", a text; or name another by --map.')
        return
    yield from make_article(text, value, place, options)
