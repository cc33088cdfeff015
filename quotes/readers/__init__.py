"""Where articles come from, one file a format; each reader yields articles, and problems where there is none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from quotes.errors import ReadError
from quotes.readers.fields import FIELDS, Metadata, Options, clean, derive_id
from quotes.readers.files import count_articles, files, read_path, read_standard_input
from quotes.readers.languages import english_only
from quotes.records import Article, Fetch, Problem

__all__ = ["FIELDS", "Metadata", "Options", "count", "derive_id", "is_address", "read", "read_places"]

STANDARD_INPUT = "-"


def read(
    source: str | Path, metadata: Metadata | None = None, options: Options | None = None
) -> Iterator[Article | Problem | Fetch]:
    """Read the articles of one source.

    Args:
        source: a file, a folder with all that lies below it, an address (a page, feed or sitemap), or "-" for standard
            input. A file is read as what its suffix says (see :mod:`quotes.readers.files`), of a folder only those with
            a suffix that is known; a file of another suffix that is named itself is read as plain text.
        metadata: what the user says about the article; what is set there wins over what the file says.
        options: how to read it.

    Returns:
        Articles and, where something could not be read or understood, problems, in the order of the names; of an
        address also what is to be remembered of fetching it.

    Raises:
        ReadError: the source does not exist, or the metadata do not fit it.
    """
    return (found for _, found in read_places([source], metadata, options))


def read_places(
    sources: Sequence[str | Path], metadata: Metadata | None = None, options: Options | None = None
) -> Iterator[tuple[str, Article | Problem | Fetch]]:
    """Read the articles of several sources, as :func:`read` does, each with the place where it was found.

    Two different articles with one id would overwrite each other: the second one becomes a problem. So does an article
    that is surely not in English.

    Args:
        sources: files, folders, addresses, "-".
        metadata: what the user says about the article; wins over the metadata of the options.
        options: how to read them.

    Returns:
        Pairs of a place (a file, an address, or a source that holds several articles) and what was found there.

    Raises:
        ReadError: a source does not exist, or the metadata do not fit the sources. Then none is read.
    """
    options = options or Options()
    if metadata:
        options = replace(options, metadata=metadata)
    for source in sources:
        name = str(source)
        if "://" in name and not os.path.lexists(source):
            if not is_address(name):
                raise ReadError(f"{clean(name)} cannot be fetched.", "Use an address of http or https.")
        elif name != STANDARD_INPUT and not os.path.lexists(source):
            raise ReadError(f"There is no file or folder {clean(name)}.", "Check the name.")
    given = options.metadata
    if (given.title or given.url) and (len(sources) != 1 or Path(sources[0]).is_dir()):
        raise ReadError("A title or an address belongs to one article.", "Name a single file with it.")
    return english_only(_without_twins(chain.from_iterable(_read_each(sources, options))))


def is_address(source: str | Path) -> bool:
    """Tell whether a source is to be fetched rather than opened."""
    return str(source).lower().startswith(("http://", "https://"))


def count(sources: Iterable[str | Path], options: Options | None = None) -> int | None:
    """Count the articles that sources hold, roughly and without reading them: files, and lines of JSON Lines.

    Returns:
        The number, or None where standard input or an address is among the sources.
    """
    sources = list(sources)
    if any(str(source) == STANDARD_INPUT or is_address(source) for source in sources):
        return None
    return sum(count_articles(file) for source in sources for file in files(Path(source), options or Options()))


def _read_each(
    sources: Sequence[str | Path], options: Options
) -> Iterator[Iterator[tuple[str, Article | Problem | Fetch]]]:
    fetcher = None
    for source in sources:
        if str(source) == STANDARD_INPUT:
            yield read_standard_input(options)
        elif is_address(source):
            from quotes.readers.addresses import read_address
            from quotes.readers.fetching import Fetcher

            fetcher = fetcher or Fetcher(options)
            yield read_address(str(source), options, fetcher)
        else:
            yield read_path(Path(source), options)


def twin(article_id: str, place: str, first: str) -> Problem:
    """Say that an article has the id of another one.

    Args:
        article_id: the id.
        place: where it stands.
        first: where the other stands, which counts.
    """
    return Problem(
        place,
        f"Another article with the id {article_id}, but other text or metadata, was read from {first}.",
        "Give each article an id or a url of its own, or leave one of them out.",
        article_id,
    )


def _without_twins(
    found: Iterable[tuple[str, Article | Problem | Fetch]],
) -> Iterator[tuple[str, Article | Problem | Fetch]]:
    seen: dict[str, tuple[int, str]] = {}
    for place, item in found:
        if isinstance(item, Article):
            first, where = seen.setdefault(item.id, (hash(item), place))
            if first != hash(item):
                item = twin(item.id, place, where)
        yield place, item
