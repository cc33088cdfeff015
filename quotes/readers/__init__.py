"""Where articles come from, one file a format; each reader yields articles, and problems where there is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import Metadata, clean, derive_id
from quotes.readers.jsonl import read_json, read_jsonl
from quotes.readers.markdown import read_markdown
from quotes.readers.text import looks_binary, read_text
from quotes.records import Article, Problem

__all__ = ["Metadata", "count", "derive_id", "read", "read_places"]

SUFFIXES = (".txt", ".md", ".jsonl", ".ndjson", ".json")
LINES = (".jsonl", ".ndjson")
STANDARD_INPUT = "-"


def read(source: str | Path, metadata: Metadata | None = None) -> Iterator[Article | Problem]:
    """Read the articles of one source.

    Args:
        source: a file, a folder with all that lies below it, or "-" for standard input. Files of the suffixes
            .txt, .md, .jsonl, .ndjson and .json are read as what they are, of a folder only these; a file of
            another suffix that is named itself is read as plain text.
        metadata: what the user says about the article; what is set there wins over what the file says.

    Returns:
        Articles and, where something could not be read or understood, problems, in the order of the names.

    Raises:
        ReadError: the source does not exist, or the metadata do not fit it.
    """
    return (found for _, found in read_places([source], metadata))


def read_places(
    sources: Sequence[str | Path], metadata: Metadata | None = None
) -> Iterator[tuple[str, Article | Problem]]:
    """Read the articles of several sources, as :func:`read` does, each with the place where it was found.

    Two different articles with one id would overwrite each other: the second one becomes a problem.

    Args:
        sources: files, folders, "-".
        metadata: what the user says about the article.

    Returns:
        Pairs of a place (a file, or a source that holds several articles) and an article or a problem.

    Raises:
        ReadError: a source does not exist, or the metadata do not fit the sources. Then none is read.
    """
    for source in sources:
        if str(source) != STANDARD_INPUT and not os.path.lexists(source):
            raise ReadError(f"There is no file or folder {clean(str(source))}.", "Check the name.")
    if metadata and (metadata.title or metadata.url) and (len(sources) != 1 or Path(sources[0]).is_dir()):
        raise ReadError("A title or an address belongs to one article.", "Name a single file with it.")
    return _without_twins(chain.from_iterable(_read_source(source, metadata) for source in sources))


def count(sources: Iterable[str | Path]) -> int | None:
    """Count the articles that sources hold, roughly and without reading them: files, and lines of JSON Lines.

    Returns:
        The number, or None where standard input is among the sources.
    """
    total = 0
    for source in sources:
        if str(source) == STANDARD_INPUT:
            return None
        for file in _files(Path(source)):
            total += _count_lines(file) if file.suffix.lower() in LINES else 1
    return total


def _without_twins(found: Iterable[tuple[str, Article | Problem]]) -> Iterator[tuple[str, Article | Problem]]:
    seen: dict[str, tuple[int, str]] = {}
    for place, item in found:
        if isinstance(item, Article):
            first, where = seen.setdefault(item.id, (hash(item), place))
            if first != hash(item):
                item = Problem(
                    place,
                    f"Another article with the id {item.id}, but other text or metadata, was read from {where}.",
                    "Give each article an id or a url of its own, or leave one of them out.",
                    item.id,
                )
        yield place, item


def _read_source(source: str | Path, metadata: Metadata | None) -> Iterator[tuple[str, Article | Problem]]:
    if str(source) == STANDARD_INPUT:
        yield from (("standard input", found) for found in _read_stream(sys.stdin.buffer, metadata))
        return
    empty = True
    for file in _files(Path(source)):
        empty = False
        place = clean(str(file))
        try:
            for found in _read_file(file, place, metadata):
                yield place, found
        except ReadError as error:
            yield place, Problem(place, error.problem, error.advice)
        except OSError as error:
            yield place, Problem(place, f"It cannot be opened: {error.strerror}.", "Check its permissions.")
    if empty:
        place = clean(str(source))
        yield place, Problem(place, "The folder holds no article.", f"Articles end in {', '.join(SUFFIXES)}.")


def _files(source: Path) -> Iterator[Path]:
    """Give a file itself, or the readable files below a folder, sorted; hidden ones are left alone."""
    if not source.is_dir():
        yield source
        return
    for folder, subfolders, names in os.walk(source):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(folder, name)


def _read_file(file: Path, place: str, metadata: Metadata | None) -> Iterator[Article | Problem]:
    suffix = file.suffix.lower()
    if suffix in LINES:
        with file.open("rb") as lines:
            if looks_binary(lines.read(8192)):
                raise ReadError("It is a binary file, not JSON Lines.", "Check the file, or leave it out.")
            lines.seek(0)
            yield from _or_empty(read_jsonl(lines, place, metadata), place)
    elif suffix == ".json":
        yield from _or_empty(read_json(file.read_bytes(), place, metadata), place)
    elif suffix == ".md":
        yield from read_markdown(file.read_bytes(), place, metadata)
    else:
        yield from read_text(file.read_bytes(), place, metadata)


def _read_stream(stream: BinaryIO, metadata: Metadata | None) -> Iterator[Article | Problem]:
    """Read standard input: JSON Lines if its first character that is not blank is "{", else one plain text."""
    place = "standard input"
    blank: list[bytes] = []
    for line in stream:
        if not line.strip():
            blank.append(line)
        elif line.lstrip(b"\xef\xbb\xbf \t\r").startswith(b"{"):
            yield from read_jsonl(chain(blank, [line], stream), place, metadata)
            return
        else:
            blank.append(line)
            break
    try:
        yield from read_text(b"".join(blank) + stream.read(), place, metadata)
    except ReadError as error:
        yield Problem(place, error.problem, error.advice)


def _or_empty(found: Iterator[Article | Problem], place: str) -> Iterator[Article | Problem]:
    empty = True
    for item in found:
        empty = False
        yield item
    if empty:
        yield Problem(place, "There is no article in it.", "Check the file, or leave it out.")


def _count_lines(file: Path) -> int:
    try:
        with file.open("rb") as lines:
            return sum(1 for line in lines if line.strip())
    except OSError:
        return 1
