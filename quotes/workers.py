"""Finding quotes in this process or in several, in the order given and never more than a few batches ahead."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from quotes.records import Article, Problem
from quotes.settings import Settings

if TYPE_CHECKING:
    from quotes.people import Register
    from quotes.tracker import Understood

    Reader = Callable[["Batch", Settings, Register], list["Read"]]

AHEAD = 2
"""Batches a process that wait for it or for those before them: so much is held in memory, however long the run is."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM")

Batch = Sequence[tuple[str, Article]]
Kept = TypeVar("Kept")


class Read(NamedTuple):
    """What was made of an article: what was understood, or what went wrong, and the bands by which copies are found."""

    known: Understood | Problem
    bands: tuple[int, ...]


def read_batches(
    batches: Iterable[tuple[Kept, Batch]], settings: Settings, register: Register, jobs: int
) -> Iterator[tuple[Kept, list[Read]]]:
    """Find the quotes of batches of articles.

    Args:
        batches: each with whatever belongs to it, which is passed on; read as results are asked for.
        settings: the pipeline.
        register: the people known beforehand.
        jobs: how many processes; with one, this one. Each loads the pipeline once and uses one thread.

    Yields:
        In the order given, what belongs to each batch and what was made of its articles. A process that dies, such as
        for want of memory, costs only the article at which it died, which becomes a problem.

    Raises:
        PipelineError: the pipeline cannot be loaded.
    """
    if jobs == 1:
        for kept, batch in batches:
            yield kept, read_batch(batch, settings, register)
        return
    pool = _Pool(jobs, register)
    waiting: deque[tuple[Kept, Batch, Future[list[Read]]]] = deque()
    try:
        for kept, batch in batches:
            waiting.append((kept, batch, pool.submit(batch, settings)))
            if len(waiting) >= AHEAD * jobs:
                yield _result(pool, waiting, settings)
        while waiting:
            yield _result(pool, waiting, settings)
    finally:
        pool.close()


def read_batch(batch: Batch, settings: Settings, register: Register) -> list[Read]:
    """Find the quotes of articles, and by which bands copies of them are found."""
    from quotes.copies import bands
    from quotes.tracker import understand

    known = understand(batch, settings, register)
    return [Read(one, bands(article.text)) for one, (_, article) in zip(known, batch, strict=True)]


def _result(
    pool: _Pool, waiting: deque[tuple[Kept, Batch, Future[list[Read]]]], settings: Settings
) -> tuple[Kept, list[Read]]:
    kept, batch, future = waiting.popleft()
    try:
        return kept, future.result()
    except BrokenProcessPool:
        pool.renew()
        read = [_alone(pool, one, settings) for one in batch]
        # All that waited died with the pool.
        for place, (other, others, _) in enumerate(waiting):
            waiting[place] = (other, others, pool.submit(others, settings))
        return kept, read


def _alone(pool: _Pool, one: tuple[str, Article], settings: Settings) -> Read:
    try:
        (read,) = pool.submit([one], settings).result()
        return read
    except BrokenProcessPool:
        pool.renew()
        problem = "The process that read it died, perhaps for want of memory."
        return Read(Problem(one[0], problem, "Run it with fewer --jobs, or leave it out.", one[1].id), ())


class _Pool:
    """Processes that can be replaced when one of them died."""

    def __init__(self, jobs: int, register: Register) -> None:
        self._jobs, self._register = jobs, register
        self._executor = self._start()

    def submit(self, batch: Batch, settings: Settings) -> Future[list[Read]]:
        try:
            return self._executor.submit(_with_register, read_batch, batch, settings)
        except BrokenProcessPool as error:
            future: Future[list[Read]] = Future()
            future.set_exception(error)
            return future

    def renew(self) -> None:
        self.close()
        self._executor = self._start()

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        # Set here, because the libraries look once, when they are imported.
        before = {name: os.environ.get(name) for name in THREADS}
        os.environ.update({name: "1" if name != "TOKENIZERS_PARALLELISM" else "false" for name in THREADS})
        try:
            executor = ProcessPoolExecutor(self._jobs, multiprocessing.get_context("spawn"), _begin, (self._register,))
            for number in range(self._jobs):
                executor.submit(abs, number)  # each submission starts one process while the environment is set
            return executor
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


_known: list[Register] = []
"""The register of this process, if it is one of a pool."""


def _begin(register: Register) -> None:
    """Keep the register, and leave it to the parent what an interrupt means."""
    _known[:] = [register]
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _with_register(read: Reader, batch: Batch, settings: Settings) -> list[Read]:
    return read(batch, settings, _known[0])
