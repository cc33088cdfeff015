"""Polling feeds round after round, until somebody stops it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event
from types import FrameType

from quotes.errors import SettingsError, StoreBusyError
from quotes.ingesting import IngestReport, ingest_into, reading_options
from quotes.meanings import add_meanings_of_run
from quotes.records import Problem
from quotes.settings import Settings
from quotes.store.search_rebuild import refresh
from quotes.store.store import writing
from quotes.store.turns import alone
from quotes.tracker import pipeline_name


@dataclass(frozen=True, slots=True)
class Round:
    """One poll of all feeds: when it began, how many feeds there were, and what became of their articles."""

    began: datetime
    feeds: int
    report: IngestReport


def watch(
    settings: Settings, every: float, rounds: int | None, allow_private: bool, tell: Callable[[Round], None]
) -> None:
    """Poll the feeds of the settings until SIGINT or SIGTERM, then end after the article in hand.

    All rounds are one run in the table ``ingests``. A feed that fails becomes a problem, once, and stops no other.
    Of a feed only what is new or changed is fetched.

    Args:
        settings: with the feeds, and the file.
        every: seconds from the beginning of a round to the beginning of the next.
        rounds: how many, or None for no end.
        allow_private: whether addresses on this machine and its network may be fetched.
        tell: called after each round.

    Raises:
        SettingsError: there are no feeds.
        PipelineError: the pipeline cannot be loaded.
        StoreError: the file cannot be used.
    """
    if not settings.feeds:
        raise SettingsError(
            "There is no feed to watch.", 'Write [[feeds]], name = "..." and url = "..." into quotes.toml for each.'
        )
    stop = Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    # One article at a time, so that little is left to do when it is stopped.
    settings = replace(settings, batch_size=1)
    options = reading_options(settings, allow_private=allow_private, stop=stop)
    sources = [feed.url for feed in settings.feeds]
    # Both, because a shell lets what it starts in the background ignore Ctrl-C.
    before = {name: signal.signal(name, end) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        pipeline = pipeline_name(settings)
        with writing(settings.database, settings.wait) as store:
            ingest_id = store.begin(sources, pipeline)
        done = 0
        while not stop.is_set() and done != rounds:
            began = datetime.now()
            try:
                with alone(settings.database, settings.wait):
                    report = ingest_into(ingest_id, sources, settings, None, options)
            except StoreBusyError as error:  # the next round reads what this one could not write
                problem = Problem(str(settings.database), error.problem, error.advice)
                report = IngestReport(ingest_id, 0, 0, 0, 0, (problem,))
            with suppress(StoreBusyError):  # then the next round does it
                refresh(settings.database, settings.wait)
                add_meanings_of_run(settings, ingest_id)
            tell(Round(began, len(sources), report))
            done += 1
            if done != rounds:
                stop.wait(max(0.0, every - (datetime.now() - began).total_seconds()))
        with writing(settings.database, settings.wait) as store:
            store.finish(ingest_id)
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
