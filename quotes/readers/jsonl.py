"""JSON Lines: an article a line, ``{"id", "text", "title", "published" or "date", "publisher", "author", "url"}``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from quotes.errors import ReadError
from quotes.readers.fields import Metadata, make_article
from quotes.readers.text import decode
from quotes.records import Article, Problem


def read_jsonl(lines: Iterable[bytes], place: str, metadata: Metadata | None = None) -> Iterator[Article | Problem]:
    """Read articles from lines of JSON, one by one.

    Args:
        lines: the lines, in bytes.
        place: the file, for problems.
        metadata: what the user says about the articles.

    Yields:
        For each line that is not blank its article, or a problem that names the line; the others are still read.
    """
    for number, line in enumerate(lines, start=1):
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
                yield from _read_object(value, where, metadata)


def read_json(data: bytes, place: str, metadata: Metadata | None = None) -> Iterator[Article | Problem]:
    """Read a JSON file: one article, a list of them, or JSON Lines under the wrong name.

    Args:
        data: the bytes of the file.
        place: the file, for problems.
        metadata: what the user says about the articles.

    Yields:
        Articles and problems.

    Raises:
        ReadError: it is no text.
    """
    try:
        value = json.loads(decode(data))
    except (ValueError, RecursionError):
        yield from read_jsonl(data.split(b"\n"), place, metadata)
        return
    if isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _read_object(item, f"{place}, item {number}", metadata)
    else:
        yield from _read_object(value, place, metadata)


def _read_object(value: object, place: str, metadata: Metadata | None) -> Iterator[Article | Problem]:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        yield Problem(place, "It is not an article.", 'Write an object with at least "text", a string.')
        return
    yield from make_article(value["text"], value, place, metadata)
