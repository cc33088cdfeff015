"""Filling the tracker's file: from the readers through the pipeline into the store, batch by batch."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from quotes.cluster import ActorPool, Cluster
from quotes.errors import StoreError
from quotes.meanings import add_meanings_of_run
from quotes.readers import Metadata, Options, count, read_places
from quotes.records import Article, Fetch, Problem
from quotes.relinking import Relinker
from quotes.settings import Settings
from quotes.store.fetches import recall, remember
from quotes.store.search_rebuild import refresh
from quotes.store.store import Store, reading, writing
from quotes.store.turns import alone
from quotes.tracker import batches, pipeline_name, register_of
from quotes.workers import Read, Reader, open_pool, read_batches

PATIENCE = 60.0
"""Seconds at least that a run which has begun waits for the file: what took minutes to find is not thrown away because
somebody asks a long question."""

LONGEST_HOLD = 1.0
"""Seconds after which a run lets go of the file between two articles: others need not wait for a whole batch."""

Progress = Callable[[int, int | None], None]
Found = tuple[str, Article | Problem | Fetch]
_Looked = tuple[list[Found], list[tuple[str, Article]]]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run did: articles added, changed and unchanged, the quotes in the first two, and what went wrong."""

    ingest_id: int
    added: int
    changed: int
    unchanged: int
    quotes: int
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Run:
    """A run on its way: what was counted so far."""

    settings: Settings
    ingest_id: int
    relinker: Relinker
    outcomes: dict[str, int] = field(default_factory=lambda: {"added": 0, "changed": 0, "unchanged": 0})
    problems: list[Problem] = field(default_factory=list)
    failed: set[str | None] = field(default_factory=set)
    quotes: int = 0
    done: int = 0


def ingest(
    sources: Sequence[str | Path],
    settings: Settings,
    *,
    metadata: Metadata | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    jobs: int = 1,
    resume: bool = False,
    cluster: Cluster | None = None,
    tell: Callable[[str], None] | None = None,
) -> IngestReport:
    """Read articles, find their quotes and put both into the tracker's file.

    Articles that are there already, word for word, are not read again. The file is open only while a batch is looked
    up or written, so that others can use it meanwhile. What goes wrong becomes a row of ``ingest_problems``.

    Args:
        sources: files, folders, addresses, or "-" for standard input.
        settings: the file, the pipeline and the batches.
        metadata: what the user says about a single article.
        options: how to read the sources; see :func:`reading_options`.
        progress: called after each batch with the number of articles done and of all, None where unknown.
        jobs: how many processes find quotes; the rows are the same with any number.
        resume: go on with the run of the same sources that was stopped in the middle, under its number.
        cluster: where quotes are found instead of in ``jobs`` processes of this machine; this process reads and writes.
        tell: called with a sentence when another ingest fills the file, and this one waits for its end.

    Returns:
        What was done.

    Raises:
        ReadError: a source does not exist; then nothing is read.
        PipelineError: the pipeline cannot be loaded.
        ClusterError: the cluster cannot be used.
        StoreBusyError: another ingest, or another program, held the file for longer than the settings allow.
        StoreError: the file cannot be used, or there is no run to resume. Batches that were written before stay.
    """
    options = options or reading_options(settings)
    read_places(sources, metadata, options)  # says what is wrong with the sources before anything is written
    names, pipeline = [str(source) for source in sources], pipeline_name(settings)
    with alone(settings.database, settings.wait, tell):
        with writing(settings.database, settings.wait) as store:
            if resume:
                ingest_id, since = store.resume(names)
                options = replace(options, since=since)
            else:
                ingest_id = store.begin(names, pipeline)
        settings = replace(settings, wait=max(settings.wait, PATIENCE))
        report = ingest_into(ingest_id, sources, settings, metadata, options, progress, jobs, cluster)
        refresh(settings.database, settings.wait)
        add_meanings_of_run(settings, ingest_id)
        with writing(settings.database, settings.wait) as store:
            store.finish(ingest_id)
    return report


def ingest_into(
    ingest_id: int,
    sources: Sequence[str | Path],
    settings: Settings,
    metadata: Metadata | None,
    options: Options,
    progress: Progress | None = None,
    jobs: int = 1,
    cluster: Cluster | None = None,
) -> IngestReport:
    """Do the work of a run that has begun; whoever began it finishes it.

    Args:
        ingest_id: the run.
        sources: as for :func:`ingest`, as are the others.
        settings: the file, the pipeline and the batches.
        metadata: what the user says about a single article.
        options: how to read; when its ``stop`` is set, the articles in hand are written, and no more are read.
        progress: called after each batch.
        jobs: how many processes find quotes.
        cluster: where they are found instead.

    Returns:
        What was done.
    """
    found = read_places(sources, metadata, options)
    total = count(sources, options) if progress else None
    with writing(settings.database, settings.wait) as store:
        register = register_of(store)
    run = _Run(settings, ingest_id, Relinker(register))
    looked_up = (_look_up(run, batch) for batch in batches(_until(options, found), settings))
    reader = Reader(settings, register)
    pool = ActorPool(reader, cluster) if cluster else open_pool(reader, jobs)
    for looked, read in read_batches(looked_up, reader, pool):
        _write(run, looked, read)
        if progress:
            progress(run.done, total)
    return IngestReport(ingest_id, **run.outcomes, quotes=run.quotes, problems=tuple(run.problems))


def reading_options(settings: Settings, **more: object) -> Options:
    """Make the options of readers from the settings, with a memory of what was fetched before.

    Args:
        settings: the limits, and the file that knows what was fetched.
        more: other options by their names.

    Returns:
        The options.
    """

    def known(urls: Sequence[str]) -> dict[str, Fetch]:
        if not settings.database.exists():
            return {}
        with reading(settings.database, settings.wait) as connection:
            return recall(connection, urls)

    options = Options(
        max_bytes=settings.max_bytes,
        repair=settings.repair_text,
        pause=settings.pause,
        timeout=settings.timeout,
        max_entries=settings.max_entries,
        user_agent=settings.user_agent,
        known=known,
    )
    return replace(options, **more)  # type: ignore[arg-type]


def _until(options: Options, found: Iterable[Found]) -> Iterator[Found]:
    for item in found:
        if options.stop.is_set():
            return
        yield item


def _look_up(run: _Run, batch: list[Found]) -> tuple[_Looked, list[tuple[str, Article]]]:
    """Find which articles of a batch are new or changed."""
    new: list[tuple[str, Article]] = []
    with writing(run.settings.database, run.settings.wait) as store:
        for place, item in batch:
            if isinstance(item, Article):
                if store.has(item):
                    _keep(run, store, item.id)
                else:
                    new.append((place, item))
            elif isinstance(item, Fetch) and not item.changed and item.article_id:
                _keep(run, store, item.article_id)
    return (batch, new), new


def _keep(run: _Run, store: Store, article_id: str) -> None:
    store.keep(run.ingest_id, article_id)
    run.outcomes["unchanged"] += 1


def _write(run: _Run, looked: _Looked, read: list[Read]) -> None:
    """Write a batch: articles first, then what went wrong, then what was fetched, unless its article failed.

    At last it is found out who is who.
    """
    batch, new = looked
    wrong: list[Problem] = []
    left = deque(zip(new, read, strict=True))
    written = False
    while not written:
        with writing(run.settings.database, run.settings.wait) as store:
            wrong += _save(run, store, left)
            if not left:
                wrong = _write_rest(run, store, batch, wrong)
                written = True
    run.problems += wrong
    run.done += sum(not isinstance(item, Fetch) or not item.changed for _, item in batch)


def _save(run: _Run, store: Store, left: deque[tuple[tuple[str, Article], Read]]) -> list[Problem]:
    """Save articles until none is left or others have waited long enough; give what went wrong."""
    wrong = []
    latest = time.monotonic() + LONGEST_HOLD
    while left and time.monotonic() < latest:
        (place, article), (known, bands) = left.popleft()
        if isinstance(known, Problem):
            wrong.append(known)
            continue
        try:
            outcome = store.save(run.ingest_id, *known, bands=bands)
        except StoreError as error:
            wrong.append(Problem(place, error.problem, error.advice, article.id))
        else:
            run.outcomes[outcome] += 1
            run.quotes += len(known.quotes) if outcome != "unchanged" else 0
    return wrong


def _write_rest(run: _Run, store: Store, batch: list[Found], wrong: list[Problem]) -> list[Problem]:
    """Write what went wrong and what was fetched, and find out who is who; give all that went wrong."""
    run.failed |= {problem.article_id for problem in wrong}
    wrong = [item for _, item in batch if isinstance(item, Problem)] + wrong
    for problem in wrong:
        store.report(run.ingest_id, problem)
    for _, item in batch:
        if isinstance(item, Fetch) and (item.article_id is None or item.article_id not in run.failed):
            remember(store.connection, item)
    run.relinker.run(store)
    return wrong
