"""From an article to what was said in it: language and people together, and a tracker's file open for questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.errors import ReadError
from quotes.readers import derive_id
from quotes.records import Article, Fetch, Person, Problem, Quote
from quotes.settings import Settings
from quotes.store.store import Store, reading

if TYPE_CHECKING:
    import duckdb
    from spacy.language import Language

    from quotes.people import Register


class Understood(NamedTuple):
    """An article with what was found in it."""

    article: Article
    quotes: tuple[Quote, ...]
    people: tuple[Person, ...]


def extract(
    text: str | Article,
    *,
    title: str | None = None,
    published: date | None = None,
    publisher: str | None = None,
    url: str | None = None,
    settings: Settings | None = None,
) -> tuple[Quote, ...]:
    """Find the quotes of one article.

    Args:
        text: the text, or an article with all that is known about it, to which the other arguments do not apply.
        title: the headline.
        published: the day of publication, by which "on Tuesday" becomes a date.
        publisher: who published it.
        url: where.
        settings: which pipeline to use, and how long an article may be.

    Returns:
        Its quotes in the order of the text, with spans in code points of it.

    Raises:
        ReadError: the text is too long, or the pipeline fails on it.
        PipelineError: the pipeline cannot be loaded.
    """
    if isinstance(text, str):
        text = Article(derive_id(text, url), text, title, url, publisher, published=published)
    (found,) = extract_all([text], settings or Settings())
    if isinstance(found, Problem):
        raise ReadError(found.problem, found.advice)
    return found[1]


def extract_all(
    articles: Iterable[Article | Problem | Fetch], settings: Settings, register: Register | None = None
) -> Iterator[tuple[Article, tuple[Quote, ...]] | Problem]:
    """Find the quotes of many articles, batch by batch.

    Args:
        articles: articles, with problems among them that are passed on, as the readers give them; what they say about
            fetching is left out.
        settings: which pipeline to use, how many articles to a batch, and how long one may be.
        register: the people known beforehand; those that travel with the program where None.

    Yields:
        In the order given, each article with its quotes, or what went wrong with it.

    Raises:
        PipelineError: the pipeline cannot be loaded.
    """
    for batch in batches((("", item) for item in articles if not isinstance(item, Fetch)), settings):
        given = [(place, item) for place, item in batch if isinstance(item, Article)]
        found = iter(understand(given, settings, register))
        for _, item in batch:
            known = next(found) if isinstance(item, Article) else item
            if isinstance(known, Understood):
                yield known.article, known.quotes
            elif isinstance(known, Problem):
                yield known


def as_json(article: Article, quotes: Sequence[Quote], *, whole: bool = False) -> dict[str, Any]:
    """Give an article's quotes the shape of ``quotes extract``: one object an article, unset values None.

    Args:
        article: the article.
        quotes: its quotes.
        whole: give the text of the article, and what is known about it, too.

    Returns:
        ``{"id": ..., "quotes": [...]}``, each quote with the fields of :class:`~quotes.records.Quote`, spans as
        ``[start, end]`` and days as ISO 8601 writes them.
    """
    known = _plain(asdict(article)) if whole else {"id": article.id}
    return known | {"quotes": [_plain(asdict(quote)) for quote in quotes]}


def open_tracker(path: str | Path, wait: float = Settings().wait) -> Tracker:
    """Open a tracker's file for queries.

    Args:
        path: the DuckDB file.
        wait: how long to try while another process writes to the file, in seconds.

    Returns:
        The open tracker: close it, or use it in a ``with`` statement. While it is open, nobody can write to the file.

    Raises:
        StoreError: the file is missing, busy or no tracker's file.
    """
    return Tracker(Path(path), wait)


class Tracker:
    """A tracker's file, open for reading; made by :func:`open_tracker`."""

    def __init__(self, path: Path, wait: float) -> None:
        self._open = ExitStack()
        self._connection = self._open.enter_context(reading(path, wait))

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """Run a query of your own, such as ``select * from statements_view``.

        Args:
            query: SQL in DuckDB's dialect.

        Returns:
            DuckDB's relation: print it, iterate over ``fetchall()``, or turn it into a data frame: ``df()`` for pandas,
            ``arrow()`` for Arrow, ``pl()`` for Polars, which must be installed (the extra ``polars``).

        Raises:
            duckdb.Error: the query is wrong, or wants to write.
        """
        return self._connection.sql(query)

    def close(self) -> None:
        """Let go of the file."""
        self._open.close()

    def __enter__(self) -> Tracker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def pipeline_name(settings: Settings) -> str:
    """Give the name and version of the language pipeline, such as ``en_core_web_sm 3.8.0``.

    Raises:
        PipelineError: it is not installed.
    """
    meta = _meta(settings.pipeline) or _pipeline(_of_pipeline(settings)).meta
    return f"{meta['lang']}_{meta['name']} {meta['version']}"


def _of_pipeline(settings: Settings) -> Settings:
    """Leave of the settings what the pipeline depends on, so that another database does not load it anew."""
    return replace(settings, database=Path(), wait=0.0, batch_size=0)


@cache
def _meta(pipeline: str) -> dict[str, Any] | None:
    """Read what a package says of its pipeline, which a process that lets others read need not load; else None."""
    try:
        spec = find_spec(pipeline)
    except (ImportError, ValueError):  # the path of a folder
        spec = None
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder) / "meta.json"
        if file.exists():
            return dict(json.loads(file.read_text(encoding="utf8")))
    return None


@cache
def _pipeline(settings: Settings) -> Language:
    from quotes.language import load_pipeline

    return load_pipeline(settings)


@cache
def _register() -> Register:
    from quotes.people import load_register

    return load_register()


def register_of(store: Store) -> Register:
    """Give the register that a tracker's articles are read by: with the people imported into its file, if any."""
    from quotes.registering import joined

    return joined(_register(), store)


def register_in(settings: Settings) -> Register:
    """Give the register that articles would be ingested by: see :func:`register_of`; the shipped one without a file.

    Raises:
        StoreError: the file is busy or no tracker's file.
    """
    if not settings.database.exists():
        return _register()
    with reading(settings.database, settings.wait) as connection:
        return register_of(Store(connection))


def batches(
    found: Iterable[tuple[str, Article | Problem | Fetch]], settings: Settings
) -> Iterator[list[tuple[str, Article | Problem | Fetch]]]:
    """Cut into batches of a bounded number of articles and of characters; what is too long becomes a problem.

    Args:
        found: pairs of a place and what was found there.
        settings: how many articles to a batch, and how many characters an article may have, and a batch.

    Yields:
        The same pairs in the same order.
    """
    batch: list[tuple[str, Article | Problem | Fetch]] = []
    characters = 0
    for place, item in found:
        if isinstance(item, Article):
            if len(item.text) > settings.max_characters:
                item = Problem(
                    place or _name(item),
                    f"The article has {len(item.text):,} characters, more than {settings.max_characters:,}.",
                    "Cut it into articles, or raise max_characters in quotes.toml.",
                    item.id,
                )
            else:
                characters += len(item.text)
        if batch and characters > settings.max_characters:
            yield batch
            batch, characters = [], len(item.text) if isinstance(item, Article) else 0
        batch.append((place, item))
        if len(batch) >= settings.batch_size:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def understand(
    batch: Sequence[tuple[str, Article]], settings: Settings, register: Register | None = None
) -> list[Understood | Problem]:
    """Find quotes and people; where a batch fails, go through it one by one, so that only the culprit is lost.

    Args:
        batch: pairs of a place and an article.
        settings: the pipeline.
        register: the people known beforehand; those that travel with the program where None.

    Returns:
        What was found in each article, or what went wrong with it.

    Raises:
        PipelineError: the pipeline cannot be loaded.
    """
    if not batch:
        return []
    from quotes.language import read_quotes
    from quotes.people import link

    nlp, register = _pipeline(_of_pipeline(settings)), register or _register()
    articles = [article for _, article in batch]
    try:
        return [
            Understood(article, *link(article, quotes, register))
            for article, (_, quotes) in zip(articles, read_quotes(nlp, articles, settings.batch_size), strict=True)
        ]
    except Exception as error:
        if len(batch) > 1:
            return [known for one in batch for known in understand([one], settings, register)]
        ((place, article),) = batch
        return [
            Problem(
                place or _name(article),
                f"The pipeline failed on it: {type(error).__name__}: {error}",
                "All other articles were read. Please report this one as a bug.",
                article.id,
            )
        ]


def _name(article: Article) -> str:
    return article.url or article.title or article.id


def _plain(value: Any) -> Any:
    """Turn what ``asdict`` gives into what JSON knows: spans and tuples into lists, dates into strings."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
