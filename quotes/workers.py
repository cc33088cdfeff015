"""Finding quotes in this process or in several, in the order given and never more than a few batches ahead.

What runs in each process is a :class:`Reader`, whether the process is this one, one of a pool on this machine, or an
actor on a cluster (:mod:`quotes.cluster`).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from quotes.records import Article, Problem
from quotes.settings import Settings

if TYPE_CHECKING:
    from quotes.people import Register
    from quotes.tracker import Understood

AHEAD = 2
"""Batches a process that wait for it or for those before them: so much is held in memory, however long the run is."""
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""What lets a process use one thread; set before it starts, because the libraries look once, when they are imported."""

Batch = Sequence[tuple[str, Article]]
Kept = TypeVar("Kept")


class Read(NamedTuple):
    """What was made of an article: what was understood, or what went wrong, and the bands by which copies are found."""

    known: Understood | Problem
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Finds the quotes of articles, with the pipeline that its process loads once.

    Attributes:
        settings: the pipeline.
        register: the people known beforehand.
    """

    settings: Settings
    register: Register

    def __call__(self, batch: Batch) -> list[Read]:
        """Find the quotes of articles, and by which bands copies of them are found.

        Args:
            batch: pairs of a place and an article.

        Returns:
            What was made of each, in the order given.

        Raises:
            PipelineError: the pipeline cannot be loaded.
        """
        from quotes.copies import bands
        from quotes.tracker import understand

        known = understand(batch, self.settings, self.register)
        return [Read(one, bands(article.text)) for one, (_, article) in zip(known, batch, strict=True)]


class Pool(Protocol):
    """Processes that read batches, each with the same reader.

    Attributes:
        size: how many.
        died: what a future raises whose process died.
    """

    size: int
    died: type[Exception]

    def submit(self, batch: Batch) -> Future[list[Read]]:
        """Let one of the processes read a batch."""

    def renew(self) -> None:
        """Replace what died, so that it can be used again."""

    def close(self) -> None:
        """End all processes."""


def read_batches(
    batches: Iterable[tuple[Kept, Batch]], reader: Reader, pool: Pool | None
) -> Iterator[tuple[Kept, list[Read]]]:
    """Find the quotes of batches of articles.

    Args:
        batches: each with whatever belongs to it, which is passed on; read as results are asked for.
        reader: finds them.
        pool: where that runs, closed at the end; None for this process.

    Yields:
        In the order given, what belongs to each batch and what was made of its articles. A process that dies, such as
        for want of memory, costs only the article at which it died, which becomes a problem.

    Raises:
        PipelineError: the pipeline cannot be loaded.
    """
    if pool is None:
        for kept, batch in batches:
            yield kept, reader(batch)
        return
    waiting: deque[tuple[Kept, Batch, Future[list[Read]]]] = deque()
    try:
        for kept, batch in batches:
            waiting.append((kept, batch, pool.submit(batch)))
            if len(waiting) >= AHEAD * pool.size:
                yield _result(pool, waiting)
        while waiting:
            yield _result(pool, waiting)
    finally:
        pool.close()


def open_pool(reader: Reader, jobs: int) -> Pool | None:
    """Start processes on this machine.

    Args:
        reader: what they read with.
        jobs: how many; with one, it is this process that reads, and nothing is started.

    Returns:
        The processes, each with one thread, or None.
    """
    return ProcessPool(reader, jobs) if jobs > 1 else None


def died(one: tuple[str, Article]) -> Problem:
    """Say that a process died at an article."""
    problem = "The process that read it died, perhaps for want of memory."
    return Problem(one[0], problem, "Run it with fewer --jobs, or leave it out.", one[1].id)


def _result(pool: Pool, waiting: deque[tuple[Kept, Batch, Future[list[Read]]]]) -> tuple[Kept, list[Read]]:
    kept, batch, future = waiting.popleft()
    try:
        return kept, future.result()
    except pool.died:
        pool.renew()
        read = _again(pool, batch)
        for place, (other, others, lost) in enumerate(waiting):
            if lost.cancelled() or (lost.done() and isinstance(lost.exception(), pool.died)):  # with that process
                waiting[place] = (other, others, pool.submit(others))
        return kept, read


def _again(pool: Pool, batch: Batch) -> list[Read]:
    """Read a batch once more, and one by one where that kills a process too.

    Together first, since what a network in eight bits makes of an article depends a little on what it reads beside it.
    """
    try:
        return pool.submit(batch).result()
    except pool.died:
        pool.renew()
        return [_alone(pool, one) for one in batch]


def _alone(pool: Pool, one: tuple[str, Article]) -> Read:
    try:
        (read,) = pool.submit([one]).result()
        return read
    except pool.died:
        pool.renew()
        return Read(died(one), ())


class ProcessPool:
    """Processes on this machine; see :class:`Pool`."""

    died: type[Exception] = BrokenProcessPool

    def __init__(self, reader: Reader, size: int) -> None:
        self.size = size
        self._reader = reader
        self._executor = self._start()

    def submit(self, batch: Batch) -> Future[list[Read]]:
        """Let one of the processes read a batch."""
        try:
            return self._executor.submit(_read, batch)
        except BrokenProcessPool as error:
            future: Future[list[Read]] = Future()
            future.set_exception(error)
            return future

    def renew(self) -> None:
        """Start all processes anew: when one died, the others go with it."""
        self.close()
        self._executor = self._start()

    def close(self) -> None:
        """End all processes."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        before = {name: os.environ.get(name) for name in ONE_THREAD}
        os.environ.update(ONE_THREAD)
        try:
            executor = ProcessPoolExecutor(self.size, multiprocessing.get_context("spawn"), _begin, (self._reader,))
            for number in range(self.size):
                executor.submit(abs, number)  # each submission starts one process while the environment is set
            return executor
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


_mine: list[Reader] = []
"""The reader of this process, if it is one of a pool."""


def _begin(reader: Reader) -> None:
    """Keep the reader, and leave it to the parent what an interrupt means."""
    _mine[:] = [reader]
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read(batch: Batch) -> list[Read]:
    return _mine[0](batch)
