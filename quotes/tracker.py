"""The whole way of an article: from the readers through language and people into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from quotes.errors import ReadError, StoreError
from quotes.readers import Metadata, count, derive_id, read_places
from quotes.records import Article, Person, Problem, Quote
from quotes.settings import Settings
from quotes.store.store import Store, reading, writing

if TYPE_CHECKING:
    import duckdb
    from spacy.language import Language

    from quotes.people import Register

Progress = Callable[[int, int | None], None]


class Understood(NamedTuple):
    """An article with what was found in it."""

    article: Article
    quotes: tuple[Quote, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run did: articles added, changed and unchanged, the quotes in the first two, and what went wrong."""

    ingest_id: int
    added: int
    changed: int
    unchanged: int
    quotes: int
    problems: tuple[Problem, ...]


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
    articles: Iterable[Article | Problem], settings: Settings
) -> Iterator[tuple[Article, tuple[Quote, ...]] | Problem]:
    """Find the quotes of many articles, batch by batch.

    Args:
        articles: articles, with problems among them that are passed on, as the readers give them.
        settings: which pipeline to use, how many articles to a batch, and how long one may be.

    Yields:
        In the order given, each article with its quotes, or what went wrong with it.

    Raises:
        PipelineError: the pipeline cannot be loaded.
    """
    for batch in _batches((("", item) for item in articles), settings):
        found = iter(_understand([(place, item) for place, item in batch if isinstance(item, Article)], settings))
        for _, item in batch:
            known = item if isinstance(item, Problem) else next(found)
            yield known if isinstance(known, Problem) else (known.article, known.quotes)


def ingest(
    sources: Sequence[str | Path],
    settings: Settings,
    *,
    metadata: Metadata | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Read articles, find their quotes and put both into the tracker's file.

    Articles that are there already, word for word, are not read again. The file is open only while a batch is looked
    up or written, so that others can use it meanwhile. What goes wrong becomes a row of ``ingest_problems``.

    Args:
        sources: files, folders, or "-" for standard input.
        settings: the file, the pipeline and the batches.
        metadata: what the user says about a single article.
        progress: called after each batch with the number of articles done and of all, None where unknown.

    Returns:
        What was done.

    Raises:
        ReadError: a source does not exist; then nothing is read.
        PipelineError: the pipeline cannot be loaded.
        StoreError: the file cannot be used. Batches that were written before stay.
    """
    found = read_places(sources, metadata)
    total = count(sources)
    pipeline = _pipeline(_of_pipeline(settings)).meta
    with writing(settings.database, settings.wait) as store:
        ingest_id = store.begin(
            [str(source) for source in sources], f"{pipeline['lang']}_{pipeline['name']} {pipeline['version']}"
        )
        register = _register_of(store)
    outcomes = {"added": 0, "changed": 0, "unchanged": 0}
    problems: list[Problem] = []
    quotes = done = 0
    for batch in _batches(found, settings):
        new: list[tuple[str, Article]] = []
        wrong = [item for _, item in batch if isinstance(item, Problem)]
        with writing(settings.database, settings.wait) as store:
            for place, item in batch:
                if isinstance(item, Problem):
                    continue
                if store.has(item):
                    store.keep(ingest_id)
                    outcomes["unchanged"] += 1
                else:
                    new.append((place, item))
        understood = _understand(new, settings, register)
        with writing(settings.database, settings.wait) as store:
            for (place, article), known in zip(new, understood, strict=True):
                if isinstance(known, Problem):
                    wrong.append(known)
                    continue
                try:
                    outcome = store.save(ingest_id, *known)
                except StoreError as error:
                    wrong.append(Problem(place, error.problem, error.advice, article.id))
                else:
                    outcomes[outcome] += 1
                    quotes += len(known.quotes) if outcome != "unchanged" else 0
            for problem in wrong:
                store.report(ingest_id, problem)
        problems += wrong
        done += len(batch)
        if progress:
            progress(done, total)
    with writing(settings.database, settings.wait) as store:
        store.finish(ingest_id)
    return IngestReport(ingest_id, **outcomes, quotes=quotes, problems=tuple(problems))


def as_json(article: Article, quotes: Sequence[Quote]) -> dict[str, Any]:
    """Give an article's quotes the shape of ``quotes extract``: one object an article, unset values None.

    Args:
        article: the article.
        quotes: its quotes.

    Returns:
        ``{"id": ..., "quotes": [...]}``, each quote with the fields of :class:`~quotes.records.Quote`, spans as
        ``[start, end]`` and days as ISO 8601 writes them.
    """
    return {"id": article.id, "quotes": [_plain(asdict(quote)) for quote in quotes]}


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


def _of_pipeline(settings: Settings) -> Settings:
    """Leave of the settings what the pipeline depends on, so that another database does not load it anew."""
    return replace(settings, database=Path(), wait=0.0, batch_size=0)


@cache
def _pipeline(settings: Settings) -> Language:
    from quotes.language import load_pipeline

    return load_pipeline(settings)


@cache
def _register() -> Register:
    from quotes.people import load_register

    return load_register()


def _register_of(store: Store) -> Register:
    """Give the register that a tracker's articles are read by: with the people imported into its file, if any."""
    from quotes.registering import joined

    return joined(_register(), store)


def _batches(
    found: Iterable[tuple[str, Article | Problem]], settings: Settings
) -> Iterator[list[tuple[str, Article | Problem]]]:
    """Cut into batches of a bounded number of articles and of characters; what is too long becomes a problem."""
    batch: list[tuple[str, Article | Problem]] = []
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


def _understand(
    batch: Sequence[tuple[str, Article]], settings: Settings, register: Register | None = None
) -> list[Understood | Problem]:
    """Find quotes and people; where a batch fails, go through it one by one, so that only the culprit is lost."""
    from quotes.language import read_quotes
    from quotes.people import link

    if not batch:
        return []
    nlp, register = _pipeline(_of_pipeline(settings)), register or _register()
    articles = [article for _, article in batch]
    try:
        return [
            Understood(article, *link(quotes, register))
            for article, (_, quotes) in zip(articles, read_quotes(nlp, articles, settings.batch_size), strict=True)
        ]
    except Exception as error:
        if len(batch) > 1:
            return [known for one in batch for known in _understand([one], settings, register)]
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
